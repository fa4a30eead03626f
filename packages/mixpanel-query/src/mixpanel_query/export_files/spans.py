"""Spans: runs of days that are exported with one call each.

A call a day would use up the calls of an hour after 60 days.
https://developer.mixpanel.com/reference/rate-limits
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from mixpanel_query.window import Window

__all__ = ["days_of", "halves", "plan_spans"]

# Of the 60 calls of an hour, so that some are left for spans that are cut.
CALLS: Final = 50
# The files of a span are open together; systems allow a process 256 and more.
MOST_DAYS: Final = 120
ONE_DAY: Final = timedelta(days=1)


def plan_spans(days: Iterable[date], *, longest: int) -> list[Window]:
    """Return spans that cover some days and no other ones, in order.

    Args:
        days: The days to export.
        longest: How many days a span has at most.

    >>> days = [date(2026, 11, day) for day in (1, 2, 3, 7)]
    >>> [span.days for span in plan_spans(days, longest=2)]
    [2, 1, 1]
    """
    spans: list[Window] = []
    for day in sorted(days):
        last = spans[-1] if spans else None
        if last and last.to_date + ONE_DAY == day and last.days < longest:
            spans[-1] = Window(last.from_date, day)
        else:
            spans.append(Window(day, day))
    return spans


def longest_span(days: int) -> int:
    """Return how many days a span has, so that about 50 of them cover ``days``.

    >>> longest_span(50), longest_span(365), longest_span(100_000)
    (1, 8, 120)
    """
    return min(max(1, -(-days // CALLS)), MOST_DAYS)


def halves(span: Window) -> Sequence[Window]:
    """Return the two halves of a span of several days; the first may be longer.

    >>> [half.days for half in halves(Window.of("2026-11-01", "2026-11-05"))]
    [3, 2]
    """
    middle = span.from_date + timedelta(days=(span.days - 1) // 2)
    return [Window(span.from_date, middle), Window(middle + ONE_DAY, span.to_date)]


def days_of(window: Window) -> list[date]:
    """Return the days of a window, in order.

    >>> [day.day for day in days_of(Window.of("2026-11-30", "2026-12-01"))]
    [30, 1]
    """
    return [window.from_date + ONE_DAY * number for number in range(window.days)]
