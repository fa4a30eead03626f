"""Daily, weekly, bi-weekly and monthly reports from Mixpanel to Slack.

The names below are imported when they are first used, so that importing the package
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixpanel_slack_report.alerts import Alert
    from mixpanel_slack_report.exceptions import (
        AlreadySentError,
        CollectionError,
        DeliveryError,
        LedgerError,
        MixpanelSlackReportError,
        OutcomeUnknownError,
        RequestRefusedError,
        SettingsError,
        WindowError,
    )
    from mixpanel_slack_report.metrics import (
        Metric,
        MetricValue,
        Threshold,
        TopEvent,
    )
    from mixpanel_slack_report.periods import (
        ReportWindows,
        Window,
        custom_windows,
        windows_due,
    )
    from mixpanel_slack_report.report import DatedNote, Report, collect_report
    from mixpanel_slack_report.report_file import ReportFile, read_report_file
    from mixpanel_slack_report.slack.blocks import (
        SlackMessage,
        build_details,
        build_message,
        build_messages,
    )
    from mixpanel_slack_report.slack.scripted_answers import ScriptedAnswer
    from mixpanel_slack_report.slack.stand_in import SlackStandIn
    from mixpanel_slack_report.slack.webhook import post_message
    from mixpanel_slack_report.views.builder_url import builder_url
    from mixpanel_slack_report.views.html_view import render_html, write_html
    from mixpanel_slack_report.views.json_view import render_json, report_document
    from mixpanel_slack_report.views.text_view import print_report, render_text

__all__ = [
    "Alert",
    "AlreadySentError",
    "CollectionError",
    "DatedNote",
    "DeliveryError",
    "LedgerError",
    "Metric",
    "MetricValue",
    "MixpanelSlackReportError",
    "OutcomeUnknownError",
    "Report",
    "ReportFile",
    "ReportWindows",
    "RequestRefusedError",
    "ScriptedAnswer",
    "SettingsError",
    "SlackMessage",
    "SlackStandIn",
    "Threshold",
    "TopEvent",
    "Window",
    "WindowError",
    "build_details",
    "build_message",
    "build_messages",
    "builder_url",
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
    "Alert": "alerts",
    "AlreadySentError": "exceptions",
    "CollectionError": "exceptions",
    "DatedNote": "report",
    "DeliveryError": "exceptions",
    "LedgerError": "exceptions",
    "Metric": "metrics",
    "MetricValue": "metrics",
    "MixpanelSlackReportError": "exceptions",
    "OutcomeUnknownError": "exceptions",
    "Report": "report",
    "ReportFile": "report_file",
    "ReportWindows": "periods",
    "RequestRefusedError": "exceptions",
    "ScriptedAnswer": "slack.scripted_answers",
    "SettingsError": "exceptions",
    "SlackMessage": "slack.blocks",
    "SlackStandIn": "slack.stand_in",
    "Threshold": "metrics",
    "TopEvent": "metrics",
    "Window": "periods",
    "WindowError": "exceptions",
    "build_details": "slack.blocks",
    "build_message": "slack.blocks",
    "build_messages": "slack.blocks",
    "builder_url": "views.builder_url",
    "collect_report": "report",
    "custom_windows": "periods",
    "post_message": "slack.webhook",
    "print_report": "views.text_view",
    "read_report_file": "report_file",
    "render_html": "views.html_view",
    "render_json": "views.json_view",
    "render_text": "views.text_view",
    "report_document": "views.json_view",
    "windows_due": "periods",
    "write_html": "views.html_view",
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
