"""Delivery over HTTP: one kept connection to a service.

The only file that sends; what is sent, and what an answer means, is the senders'.
"""

from __future__ import annotations

import logging
import os
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from itertools import chain

import certifi
import httpx

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.converters import is_loopback

__all__ = [
    "Answer",
    "Connection",
    "import_everything",
    "percent_encoded",
    "read_failure",
]

MOST_OF_AN_ANSWER = 4_000_000
# All that a form's value may not hold as it is; https://url.spec.whatwg.org/#urlencoded-serializing
SPECIAL = [
    (bytes([code]), b"%%%02X" % code)
    for code in chain(range(48), range(58, 65), range(91, 97), range(123, 256))
    if chr(code) not in "%-._*"
]


quiet = threading.local()


def is_of_others(record: logging.LogRecord) -> bool:
    """Tell whether httpx logs something that is not of the delivery."""
    return not getattr(quiet, "posting", False)


# It logs each request at INFO; an app that tracks would hear of nothing else.
logging.getLogger("httpx").addFilter(is_of_others)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: The HTTP status.
        headers: The headers, found whatever their case.
        body: The body, as far as it was read.
        moment: When it came.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    moment: datetime


class Connection:
    """A kept connection; used by one thread at a time, in the process that made it.

    Args:
        base_url: Where to, such as ``https://api.mixpanel.com``.
        timeout: Seconds to connect, and seconds without a byte, until a post is
            given up; the whole answer may take twice that.

    Raises:
        OSError: If the certificates that the environment names cannot be read.
    """

    def __init__(self, base_url: str, timeout: float) -> None:
        self.timeout = timeout
        # A proxy named in the environment does not know this machine's own ports.
        self.client = httpx.Client(
            base_url=base_url,
            timeout=timeout,
            trust_env=not is_loopback(base_url),
            verify=trusted() if base_url.startswith("https:") else False,
        )

    def post(
        self,
        path: str,
        content: bytes,
        headers: Mapping[str, str],
        *,
        params: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        within: float | None = None,
    ) -> Answer | Attempt:
        """Post a body; never raises.

        Args:
            path: The path, below the base address.
            content: The body.
            headers: Headers that say what the body is.
            params: What follows the path, after a question mark.
            auth: User and password.
            within: Seconds that all of it may take; by default as the connection has
                it.

        Returns:
            The answer, or how the attempt ended where none came.
        """
        bound = self.timeout if within is None else max(min(within, self.timeout), 0.05)
        deadline = time.monotonic() + (2 * self.timeout if within is None else bound)
        try:
            quiet.posting = True
            with self.client.stream(
                "POST",
                path,
                content=content,
                headers=headers,
                params=params,
                auth=auth,
                timeout=bound,
            ) as response:
                body = read_body(response, deadline)
        except Exception as error:  # whatever it is, the app goes on
            return read_failure(error)
        finally:
            quiet.posting = False
        now = datetime.now(timezone.utc)
        return Answer(response.status_code, response.headers, body, now)

    def close(self) -> None:
        """Close the connection."""
        self.client.close()


def read_body(response: httpx.Response, deadline: float) -> bytes:
    """Read an answer's body, but not for ever, and not without end."""
    pieces, size = [], 0
    for piece in response.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > MOST_OF_AN_ANSWER:
            break
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer goes on and on")
    return b"".join(pieces)


def trusted() -> ssl.SSLContext:
    """Give the certificates that servers are known by.

    As the official library does it: those of certifi, unless the environment names
    others.
    """
    file = os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
    folder = os.environ.get("SSL_CERT_DIR")
    if not (file or folder):
        file = certifi.where()
    return certificates(file or None, folder or None)


@lru_cache(maxsize=4)
def certificates(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Read certificates, once: it takes some 20 ms."""
    return ssl.create_default_context(cafile=file, capath=folder)


def percent_encoded(value: bytes) -> bytes:
    """Write a value as it stands in a form.

    The standard library looks at each byte alone, and takes eight times as long,
    during which no other thread runs.

    >>> percent_encoded(b'[{"a b": 1}]')
    b'%5B%7B%22a%20b%22%3A%201%7D%5D'
    """
    value = value.replace(b"%", b"%25")
    for character, code in SPECIAL:
        value = value.replace(character, code)
    return value


def import_everything() -> None:
    """Import what httpx else imports with its first post.

    A process may fork while a thread imports, and in the child that import would
    never end; so nothing may be left to import when the threads are at work.
    """
    httpx.Client(trust_env=False, verify=False).close()  # noqa: S501  # it posts nothing
    "mixpanel".encode("idna")  # what is done to the name of a host


def read_failure(error: Exception) -> Attempt:
    """Say what it means that no answer came.

    >>> read_failure(httpx.ConnectError("Connection refused")).outcome.value
    'not applied'
    """
    never_sent = (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
    )
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, never_sent):
        return Attempt(Outcome.NOT_APPLIED, reason)
    return Attempt(Outcome.AMBIGUOUS, reason)
