"""What both senders need of httpx: clients, calls, and its errors as ours."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, TypedDict
from urllib.parse import urlencode, urlsplit

import httpx

from mixpanel_query.answers import RawAnswer, one_line
from mixpanel_query.credentials import Credentials
from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    InvalidQueryError,
    MixpanelQueryError,
    NoAnswerError,
)
from mixpanel_query.regions import is_loopback
from mixpanel_query.wire import Answer, Destination, QueryRequest, Reader

__all__ = [
    "DEFAULT_TIMEOUT",
    "CallArguments",
    "call_arguments",
    "client_arguments",
    "cut_stream",
    "no_answer",
    "raw_answer",
    "start_reading",
    "time_limits",
    "usable_environment",
    "without_secrets",
]

# Mixpanel gives up on a query after about 488 seconds, and should be the one to say so.
DEFAULT_TIMEOUT: Final = 503.0
CONNECT_TIMEOUT: Final = 15.0


class CallArguments(TypedDict, total=False):
    """What ``request`` and ``stream`` of httpx's clients take."""

    method: str
    url: httpx.URL | str
    params: dict[str, str]
    headers: dict[str, str]
    data: Mapping[str, str]
    json: object
    follow_redirects: bool
    timeout: httpx.Timeout


class ClientArguments(TypedDict):
    """What httpx's clients take, but for the transport."""

    proxy: str | None
    mounts: Any
    headers: dict[str, str]
    verify: ssl.SSLContext | bool


def client_arguments(destination: Destination, proxy: str | None) -> ClientArguments:
    """Return what a new client of httpx needs to reach a destination.

    Args:
        destination: Where questions go.
        proxy: Address of a proxy for all of them; None for that of the environment.
    """
    mounts = dict.fromkeys(direct_hosts(destination)) if proxy is None else {}
    return {
        "proxy": proxy,
        "mounts": mounts,
        "headers": destination.headers(),
        "verify": certificates(destination),
    }


def certificates(destination: Destination) -> ssl.SSLContext | bool:
    """Return what certificates of a destination are checked with.

    A plain ``http://`` address has none, and reading those of all authorities takes
    tens of milliseconds and 5 MiB; with what it gets, no certificate is trusted.
    """
    if (destination.base_url or "").startswith("http://"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return True


def time_limits(timeout: float) -> httpx.Timeout:
    """Return the limits of a request whose answer may take ``timeout`` seconds."""
    if not timeout > 0:
        raise InvalidQueryError(f"timeout {timeout} is not positive; give seconds")
    return httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT))


def direct_hosts(destination: Destination) -> list[str]:
    """Return the patterns of hosts that no proxy of the environment can reach."""
    host = urlsplit(destination.base_url or "").hostname or ""
    pattern = f"all://[{host}]" if ":" in host else f"all://{host}"
    return [pattern] if is_loopback(host) else []


def call_arguments(
    destination: Destination,
    request: QueryRequest,
    timeout: httpx.Timeout | None,
    headers: dict[str, str] | None,
) -> CallArguments:
    """Return ``request`` as httpx takes it.

    Args:
        destination: Where it goes.
        request: What is asked.
        timeout: The limits of its time; None for those of the client.
        headers: Its headers; None for those that a client of ours has anyway.
    """
    url, params = parsed(destination.url(request)), destination.params(request)
    call: CallArguments = {
        "method": request.method,
        # A redirect elsewhere must not take the credentials along.
        "follow_redirects": False,
    }
    if headers is None:
        call["url"] = with_params(url, params)
    else:  # a client with parameters of its own would replace those of an address
        call["url"], call["params"], call["headers"] = url, params, headers
    if timeout is not None:
        call["timeout"] = timeout
    if request.form is not None:
        call["data"] = request.form
    if request.document is not None:
        call["json"] = request.document
    return call


@lru_cache(maxsize=64)
def parsed(url: str) -> httpx.URL | str:
    """Return an address taken apart, which is a tenth of a call's work, once.

    What is none stays a text: httpx refuses it when it is sent, where errors of httpx
    become ours.
    """
    try:
        return httpx.URL(url)
    except httpx.InvalidURL:
        return url


