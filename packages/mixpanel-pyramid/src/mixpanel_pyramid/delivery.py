"""Delivery: one batch of messages to Mixpanel, and what its answer means.

The only file that sends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from enum import Enum

import httpx

from mixpanel_pyramid.consumer import Message
from mixpanel_pyramid.converters import is_loopback

__all__ = [
    "Attempt",
    "Outcome",
    "Sender",
    "import_everything",
    "read_answer",
    "read_failure",
]

# https://developer.mixpanel.com/reference/track-event, .../profile-set, .../group-set
PATHS = {"events": "/track", "people": "/engage", "groups": "/groups"}
LONGEST_PAUSE = 3600.0


class Outcome(Enum):
    """What became of a batch."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # read by Mixpanel, and not wanted
    TOO_LARGE = "too large"  # not read
    NOT_APPLIED = "not applied"
    AMBIGUOUS = "ambiguous"  # perhaps applied, perhaps not


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt to deliver a batch ended.

    Attributes:
        outcome: What became of the batch.
        reason: Why, for the log.
        retry_after: For how many seconds the server asked to be left alone.
    """

    outcome: Outcome
    reason: str = ""
    retry_after: float | None = None


class Sender:
    """Posts batches over one kept connection; used by one thread at a time.

    Args:
        base_url: Where to, such as ``https://api.mixpanel.com``.
        timeout: Seconds to connect, and seconds without a byte, until a post is
            given up.
    """

    def __init__(self, base_url: str, timeout: float) -> None:
        # A proxy named in the environment does not know this machine's own ports.
        self.client = httpx.Client(
            base_url=base_url, timeout=timeout, trust_env=not is_loopback(base_url)
        )

    def post(self, batch: Sequence[Message]) -> Attempt:
        """Send messages of one endpoint; never raises.

        Args:
            batch: At least one message.
        """
        # As the official library sends: a form, and ip=0, because the address of
        # this server says nothing about the user.
        try:
            answer = self.client.post(
                PATHS[batch[0].endpoint],
                params={"ip": 0, "verbose": 1},
                data={"data": f"[{','.join(message.text for message in batch)}]"},
            )
        except Exception as error:  # whatever it is, the app goes on
            return read_failure(error)
        now = datetime.now(timezone.utc)
        return read_answer(answer.status_code, answer.headers, answer.content, now)

    def close(self) -> None:
        """Close the connection."""
        self.client.close()


def import_everything() -> None:
    """Import what httpx else imports with its first post.

    A process may fork while a thread imports, and in the child that import would
    never end; so nothing may be left to import when the threads are at work.
    """
    httpx.Client(trust_env=False).close()
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


def read_answer(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> Attempt:
    """Say what an answer means.

    Args:
        status: The HTTP status.
        headers: The answer's headers, found whatever their case.
        body: The answer's body.
        now: The moment it came, for a ``Retry-After`` that is a date.

    >>> import datetime as dt
    >>> now = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
    >>> read_answer(429, {"retry-after": "7"}, b"", now).retry_after
    7.0
    """
    reason = f"status {status}"
    pause = seconds_to_wait(headers.get("retry-after"), now)
    if status == 429:
        return Attempt(Outcome.NOT_APPLIED, reason, pause)
    if status == 413:
        return Attempt(Outcome.TOO_LARGE, reason)
    if status >= 500 or status == 408:
        return Attempt(Outcome.AMBIGUOUS, reason, pause)
    if status == 400:
        return Attempt(Outcome.REFUSED, f"{reason}: {excerpt(body)}")
    if status >= 300:
        # A proxy, a captive portal or a wrong path: it passes, or is mended.
        return Attempt(Outcome.NOT_APPLIED, f"{reason}: {excerpt(body)}", pause)
    return read_verdict(body)


def read_verdict(body: bytes) -> Attempt:
    """Say what the body of an answer with status 200 means.

    https://developer.mixpanel.com/reference/track-event: with ``verbose=1`` it is
    ``{"status": 1, "error": null}``, without ``1`` or ``0``.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    status = answer.get("status") if isinstance(answer, dict) else answer
    if status == 1:
        return Attempt(Outcome.ACCEPTED)
    if status == 0:
        return Attempt(Outcome.REFUSED, f"status 0: {excerpt(body)}")
    # Something between here and Mixpanel may have answered in its place.
    return Attempt(Outcome.AMBIGUOUS, f"unreadable answer: {excerpt(body)}")


def seconds_to_wait(retry_after: str | None, now: datetime) -> float | None:
    """Read a ``Retry-After`` header: seconds, or an HTTP date; at most an hour.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    if retry_after is None:
        return None
    try:
        pause = float(retry_after)
    except ValueError:
        try:
            pause = (parsedate_to_datetime(retry_after) - now).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(max(pause, 0.0), LONGEST_PAUSE)


def excerpt(body: bytes) -> str:
    """Give the beginning of an answer in one line."""
    return " ".join(body[:200].decode("utf-8", "replace").split())
