"""The buckets that a question's answer must come in.

One call can serve several windows, as long as its buckets are the windows: unique
users of a week are never the sum of its days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from mixpanel_slack_report.periods import MONDAY, Window, month_before

__all__ = [
    "Buckets",
    "day_buckets",
    "follow_each_other",
    "is_month",
    "single_bucket",
    "window_buckets",
]


@dataclass(frozen=True, slots=True)
class Buckets:
    """The days a call covers, and the buckets its answer must come in.

    Attributes:
        from_date: First day asked for.
        to_date: Last day asked for.
        starts: First day of each bucket, in order.
        unit: Length of a bucket, unless ``interval`` says it.
        interval: Length of a bucket in days; None if ``unit`` says it.
    """

    from_date: date
    to_date: date
    starts: tuple[date, ...]
    unit: Literal["day", "week", "month"] = "day"
    interval: int | None = None

    def of(self, window: Window) -> tuple[date, ...]:
        """Return the starts of the buckets that lie in ``window``."""
        first, last = window.from_date, window.to_date
        if first < self.from_date or self.to_date < last:
            return ()
        return tuple(start for start in self.starts if first <= start <= last)

    def in_words(self) -> str:
        """Say what is asked for.

        >>> day = date(2026, 11, 9)
        >>> Buckets(day, day, (day,), interval=1).in_words()
        '1 days from 2026-11-09'
        """
        if self.interval is not None:
            return f"{self.interval} days from {self.starts[0]}"
        return f"each {self.unit} from {self.starts[0]}"


def day_buckets(windows: Sequence[Window]) -> Buckets:
    """Cover the windows, and any days between them, day by day.

    >>> nine, eleven = date(2026, 11, 9), date(2026, 11, 11)
    >>> len(day_buckets([Window(nine, nine), Window(eleven, eleven)]).starts)
    3
    """
    first = min(window.from_date for window in windows)
    last = max(window.to_date for window in windows)
    days = range((last - first).days + 1)
    return Buckets(first, last, tuple(first + timedelta(days=day) for day in days))


def window_buckets(
    windows: Sequence[Window], *, week_start: int = MONDAY
) -> tuple[Buckets, ...]:
    """Choose buckets as long as the windows, so that nobody is counted twice.

    Args:
        windows: The days to count, the oldest first.
        week_start: The weekday on which the project's weeks start, Monday being 0.

    Returns:
        One for all windows if a day, a week or a month fits them, or if they are
        equally long and follow each other; else one for each window, the latest first.

    >>> monday = date(2026, 11, 2)
    >>> week = Window(monday, monday + timedelta(days=6))
    >>> (weeks,) = window_buckets([week, week.shifted(7)])
    >>> weeks.unit, [start.isoformat() for start in weeks.starts]
    ('week', ['2026-11-02', '2026-11-09'])
    """
    first, last = windows[0].from_date, windows[-1].to_date
    starts = tuple(window.from_date for window in windows)
    lengths = {window.days for window in windows}
    if lengths == {1}:
        return (day_buckets(windows),)
    if follow_each_other(windows):
        if all(is_month(window) for window in windows):
            return (Buckets(first, last, starts, "month"),)
        if lengths == {7} and first.weekday() == week_start:
            return (Buckets(first, last, starts, "week"),)
        if len(lengths) == 1:
            return (Buckets(first, last, starts, interval=lengths.pop()),)
    return tuple(single_bucket(window) for window in reversed(windows))


def single_bucket(window: Window) -> Buckets:
    """Take a window as the one bucket of a question."""
    first, last = window.from_date, window.to_date
    return Buckets(first, last, (first,), interval=window.days)


def follow_each_other(windows: Sequence[Window]) -> bool:
    """Whether each window begins on the day after the one before it."""
    return all(
        after.from_date - before.to_date == timedelta(days=1)
        for before, after in pairwise(windows)
    )


def is_month(window: Window) -> bool:
    """Whether a window is a calendar month."""
    return month_before(window.to_date + timedelta(days=1)) == window
