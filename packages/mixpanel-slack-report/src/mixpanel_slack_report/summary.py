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

__all__ = ["missing_parts", "summary_sentences", "value_in_words", "verdict_in_words"]


def summary_sentences(
    metrics: Sequence[MetricValue], top_events: Sequence[TopEvent]
) -> tuple[str, ...]:
    """Say what stands out.

    Args:
        metrics: The values of the report.
        top_events: Its most frequent events, the commonest first.
    """
    sentences = []
    if top_events:
        top = top_events[0]
        sentences.append(
            f"Top action: {readable(top.event)} "
            f"({number_in_words(top.count)} {times(top.count)})."
        )
    rise = strongest(metrics, falling=False)
    fall = strongest(metrics, falling=True)
    if rise:
        sentences.append(f"Strongest rise: {value_in_words(rise)}.")
    if fall:
        sentences.append(f"Strongest fall: {value_in_words(fall)}.")
    return tuple(sentences)


def missing_parts(metrics: Sequence[MetricValue]) -> tuple[str, ...]:
    """Say which metrics are not whole and why, those with one reason together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for value in metrics:
        if value.status != "ok":
            state = "incomplete" if value.status == "partial" else "missing"
            names = groups.setdefault((state, value.reason), [])
            names.append(readable(value.metric.name))
    return tuple(
        f"{first_of(names)} {state}: {readable(reason, longest=400)}."
        for (state, reason), names in groups.items()
    )


def first_of(names: Sequence[str]) -> str:
    """Name one or two metrics, or the first of more, with the verb that follows.

    >>> first_of(["Signups"]), first_of(["Signups", "Sales", "Visits"])
    ('Signups is', 'Signups and 2 more are')
    """
    if len(names) == 1:
        return f"{names[0]} is"
    others = names[1] if len(names) == 2 else f"{len(names) - 1} more"
    return f"{names[0]} and {others} are"


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


def times(count: int) -> str:
    """Return the word that follows a count of events."""
    return "occurrence" if count == 1 else "occurrences"
