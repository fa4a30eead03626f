"""Daily, weekly, bi-weekly and monthly reports from Mixpanel to Slack.

The names below are imported when they are first used, so that importing the package
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixpanel_slack_report.blocks import SlackMessage, build_message
    from mixpanel_slack_report.delivery import post_message
    from mixpanel_slack_report.exceptions import (
        CollectionError,
        DeliveryError,
        MixpanelSlackReportError,
        SettingsError,
        WindowError,
    )
    from mixpanel_slack_report.html_view import render_html, write_html
    from mixpanel_slack_report.json_view import render_json, report_document
    from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
    from mixpanel_slack_report.periods import (
        ReportWindows,
        Window,
        custom_windows,
        windows_due,
    )
    from mixpanel_slack_report.report import Report, collect_report
    from mixpanel_slack_report.report_file import ReportFile, read_report_file
    from mixpanel_slack_report.slack_stand_in import SlackStandIn
    from mixpanel_slack_report.text_view import print_report, render_text

__all__ = [
    "CollectionError",
    "DeliveryError",
    "Metric",
    "MetricValue",
    "MixpanelSlackReportError",
    "Report",
    "ReportFile",
    "ReportWindows",
    "SettingsError",
    "SlackMessage",
    "SlackStandIn",
    "TopEvent",
    "Window",
    "WindowError",
    "build_message",
    "collect_report",
    "custom_windows",
    "post_message",
    "print_report",
    "read_report_file",
    "render_html",
    "render_json",
    "render_text",
    "report_document",
    "windows_due",
    "write_html",
]

MODULES = {
    "CollectionError": "exceptions",
    "DeliveryError": "exceptions",
    "Metric": "metrics",
    "MetricValue": "metrics",
    "MixpanelSlackReportError": "exceptions",
    "Report": "report",
    "ReportFile": "report_file",
    "ReportWindows": "periods",
    "SettingsError": "exceptions",
    "SlackMessage": "blocks",
    "SlackStandIn": "slack_stand_in",
    "TopEvent": "metrics",
    "Window": "periods",
    "WindowError": "exceptions",
    "build_message": "blocks",
    "collect_report": "report",
    "custom_windows": "periods",
    "post_message": "delivery",
    "print_report": "text_view",
    "read_report_file": "report_file",
    "render_html": "html_view",
    "render_json": "json_view",
    "render_text": "text_view",
    "report_document": "json_view",
    "windows_due": "periods",
    "write_html": "html_view",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
