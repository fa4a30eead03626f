"""Divides numbers that may not be known, and says why there is none."""

from __future__ import annotations

from mixpanel_slack_report.collection.readings import Reading
from mixpanel_slack_report.metrics import Metric, MetricValue, Number, Status

__all__ = ["average_reading", "ratio_value"]


def quotient(top: Number | None, bottom: Number | None) -> Number | None:
    """Divide; None if a number is not known, or if it would be by 0.

    >>> quotient(3, 4), quotient(3, 0), quotient(None, 4)
    (0.75, None, None)
    """
    return None if top is None or not bottom else top / bottom


def quotients(
    tops: tuple[Number | None, ...], bottoms: tuple[Number | None, ...]
) -> tuple[Number | None, ...]:
    """Divide the windows of two trends; nothing if one has none."""
    if len(tops) != len(bottoms):
        return ()
    return tuple(map(quotient, tops, bottoms))


def average_reading(event: str, added: Reading, counted: Reading) -> Reading:
    """Divide what a property adds up to by how often the event happened."""
    reasons = [added.reason, counted.reason]
    if 0 in (counted.value, counted.previous):
        reasons.append(f"{event!r} did not happen, so there is no average of it")
    return Reading(
        quotient(added.value, counted.value),
        quotient(added.previous, counted.previous),
        "; ".join(dict.fromkeys(filter(None, reasons))),
        trend=quotients(added.trend, counted.trend),
    )


def ratio_value(metric: Metric, top: MetricValue, bottom: MetricValue) -> MetricValue:
    """Divide one metric by another.

    Args:
        metric: The ratio.
        top: What is divided.
        bottom: What it is divided by.
    """
    value = quotient(top.value, bottom.value)
    previous = quotient(top.previous, bottom.previous)
    reasons = [part.reason for part in (top, bottom) if part.status != "ok"]
    if 0 in (bottom.value, bottom.previous):
        reasons.append(f"{bottom.metric.name!r} is 0, by which nothing is divided")
    elif previous is None and not reasons:
        reasons.append("one of its numbers has none to compare with")
    status: Status = "partial" if reasons else "ok"
    if value is None:
        unknown = "no_such_event" in (top.status, bottom.status)
        status = "no_such_event" if unknown else "no_data"
    return MetricValue(
        metric,
        top.event,
        value,
        previous,
        status,
        "; ".join(dict.fromkeys(filter(None, reasons))),
        quotients(top.trend, bottom.trend) if value is not None else (),
        "; ".join(dict.fromkeys(filter(None, (top.remark, bottom.remark)))),
    )
