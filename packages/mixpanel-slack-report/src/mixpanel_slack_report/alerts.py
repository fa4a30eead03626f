"""Metrics that crossed a threshold of the report file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mixpanel_slack_report.changes import (
    change_in_words,
    exact,
    exact_change_percent,
    figure_in_words,
    number_in_words,
)
from mixpanel_slack_report.metrics import MetricValue, Number, Threshold
from mixpanel_slack_report.wording import readable

__all__ = ["Alert", "raise_alerts", "unchecked_alerts"]


@dataclass(frozen=True, slots=True)
class Alert:
    """A metric that crossed a threshold of the report file.

    Attributes:
        metric: The metric's name, as readers see it.
        sentence: What happened, in words and with both numbers.
        mention: Whom to mention, as in ``Threshold``.
    """

    metric: str
    sentence: str
    mention: tuple[str, ...] = ()


def raise_alerts(values: Iterable[MetricValue]) -> tuple[Alert, ...]:
    """Say which metrics crossed their thresholds, in the order of the report.

    Only whole numbers are judged: one whose days are not over may still rise. For
    shares, bounds are shares too: 0.1 is 10 %.

    >>> from mixpanel_slack_report.metrics import Metric
    >>> watch = Threshold(drop_percent=30, mention=("here",))
    >>> signups = Metric("New Signups", ("Sign Up",), "total", threshold=watch)
    >>> (alert,) = raise_alerts([MetricValue(signups, "Sign Up", 8, 48, "ok")])
    >>> alert.sentence
    'New Signups: 8, down 40 from 48 (-83.3 %), which is a drop of 30 % or more.'
    """
    return tuple(
        Alert(readable(value.metric.name), sentence, threshold.mention)
        for value in values
        if (threshold := value.metric.threshold) is not None
        and (sentence := alert_in_words(value, threshold))
    )


def unchecked_alerts(values: Iterable[MetricValue]) -> tuple[str, ...]:
    """Say in a sentence for each metric that its thresholds could not be checked."""
    return tuple(
        f"The alert on {readable(value.metric.name)} could not be checked: {reason}."
        for value in values
        if (reason := unchecked_reason(value))
    )


def alert_in_words(value: MetricValue, threshold: Threshold) -> str:
    """Say what happened to a metric; "" if it crossed nothing."""
    if value.status != "ok" or value.value is None:
        return ""
    crossed = " and ".join(crossed_bounds(value, value.value, threshold))
    if not crossed:
        return ""
    number = figure_in_words(value.metric, value.value)
    said = f"{readable(value.metric.name)}: {number}"
    if value.previous is not None:
        said += f", {change_in_words(value.metric, value.value, value.previous)}"
    return f"{said}, which is {crossed}."


def crossed_bounds(
    value: MetricValue, number: Number, threshold: Threshold
) -> Iterator[str]:
    """Give the bounds that a number crossed, each in words."""
    if threshold.below is not None and exact(number) < exact(threshold.below):
        yield f"below {figure_in_words(value.metric, threshold.below)}"
    if threshold.above is not None and exact(number) > exact(threshold.above):
        yield f"above {figure_in_words(value.metric, threshold.above)}"
    drop, rise = threshold.drop_percent, threshold.rise_percent
    if drop is not None and fell_by(value, drop, threshold.minimum):
        yield f"a drop of {number_in_words(drop)} % or more"
    if rise is not None and rose_by(value, rise, threshold.minimum):
        yield f"a rise of {number_in_words(rise)} % or more"


def fell_by(value: MetricValue, percent: Number, minimum: Number | None) -> bool:
    """Whether a metric fell by so many percent or more."""
    change = exact_change_percent(value.value, value.previous)
    if change is None or not reaches(value, minimum):
        return False
    return change < 0 and -change >= exact(percent)


def rose_by(value: MetricValue, percent: Number, minimum: Number | None) -> bool:
    """Whether a metric rose by so many percent or more, as any rise from 0 does."""
    if value.value is None or not reaches(value, minimum):
        return False
    change = exact_change_percent(value.value, value.previous)
    if change is None:
        return value.previous == 0 and value.value > 0
    return change > 0 and change >= exact(percent)


def reaches(value: MetricValue, minimum: Number | None) -> bool:
    """Whether one of a metric's two numbers is as large as it has to be."""
    known = [n for n in (value.value, value.previous) if n is not None]
    return minimum is None or any(exact(number) >= exact(minimum) for number in known)


def unchecked_reason(value: MetricValue) -> str:
    """Say why the thresholds of a metric could not be checked; "" if they could."""
    threshold = value.metric.threshold
    if threshold is None:
        return ""
    if value.status != "ok" or value.value is None:
        state = "missing" if value.value is None else "incomplete"
        return f"its number is {state}"
    if threshold.drop_percent is None and threshold.rise_percent is None:
        return ""
    if value.previous is None:
        return "the number compared with is not known"
    return "the number compared with is below 0" if value.previous < 0 else ""
