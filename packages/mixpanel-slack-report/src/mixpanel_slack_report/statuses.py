"""Decides which numbers can be trusted, and says what is wrong with the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.periods import ReportWindows
from mixpanel_slack_report.readings import Failure, Reading

__all__ = [
    "Knowledge",
    "judge",
    "mark_unfinished",
    "rank_events",
    "ranking_problem",
    "ranking_remark",
]

# How far back https://developer.mixpanel.com/reference/list-common-event-names looks.
DAYS_OF_NAMES = 31


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of the project's events.

    Attributes:
        names: The commonest names of the last 31 days, or why they are not known.
        totals: How often each event that was asked for happened.
    """

    names: tuple[str, ...] | Failure
    totals: Mapping[str, Reading]

    def knows(self, event: str) -> bool:
        """Whether the project has the event: it lists it, or it counted it."""
        if not isinstance(self.names, Failure) and event in self.names:
            return True
        reading = self.totals[event]
        return bool(reading.value or reading.previous)

    def first_known(self, metric: Metric) -> str | None:
        """Return the first event of a metric that the project has; None for none."""
        return next((event for event in metric.events if self.knows(event)), None)

    def doubt(self, events: tuple[str, ...]) -> str:
        """Say why an event that was not found may exist all the same; "" if not."""
        if isinstance(self.names, Failure):
            return f"{self.names.reason}, so 0 cannot be told from an unknown name"
        return next(
            (self.totals[e].reason for e in events if self.totals[e].reason), ""
        )


def judge(
    metric: Metric, event: str | None, reading: Reading | None, knowledge: Knowledge
) -> MetricValue:
    """Turn what was read for a metric into a value that says what it is worth.

    Args:
        metric: What was measured.
        event: The event that was counted; None if the project has none of them.
        reading: What it came to; None if it was not asked for.
        knowledge: What is known of the project's events.
    """
    if event is None or reading is None:
        return unknown(metric, knowledge)
    value, previous = reading.value, reading.previous
    if value is None:
        return MetricValue(metric, event, None, previous, "no_data", reading.reason)
    if previous is None:
        return MetricValue(metric, event, value, None, "partial", reading.reason)
    return MetricValue(metric, event, value, previous, "ok")


def unknown(metric: Metric, knowledge: Knowledge) -> MetricValue:
    """Report a metric none of whose events is known."""
    first = metric.events[0]
    doubt = knowledge.doubt(metric.events)
    if doubt or isinstance(knowledge.names, Failure):
        return MetricValue(metric, first, None, None, "no_data", doubt)
    given = " or ".join(repr(event) for event in metric.events)
    near = nearest(first, knowledge.names)
    hint = f"the nearest name is {near!r}" if near else "no name is near it"
    reason = f"the project has no event {given}; {hint}"
    return MetricValue(metric, first, None, None, "no_such_event", reason)


def nearest(event: str, names: tuple[str, ...]) -> str | None:
    """Find the name that looks most like ``event``; None if none does.

    >>> nearest("sign-up", ("Purchase", "Sign Up"))
    'Sign Up'
    """
    by_letters = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(event.casefold(), by_letters, n=1)
    return by_letters[close[0]] if close else None


def mark_unfinished(value: MetricValue, last: date) -> MetricValue:
    """Mark a number as partial because its last day is not over."""
    if value.value is None:
        return value
    reason = "; ".join(filter(None, (f"{last} is not over", value.reason)))
    return replace(value, status="partial", reason=reason)


def rank_events(totals: Mapping[str, Reading], *, limit: int) -> tuple[TopEvent, ...]:
    """List the most frequent events of the reported days.

    Events that are equally frequent are in the order of their names; those that did
    not happen are left out.
    """
    ranked = sorted(
        (-reading.value, event) for event, reading in totals.items() if reading.value
    )
    return tuple(TopEvent(event, -count) for count, event in ranked[:limit])


def ranking_problem(knowledge: Knowledge) -> str:
    """Say in a sentence why the events cannot be ranked; nothing if they can."""
    if isinstance(knowledge.names, Failure):
        return f"Top events are missing: {knowledge.names.reason}."
    uncounted = [r.reason for r in knowledge.totals.values() if r.value is None]
    return f"Top events are missing: {uncounted[0]}." if uncounted else ""


def ranking_remark(windows: ReportWindows, *, today: date) -> str:
    """Say in a sentence that the ranked names are not of the days reported, if so."""
    if windows.current.from_date >= today - timedelta(days=DAYS_OF_NAMES):
        return ""
    return (
        "Top events are ranked among the names of the last 31 days, "
        "which the report does not cover."
    )
