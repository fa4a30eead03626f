"""Which events are known, and which zeros are true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixpanel_slack_report.collection.collecting import collect
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.report_file import ReportFile

from .asked_weeks import TODAY, WEEKLY, numbers

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import FakeProject


def test_a_true_zero_of_a_known_event_is_a_zero(project: FakeProject) -> None:
    """The project lists "Purchase", and nobody bought."""
    metrics = (
        Metric("Sales", ("Purchase",), "total"),
        Metric("Buyers", ("Purchase",), "unique"),
    )

    collected = collect(project, ReportFile(metrics=metrics), WEEKLY, today=TODAY)

    assert numbers(collected) == [
        ("Purchase", 0, 0, "ok"),
        ("Purchase", 0, 0, "ok"),
    ]


def test_an_unknown_event_is_never_a_zero(project: FakeProject) -> None:
    """The reason has the nearest name."""
    metrics = (Metric("Signups", ("sign_up",), "total"),)

    (value,) = collect(
        project, ReportFile(metrics=metrics), WEEKLY, today=TODAY
    ).metrics

    assert (value.event, value.value, value.status) == (
        "sign_up",
        None,
        "no_such_event",
    )
    assert value.reason == (
        "'sign_up' is not among the 3 commonest names of the last 31 days, and was not "
        "counted in the days asked for; the nearest name is 'Sign Up'"
    )


def test_an_event_that_was_counted_is_known(project: FakeProject) -> None:
    """An event too rare for the list of names still has its number."""
    project.names = ["Page View"]
    metrics = (
        Metric("Signups", ("Sign Up",), "total"),
        Metric("New", ("Sign Up",), "unique"),
    )

    collected = collect(project, ReportFile(metrics=metrics), WEEKLY, today=TODAY)

    assert numbers(collected) == [("Sign Up", 3, 1, "ok"), ("Sign Up", 2, 1, "ok")]
