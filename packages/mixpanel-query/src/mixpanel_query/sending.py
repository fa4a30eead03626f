"""Sends questions over HTTP; with `clients`, the only place that knows httpx.

Both senders drive the same flows and the same export reader; they differ in how
they wait and in nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager
from typing import Final, TypedDict, TypeVar
from urllib.parse import urlsplit

import httpx

from mixpanel_query.answers import RawAnswer, decode_answer, one_line, refusal
from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    InvalidQueryError,
    NoAnswerError,
)
from mixpanel_query.export import ExportReader
from mixpanel_query.exported_events import ExportedEvent
from mixpanel_query.regions import is_loopback
from mixpanel_query.wire import Answer, Destination, Flow, QueryRequest

__all__ = ["AsyncSender", "Sender"]

T = TypeVar("T")

# Mixpanel gives up on a query after about 488 seconds, and should be the one to say so.
DEFAULT_TIMEOUT: Final = 503.0
CONNECT_TIMEOUT: Final = 15.0


class CallArguments(TypedDict):
    """What `httpx.Client.get` and ``stream`` take."""

    url: str
    params: dict[str, str]
    headers: dict[str, str]


class Sender:
    """Sends questions and waits for the answers; threads may share it."""

    def __init__(
        self,
        destination: Destination,
        *,
        timeout: float,
        transport: httpx.BaseTransport | None,
    ) -> None:
        self.destination = destination
        self._owns_transport = transport is None
        with usable_environment():
            self._http = httpx.Client(
                timeout=time_limits(timeout),
                transport=transport,
                mounts=dict.fromkeys(direct_hosts(destination)),
            )

    def run(self, flow: Flow[T]) -> T:
        """Answer the requests of ``flow`` until it returns its value."""
        try:
            request = next(flow)
            while True:
                request = flow.send(self._answer(request))
        except StopIteration as done:
            value: T = done.value
            return value
        finally:
            flow.close()

    def export(self, reader: ExportReader) -> Generator[ExportedEvent, None, None]:
        """Yield the events of an export while they arrive."""
        destination, request = self.destination, reader.request
        call = call_arguments(destination, request)
        with (
            no_answer(destination, request),
            self._http.stream("GET", **call) as response,
        ):
            if not response.is_success:
                response.read()
                raw = raw_answer(destination, request, response)
                raise refusal(raw, destination.credentials)
            start_reading(reader, destination, response)
            with cut_stream(reader):
                for data in response.iter_raw():
                    yield from reader.feed(data)
        yield from reader.finish()

    def close(self) -> None:
        """Close the connections, unless the transport is somebody else's."""
        if self._owns_transport:
            self._http.close()

    def _answer(self, request: QueryRequest) -> Answer:
        """Send one request."""
        destination = self.destination
        with no_answer(destination, request):
            response = self._http.get(**call_arguments(destination, request))
        raw = raw_answer(destination, request, response)
        return decode_answer(raw, destination.credentials)


class AsyncSender:
    """Sends questions without blocking, under asyncio or trio."""

    def __init__(
        self,
        destination: Destination,
        *,
        timeout: float,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self.destination = destination
        self._owns_transport = transport is None
        with usable_environment():
            self._http = httpx.AsyncClient(
                timeout=time_limits(timeout),
                transport=transport,
                mounts=dict.fromkeys(direct_hosts(destination)),
            )

    async def run(self, flow: Flow[T]) -> T:
        """Answer the requests of ``flow`` until it returns its value."""
        try:
            request = next(flow)
            while True:
                request = flow.send(await self._answer(request))
        except StopIteration as done:
            value: T = done.value
            return value
        finally:
            flow.close()

    async def export(self, reader: ExportReader) -> AsyncGenerator[ExportedEvent, None]:
        """Yield the events of an export while they arrive."""
        destination, request = self.destination, reader.request
        call = call_arguments(destination, request)
        with no_answer(destination, request):
            async with self._http.stream("GET", **call) as response:
                if not response.is_success:
                    await response.aread()
                    raw = raw_answer(destination, request, response)
                    raise refusal(raw, destination.credentials)
                start_reading(reader, destination, response)
                with cut_stream(reader):
                    async for data in response.aiter_raw():
                        for event in reader.feed(data):
                            yield event
        for event in reader.finish():
            yield event

    async def close(self) -> None:
        """Close the connections, unless the transport is somebody else's."""
        if self._owns_transport:
            await self._http.aclose()

    async def _answer(self, request: QueryRequest) -> Answer:
        """Send one request."""
        destination = self.destination
        with no_answer(destination, request):
            response = await self._http.get(**call_arguments(destination, request))
        raw = raw_answer(destination, request, response)
        return decode_answer(raw, destination.credentials)


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


def call_arguments(destination: Destination, request: QueryRequest) -> CallArguments:
    """Return ``request`` as httpx takes it."""
    return {
        "url": destination.url(request),
        "params": destination.params(request),
        "headers": destination.headers(),
    }


def raw_answer(
    destination: Destination, request: QueryRequest, response: httpx.Response
) -> RawAnswer:
    """Return an answer of httpx as ours."""
    source = destination.source(request)
    headers = dict(response.headers)
    return RawAnswer(
        request,
        source,
        response.status_code,
        headers,
        response.content,
        by_region=destination.base_url is None,
    )


def start_reading(
    reader: ExportReader, destination: Destination, response: httpx.Response
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
            f"the proxy of the environment cannot be used ({error}); "
            "mend HTTPS_PROXY, HTTP_PROXY and ALL_PROXY"
        ) from error


@contextmanager
def no_answer(destination: Destination, request: QueryRequest) -> Iterator[None]:
    """Turn httpx's errors for a request that got no answer into ours."""
    source = destination.source(request)
    try:
        yield
    except httpx.InvalidURL as error:
        raise InvalidQueryError(f"base_url is no address: {error}; mend it") from error
    except httpx.TimeoutException as error:
        problem = f"{source} did not answer {request.path} in time"
        remedy = "try again, ask for less, or give the client a longer timeout"
        raise AnswerTimeoutError(f"{problem}; {remedy}", request=request) from error
    except httpx.DecodingError as error:
        answer = Answer(request, source, None)
        raise answer.unreadable(f"its compression is broken ({error})") from error
    except httpx.HTTPError as error:
        problem = f"{source} did not answer {request.path}: {what_happened(error)}"
        remedy = "check the network, the proxy settings and base_url"
        raise NoAnswerError(f"{problem}; {remedy}", request=request) from error


@contextmanager
def cut_stream(reader: ExportReader) -> Iterator[None]:
    """Turn httpx's errors in the middle of an export into a truncated export."""
    try:
        yield
    except httpx.HTTPError as error:
        raise reader.cut(what_happened(error)) from error


def what_happened(error: httpx.HTTPError) -> str:
    """Return what an error of httpx says; some say nothing but their name."""
    if isinstance(error, httpx.TimeoutException):
        return "nothing more came in time"
    return one_line(str(error)) or type(error).__name__
