"""A report as a JSON document."""

from __future__ import annotations

import json
from dataclasses import asdict

from mixpanel_slack_report.changes import change_percent, shows_percent
from mixpanel_slack_report.metrics import MetricValue
from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.blocks import build_message
from mixpanel_slack_report.trends import is_outside

__all__ = ["render_json", "report_document"]


def render_json(report: Report) -> str:
    """Write the document of a report as indented JSON that ends with a newline."""
    return json.dumps(report_document(report), indent=2) + "\n"


def report_document(report: Report) -> dict[str, object]:
    """Make the JSON-ready document of a report.

    Dates are ISO 8601, in the project's timezone; numbers that are not known are
    None. A metric whose unit is ``"share"`` has 0.153 for 15.3 %. Trends end with the
    reported window.
    """
    current, compared = report.windows.current, report.windows.compared
    return {
        "period": report.windows.period,
        "from_date": current.from_date.isoformat(),
        "to_date": current.to_date.isoformat(),
        "compared_from": compared.from_date.isoformat(),
        "compared_to": compared.to_date.isoformat(),
        "timezone": report.timezone,
        "generated_at": report.generated_at.isoformat(),
        "metrics": [metric_document(value) for value in report.metrics],
        "top_events": [
            event_document(top.event, top.count, top.previous)
            for top in report.top_events
        ],
        "new_events": [
            event_document(new.event, new.count, 0) for new in report.new_events
        ],
        "stopped_events": [
            event_document(stopped.event, 0, stopped.count)
            for stopped in report.stopped_events
        ],
        "alerts": [asdict(alert) for alert in report.alerts],
        "annotations": [
            {"day": note.day.isoformat(), "text": note.text}
            for note in report.annotations
        ],
        "summary": list(report.summary),
        "missing": list(report.missing),
        "link": report.link,
        "blocks": list(build_message(report).blocks),
        "api_calls": report.api_calls,
    }


def metric_document(value: MetricValue) -> dict[str, object]:
    """Make the JSON-ready document of one metric."""
    return {
        "name": value.metric.name,
        "event": value.event,
        "kind": value.metric.kind,
        "unit": "share" if shows_percent(value.metric) else "number",
        "value": value.value,
        "previous": value.previous,
        "change_percent": change_percent(value.value, value.previous),
        "trend": list(value.trend),
        "outside_last_7": is_outside(value),
        "status": value.status,
        "reason": value.reason,
        "remark": value.remark,
    }


def event_document(event: str, count: int, previous: int | None) -> dict[str, object]:
    """Make the JSON-ready document of one event."""
    return {"event": event, "count": count, "previous": previous}
