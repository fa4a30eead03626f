"""Which numbers can be trusted."""

from __future__ import annotations

from datetime import date

from mixpanel_slack_report.collection.ranking import (
    rank_events,
    ranking_gap,
    ranking_problem,
    ranking_remark,
)
from mixpanel_slack_report.collection.readings import Failure, Reading
from mixpanel_slack_report.collection.statuses import (
    Knowledge,
    judge,
    mark_silent,
    mark_unfinished,
)
from mixpanel_slack_report.metrics import Metric, TopEvent
from mixpanel_slack_report.periods import ReportWindows, Window, windows_due

SIGNUPS = Metric("Signups", ("Sign Up", "User Signed Up"), "total")
KNOWN = Knowledge(
    ("User Signed Up", "Purchase"),
    {"Sign Up": Reading(0, 0), "User Signed Up": Reading(4, 0)},
    frozenset({date(2026, 11, 9)}),
)
WEEKLY = windows_due("weekly", date(2026, 11, 16))


def test_the_first_known_name_counts() -> None:
    """A candidate that the project does not have is passed over."""
    assert KNOWN.first_known(SIGNUPS.events) == "User Signed Up"


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
    knowledge = Knowledge(
        ("Sign Up",), {"Sale": Reading(0, 0), "Sold": Reading(0, 0)}, frozenset()
    )

    value = judge(metric, None, None, knowledge)

    assert (value.event, value.status) == ("Sale", "no_such_event")
    assert value.reason == (
        "'Sale' or 'Sold' is not among the 1 commonest names of the last 31 days, and "
        "was not counted in the days asked for; no name is near it"
    )


def test_the_nearest_name_ignores_case() -> None:
    """'sign up' is told of 'SIGN UP', with which it has no letter in common."""
    metric = Metric("Signups", ("sign up",), "total")
    knowledge = Knowledge(
        ("Purchase", "SIGN UP"), {"sign up": Reading(0, 0)}, frozenset()
    )

    assert judge(metric, None, None, knowledge).reason.endswith("is 'SIGN UP'")


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
        TopEvent("c", 7, 0),
        TopEvent("a", 5, 9),
        TopEvent("b", 5, 0),
    )
    assert rank_events(totals, limit=1) == (TopEvent("c", 7, 0),)


def test_a_ranking_says_what_it_cannot_compare() -> None:
    """The reported days were counted, and those compared with were not."""
    totals = {"a": Reading(5, 9), "b": Reading(4, None, "an answer was cut")}
    knowledge = Knowledge(("a", "b"), totals, frozenset())

    assert ranking_gap(rank_events(totals, limit=1), knowledge) == ""
    assert ranking_gap(rank_events(totals, limit=2), knowledge) == (
        "Top events have no count to compare with: an answer was cut."
    )


def test_a_ranking_needs_names_and_counts() -> None:
    """What is missing is said in a sentence."""
    no_names = Knowledge(Failure("names failed"), {}, frozenset())
    no_counts = Knowledge(
        ("a",), {"a": Reading(None, None, "totals failed")}, frozenset()
    )

    assert ranking_problem(no_names, WEEKLY) == "Top events are missing: names failed."
    assert ranking_problem(no_counts, WEEKLY) == (
        "Top events are missing: totals failed."
    )
    assert ranking_problem(KNOWN, WEEKLY) == ""


def test_silence_names_the_day_or_the_days() -> None:
    """A daily report has one."""
    day = Window(date(2020, 1, 15), date(2020, 1, 15))

    assert KNOWN.silence(day).startswith(
        "no event at all was counted on 2020-01-15 (names"
    )
    assert KNOWN.silence(Window(day.from_date, date(2026, 11, 9))) == ""


def test_a_number_that_is_not_zero_is_never_taken_away() -> None:
    """An event that arrived between two calls was counted all the same."""
    windows = windows_due("weekly", date(2020, 1, 16))
    value = judge(SIGNUPS, "Sign Up", Reading(1, 0), KNOWN)

    assert mark_silent(value, KNOWN, windows) == value


def test_the_remark_starts_after_31_days() -> None:
    """Names of 31 days, today's included, are those of the days reported."""
    assert ranking_remark(KNOWN, WEEKLY, today=date(2026, 12, 9)) == ""
    assert ranking_remark(KNOWN, WEEKLY, today=date(2026, 12, 10)) == (
        "Top events are ranked among the names of the last 31 days: an event that did "
        "not happen since 2026-11-10 is not among them."
    )


LEFT_OUT = Reading(None, None, "says nothing of it", is_left_out=True)


def test_an_event_neither_listed_nor_answered_for_is_not_there() -> None:
    """Others are whole all the same."""
    known = Knowledge(
        ("a",), {"a": Reading(3, 0), "x": LEFT_OUT}, frozenset({date(2026, 11, 9)})
    )
    metric = Metric("X", ("x",), "total")

    value = judge(metric, known.first_known(metric.events), None, known)

    assert value.status == "no_such_event"
    assert known.is_complete()
    assert ranking_problem(known, WEEKLY) == ""
    assert ranking_remark(known, WEEKLY, today=date(2026, 11, 16)) == ""


def test_a_listed_event_that_is_not_answered_for_is_no_zero() -> None:
    """The ranking may lack it, and says so."""
    known = Knowledge(
        ("a", "x", "y"),
        {"a": Reading(3, 0), "x": LEFT_OUT, "y": LEFT_OUT},
        frozenset({date(2026, 11, 9)}),
    )
    metric = Metric("X", ("x",), "total")

    value = judge(metric, known.first_known(metric.events), LEFT_OUT, known)

    assert (value.value, value.status) == (None, "no_data")
    assert value.reason == "says nothing of it"
    assert ranking_remark(known, WEEKLY, today=date(2026, 11, 16)) == (
        "Top events may lack x and 1 more: Mixpanel's answer leaves that out."
    )


def test_a_number_that_was_not_asked_for_says_why() -> None:
    """Other questions took the calls that the report file allows."""
    value = judge(SIGNUPS, "Sign Up", None, KNOWN)

    assert (value.value, value.status) == (None, "no_data")
    assert value.reason == "it was not asked for, as no calls were left"


def test_a_trend_keeps_to_its_own_days() -> None:
    """The day compared with lies before them, and is no part of it."""
    day, compared = date(2026, 11, 20), date(2026, 11, 6)
    windows = ReportWindows("daily", Window(day, day), Window(compared, compared))
    known = Knowledge(("Sign Up",), {}, frozenset({compared}), windows)

    assert known.true_trend(Reading(5, 9, trend=(1, 0, 2, 3, 4, 1, 2, 5))) == (
        *(1, 0, 2, 3, 4, 1, 2),
        5,
    )
