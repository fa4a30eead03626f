"""Writes a ``report.toml`` from the names that a project really has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mixpanel_slack_report.metrics import DEFAULT_METRICS, Metric

__all__ = ["report_toml"]

MOST_METRICS = 8
# What people write differently and mean alike.
SIGNS = str.maketrans("", "", " -_./$")
HEAD = """\
# What the reports measure. Days on which nothing is sent, thresholds and the other
# kinds of metrics are in docs/slack-report/report-file.md of mixpanel-slack-report.
{timezone}week_start = "monday"             # as in the project's settings
biweekly_anchor = 2026-01-05      # a day on which the bi-weekly report is due
max_calls = 5                     # of the 60 an hour that Mixpanel answers

[top_events]
limit = 5
"""


def report_toml(names: Sequence[str], *, timezone: str | None) -> str:
    """Write the report file of a project.

    The default metrics whose events the project has come first, under its own names;
    then its commonest events, up to eight metrics in all.

    Args:
        names: The project's event names, the commonest first.
        timezone: IANA name of its timezone; None if it is not known.

    >>> report_toml(["sign up"], timezone=None).splitlines()[-3:]
    ['name = "New Signups"', 'event = ["sign up"]', 'kind = "total"']
    """
    zone = f"timezone = {toml_text(timezone)}\n" if timezone else ""
    tables = [metric_table(metric) for metric in metrics_of(names)]
    return "\n".join([HEAD.format(timezone=zone), *tables])


def metrics_of(names: Sequence[str]) -> list[Metric]:
    """Choose what to measure."""
    chosen = list(default_metrics(names))
    taken = {event for metric in chosen for event in metric.events}
    for name in names:
        if len(chosen) >= MOST_METRICS:
            break
        if name not in taken and name.strip() and not name.startswith("$"):
            chosen.append(Metric(name, (name,), "total"))
    return chosen


def default_metrics(names: Sequence[str]) -> Iterator[Metric]:
    """Yield the default metrics that the project has events for, under its names."""
    alike: dict[str, str] = {}
    for name in names:
        alike.setdefault(plain(name), name)
    for metric in DEFAULT_METRICS:
        found = dict.fromkeys(alike.get(plain(event), "") for event in metric.events)
        events = tuple(filter(None, found))
        if events or not metric.events:
            yield replace(metric, events=events)


def plain(name: str) -> str:
    """Return what is left of a name without case and signs.

    >>> plain("sign-up") == plain("Sign Up")
    True
    """
    return name.translate(SIGNS).casefold()


def metric_table(metric: Metric) -> str:
    """Write the table of one metric."""
    lines = ["[[metric]]", f"name = {toml_text(metric.name)}"]
    if metric.events:
        lines.append(f"event = [{', '.join(map(toml_text, metric.events))}]")
    lines.append(f"kind = {toml_text(metric.kind)}")
    return "\n".join(lines) + "\n"


def toml_text(text: str) -> str:
    """Write a text as TOML does, whose escapes are those of JSON.

    https://toml.io/en/v1.0.0#string
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
