"""Which calls ask for the numbers of a report."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.collection.collecting import collect
from mixpanel_slack_report.exceptions import SettingsError, WindowError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import ReportWindows, Window, windows_due
from mixpanel_slack_report.report_file import ReportFile

from .asked_weeks import FILE, TODAY, WEEKLY, numbers

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import Clock, FakeProject


def test_a_week_is_counted_in_three_calls(project: FakeProject) -> None:
    """Totals, users and ranking come from one call each."""
    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert numbers(collected) == [
        ("Sign Up", 3, 1, "ok"),
        ("Sign Up", 2, 1, "ok"),
        ("Page View", 2, 2, "ok"),
    ]
    assert collected.api_calls == 3


def test_the_calls_are_those_of_the_plan(project: FakeProject) -> None:
    """Eight weeks travel in each call, and users are asked for in weeks."""
    collect(project, FILE, WEEKLY, today=TODAY)

    every = ("Sign Up", "Page Viewed", "Page View", "Purchase")
    assert project.calls == [
        ("event_names",),
        ("events", every, "2026-09-21", "2026-11-15", "general", "day"),
        (
            "events",
            ("Sign Up", "Page Viewed", "Page View"),
            "2026-09-21",
            "2026-11-15",
            "unique",
            "week",
        ),
    ]


def test_top_events_are_ranked_by_the_reported_days(project: FakeProject) -> None:
    """What did not happen in them is left out."""
    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert [(top.event, top.count) for top in collected.top_events] == [
        ("Page View", 4),
        ("Sign Up", 3),
    ]
    assert (collected.ranking_problem, collected.ranking_remark) == ("", "")


def test_no_ranking_still_counts_the_commonest_names(project: FakeProject) -> None:
    """With a limit of 0 they only tell a quiet metric from days without data."""
    report_file = ReportFile(
        metrics=(Metric("Sales", ("Purchase",), "total"),), top_events=0
    )

    collected = collect(project, report_file, WEEKLY, today=TODAY)

    assert project.calls[1][1] == ("Purchase", "Page View", "Sign Up")
    assert numbers(collected) == [("Purchase", 0, 0, "ok")]
    assert (collected.top_events, collected.ranking_problem) == ((), "")


def test_fortnights_are_asked_by_interval(project: FakeProject) -> None:
    """Each event's users cost one call over both fortnights."""
    windows = windows_due("biweekly", date(2026, 11, 23))
    report_file = ReportFile(metrics=FILE.metrics[:2])

    collected = collect(project, report_file, windows, today=date(2026, 11, 23))

    assert project.calls[2:] == [
        ("segmentation", "Sign Up", "2026-08-03", "2026-11-22", 14, "unique")
    ]
    assert numbers(collected)[1] == ("Sign Up", 2, 1, "ok")


def test_windows_apart_are_asked_one_by_one(project: FakeProject) -> None:
    """Each window has a call of its own."""
    windows = ReportWindows(
        "custom",
        Window(date(2026, 11, 9), date(2026, 11, 12)),
        Window(date(2026, 11, 1), date(2026, 11, 3)),
    )
    report_file = ReportFile(metrics=FILE.metrics[2:])

    collected = collect(project, report_file, windows, today=TODAY)

    assert project.calls[2:] == [
        ("segmentation", "Page View", "2026-11-01", "2026-11-03", 3, "unique"),
        ("segmentation", "Page View", "2026-11-09", "2026-11-12", 4, "unique"),
    ]
    assert numbers(collected) == [("Page View", 1, 1, "ok")]


def test_nothing_is_asked_for_days_that_are_not_over(project: FakeProject) -> None:
    """The refusal costs no call."""
    windows = windows_due("daily", date(2026, 11, 20))

    with pytest.raises(WindowError):
        collect(project, FILE, windows, today=TODAY)

    assert project.calls == []


def test_nothing_is_asked_if_it_would_cost_too_much(project: FakeProject) -> None:
    """The refusal costs no call either."""
    with pytest.raises(SettingsError):
        collect(project, ReportFile(max_calls=2), WEEKLY, today=TODAY)

    assert project.calls == []


def test_as_many_names_are_counted_as_fit_an_address(project: FakeProject) -> None:
    """A thousand long names would make an address that servers refuse."""
    project.names = [f"{number:04} {'é' * 100}" for number in range(255)]

    collect(project, FILE, WEEKLY, today=TODAY)

    asked = project.calls[1][1]
    assert asked[:3] == ("Sign Up", "Page Viewed", "Page View")
    assert 5 < len(asked) < 20


def test_names_that_travel_twice_are_asked_once(project: FakeProject) -> None:
    """A metric's event that is also among the commonest is one parameter."""
    collect(project, FILE, WEEKLY, today=TODAY)

    asked = project.calls[1][1]
    assert len(asked) == len(set(asked))


def test_the_clock_of_the_project_decides_what_today_is(
    project: FakeProject, clock: Clock
) -> None:
    """At 09:30 UTC it is still the day before in Honolulu minus ten hours."""
    from mixpanel_slack_report.report import collect_report

    late = datetime(2026, 11, 16, 5, tzinfo=timezone.utc)

    with pytest.raises(WindowError, match="today is 2026-11-15"):
        collect_report(
            project, WEEKLY, clock=lambda: late, timezone="America/Los_Angeles"
        )
