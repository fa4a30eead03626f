"""What an answer says about the windows of a report, and whether it says so.

A number is taken only from buckets that are exactly the ones asked for; whatever else
came back gives a reason instead of a number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias, TypeGuard

from mixpanel_slack_report.collection.buckets import Buckets
from mixpanel_slack_report.collection.trend_windows import trend_windows
from mixpanel_slack_report.metrics import Number
from mixpanel_slack_report.periods import ReportWindows, Window

__all__ = [
    "ANY_EVENT",
    "Add",
    "BucketCounts",
    "Counts",
    "Failure",
    "Reading",
    "Side",
    "active_days",
    "exact_sum",
    "foreign_days",
    "is_count",
    "is_possible",
    "merge_readings",
    "read_events",
    "whole_sum",
]

# More than a signed number of 64 bits holds was never counted.
LARGEST_COUNT = 2**63 - 1
# What is larger can neither be added up exactly nor always be divided.
LARGEST_NUMBER = 10**27
Side = Literal["value", "previous"]
# Stands in the place of a name where any event counts.
ANY_EVENT = "any event"


class Counts(Protocol):
    """Numbers by event and bucket, as ``mixpanel_query.TimeSeries`` has them."""

    @property
    def dates(self) -> Collection[date]:
        """First day of each bucket that was answered."""

    @property
    def values(self) -> Mapping[str, Mapping[date, Number]]:
        """The numbers of each event; a bucket that is missing is 0."""


@dataclass(frozen=True, slots=True)
class BucketCounts:
    """Numbers by event and bucket that came in another shape than a time series.

    Attributes:
        dates: First day of each bucket that was answered.
        values: The numbers of each event; a bucket that is missing is 0.
    """

    dates: Collection[date]
    values: Mapping[str, Mapping[date, Number]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that gave nothing to count.

    Attributes:
        reason: What failed, in one line without secrets.
        error: The client's error, if it was one.
    """

    reason: str
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one event came to.

    Attributes:
        value: The number in the reported days; None if it is not known.
        previous: The number in the days compared with; None if it is not known.
        reason: Why a number is missing; empty if none is.
        is_left_out: The answer has other events that were asked for, and not this.
        trend: The numbers of the windows up to the reported one, as far as the answer
            has them; empty if they were not asked for.
    """

    value: Number | None
    previous: Number | None
    reason: str = ""
    is_left_out: bool = False
    trend: tuple[Number | None, ...] = ()

    def number(self, side: Side) -> Number | None:
        """Return the number of one of the windows."""
        return self.value if side == "value" else self.previous

    def without(self, side: Side, reason: str) -> Reading:
        """Return the reading without the number of one of the windows."""
        reasons = dict.fromkeys(filter(None, (self.reason, reason)))
        kept = replace(self, reason="; ".join(reasons))
        if side == "value":
            return replace(kept, value=None)
        return replace(kept, previous=None)


def is_count(value: object) -> TypeGuard[Number]:
    """Whether a value is a whole number that can be a count."""
    # Not a number, which is not equal to itself, and infinity are no counts either.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return 0 <= value <= LARGEST_COUNT and value % 1 == 0


def is_possible(number: Number) -> bool:
    """Whether a number can be what events add up to: it is none if it is infinite."""
    return -LARGEST_NUMBER <= number <= LARGEST_NUMBER


def whole_sum(counts: Mapping[date, Number], starts: tuple[date, ...]) -> Number | None:
    """Add up the buckets; None if one of them is no count."""
    counted = [counts.get(start, 0) for start in starts]
    return sum(map(int, counted)) if all(map(is_count, counted)) else None


def exact_sum(
    numbers: Mapping[date, Number], starts: tuple[date, ...]
) -> Number | None:
    """Add up buckets of any numbers, without losing small ones to large ones.

    >>> day, next_day = date(2026, 11, 9), date(2026, 11, 10)
    >>> exact_sum({day: 0.1, next_day: 0.2}, (day, next_day))
    0.3
    """
    added = [numbers.get(start, 0) for start in starts]
    if not all(map(is_possible, added)):
        return None
    if all(isinstance(number, int) for number in added):
        return sum(added)
    exact = sum(Decimal(str(number)) for number in added)
    return float(exact)


Add: TypeAlias = Callable[[Mapping[date, Number], tuple[date, ...]], "Number | None"]


def foreign_days(answer: Counts, buckets: Buckets) -> set[date]:
    """Return the buckets of an answer that were not asked for."""
    return set(answer.dates) - set(buckets.starts)


def read_events(
    answer: Counts | Failure,
    buckets: Buckets,
    windows: ReportWindows,
    events: tuple[str, ...],
    *,
    add: Add = whole_sum,
) -> dict[str, Reading]:
    """Read the numbers of several events in all windows.

    Args:
        answer: What came back, or why nothing did.
        buckets: What was asked for.
        windows: The days to report and to compare with.
        events: The events that were asked for.
        add: Adds up the buckets of a window, or finds that they are no numbers.

    Returns:
        A reading for each event. A window that ``buckets`` does not cover is left
        without a number and without a reason.
    """
    if isinstance(answer, Failure):
        return dict.fromkeys(events, Reading(None, None, answer.reason))
    foreign = foreign_days(answer, buckets)
    if foreign:
        reason = (
            f"Mixpanel counted from {min(foreign)}, where {buckets.in_words()} was "
            "asked for; set week_start and timezone as in the project's settings"
        )
        return dict.fromkeys(events, Reading(None, None, reason))
    parts = window_parts(answer, buckets, windows)
    return {
        event: read_event(answer.values[event], event, parts, windows, add)
        if event in answer.values
        else left_out(answer, event, events)
        for event in events
    }


def left_out(answer: Counts, event: str, events: tuple[str, ...]) -> Reading:
    """Read the absence of an event, which is never a 0.

    Mixpanel leaves out dates without a count; that it leaves out events is written
    nowhere: https://developer.mixpanel.com/reference/list-recent-events
    """
    # One that is about nothing, or about something else, answers another question.
    answers_the_rest = bool(answer.values) and set(answer.values) <= set(events)
    reason = f"Mixpanel's answer says nothing of {event!r}"
    return Reading(None, None, reason, is_left_out=answers_the_rest)


def window_parts(
    answer: Counts, buckets: Buckets, windows: ReportWindows
) -> dict[Window, tuple[tuple[date, ...], str]]:
    """Return the buckets of each window, or why they cannot be added up.

    A window that was not asked for has neither.
    """
    answered = set(answer.dates)
    parts = {}
    for window in (windows.current, windows.compared, *trend_windows(windows)):
        starts = buckets.of(window)
        missing = set(starts) - answered
        reason = missing_days(window, missing) if missing else ""
        parts[window] = ((), reason) if missing else (starts, "")
    return parts


def read_event(
    counts: Mapping[date, Number],
    event: str,
    parts: Mapping[Window, tuple[tuple[date, ...], str]],
    windows: ReportWindows,
    add: Add,
) -> Reading:
    """Read the numbers of one event; a bucket it has no entry in counts as 0."""
    numbers = {
        window: add(counts, starts) if starts else None
        for window, (starts, _) in parts.items()
    }
    reasons = []
    for window in (windows.current, windows.compared):
        starts, reason = parts[window]
        if starts and numbers[window] is None:
            reason = f"Mixpanel's count of {event!r} is no possible number"
        reasons.append(reason)
    return Reading(
        numbers[windows.current],
        numbers[windows.compared],
        "; ".join(dict.fromkeys(filter(None, reasons))),
        trend=tuple(numbers[window] for window in trend_windows(windows)),
    )


def active_days(answer: Counts | Failure) -> frozenset[date]:
    """Return the days on which any event of an answer in days happened."""
    if isinstance(answer, Failure):
        return frozenset()
    return frozenset(
        day
        for counts in answer.values.values()
        for day, count in counts.items()
        if count > 0
    )


def missing_days(window: Window, missing: set[date]) -> str:
    """Say which part of a window the answer left out."""
    return (
        f"Mixpanel's answer leaves out {min(missing)} of the days "
        f"{window.from_date} to {window.to_date}"
    )


def merge_readings(readings: list[Reading]) -> Reading:
    """Put together readings of which each covers what the others do not."""
    if len(readings) == 1:
        return readings[0]
    values = [reading.value for reading in readings if reading.value is not None]
    previous = [r.previous for r in readings if r.previous is not None]
    reasons = dict.fromkeys(reading.reason for reading in readings if reading.reason)
    trends = [reading.trend for reading in readings if reading.trend]
    return Reading(
        values[0] if values else None,
        previous[0] if previous else None,
        "; ".join(reasons),
        trend=tuple(map(first_known, zip(*trends, strict=True))),
    )


def first_known(numbers: Iterable[Number | None]) -> Number | None:
    """Return the first number there is; None if there is none."""
    return next((number for number in numbers if number is not None), None)
