"""The ``[[metric]]`` tables of ``report.toml``."""

from __future__ import annotations

import re
from typing import Final

from mixpanel_slack_report.metrics import (
    METRIC_KINDS,
    Metric,
    MetricKind,
    ShownAs,
    Threshold,
)
from mixpanel_slack_report.ratios import ratio_problems
from mixpanel_slack_report.toml_table import TomlTable

__all__ = ["read_metrics"]

# Which keys go with a kind, beside name, kind, alert and as; those with a star must be
# there.
KEYS: Final[dict[MetricKind, str]] = {
    "total": "event* where",
    "unique": "event* where",
    "active": "event where",
    "ratio": "over* of event where",
    "sum": "event* property* where",
    "per_event": "event* property* where",
    "saved": "report_id*",
}
EVERY_KEY: Final = ("event", "where", "property", "over", "of", "report_id")
# Ids of users, of group, and words: https://docs.slack.dev/messaging/formatting-message-text
MENTION: Final = re.compile(r"[UWS][A-Z0-9]{2,30}|here|channel|everyone")
LONGEST_PROPERTY = 255
LARGEST_REPORT_ID = 2**63 - 1
LARGEST_BOUND = 10**15


def read_metrics(table: TomlTable, default: tuple[Metric, ...]) -> tuple[Metric, ...]:
    """Take the ``[[metric]]`` tables."""
    given = table.take("metric")
    if given is None:
        return default
    if not isinstance(given, list) or not given:
        table.refuse("metric", "write each metric as a [[metric]] table")
        return default
    before = len(table.problems)
    metrics = tuple(
        read_metric(table.inner(item, where=f"{table.where}: metric {number}"))
        for number, item in enumerate(given, start=1)
    )
    # A metric that could not be read would be missed by ratios that are right.
    if len(table.problems) == before:
        problems = ratio_problems(metrics)
        table.problems += [f"{table.where}: {problem}" for problem in problems]
    return metrics


def read_metric(table: TomlTable) -> Metric:
    """Take one ``[[metric]]`` table."""
    name, given = table.text("name"), table.take("kind")
    kind = next((kind for kind in METRIC_KINDS if kind == given), None)
    if kind is None:
        table.refuse("kind", f"give one of {', '.join(METRIC_KINDS)}")
        for key in (*EVERY_KEY, "alert", "as"):
            table.take(key)
        table.refuse_unknown()
        return Metric(name, (), "total")
    refuse_other_keys(table, kind)
    is_needed = {key: f"{key}*" in KEYS[kind].split() for key in EVERY_KEY}
    metric = Metric(
        name,
        table.texts("event", is_needed=is_needed["event"]),
        kind,
        where=table.text("where", is_needed=False),
        property=read_property(table, is_needed=is_needed["property"]),
        over=table.text("over", is_needed=is_needed["over"]),
        of=table.text("of", is_needed=False),
        report_id=read_report_id(table, is_needed=is_needed["report_id"]),
        threshold=read_threshold(table),
        shown_as=read_shown_as(table),
    )
    refuse_mixed_ratio(table, metric)
    table.refuse_unknown()
    return metric


def refuse_other_keys(table: TomlTable, kind: MetricKind) -> None:
    """Note keys that metrics have, but not those of this kind; they are dropped."""
    mine = KEYS[kind].replace("*", "").split()
    for key in EVERY_KEY:
        if key in table.table and key not in mine:
            kinds = [other for other in METRIC_KINDS if key in KEYS[other]]
            table.refuse(key, f"{kind} has no {key}; it goes with {', '.join(kinds)}")
    table.table = {
        key: value
        for key, value in table.table.items()
        if key in mine or key not in EVERY_KEY
    }


def refuse_mixed_ratio(table: TomlTable, metric: Metric) -> None:
    """Note a ratio that divides nothing, or two things."""
    if metric.kind != "ratio":
        return
    if metric.of and (metric.events or metric.where):
        table.refuse("of", "divide a metric (of) or an event (event, where), not both")
    elif not metric.of and not metric.events:
        table.refuse("event", "give the event that is divided, or a metric as of")


def read_property(table: TomlTable, *, is_needed: bool) -> str:
    """Take the name of a property."""
    name = table.text("property", is_needed=is_needed)
    if len(name) > LONGEST_PROPERTY:
        table.refuse("property", f"give a name of at most {LONGEST_PROPERTY} signs")
    return name


def read_report_id(table: TomlTable, *, is_needed: bool) -> int | None:
    """Take the number of a saved report."""
    if "report_id" not in table.table:
        table.take("report_id")
        if is_needed:
            table.refuse("report_id", "give the number after report- in its address")
        return None
    return table.number("report_id", 1, low=1, high=LARGEST_REPORT_ID)


def read_shown_as(table: TomlTable) -> ShownAs | None:
    """Take how the number is written."""
    given = table.take("as")
    if given == "number":
        return "number"
    if given == "percent":
        return "percent"
    if given is not None:
        table.refuse("as", "give number or percent")
    return None


def read_threshold(table: TomlTable) -> Threshold | None:
    """Take when a metric puts an alert on top, and who is mentioned."""
    given = table.take("alert")
    if given is None:
        return None
    inner = table.inner(given, where=f"{table.where}: alert")
    most = LARGEST_BOUND
    threshold = Threshold(
        below=inner.amount("below", low=-most, high=most),
        above=inner.amount("above", low=-most, high=most),
        drop_percent=inner.amount("drop_percent", low=0, high=100),
        rise_percent=inner.amount("rise_percent", low=0, high=most),
        minimum=inner.amount("minimum", low=0, high=most),
        mention=read_mention(inner),
    )
    inner.refuse_unknown()
    percents = (threshold.drop_percent, threshold.rise_percent)
    bounds = (threshold.below, threshold.above, *percents)
    if isinstance(given, dict) and not any(bound is not None for bound in bounds):
        table.problems.append(
            f"{inner.where} watches nothing; "
            "give below, above, drop_percent or rise_percent"
        )
    if threshold.minimum is not None and percents == (None, None):
        inner.refuse("minimum", "it goes with drop_percent and rise_percent")
    return threshold


def read_mention(table: TomlTable) -> tuple[str, ...]:
    """Take whom an alert mentions."""
    names = table.texts("mention", is_needed=False)
    if not all(MENTION.fullmatch(name) for name in names):
        table.refuse(
            "mention",
            "give ids of users (U…) or user groups (S…), here, channel or everyone",
        )
        return ()
    return names
