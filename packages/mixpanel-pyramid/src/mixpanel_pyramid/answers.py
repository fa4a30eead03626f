"""What an answer to a post means: was it taken, refused, or is that unclear?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from math import isfinite

__all__ = [
    "Attempt",
    "Outcome",
    "excerpt",
    "read_answer",
    "read_import_answer",
    "read_status",
]

LONGEST_PAUSE = 3600.0


class Outcome(Enum):
    """What became of a batch."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # read by the service, and not wanted
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
        refused: Of an accepted batch, the messages that were refused all the same:
            their places in the batch, and why.
    """

    outcome: Outcome
    reason: str = ""
    retry_after: float | None = None
    refused: tuple[tuple[int, str], ...] = ()


def read_status(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> Attempt | None:
    """Say what an answer means by its status alone; None where the body says it.

    Args:
        status: The HTTP status.
        headers: The answer's headers, found whatever their case.
        body: The answer's body.
        now: The moment it came, for a ``Retry-After`` that is a date.
    """
    reason = f"status {status}"
    pause = seconds_to_wait(headers.get("retry-after"), now)
    if status == 429:
        return Attempt(Outcome.NOT_APPLIED, reason, pause)
    if status == 413:
        return Attempt(Outcome.TOO_LARGE, reason)
    if status >= 500 or status == 408:
        return Attempt(Outcome.AMBIGUOUS, reason, pause)
    if status >= 300 and status != 400:
        # A proxy, a captive portal, a wrong path or wrong credentials: it passes, or
        # somebody mends it.
        return Attempt(Outcome.NOT_APPLIED, f"{reason}: {excerpt(body)}", pause)
    return None


def read_answer(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> Attempt:
    """Say what an answer of ``/track``, ``/engage`` or ``/groups`` means.

    https://developer.mixpanel.com/reference/track-event: with ``verbose=1`` it is
    ``{"status": 1, "error": null}``, without ``1`` or ``0``.

    >>> import datetime as dt
    >>> now = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
    >>> read_answer(429, {"retry-after": "7"}, b"", now).retry_after
    7.0
    """
    attempt = read_status(status, headers, body, now)
    if attempt is not None:
        return attempt
    if status == 400:
        return Attempt(Outcome.REFUSED, f"status 400: {excerpt(body)}")
    answer = decoded(body)
    verdict = answer.get("status") if isinstance(answer, dict) else answer
    if verdict == 1:
        return Attempt(Outcome.ACCEPTED)
    if verdict == 0:
        return Attempt(Outcome.REFUSED, f"status 0: {excerpt(body)}")
    # Something between here and Mixpanel may have answered in its place.
    return Attempt(Outcome.AMBIGUOUS, f"unreadable answer: {excerpt(body)}")


def read_import_answer(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime, number: int
) -> Attempt:
    """Say what an answer of ``/import?strict=1`` means, to a batch of so many events.

    https://developer.mixpanel.com/reference/import-events: a 400 names the records
    that failed; all others were imported.

    >>> import datetime as dt
    >>> body = b'{"failed_records": [{"index": 1, "message": "too old"}]}'
    >>> read_import_answer(400, {}, body, dt.datetime.now(dt.timezone.utc), 2).refused
    ((1, 'too old'),)
    """
    attempt = read_status(status, headers, body, now)
    if attempt is not None:
        return attempt
    answer = decoded(body)
    if status == 400:
        refused = failed_records(answer, number)
        if refused:
            return Attempt(Outcome.ACCEPTED, refused=refused)
        return Attempt(Outcome.REFUSED, f"status 400: {excerpt(body)}")
    if isinstance(answer, dict) and (
        "num_records_imported" in answer
        or answer.get("code") == 200
        or answer.get("status") in [1, "OK"]  # a set would have to hash it
    ):
        return Attempt(Outcome.ACCEPTED)
    return Attempt(Outcome.AMBIGUOUS, f"unreadable answer: {excerpt(body)}")


def failed_records(answer: object, number: int) -> tuple[tuple[int, str], ...]:
    """List the records that failed; nothing where it is not clear which those are."""
    rows = answer.get("failed_records") if isinstance(answer, dict) else None
    found: dict[int, str] = {}
    for row in rows if isinstance(rows, list) else ():
        index = row.get("index") if isinstance(row, dict) else None
        if type(index) is not int or not 0 <= index < number:
            return ()
        told = [str(row[key]) for key in ("field", "message") if row.get(key)]
        found[index] = excerpt(" ".join(told).encode("utf-8", "replace"))
    return tuple(sorted(found.items()))


def decoded(body: bytes) -> object:
    """Read a body as JSON; None where it is none."""
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer


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
        except (TypeError, ValueError, OverflowError):
            return None
    return min(max(pause, 0.0), LONGEST_PAUSE) if isfinite(pause) else None


def excerpt(body: bytes) -> str:
    """Give the beginning of an answer in one line."""
    return " ".join(body[:200].decode("utf-8", "replace").split())
