"""Days without events: true zeros, and days without data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from mixpanel_query import TimeSeries
from mixpanel_slack_report.collection.collecting import collect
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report_file import ReportFile

from .asked_weeks import FILE, TODAY, WEEKLY, numbers

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import FakeProject


def test_days_without_any_event_are_no_data(project: FakeProject) -> None:
    """Before the project had data Mixpanel answers 0, which nobody measured."""
    windows = windows_due("weekly", date(2020, 1, 16))

    collected = collect(project, FILE, windows, today=TODAY)

    silence = (
        "no event at all was counted from 2020-01-06 to 2020-01-12 "
        "(names asked for: 4); the project may have no data from then"
    )
    assert numbers(collected) == [
        ("Sign Up", None, None, "no_data"),
        ("Sign Up", None, None, "no_data"),
        ("Page View", None, None, "no_data"),
    ]
    assert {value.reason for value in collected.metrics} == {silence}
    assert collected.ranking_problem == f"Top events are missing: {silence}."
    assert collected.comparison_remark == ""
    assert collected.api_calls == 3


def test_days_that_fell_silent_are_a_true_zero(project: FakeProject) -> None:
    """The days compared with had events, so the project counted."""
    project.happened = [row for row in project.happened if row[1] < "2026-11-09"]

    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert numbers(collected) == [
        ("Sign Up", 0, 1, "ok"),
        ("Sign Up", 0, 1, "ok"),
        ("Page View", 0, 2, "ok"),
    ]
    assert (collected.top_events, collected.ranking_problem) == ((), "")
    assert collected.silence_remark == (
        "Nothing at all was counted in these days (names asked for: 4)."
    )


def test_a_day_between_that_had_events_makes_a_true_zero(project: FakeProject) -> None:
    """A shop that is closed on Saturdays compares nothing with nothing."""
    saturday = windows_due("daily", date(2026, 11, 15))

    collected = collect(project, FILE, saturday, today=TODAY)

    assert numbers(collected)[0] == ("Sign Up", 0, 0, "ok")
    assert collected.silence_remark != ""


def test_days_with_events_have_no_remark_about_silence(project: FakeProject) -> None:
    """Nor have days before the project's data, whose zeros are taken away."""
    old = windows_due("weekly", date(2020, 1, 16))

    remarks = [
        collect(project, FILE, windows, today=TODAY).silence_remark
        for windows in (WEEKLY, old)
    ]

    assert remarks == ["", ""]


def test_an_event_without_a_name_is_passed_over(project: FakeProject) -> None:
    """Nobody can ask for it, and the others are counted."""
    project.names = ["", "Page View", "Sign Up"]

    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert "" not in project.calls[1][1]
    assert numbers(collected)[0] == ("Sign Up", 3, 1, "ok")


def test_users_of_an_event_that_never_happened_are_no_number(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two answers contradict each other, so neither is shown."""
    count = project.events

    def lose_totals(*asked: object, type: str, unit: str) -> TimeSeries:
        answer = count(*asked, type=type, unit=unit)
        if type == "unique":
            return answer
        counts = {event: {} for event in answer.values}
        return replace(answer, values=counts | {"Purchase": {date(2026, 11, 9): 1}})

    monkeypatch.setattr(project, "events", lose_totals)

    collected = collect(project, FILE, WEEKLY, today=TODAY)

    reason = "Mixpanel counted users of 'Page View', but 0 events"
    assert {row[1:] for row in numbers(collected)} == {(None, None, "no_data")}
    assert collected.metrics[2].reason == reason
    assert collected.ranking_problem.startswith("Top events are missing: Mixpanel")
    assert collected.silence_remark == ""


def test_a_silent_comparison_has_a_remark(project: FakeProject) -> None:
    """The numbers stand, what they changed from may be none."""
    project.happened = [row for row in project.happened if row[1] >= "2026-11-09"]

    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert numbers(collected)[0] == ("Sign Up", 3, 0, "ok")
    assert collected.comparison_remark == (
        "The changes may mean nothing: no event at all was counted from 2026-11-02 to "
        "2026-11-08 (names asked for: 4); the project may have no data from then."
    )


def test_a_comparison_that_begins_before_the_data_has_a_remark(
    project: FakeProject,
) -> None:
    """Seven days are compared with the four that have data."""
    project.happened = [row for row in project.happened if row[1] >= "2026-11-05"]

    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert collected.comparison_remark == (
        "The changes may mean little: the days compared with begin 2026-11-02, and "
        "Mixpanel counted no event before 2026-11-08."
    )


def test_a_silent_comparison_after_data_has_no_remark(project: FakeProject) -> None:
    """The project counted before, so that nothing is what happened."""
    project.happened = [row for row in project.happened if row[1] >= "2026-11-09"]
    project.happened.append(("Purchase", "2026-10-20", "eve"))

    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert numbers(collected)[0] == ("Sign Up", 3, 0, "ok")
    assert collected.comparison_remark == ""
    assert collected.metrics[0].trend[-2:] == (0, 3)


def test_days_with_data_from_the_first_on_have_no_remark(project: FakeProject) -> None:
    """Any event of the commonest names is enough."""
    project.happened.append(("Purchase", "2026-11-02", "eve"))
    report_file = ReportFile(metrics=FILE.metrics[:1])

    assert collect(project, report_file, WEEKLY, today=TODAY).comparison_remark == ""


@pytest.mark.parametrize(
    ("failing", "status"), [("names", "partial"), ("totals", "ok")]
)
def test_silence_is_not_concluded_from_a_part(
    project: FakeProject, failing: str, status: str
) -> None:
    """Without the commonest names, or their counts, nobody knows."""
    project.failing = (failing,)
    project.happened = [row for row in project.happened if row[1] < "2026-11-09"]

    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert numbers(collected)[2] == ("Page View", 0, 2, status)
    assert collected.comparison_remark == ""