def with_params(url: httpx.URL | str, params: Mapping[str, str]) -> httpx.URL | str:
    """Return an address with parameters, for which httpx itself takes longer.

    What is too long, or no address, stays a text, as `parsed` has it.
    """
    query = urlencode(params)
    if query and isinstance(url, httpx.URL):
        try:
            return url.copy_with(query=query.encode())
        except httpx.InvalidURL:
            pass
    return f"{url}?{query}" if query else url


def raw_answer(
    destination: Destination, request: QueryRequest, response: httpx.Response
) -> RawAnswer:
    """Return an answer of httpx as ours."""
    source = destination.source(request)
    return RawAnswer(
        request,
        source,
        response.status_code,
        response.headers,
        response.content,
        by_region=destination.base_url is None,
    )


def start_reading(
    reader: Reader[object], destination: Destination, response: httpx.Response
) -> None:
    """Tell the reader of an export how its answer begins."""
    reader.start(
        destination.source(reader.request),
        response.headers,
        status=response.status_code,
        version=response.http_version,
    )


@contextmanager
def usable_environment() -> Iterator[None]:
    """Say in one line what is wrong with the proxies or certificates of the system."""
    try:
        yield
    except OSError as error:
        raise InvalidQueryError(
            f"the certificates of this machine cannot be read ({error}); "
            "mend SSL_CERT_FILE and SSL_CERT_DIR"
        ) from error
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        if isinstance(error, InvalidQueryError):
            raise
        raise InvalidQueryError(
            f"the proxy cannot be used ({error}); "
            "mend HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or proxy="
        ) from error


@contextmanager
def no_answer(destination: Destination, request: QueryRequest) -> Iterator[None]:
    """Turn httpx's errors for a request that got no answer into ours."""
    try:
        yield
    except httpx.InvalidURL as error:
        if "too long" in str(error):
            problem = f"the question to {request.path} is too long for an address"
            remedy = "ask for less at once, or filter by something shorter"
            raise InvalidQueryError(f"{problem} ({error}); {remedy}") from error
        raise InvalidQueryError(f"base_url is no address: {error}; mend it") from error
    except httpx.TimeoutException as error:
        source = destination.source(request)
        problem = f"{source} did not answer {request.path} in time"
        remedy = "try again, ask for less, or give the client a longer timeout"
        raise AnswerTimeoutError(f"{problem}; {remedy}", request=request) from error
    except httpx.DecodingError as error:
        answer = Answer(request, destination.source(request), None)
        raise answer.unreadable(f"its compression is broken ({error})") from error
    except httpx.HTTPError as error:
        source = destination.source(request)
        problem = f"{source} did not answer {request.path}: {what_happened(error)}"
        remedy = what_may_help(error, destination.url(request))
        raise NoAnswerError(f"{problem}; {remedy}", request=request) from error


def what_may_help(error: httpx.HTTPError, url: str) -> str:
    """Say what to do about a request that got no answer from an address."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "name the file of the authority to trust in SSL_CERT_FILE"
    if isinstance(error, httpx.ConnectError) and is_loopback(httpx.URL(url).host):
        return "start what is to listen there, or correct base_url"
    return "check the network, the proxy settings and base_url"


@contextmanager
def cut_stream(reader: Reader[object]) -> Iterator[None]:
    """Turn httpx's errors in the middle of an answer into a cut answer."""
    try:
        yield
    except httpx.HTTPError as error:
        raise reader.cut(what_happened(error)) from error


@contextmanager
def without_secrets(credentials: Credentials) -> Iterator[None]:
    """Take the secret out of errors that quote an answer; readers do not know it."""
    try:
        yield
    except MixpanelQueryError as error:
        for each in chained(error):
            redact(each, credentials)
        raise


def chained(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and those that it came from, which tracebacks show too."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def redact(error: BaseException, credentials: Credentials) -> None:
    """Take the secret out of the texts of one error."""
    error.args = tuple(
        credentials.redacted(part) if isinstance(part, str) else part
        for part in error.args
    )
    for name, value in vars(error).items():
        if isinstance(value, str):
            setattr(error, name, credentials.redacted(value))


def what_happened(error: httpx.HTTPError) -> str:
    """Return what an error of httpx says; some say nothing but their name."""
    if isinstance(error, httpx.TimeoutException):
        return "nothing more came in time"
    return one_line(str(error)) or type(error).__name__
