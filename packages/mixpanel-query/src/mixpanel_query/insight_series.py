"""The series of a saved report: values below their names, level by level.

The headers of a report name the levels, and below them come dates, or ``all`` where a
report is not over time. What all segments together have may come without the levels
that are left; here they are called ``$overall``, as the level above them often is. Of
this, Mixpanel's documents show the dates only; the rest is what reports answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
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
    dates: set[str] = set()
    for names, buckets in levels(answer, series, (), most=len(headers)):
        missing = (OVERALL,) * (len(headers) - len(names))
        place = values.setdefault((*names, *missing), {})
        for key, value in buckets.items():
            if key not in dates and key != ALL:
                if not is_moment(key):
                    path = (*names, key)
                    raise answer.unreadable(
                        f"{path!r} leads to no date, nor to {ALL!r}"
                    )
                dates.add(key)
            when = None if key == ALL else key
            if when in place:
                raise answer.unreadable(f"{names!r} has two values for {key!r}")
            place[when] = checked_value(answer, names, value)
    return values


def levels(
    answer: Answer, level: dict[str, object], names: tuple[str, ...], *, most: int
) -> Iterator[tuple[tuple[str, ...], dict[str, object]]]:
    """Yield what is no further level, by the names above it."""
    buckets = {}
    for name, value in level.items():
        if not isinstance(value, dict):
            buckets[name] = value
        elif len(names) == most:
            raise answer.unreadable(f"{names!r} goes deeper than the headers say")
        else:
            yield from levels(answer, value, (*names, name), most=most)
    if buckets and not names:
        raise answer.unreadable("values stand in 'series' without a name")
    if buckets:
        yield names, buckets


def checked_value(answer: Answer, names: tuple[str, ...], value: object) -> Value:
    """Return a value that is a number, or null."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise answer.unreadable(f"a value of {names!r} is no number")
    if value in (inf, -inf):  # as Python reads 1e999
        raise answer.unreadable(f"a value of {names!r} is no finite number")
    return value
