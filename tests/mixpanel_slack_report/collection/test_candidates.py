"""Which of a metric's events is counted, where that cannot be known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mixpanel_slack_report.collection.collecting import collect
from mixpanel_slack_report.metrics import Metric, MetricValue
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report_file import ReportFile

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject

TODAY = date(2026, 11, 18)
WEEKLY = windows_due("weekly", TODAY)
BOTH = ("Old Sign Up", "Sign Up")


def measured(project: FakeProject, metric: Metric) -> MetricValue:
    """Return the value of the metric."""
    return collect(project, ReportFile(metrics=(metric,)), WEEKLY, today=TODAY).metrics[
        0
    ]


def test_the_second_event_counts_where_the_first_is_unknown(
    project: FakeProject,
) -> None:
    """The project neither lists the first one nor counted it."""
    value = measured(project, Metric("Signups", BOTH, "total"))

    assert (value.event, value.value, value.status) == ("Sign Up", 3, "ok")


def test_without_names_the_second_event_is_incomplete(project: FakeProject) -> None:
    """The first one may be known, and its 0 be the number."""
    project.failing = ("names",)

    value = measured(project, Metric("Signups", BOTH, "total"))

    assert (value.event, value.value, value.status) == ("Sign Up", 3, "partial")
    assert value.reason == (
        "'Sign Up' was counted, and perhaps it is 'Old Sign Up': event names could not "
        "be read: 127.0.0.1 answered 503; try again later, so 0 cannot be told from an "
        "unknown name"
    )


def test_without_totals_the_second_event_is_no_number(project: FakeProject) -> None:
    """The first one may have happened in these days."""
    project.failing = ("totals",)
    project.worth = {"Sign Up": 2.5, "Old Sign Up": 1.0}

    value = measured(project, Metric("Value", BOTH, "sum", property="price"))

    assert (value.value, value.previous, value.status) == (None, None, "no_data")
    assert value.reason.startswith(
        "'Sign Up' was counted, and perhaps it is 'Old Sign Up': totals could not be"
    )


def test_without_totals_users_tell_which_event_is_known(project: FakeProject) -> None:
    """Nobody did the first one in either week, which the other answer says."""
    project.failing = ("totals",)

    value = measured(project, Metric("Signups", BOTH, "unique"))

    assert (value.event, value.value, value.status) == ("Sign Up", 2, "ok")


def test_without_totals_users_of_the_first_event_take_the_number_away(
    project: FakeProject,
) -> None:
    """Ann did the first one, which is rare, and so it is the one to count."""
    project.failing = ("totals",)
    project.happened.append(("Old Sign Up", "2026-11-10", "ann"))

    value = measured(project, Metric("Signups", BOTH, "unique"))

    assert (value.value, value.status) == (None, "no_data")
