"""Buckets of time, by segment: what the reports on users answer.

Users are unique within a bucket, so several buckets are never summed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, TypeVar

from mixpanel_query.exceptions import InvalidQueryError

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = ["OVERALL", "first_day", "only_bucket", "read_segments"]

# The segment that is everything, whatever a report is broken down by.
OVERALL: Final = "$overall"

# A day, alone or with its midnight, in whichever offset.
DAY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"([T ]00:00(:00(\.0+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)

V = TypeVar("V")


def first_day(answer: Answer, key: object) -> date:
    """Return the day that a key of an answer stands for: the first of its bucket.

    Mixpanel's documents show days alone; one with its midnight is the same day.

    Raises:
        UnreadableAnswerError: If it is no day.
    """
    found = DAY.fullmatch(key) if isinstance(key, str) else None
    try:
        if found:
            return date.fromisoformat(found[1])
    except ValueError:
        pass
    raise answer.unreadable(f"{key!r} is no day")


def are_days(keys: Mapping[str, object]) -> bool:
    """Tell whether all keys look like days.

    >>> are_days({"2026-11-09": 1}), are_days({"2026-11-09": 1, "Chrome": 2})
    (True, False)
    """
    return all(DAY.fullmatch(key) for key in keys)


def only_bucket(
    segments: Mapping[str, Mapping[date, V]],
    dates: tuple[date, ...],
    segment: str,
    *,
    remedy: str,
) -> V | None:
    """Return what a segment has in the only bucket there is; None if nothing.

    Raises:
        InvalidQueryError: If there are several buckets; the message ends with
            ``remedy``. Or if there is no such segment.
    """
    if len(dates) > 1:
        problem = f"users of {len(dates)} buckets cannot be summed"
        raise InvalidQueryError(f"{problem}, as one may be in several; {remedy}")
    if segment not in segments:
        known = ", ".join(map(repr, list(segments)[:5])) or "nothing"
        problem = f"segment {segment!r} was not answered"
        raise InvalidQueryError(f"{problem}; the answer has {known}")
    return next(iter(segments[segment].values()), None)


def read_segments(
    answer: Answer,
    document: object,
    read: Callable[[object], V | None],
    *,
    is_broken_down: bool,
) -> dict[str, dict[date, V]]:
    """Read buckets by date, each of them whole or with segments in it.

    Mixpanel shows no answer that was broken down: dates may hold segments, or
    segments dates. Both are read; what could be either is no answer.

    Args:
        answer: What came back.
        document: The part of it that has the buckets.
        read: Returns what a bucket holds, or None for something else than a bucket.
        is_broken_down: Whether segments were asked for.

    Raises:
        UnreadableAnswerError: If it has none of these shapes.
    """
    if not isinstance(document, dict):
        raise answer.unreadable("no buckets by date")
    whole = {key: read(value) for key, value in document.items()}
    if not is_broken_down or any(value is not None for value in whole.values()):
        return {OVERALL: by_date(answer, whole)} if whole else {}
    if not all(isinstance(value, dict) for value in document.values()):
        raise answer.unreadable("neither buckets by date nor segments")
    outer, inner = are_days(document), all(map(are_days, document.values()))
    if outer and inner and any(document.values()):
        raise answer.unreadable("dates and segments cannot be told apart")
    if not outer and not inner:
        raise answer.unreadable("segments without dates")
    segments = document if inner and not outer else turned(document)
    return {
        segment: by_date(answer, {key: read(value) for key, value in buckets.items()})
        for segment, buckets in segments.items()
    }


def turned(
    document: Mapping[str, Mapping[str, object]],
) -> dict[str, dict[str, object]]:
    """Return segments by date as dates by segment.

    >>> turned({"2026-11-09": {"Chrome": 1}, "2026-11-10": {"Chrome": 2}})
    {'Chrome': {'2026-11-09': 1, '2026-11-10': 2}}
    """
    found: dict[str, dict[str, object]] = {}
    for key, segments in document.items():
        for segment, value in segments.items():
            found.setdefault(segment, {})[key] = value
    return found


def by_date(answer: Answer, buckets: Mapping[str, V | None]) -> dict[date, V]:
    """Return the buckets of one segment, in order of date."""
    found: dict[date, V] = {}
    for key, value in buckets.items():
        when = first_day(answer, key)
        if value is None:
            raise answer.unreadable(f"the bucket of {when} is not as documented")
        if when in found:
            raise answer.unreadable(f"two buckets begin on {when}")
        found[when] = value
    return dict(sorted(found.items()))
