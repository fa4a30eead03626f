"""The week, the report file and the numbers that these tests look at."""

from __future__ import annotations

from datetime import date

from mixpanel_slack_report.collection.collecting import Collected
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report_file import ReportFile

TODAY = date(2026, 11, 18)
WEEKLY = windows_due("weekly", TODAY)
FILE = ReportFile(
    metrics=(
        Metric("Signups", ("Sign Up",), "total"),
        Metric("New users", ("Sign Up",), "unique"),
        Metric("Visitors", ("Page Viewed", "Page View"), "unique"),
    )
)


def numbers(collected: Collected) -> list[tuple[object, ...]]:
    """Write each metric as its event, its two numbers and its status."""
    return [(m.event, m.value, m.previous, m.status) for m in collected.metrics]
