"""The series of a saved report: values below their names, level by level.

The headers of a report name the levels, and below them come dates, or ``all`` where a
report is not over time. What all segments together have may come without the levels
that are left; here they are called ``$overall``, as the level above them often is. Of
this, Mixpanel's documents show the dates only; the rest is what reports answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from mixpanel_query.insight_dates import is_moment
from mixpanel_query.segment_buckets import OVERALL

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = ["Value", "read_series"]

Value: TypeAlias = int | float | None

# The key of a value that is not over time.
ALL = "all"


def read_series(
    answer: Answer, series: object, headers: tuple[str, ...]
) -> dict[tuple[str, ...], dict[str | None, Value]]:
    """Return the values of a report, by their names and the key of their bucket.

    The key of a value that is not over time is None.

    Raises:
        UnreadableAnswerError: If the levels are not those of the headers, or a value
            is no number.
    """
    if not headers or not isinstance(series, dict):
        raise answer.unreadable("no 'headers', or no 'series' below them")
    values: dict[tuple[str, ...], dict[str | None, Value]] = {}
    for path, value in leaves(answer, series, (), most=len(headers) + 1):
        names, key = place_of(answer, path, len(headers))
        buckets = values.setdefault(names, {})
        if key in buckets:
            raise answer.unreadable(f"{names!r} has two values for {key or ALL!r}")
        buckets[key] = read_value(answer, path, value)
    return values


def leaves(
    answer: Answer, level: dict[str, object], path: tuple[str, ...], *, most: int
) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield what is below a level, each with its path."""
    if len(path) == most:
        raise answer.unreadable(f"{path!r} is deeper than the headers say")
    for name, value in level.items():
        if isinstance(value, dict):
            yield from leaves(answer, value, (*path, name), most=most)
        else:
            yield (*path, name), value


def place_of(
    answer: Answer, path: tuple[str, ...], levels: int
) -> tuple[tuple[str, ...], str | None]:
    """Return the names of a value, one a level, and the key of its bucket."""
    *names, key = path
    if not names or not (key == ALL or is_moment(key)):
        raise answer.unreadable(f"{path!r} leads to no date and not to {ALL!r}")
    missing = (OVERALL,) * (levels - len(names))
    return (*names, *missing), None if key == ALL else key


def read_value(answer: Answer, path: tuple[str, ...], value: object) -> Value:
    """Return a value that is a number, or null."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise answer.unreadable(f"the value of {path!r} is no number")
    return value
