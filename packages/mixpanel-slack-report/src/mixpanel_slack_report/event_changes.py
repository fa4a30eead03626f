"""Events that are new, and events that stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mixpanel_slack_report.metrics import TopEvent
from mixpanel_slack_report.periods import ReportWindows

__all__ = [
    "EventChanges",
    "EventTrends",
    "event_changes",
    "new_events",
    "stopped_events",
    "windows_back",
]

# How often each event happened in the windows up to the reported one, the last.
EventTrends: TypeAlias = Mapping[str, tuple["int | None", ...]]

# What happened less often in the only window before may be away by chance.
SMALLEST_COUNT = 10


@dataclass(frozen=True, slots=True)
class EventChanges:
    """Events that began or ended with the reported days.

    Attributes:
        new: Those that happened in the reported days, and not before.
        stopped: Those that happened in the days compared with, and not in the reported
            ones; their count is that of the days compared with.
    """

    new: tuple[TopEvent, ...] = ()
    stopped: tuple[TopEvent, ...] = ()


def event_changes(
    trends: EventTrends, windows: ReportWindows, *, is_over: bool
) -> EventChanges:
    """Find the events that are new, and those that stopped.

    Args:
        trends: Those of all events that were counted.
        windows: The days reported and those compared with.
        is_over: Whether the reported days are over; nothing has stopped before that.
    """
    back = windows_back(windows)
    stopped = stopped_events(trends, back=back) if is_over else ()
    return EventChanges(new_events(trends), stopped)


def new_events(trends: EventTrends) -> tuple[TopEvent, ...]:
    """Find the events of the reported window that happened in none before.

    At least one window before must be known in which other events happened, as a
    project without any data has no old events either. From the first window that is
    known on, none may be unknown: the event may have begun in that one.

    Args:
        trends: Those of all events that were counted; they are as long as each other.

    Returns:
        The commonest first; nothing if an event was not counted in the last window.

    >>> new_events({"Page View": (90, 80), "Coupon Used": (0, 35)})
    (TopEvent(event='Coupon Used', count=35, previous=0),)
    """
    if not is_counted(trends, back=0):
        return ()
    lively = lively_windows(trends)
    found = [
        TopEvent(event, trend[-1], 0)
        for event, trend in trends.items()
        if trend[-1]
        and not any(trend[:-1])
        and has_no_gap(trend)
        and any(
            count == 0 and is_lively
            for count, is_lively in zip(trend[:-1], lively, strict=False)
        )
    ]
    return tuple(sorted(found, key=lambda top: (-top.count, top.event)))


def stopped_events(trends: EventTrends, *, back: int = 1) -> tuple[TopEvent, ...]:
    """Find the events that happened in the window compared with, and then not again.

    They must have happened in most of the other windows before, too, or, where none
    of those is known, ten times or more. Something else must have happened in the
    reported window.

    Args:
        trends: Those of all events that were counted; they are as long as each other.
        back: How many windows before the reported one the one compared with is.

    Returns:
        The commonest first, with their count in the window compared with; nothing if
        an event was not counted in one of the two windows.

    >>> stopped_events({"Page View": (90, 80, 85), "Old Offer": (30, 35, 0)})
    (TopEvent(event='Old Offer', count=35, previous=35),)
    """
    if not (is_counted(trends, back=0) and is_counted(trends, back=back)):
        return ()
    if not any(trend[-1] for trend in trends.values()):
        return ()
    found = [
        TopEvent(event, before, before)
        for event, trend in trends.items()
        if trend[-1] == 0
        and (before := trend[-1 - back])
        and is_usual(before, trend[: -1 - back] + trend[-back:-1])
    ]
    return tuple(sorted(found, key=lambda top: (-top.count, top.event)))


def windows_back(windows: ReportWindows) -> int:
    """Return how many windows before the reported one the one compared with is.

    >>> from datetime import date
    >>> from mixpanel_slack_report.periods import windows_due
    >>> windows_back(windows_due("daily", date(2026, 11, 16)))
    7
    """
    if windows.period != "daily":
        return 1
    return (windows.current.from_date - windows.compared.from_date).days


def is_usual(count: int, others: tuple[int | None, ...]) -> bool:
    """Whether an event that happened ``count`` times happened in most other windows."""
    known = [other for other in others if other is not None]
    if not known:
        return count >= SMALLEST_COUNT
    return 2 * sum(other > 0 for other in known) > len(known)


def has_no_gap(trend: tuple[int | None, ...]) -> bool:
    """Whether no window is unknown after one that is known.

    >>> has_no_gap((None, None, 0, 3)), has_no_gap((0, None, 3))
    (True, False)
    """
    known = [count is not None for count in trend]
    return known == sorted(known)


def is_counted(trends: EventTrends, *, back: int) -> bool:
    """Whether the counts of all events are known in one window."""
    return all(
        len(trend) > back and trend[-1 - back] is not None for trend in trends.values()
    )


def lively_windows(trends: EventTrends) -> list[bool]:
    """Tell for each window whether any event happened in it."""
    return [any(counts) for counts in zip(*trends.values(), strict=False)]
