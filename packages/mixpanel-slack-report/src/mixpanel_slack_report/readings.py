"""What an answer says about the two windows of a report, and whether it says so.

A number is taken only from buckets that are exactly the ones asked for; whatever else
came back gives a reason instead of a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_slack_report.call_plan import Buckets
from mixpanel_slack_report.periods import ReportWindows, Window

if TYPE_CHECKING:
    from mixpanel_query import TimeSeries

__all__ = ["Failure", "Reading", "merge_readings", "read_events"]


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
    """

    value: int | None
    previous: int | None
    reason: str = ""


def read_events(
    answer: TimeSeries | Failure,
    buckets: Buckets,
    windows: ReportWindows,
    events: tuple[str, ...],
) -> dict[str, Reading]:
    """Read the numbers of several events in both windows.

    Args:
        answer: What came back, or why nothing did.
        buckets: What was asked for.
        windows: The days to report and to compare with.
        events: The events that were asked for.

    Returns:
        A reading for each event. A window that ``buckets`` does not cover is left
        without a number and without a reason.
    """
    if isinstance(answer, Failure):
        return dict.fromkeys(events, Reading(None, None, answer.reason))
    foreign = set(answer.dates) - set(buckets.starts)
    if foreign:
        reason = (
            f"Mixpanel counted from {min(foreign)}, where {in_words(buckets)} was asked"
            " for; set week_start and timezone as in the project's settings"
        )
        return dict.fromkeys(events, Reading(None, None, reason))
    return {event: read_event(answer, event, buckets, windows) for event in events}


def read_event(
    answer: TimeSeries, event: str, buckets: Buckets, windows: ReportWindows
) -> Reading:
    """Read the numbers of one event; a bucket it has no entry in counts as 0."""
    counts = answer.values.get(event, {})
    reasons = []
    values: list[int | None] = []
    for window in (windows.current, windows.compared):
        starts = buckets.of(window)
        missing = set(starts) - set(answer.dates)
        value = None if missing or not starts else whole_sum(counts, starts)
        values.append(value)
        if missing:
            reasons.append(missing_days(window, missing))
        elif starts and value is None:
            reasons.append(f"Mixpanel's count of {event!r} is no whole number")
    return Reading(values[0], values[1], "; ".join(reasons))


def whole_sum(
    counts: Mapping[date, int | float], starts: tuple[date, ...]
) -> int | None:
    """Add up the buckets; None if they do not come to a whole number."""
    total = sum(counts.get(start, 0) for start in starts)
    # Not a number, and infinity, are no whole numbers either.
    return int(total) if total >= 0 and total % 1 == 0 else None


def missing_days(window: Window, missing: set[date]) -> str:
    """Say which part of a window the answer left out."""
    return (
        f"Mixpanel's answer leaves out {min(missing)} of the days "
        f"{window.from_date} to {window.to_date}"
    )


def merge_readings(readings: list[Reading]) -> Reading:
    """Put together readings of which each covers what the others do not."""
    values = [reading.value for reading in readings if reading.value is not None]
    previous = [r.previous for r in readings if r.previous is not None]
    reasons = dict.fromkeys(reading.reason for reading in readings if reading.reason)
    return Reading(
        values[0] if values else None,
        previous[0] if previous else None,
        "; ".join(reasons),
    )


def in_words(buckets: Buckets) -> str:
    """Say what was asked for."""
    if buckets.interval is not None:
        return f"{buckets.interval} days from {buckets.starts[0]}"
    return f"each {buckets.unit} from {buckets.starts[0]}"
