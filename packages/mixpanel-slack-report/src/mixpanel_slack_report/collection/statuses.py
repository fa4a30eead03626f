"""Decides which numbers can be trusted, and says what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from mixpanel_slack_report.collection.readings import Failure, Reading
from mixpanel_slack_report.collection.trend_windows import trend_windows
from mixpanel_slack_report.metrics import Metric, MetricValue, Number, Status
from mixpanel_slack_report.periods import ReportWindows, Window

__all__ = [
    "DAYS_OF_NAMES",
    "Knowledge",
    "comparison_remark",
    "event_trends",
    "judge",
    "mark_silent",
    "mark_unfinished",
    "nearest",
    "not_listed",
    "silence_remark",
    "whole_or_none",
]

# How far back https://developer.mixpanel.com/reference/list-common-event-names looks.
DAYS_OF_NAMES = 31


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of the project's events.

    Attributes:
        names: The commonest names of the last 31 days, or why they are not known.
        totals: How often each event that was asked for happened.
        active_days: Those of the days asked for on which any of them happened.
        windows: The days to report and to compare with; None for no trend.
        quiet: Events of which no user was counted in the days of either window.
    """

    names: tuple[str, ...] | Failure
    totals: Mapping[str, Reading]
    active_days: frozenset[date]
    windows: ReportWindows | None = None
    quiet: frozenset[str] = frozenset()

    def knows(self, event: str) -> bool:
        """Whether the project has the event: it lists it, or it counted it."""
        if not isinstance(self.names, Failure) and event in self.names:
            return True
        reading = self.totals[event]
        return bool(reading.value or reading.previous)

    def first_known(self, events: Iterable[str]) -> str | None:
        """Return the first of some events that the project has; None for none."""
        return next((event for event in events if self.knows(event)), None)

    def doubt(self, events: tuple[str, ...]) -> str:
        """Say why an event that was not found may exist all the same; "" if not."""
        if isinstance(self.names, Failure):
            return f"{self.names.reason}, so 0 cannot be told from an unknown name"
        readings = [self.totals[event] for event in events]
        # An event that is not listed and not answered for is simply not there.
        return next((r.reason for r in readings if r.reason and not r.is_left_out), "")

    def has_counted(self, events: tuple[str, ...], until: str) -> bool:
        """Whether those of some events that stand before one have both counts."""
        readings = [self.totals[event] for event in events_before(events, until)]
        return all(None not in (one.value, one.previous) for one in readings)

    def is_complete(self) -> bool:
        """Whether the commonest events are known and all were counted."""
        return not isinstance(self.names, Failure) and all(
            reading.is_left_out
            or (reading.value is not None and reading.previous is not None)
            for reading in self.totals.values()
        )

    def silence(self, window: Window) -> str:
        """Say that no event at all happened in ``window``; "" if that is not so."""
        first, last = window.from_date, window.to_date
        if not self.is_complete() or any(
            first <= day <= last for day in self.active_days
        ):
            return ""
        days = f"on {first}" if first == last else f"from {first} to {last}"
        return (
            f"no event at all was counted {days} (names asked for: {len(self.totals)})"
            "; the project may have no data from then"
        )

    def absence(self, windows: ReportWindows) -> str:
        """Say that no event at all happened in all the days asked for; "" if one did.

        Mixpanel answers 0 for days before the project had data, too, so such zeros
        are not trusted. Where other days of the same answer had events, they are.
        """
        return "" if self.active_days else self.silence(windows.current)

    def true_trend(self, reading: Reading) -> tuple[Number | None, ...]:
        """Return the numbers of all windows, as far as they are known and true.

        A 0 before the project's data is none; the two windows that are compared are
        as they were read.
        """
        if self.windows is None:
            return ()
        trend = trend_windows(self.windows)
        numbers = dict(zip(trend, reading.trend, strict=False))
        if self.windows.compared in trend:
            numbers[self.windows.compared] = reading.previous
        numbers[self.windows.current] = reading.value
        found: list[Number | None] = []
        for window in trend:
            number = numbers.get(window)
            had_data = any(found) or not self.is_before_data(window)
            found.append(None if number == 0 and not had_data else number)
        return tuple(found) if any(number is not None for number in found) else ()

    def is_before_data(self, window: Window) -> bool:
        """Whether no event is known to have happened until a window's end."""
        return not self.active_days or window.to_date < min(self.active_days)


