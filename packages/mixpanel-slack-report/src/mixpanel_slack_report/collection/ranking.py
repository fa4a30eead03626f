"""The most frequent events, and what is said of a ranking that may lack some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from mixpanel_slack_report.collection.readings import Failure, Reading
from mixpanel_slack_report.collection.statuses import (
    DAYS_OF_NAMES,
    Knowledge,
    whole_or_none,
)
from mixpanel_slack_report.metrics import TopEvent
from mixpanel_slack_report.periods import ReportWindows
from mixpanel_slack_report.wording import readable

__all__ = [
    "first_day_of_names",
    "rank_events",
    "ranking_gap",
    "ranking_problem",
    "ranking_remark",
]


def rank_events(totals: Mapping[str, Reading], *, limit: int) -> tuple[TopEvent, ...]:
    """List the most frequent events of the reported days.

    Events that are equally frequent are in the order of their names; those that did
    not happen are left out.
    """
    ranked = sorted(
        (-reading.value, event) for event, reading in totals.items() if reading.value
    )
    return tuple(
        TopEvent(event, int(-count), whole_or_none(totals[event].previous))
        for count, event in ranked[:limit]
    )


def ranking_problem(knowledge: Knowledge, windows: ReportWindows) -> str:
    """Say in a sentence why the events cannot be ranked; nothing if they can."""
    if isinstance(knowledge.names, Failure):
        return f"Top events are missing: {knowledge.names.reason}."
    uncounted = [
        reading.reason
        for reading in knowledge.totals.values()
        if reading.value is None and not reading.is_left_out
    ]
    reason = uncounted[0] if uncounted else knowledge.absence(windows)
    return f"Top events are missing: {reason}." if reason else ""


def ranking_gap(top_events: Sequence[TopEvent], knowledge: Knowledge) -> str:
    """Say in a sentence that some events have no count to compare with; else nothing.

    Args:
        top_events: The ranked events.
        knowledge: What is known of the events.
    """
    lacking = [top.event for top in top_events if top.previous is None]
    if not lacking:
        return ""
    reason = knowledge.totals[lacking[0]].reason
    return f"Top events have no count to compare with: {reason}."


def ranking_remark(knowledge: Knowledge, windows: ReportWindows, *, today: date) -> str:
    """Say in a sentence which events the ranking may lack; nothing if none."""
    listed = () if isinstance(knowledge.names, Failure) else knowledge.names
    unanswered = [
        event
        for event in listed
        if event in knowledge.totals and knowledge.totals[event].is_left_out
    ]
    if unanswered:
        more = f" and {len(unanswered) - 1} more" if unanswered[1:] else ""
        name = readable(unanswered[0])
        return f"Top events may lack {name}{more}: Mixpanel's answer leaves that out."
    first = first_day_of_names(today)
    if windows.current.from_date >= first:
        return ""
    return (
        f"Top events are ranked among the names of the last {DAYS_OF_NAMES} days: "
        f"an event that did not happen since {first} is not among them."
    )


def first_day_of_names(today: date) -> date:
    """Return the first day whose events Mixpanel lists; today is the last of the 31."""
    return today - timedelta(days=DAYS_OF_NAMES - 1)
