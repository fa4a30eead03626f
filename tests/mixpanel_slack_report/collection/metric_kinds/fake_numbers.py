"""How the tests of metric kinds ask a fake project, and read its numbers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mixpanel_slack_report.collection.collecting import Collected, collect
from mixpanel_slack_report.metrics import Metric, MetricValue
from mixpanel_slack_report.periods import ReportWindows, windows_due
from mixpanel_slack_report.report_file import ReportFile

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject


TODAY = date(2026, 11, 18)
WEEKLY = windows_due("weekly", TODAY)

FORTNIGHT = windows_due("biweekly", date(2026, 11, 16))


def collected(
    project: FakeProject,
    *metrics: Metric,
    windows: ReportWindows = WEEKLY,
    max_calls: int = 9,
) -> Collected:
    """Collect metrics."""
    report_file = ReportFile(metrics=metrics, max_calls=max_calls)
    return collect(project, report_file, windows, today=TODAY)


def measured(
    project: FakeProject, *metrics: Metric, windows: ReportWindows = WEEKLY
) -> MetricValue:
    """Return the value of the last metric."""
    return collected(project, *metrics, windows=windows).metrics[-1]


def shown(value: MetricValue) -> tuple[object, ...]:
    """Write a value as its two numbers and its status."""
    return value.value, value.previous, value.status


SAVED_SIGNUPS = Metric("Signups", ("Sign Up",), "total")

ACTIVE = Metric("Active", (), "active")
