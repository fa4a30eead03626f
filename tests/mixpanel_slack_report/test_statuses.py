"""Which numbers can be trusted."""

from __future__ import annotations

from datetime import date

from mixpanel_slack_report.metrics import Metric, TopEvent
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.readings import Failure, Reading
from mixpanel_slack_report.statuses import (
    Knowledge,
    judge,
    mark_unfinished,
    rank_events,
    ranking_problem,
    ranking_remark,
)

SIGNUPS = Metric("Signups", ("Sign Up", "User Signed Up"), "total")
KNOWN = Knowledge(
    ("User Signed Up", "Purchase"),
    {"Sign Up": Reading(0, 0), "User Signed Up": Reading(4, 0)},
)


def test_the_first_known_name_counts() -> None:
    """A candidate that the project does not have is passed over."""
    assert KNOWN.first_known(SIGNUPS) == "User Signed Up"


def test_two_numbers_are_ok() -> None:
    """Nothing is missing, so there is no reason."""
    value = judge(SIGNUPS, "Sign Up", Reading(48, 40), KNOWN)

    assert (value.value, value.previous, value.status, value.reason) == (
        48,
        40,
        "ok",
        "",
    )


def test_a_missing_value_is_no_data_even_if_the_previous_is_there() -> None:
    """The days reported are what counts."""
    value = judge(SIGNUPS, "Sign Up", Reading(None, 40, "cut"), KNOWN)

    assert (value.value, value.previous, value.status, value.reason) == (
        None,
        40,
        "no_data",
        "cut",
    )


def test_unknown_candidates_are_all_named() -> None:
    """Readers see every name that was tried."""
    metric = Metric("Sales", ("Sale", "Sold"), "total")
    knowledge = Knowledge(("Sign Up",), {"Sale": Reading(0, 0), "Sold": Reading(0, 0)})

    value = judge(metric, None, None, knowledge)

    assert (value.event, value.status) == ("Sale", "no_such_event")
    assert value.reason == (
        "the project has no event 'Sale' or 'Sold'; no name is near it"
    )


def test_the_nearest_name_ignores_case() -> None:
    """'SIGN UP' is told of 'Sign Up'."""
    metric = Metric("Signups", ("SIGN UP",), "total")
    knowledge = Knowledge(("Purchase", "Sign Up"), {"SIGN UP": Reading(0, 0)})

    assert judge(metric, None, None, knowledge).reason.endswith("is 'Sign Up'")


def test_an_unfinished_day_is_told_before_other_reasons() -> None:
    """Both reasons are kept."""
    value = judge(SIGNUPS, "Sign Up", Reading(4, None, "cut"), KNOWN)

    marked = mark_unfinished(value, date(2026, 11, 18))

    assert (marked.status, marked.reason) == ("partial", "2026-11-18 is not over; cut")


def test_a_number_that_is_missing_is_not_partial() -> None:
    """No data stays no data on an unfinished day."""
    value = judge(SIGNUPS, "Sign Up", Reading(None, None, "cut"), KNOWN)

    assert mark_unfinished(value, date(2026, 11, 18)) == value


def test_ranking_is_by_count_and_then_by_name() -> None:
    """Equal counts have a fixed order; what did not happen is left out."""
    totals = {
        "b": Reading(5, 0),
        "a": Reading(5, 9),
        "c": Reading(7, 0),
        "d": Reading(0, 3),
    }

    assert rank_events(totals, limit=5) == (
        TopEvent("c", 7),
        TopEvent("a", 5),
        TopEvent("b", 5),
    )
    assert rank_events(totals, limit=1) == (TopEvent("c", 7),)


def test_a_ranking_needs_names_and_counts() -> None:
    """What is missing is said in a sentence."""
    no_names = Knowledge(Failure("names failed"), {})
    no_counts = Knowledge(("a",), {"a": Reading(None, None, "totals failed")})

    assert ranking_problem(no_names) == "Top events are missing: names failed."
    assert ranking_problem(no_counts) == "Top events are missing: totals failed."
    assert ranking_problem(KNOWN) == ""


def test_the_remark_starts_after_31_days() -> None:
    """Up to 31 days back the listed names are of the days reported."""
    windows = windows_due("weekly", date(2026, 11, 16))

    assert ranking_remark(windows, today=date(2026, 12, 10)) == ""
    assert ranking_remark(windows, today=date(2026, 12, 11)) != ""
