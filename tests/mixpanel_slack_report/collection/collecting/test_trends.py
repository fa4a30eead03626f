"""The numbers of eight windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixpanel_slack_report.collection.collecting import collect
from mixpanel_slack_report.report_file import ReportFile

from .asked_weeks import FILE, TODAY, WEEKLY

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import FakeProject


def test_a_metric_has_the_numbers_of_eight_weeks(project: FakeProject) -> None:
    """Those before the first event of the project are not known."""
    project.happened.append(("Purchase", "2026-10-20", "eve"))

    signups, users, _ = collect(project, FILE, WEEKLY, today=TODAY).metrics

    assert signups.trend == (None, None, None, None, 0, 0, 1, 3)
    assert users.trend == (None, None, None, None, 0, 0, 1, 2)


def test_every_event_has_a_trend(project: FakeProject) -> None:
    """Also those that no metric counts; the top events have the week before."""
    collected = collect(
        project, ReportFile(metrics=FILE.metrics[:1]), WEEKLY, today=TODAY
    )

    assert collected.event_trends["Page View"][-3:] == (None, 2, 4)
    assert collected.event_trends["Purchase"][-3:] == (None, 0, 0)
    assert [(top.event, top.previous) for top in collected.top_events] == [
        ("Page View", 2),
        ("Sign Up", 1),
    ]
