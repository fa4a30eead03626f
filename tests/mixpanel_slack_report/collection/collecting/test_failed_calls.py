"""What a call that fails takes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NoReturn

import pytest

from mixpanel_query.exceptions import CredentialsRefusedError
from mixpanel_query.wire import QueryRequest
from mixpanel_slack_report.collection.collecting import collect
from mixpanel_slack_report.exceptions import CollectionError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import ReportWindows, Window, custom_windows
from mixpanel_slack_report.report_file import ReportFile

from .asked_weeks import FILE, TODAY, WEEKLY, numbers

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import FakeProject


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
