"""Asking for the numbers of a report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, NoReturn

import pytest

from mixpanel_query import TimeSeries
from mixpanel_query.exceptions import CredentialsRefusedError
from mixpanel_query.wire import QueryRequest
from mixpanel_slack_report.collection.collecting import Collected, collect
from mixpanel_slack_report.exceptions import (
    CollectionError,
    SettingsError,
    WindowError,
)
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import (
    ReportWindows,
    Window,
    custom_windows,
    windows_due,
)
from mixpanel_slack_report.report_file import ReportFile

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import Clock, FakeProject

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


@pytest.mark.parametrize(
    ("failing", "expected"),
    [
        (1, [("Sign Up", 3, 1, "ok"), ("Sign Up", 2, 1, "ok"), ("Page View", 2, 2)]),
        (2, [("Sign Up", None, None, "no_data"), ("Sign Up", 2, 1, "ok")]),
        (3, [("Sign Up", 3, 1, "ok"), ("Sign Up", None, None, "no_data")]),
    ],
)
def test_a_failed_call_takes_only_its_own_numbers(
    project: FakeProject, failing: int, expected: list[tuple[object, ...]]
) -> None:
    """No number becomes 0, and the others stay."""
    project.failing = (failing,)

    shown = numbers(collect(project, FILE, WEEKLY, today=TODAY))

    assert [row[: len(want)] for row, want in zip(shown, expected, strict=False)] == (
        expected
    )


def test_a_failed_call_gives_the_reason(project: FakeProject) -> None:
    """The reason names what could not be read, and why."""
    project.failing = (3,)

    value = collect(project, FILE, WEEKLY, today=TODAY).metrics[1]

    assert value.reason == (
        "unique users could not be read: 127.0.0.1 answered 503; try again later"
    )


def test_without_names_a_zero_is_not_trusted(project: FakeProject) -> None:
    """A count of 0 could be an unknown name, so there is no number."""
    project.failing = (1,)
    metrics = (
        Metric("Sales", ("Purchase",), "total"),
        Metric("Signups", ("Sign Up",), "total"),
    )

    sales, signups = collect(
        project, ReportFile(metrics=metrics), WEEKLY, today=TODAY
    ).metrics

    assert (sales.value, sales.status) == (None, "no_data")
    assert sales.reason.endswith("so 0 cannot be told from an unknown name")
    assert signups.value == 3


def test_without_totals_an_unlisted_event_is_in_doubt(project: FakeProject) -> None:
    """It may be a rare one: that is no data, not a missing event."""
    project.failing = (2,)
    metrics = (
        Metric("Rare", ("Rare Event",), "total"),
        Metric("Users", ("Sign Up",), "unique"),
    )

    rare = collect(project, ReportFile(metrics=metrics), WEEKLY, today=TODAY).metrics[0]

    assert (rare.status, rare.value) == ("no_data", None)
    assert rare.reason.startswith("totals could not be read")


@pytest.mark.parametrize("failing", [1, 2], ids=["names", "totals"])
def test_top_events_are_not_ranked_from_a_part(
    project: FakeProject, failing: int
) -> None:
    """Without all names or without counts there is no ranking, but a reason."""
    project.failing = (failing,)

    collected = collect(project, FILE, WEEKLY, today=TODAY)

    assert collected.top_events == ()
    assert collected.ranking_problem.startswith("Top events are missing: ")
    assert "answered 503" in collected.ranking_problem


def test_failed_calls_count(project: FakeProject) -> None:
    """They use up the budget of the hour as well."""
    project.failing = (2,)

    assert collect(project, FILE, WEEKLY, today=TODAY).api_calls == 3


def test_a_report_without_any_answer_is_refused(project: FakeProject) -> None:
    """The first failure is the error, and its cause."""
    project.failing = (1, 2, 3)

    with pytest.raises(CollectionError, match="answered 503") as refusal:
        collect(project, FILE, WEEKLY, today=TODAY)

    assert refusal.value.__cause__.status == 503


def test_refused_credentials_stop_at_once(project: FakeProject) -> None:
    """No other call would fare better."""

    def refuse() -> NoReturn:
        project.made.append(("event_names",))
        request = QueryRequest("/api/query/events/names", {})
        message = "the service account was refused"
        raise CredentialsRefusedError(message, request=request, status=401, body="")

    project.event_names = refuse

    with pytest.raises(CollectionError, match="the service account was refused"):
        collect(project, FILE, WEEKLY, today=TODAY)

    assert len(project.calls) == 1


def test_weeks_that_start_elsewhere_are_refused(project: FakeProject) -> None:
    """Sunday's weeks are no answer to Monday's; totals are not touched."""
    project.shift = -1
    report_file = replace(FILE, max_calls=3)

    signups, users, _ = collect(project, report_file, WEEKLY, today=TODAY).metrics

    assert (signups.value, signups.status) == (3, "ok")
    assert (users.value, users.status) == (None, "no_data")
    assert "set week_start" in users.reason


def test_a_missing_number_before_makes_the_value_partial(project: FakeProject) -> None:
    """The number stands, and the change is not known."""
    windows = ReportWindows(
        "custom",
        Window(date(2026, 11, 9), date(2026, 11, 12)),
        Window(date(2026, 11, 1), date(2026, 11, 3)),
    )
    project.failing = ("segmentation 2026-11-01",)

    metrics = (Metric("Visitors", ("Page View",), "unique"),)
    (value,) = collect(
        project, ReportFile(metrics=metrics), windows, today=TODAY
    ).metrics

    assert (value.value, value.previous, value.status) == (1, None, "partial")
    assert value.reason.startswith("unique users of 'Page View' could not be read")


def test_an_unfinished_day_makes_every_value_partial(project: FakeProject) -> None:
    """Custom days that end today say so."""
    windows = custom_windows(date(2026, 11, 16), TODAY)

    collected = collect(project, FILE, windows, today=TODAY)

    assert [m.status for m in collected.metrics] == ["partial"] * 3
    assert collected.metrics[0].reason == "2026-11-18 is not over"


def test_old_days_have_a_remark_about_the_ranking(project: FakeProject) -> None:
    """Names are those of the last 31 days, the report's days are not."""
    collected = collect(project, FILE, WEEKLY, today=date(2027, 5, 1))

    assert collected.ranking_remark.startswith("Top events are ranked among the names")


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
