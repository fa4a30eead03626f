"""Which calls numbers cost, and which are told of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.collection.collecting import collect
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report_file import ReportFile

from .fake_numbers import ACTIVE, SAVED_SIGNUPS, TODAY, WEEKLY, collected, shown

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject


def test_named_events_are_ranked_among_themselves(project: FakeProject) -> None:
    """In two calls; the commonest names only tell quiet days from no data."""
    report_file = ReportFile().of_events(["Sign Up", "Purchase"])

    found = collect(project, report_file, WEEKLY, today=TODAY)

    assert [(v.metric.name, v.value) for v in found.metrics] == [
        ("Sign Up", 3),
        ("Purchase", 0),
    ]
    assert [top.event for top in found.top_events] == ["Sign Up"]
    assert set(found.event_trends) == {"Sign Up", "Purchase"}
    assert found.api_calls == 2


def test_a_ranking_of_named_events_lacks_none(project: FakeProject) -> None:
    """However old the days are: no other event is ranked."""
    report_file = ReportFile().of_events(["Sign Up"])

    found = collect(project, report_file, WEEKLY, today=date(2027, 5, 1))

    assert [top.event for top in found.top_events] == ["Sign Up"]
    assert found.ranking_remark == ""


def test_two_metrics_of_one_number_cost_one_call(project: FakeProject) -> None:
    """A number is asked for once."""
    project.worth = {"Sign Up": 2.5}
    total = Metric("Sum", ("Sign Up",), "sum", property="Price")
    average = Metric("Mean", ("Sign Up",), "per_event", property="Price")

    assert collected(project, total, average).api_calls == 3


@pytest.mark.parametrize(
    ("period", "keeps_from"),
    [("weekly", "2026-09-22"), ("biweekly", "2026-10-01"), ("monthly", "2026-10-01")],
)
def test_days_that_a_plan_keeps_no_more_cost_no_number(
    project: FakeProject, period: str, keeps_from: str
) -> None:
    """The two windows are asked for without those before."""
    today = date(2026, 12, 7)
    windows = windows_due(period, today if period != "weekly" else TODAY)
    report_file = ReportFile(metrics=(ACTIVE, SAVED_SIGNUPS, VISITORS))
    expected = collect(project, report_file, windows, today=today).metrics
    project.keeps_from = keeps_from
    project.made.clear()

    found = collect(project, report_file, windows, today=today)

    assert list(map(shown, found.metrics)) == list(map(shown, expected))
    assert {value.status for value in found.metrics} == {"ok"}
    assert found.api_calls == 5


VISITORS = Metric("Visitors", ("Page View",), "unique")


def test_days_that_are_refused_later_are_asked_again(project: FakeProject) -> None:
    """Totals and users, as far as calls are left."""
    project.keeps_from = "2026-09-22"
    report_file = ReportFile(metrics=(SAVED_SIGNUPS, VISITORS))

    found = collect(project, report_file, WEEKLY, today=TODAY)

    assert list(map(shown, found.metrics)) == [(3, 1, "ok"), (2, 2, "ok")]
    assert found.api_calls == 5


def test_weeks_that_start_elsewhere_are_asked_one_by_one(project: FakeProject) -> None:
    """Each window has a question of its own, whose bucket it is."""
    project.shift = -1

    found = collected(project, VISITORS, max_calls=5)

    assert list(map(shown, found.metrics)) == [(2, 2, "ok")]
    assert project.calls[-2:] == [
        ("segmentation", "Page View", "2026-11-02", "2026-11-08", 7, "unique"),
        ("segmentation", "Page View", "2026-11-09", "2026-11-15", 7, "unique"),
    ]


def test_the_reported_window_comes_first_if_calls_are_few(project: FakeProject) -> None:
    """The change is then not known, and the reason is told."""
    project.shift = -1

    found = collected(project, VISITORS, max_calls=4)

    assert list(map(shown, found.metrics)) == [(2, None, "partial")]
    assert "set week_start" in found.metrics[0].reason
    assert found.api_calls == 4


def test_a_mornings_reports_fit_into_the_hour(project: FakeProject) -> None:
    """Daily, weekly and bi-weekly together make 9 of 60 calls."""
    for period in ("daily", "weekly", "biweekly"):
        collect(project, ReportFile(), windows_due(period, TODAY), today=TODAY)

    assert len(project.calls) == 9


def test_every_call_is_told_of(project: FakeProject) -> None:
    """By its purpose, with how many are answered and planned."""
    told: list[tuple[str, int, int]] = []

    collect(
        project,
        ReportFile(metrics=(ACTIVE, SAVED_SIGNUPS)),
        WEEKLY,
        today=TODAY,
        tell=lambda *said: told.append(said),
    )

    assert told[0] == ("event names", 0, 3)
    assert told[-1] == ("totals", 2, 3)
