"""A report as a JSON document."""

from __future__ import annotations

import json

from mixpanel_slack_report.changes import change_percent
from mixpanel_slack_report.metrics import MetricValue
from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.blocks import build_message

__all__ = ["render_json", "report_document"]


def render_json(report: Report) -> str:
    """Write the document of a report as indented JSON that ends with a newline."""
    return json.dumps(report_document(report), indent=2) + "\n"


def report_document(report: Report) -> dict[str, object]:
    """Make the JSON-ready document of a report.

    Dates are ISO 8601, in the project's timezone; numbers that are not known are
    None.
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
            {"event": top.event, "count": top.count} for top in report.top_events
        ],
        "summary": list(report.summary),
        "blocks": list(build_message(report).blocks),
        "api_calls": report.api_calls,
    }


def metric_document(value: MetricValue) -> dict[str, object]:
    """Make the JSON-ready document of one metric."""
    return {
        "name": value.metric.name,
        "event": value.event,
        "kind": value.metric.kind,
        "value": value.value,
        "previous": value.previous,
        "change_percent": change_percent(value.value, value.previous),
        "status": value.status,
        "reason": value.reason,
    }
