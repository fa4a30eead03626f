"""Sentences about the numbers of a report, each of which names the number it says."""

from __future__ import annotations

from collections.abc import Sequence

from mixpanel_slack_report.changes import (
    change_in_words,
    exact_change_percent,
    figure_in_words,
    number_in_words,
)
from mixpanel_slack_report.metrics import MetricValue, TopEvent
from mixpanel_slack_report.trends import is_headline, trend_in_words
from mixpanel_slack_report.wording import readable

__all__ = [
    "missing_parts",
    "summary_sentences",
    "value_in_words",
    "value_remarks",
    "verdict_in_words",
]

LONGEST_REASON = 400


def summary_sentences(
    metrics: Sequence[MetricValue],
    top_events: Sequence[TopEvent],
    *,
    alerts: Sequence[str] = (),
    new_events: Sequence[TopEvent] = (),
    stopped_events: Sequence[TopEvent] = (),
    is_comparable: bool = True,
) -> tuple[str, ...]:
    """Say what stands out.

    That is what raised an alert, the commonest event, the strongest changes, the
    first numbers of users and of events, and the events that are new or stopped.

    Args:
        metrics: The values of the report.
        top_events: Its most frequent events, the commonest first.
        alerts: Names of the metrics that raised an alert.
        new_events: Events that happened for the first time, the commonest first.
        stopped_events: Events that stopped, with their count before.
        is_comparable: Whether the changes mean anything.
    """
    strongest_ones: dict[str, MetricValue] = {}
    for word, falling in (("rise", False), ("fall", True)):
        value = strongest(metrics, falling=falling) if is_comparable else None
        if value is not None:
            strongest_ones[word] = value
    told = list(strongest_ones.values())
    lines = [
        *alert_sentences(alerts),
        *map(top_sentence, top_events[:1]),
        *(value_in_words(v) for v in key_values(metrics) if v not in told),
        *(f"Strongest {w}: {value_in_words(v)}" for w, v in strongest_ones.items()),
        *event_sentences("New", new_events, ""),
        *event_sentences("Stopped", stopped_events, " before"),
    ]
    return tuple(f"{line}." for line in lines)


def alert_sentences(names: Sequence[str]) -> list[str]:
    """Say how many alerts there are, and which; nothing if there are none."""
    if not names:
        return []
    word = "alert" if len(names) == 1 else "alerts"
    return [f"{len(names)} {word}: {in_short(names)}"]


def top_sentence(top: TopEvent) -> str:
    """Say which event is the commonest."""
    return f"Top action: {occurrences(top)}"


def key_values(metrics: Sequence[MetricValue]) -> list[MetricValue]:
    """Return the first whole number of active users, and the first of anything else."""
    whole = [value for value in metrics if value.status == "ok"]
    active = [value for value in whole if value.metric.kind == "active"]
    others = [value for value in whole if value.metric.kind != "active"]
    return active[:1] + others[:1]


def event_sentences(word: str, events: Sequence[TopEvent], end: str) -> list[str]:
    """Name the commonest of the events that are new, or stopped; nothing for none."""
    if not events:
        return []
    noun = "event" if len(events) == 1 else "events"
    return [f"{word} {noun}: {in_short([occurrences(top, end) for top in events])}"]


def occurrences(top: TopEvent, end: str = "") -> str:
    """Write an event with how often it happened."""
    word = "occurrence" if top.count == 1 else "occurrences"
    return f"{readable(top.event)} ({number_in_words(top.count)} {word}{end})"


def missing_parts(metrics: Sequence[MetricValue]) -> tuple[str, ...]:
    """Say which metrics are not whole and why, those with one reason together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for value in metrics:
        if value.status != "ok":
            state = "incomplete" if value.status == "partial" else "missing"
            names = groups.setdefault((state, value.reason), [])
            names.append(readable(value.metric.name))
    return tuple(
        f"{first_of(names)} {state}: {readable(reason, longest=LONGEST_REASON)}."
        for (state, reason), names in groups.items()
    )


def value_remarks(metrics: Sequence[MetricValue]) -> tuple[str, ...]:
    """Say what readers must know about numbers, those with one remark together."""
    groups: dict[str, list[str]] = {}
    for value in metrics:
        if value.remark:
            groups.setdefault(value.remark, []).append(readable(value.metric.name))
    return tuple(
        f"{in_short(names)}: {readable(remark, longest=LONGEST_REASON)}."
        for remark, names in groups.items()
    )


def first_of(names: Sequence[str]) -> str:
    """Name one or two metrics, or the first of more, with the verb that follows.

    >>> first_of(["Signups"]), first_of(["Signups", "Sales", "Visits"])
    ('Signups is', 'Signups and 2 more are')
    """
    return f"{in_short(names)} {'is' if len(names) == 1 else 'are'}"


def in_short(names: Sequence[str]) -> str:
    """Name one or two, or the first of more and how many more there are.

    >>> in_short(["Signups", "Sales"]), in_short(["Signups", "Sales", "Visits"])
    ('Signups and Sales', 'Signups and 2 more')
    """
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"


def value_in_words(value: MetricValue) -> str:
    """Write a metric with its number, its change and its trend, as far as known.

    >>> from mixpanel_slack_report.metrics import Metric
    >>> signups = Metric("New Signups", ("Sign Up",), "total")
    >>> value_in_words(MetricValue(signups, "Sign Up", 48, 40, "ok"))
    'New Signups: 48, up 8 from 40 (+20.0 %)'
    """
    name, change = readable(value.metric.name), verdict_in_words(value)
    if value.value is None:
        return f"{name}: {change}"
    return f"{name}: {figure_in_words(value.metric, value.value)}, {change}"


def verdict_in_words(value: MetricValue) -> str:
    """Say how a metric changed and what its trend says to that, or what is missing."""
    if value.value is None:
        return "no such event" if value.status == "no_such_event" else "no data"
    if value.previous is None:
        change = "change not known"
    else:
        change = change_in_words(value.metric, value.value, value.previous)
    return ", ".join(filter(None, (change, trend_in_words(value))))


def strongest(metrics: Sequence[MetricValue], *, falling: bool) -> MetricValue | None:
    """Find the metric that rose, or fell, by most percent and may be a headline."""
    sign = -1 if falling else 1
    changes = [
        ((exact_change_percent(value.value, value.previous) or 0) * sign, value)
        for value in metrics
        if is_headline(value)
    ]
    percent, value = max(changes, key=lambda change: change[0], default=(0, None))
    return value if percent > 0 else None