def event_trends(
    knowledge: Knowledge, totals: Mapping[str, Reading]
) -> dict[str, tuple[int | None, ...]]:
    """Return how often events happened in the windows of the trend."""
    return {
        event: tuple(map(whole_or_none, trend))
        for event, reading in totals.items()
        if (trend := knowledge.true_trend(reading))
    }


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
    if event is None:
        return unknown(metric, knowledge)
    if reading is None:
        reason = "it was not asked for, as no calls were left"
        return MetricValue(metric, event, None, None, "no_data", reason)
    doubt = doubt_of_choice(metric, event, knowledge)
    if doubt and not knowledge.has_counted(metric.events, event):
        return MetricValue(metric, event, None, None, "no_data", doubt)
    value, previous = reading.value, reading.previous
    status: Status = "ok"
    if value is None:
        status = "no_data"
    elif previous is None or doubt:
        status = "partial"
    reasons = (doubt, "" if status == "ok" else reading.reason)
    reason = "; ".join(filter(None, reasons))
    trend = () if value is None else knowledge.true_trend(reading)
    return MetricValue(metric, event, value, previous, status, reason, trend)


def doubt_of_choice(metric: Metric, event: str, knowledge: Knowledge) -> str:
    """Say why the event that was counted may not be the first known; "" if it is."""
    before = events_before(metric.events, event)
    if not isinstance(knowledge.names, Failure):
        before = tuple(name for name in before if name not in knowledge.quiet)
    if metric.kind == "active" or not before:
        return ""
    doubt = knowledge.doubt(before)
    names = " or ".join(map(repr, before))
    return f"{event!r} was counted, and perhaps it is {names}: {doubt}" if doubt else ""


def events_before(events: tuple[str, ...], event: str) -> tuple[str, ...]:
    """Return the candidates that count rather than ``event``, if they are known."""
    return events[: events.index(event)] if event in events else ()


def unknown(metric: Metric, knowledge: Knowledge) -> MetricValue:
    """Report a metric none of whose events is known."""
    first = metric.events[0]
    doubt = knowledge.doubt(metric.events)
    if doubt or isinstance(knowledge.names, Failure):
        return MetricValue(metric, first, None, None, "no_data", doubt)
    reason = not_listed(metric.events, knowledge)
    return MetricValue(metric, first, None, None, "no_such_event", reason)


def not_listed(events: tuple[str, ...], knowledge: Knowledge) -> str:
    """Say that the project does not know any of some events, and what is near."""
    if isinstance(knowledge.names, Failure):
        return knowledge.doubt(events)
    given = " or ".join(repr(event) for event in events)
    near = nearest(events[0], knowledge.names)
    hint = f"the nearest name is {near!r}" if near else "no name is near it"
    return (
        f"{given} is not among the {len(knowledge.names)} commonest names of the last "
        f"{DAYS_OF_NAMES} days, and was not counted in the days asked for; {hint}"
    )


def nearest(event: str, names: tuple[str, ...]) -> str | None:
    """Find the name that looks most like ``event``; None if none does.

    >>> nearest("sign-up", ("Purchase", "Sign Up"))
    'Sign Up'
    """
    by_letters = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(event.casefold(), by_letters, n=1)
    return by_letters[close[0]] if close else None


def mark_silent(
    value: MetricValue, knowledge: Knowledge, windows: ReportWindows
) -> MetricValue:
    """Take a 0 away where no event at all happened in any of the days asked for."""
    happened = any((value.previous, *value.trend, *knowledge.active_days))
    if happened or value.value != 0:
        return value
    unknown = "whether the project had any data in these days is not known"
    absence = knowledge.absence(windows) or unknown
    reason = "; ".join(filter(None, (absence, value.reason)))
    return replace(
        value, value=None, previous=None, status="no_data", reason=reason, trend=()
    )


def mark_unfinished(value: MetricValue, last: date) -> MetricValue:
    """Mark a number as partial because its last day is not over."""
    if value.value is None:
        return value
    reason = "; ".join(filter(None, (f"{last} is not over", value.reason)))
    return replace(value, status="partial", reason=reason)


def whole_or_none(number: Number | None) -> int | None:
    """Return a count as a whole number; None for none."""
    return None if number is None else int(number)


def silence_remark(knowledge: Knowledge, windows: ReportWindows) -> str:
    """Say in a sentence that the zeros reported are true ones; nothing if not."""
    if not knowledge.active_days or not knowledge.silence(windows.current):
        return ""
    asked = len(knowledge.totals)
    return f"Nothing at all was counted in these days (names asked for: {asked})."


def comparison_remark(knowledge: Knowledge, windows: ReportWindows) -> str:
    """Say in a sentence that the days compared with may lack data; nothing if not."""
    if not knowledge.is_complete() or knowledge.absence(windows):
        return ""
    first, begin = min(knowledge.active_days), windows.compared.from_date
    # What was counted before shows that days without any are silent, and not unknown.
    if first <= begin:
        return ""
    silence = knowledge.silence(windows.compared)
    if silence:
        return f"The changes may mean nothing: {silence}."
    return (
        f"The changes may mean little: the days compared with begin {begin}, and "
        f"Mixpanel counted no event before {first}."
    )
