"""What an answer says about two windows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from mixpanel_query import TimeSeries
from mixpanel_slack_report.collection.buckets import (
    Buckets,
    day_buckets,
    window_buckets,
)
from mixpanel_slack_report.collection.contradictions import without_contradictions
from mixpanel_slack_report.collection.readings import (
    Failure,
    Reading,
    merge_readings,
    read_events,
)
from mixpanel_slack_report.collection.trend_windows import trend_windows
from mixpanel_slack_report.periods import ReportWindows, windows_due

WEEKLY = windows_due("weekly", date(2026, 11, 16))
BOTH = (WEEKLY.compared, WEEKLY.current)
(WEEKS,) = window_buckets(BOTH)
THIS, LAST = date(2026, 11, 9), date(2026, 11, 2)


def series(
    values: Mapping[date, float], dates: Iterable[date] = (LAST, THIS)
) -> TimeSeries:
    """Make an answer about "Sign Up" in weeks."""
    return TimeSeries("unique", "week", tuple(dates), {"Sign Up": values}, ("Sign Up",))


def read(
    answer: TimeSeries | Failure,
    buckets: Buckets = WEEKS,
    windows: ReportWindows = WEEKLY,
) -> Reading:
    """Read the two numbers of the answer, in weeks unless told otherwise."""
    reading = read_events(answer, buckets, windows, ("Sign Up",))["Sign Up"]
    return replace(reading, trend=())


def test_both_windows_are_read() -> None:
    """Each window gets the bucket that starts with it."""
    assert read(series({LAST: 104, THIS: 154})) == Reading(154, 104)


def test_a_bucket_without_an_entry_is_zero() -> None:
    """Mixpanel leaves out what did not happen."""
    assert read(series({THIS: 3})) == Reading(3, 0)


@pytest.mark.parametrize("names", [(), ("SIGN UP",), ("SIGN UP", "Purchase")])
def test_an_event_that_the_answer_does_not_name_is_no_zero(
    names: tuple[str, ...],
) -> None:
    """An answer about nothing, or about another event, counted nothing."""
    values = {name: {THIS: 3} for name in names}
    answer = TimeSeries("unique", "week", (LAST, THIS), values, ("Sign Up",))

    assert read(answer) == Reading(
        None, None, "Mixpanel's answer says nothing of 'Sign Up'"
    )


def test_an_event_left_out_among_others_is_marked_so() -> None:
    """It has no number either, but may be one that the project does not have."""
    answer = TimeSeries("unique", "week", (LAST, THIS), {"Purchase": {THIS: 3}})

    readings = read_events(answer, WEEKS, WEEKLY, ("Sign Up", "Purchase"))

    assert readings == {
        "Sign Up": Reading(
            None, None, "Mixpanel's answer says nothing of 'Sign Up'", is_left_out=True
        ),
        "Purchase": Reading(3, 0, trend=(*[None] * 6, 0, 3)),
    }


def test_totals_are_the_sum_of_the_days_of_a_window() -> None:
    """Days outside a window do not count for it."""
    days = day_buckets(BOTH)
    values = {date(2026, 11, 8): 5, THIS: 2, date(2026, 11, 15): 3}
    answer = TimeSeries("general", "day", days.starts, {"Sign Up": values})

    assert read(answer, days) == Reading(5, 5)


@pytest.mark.parametrize("number", [2, 3], ids=["as many", "one more"])
def test_other_buckets_than_asked_for_are_refused(number: int) -> None:
    """A project whose weeks start on Sunday cannot answer for Monday's weeks."""
    sundays = [date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)][:number]

    reading = read(series(dict.fromkeys(sundays, 9), sundays))

    assert reading == Reading(
        None,
        None,
        "Mixpanel counted from 2026-11-01, where each week from 2026-11-02 was asked "
        "for; set week_start and timezone as in the project's settings",
    )


def test_other_intervals_than_asked_for_are_refused() -> None:
    """The reason says how many days were asked for."""
    fortnights = windows_due("biweekly", date(2026, 11, 9))
    (buckets,) = window_buckets((fortnights.compared, fortnights.current))
    answer = TimeSeries("unique", "day", (date(2026, 10, 13),), {})

    (reading,) = read_events(answer, buckets, fortnights, ("Sign Up",)).values()

    assert "where 14 days from 2026-10-12 was asked for" in reading.reason


def test_a_window_that_the_answer_leaves_out_has_no_number() -> None:
    """A bucket that never came is not a zero."""
    reading = read(series({THIS: 154}, [THIS]))

    assert reading == Reading(
        154,
        None,
        "Mixpanel's answer leaves out 2026-11-02 of the days 2026-11-02 to 2026-11-08",
    )


def test_an_empty_answer_has_no_number() -> None:
    """An answer about no day at all says nothing about a week."""
    reading = read(TimeSeries("unique", "week", (), {}))

    assert (reading.value, reading.previous) == (None, None)


@pytest.mark.parametrize("count", [float("nan"), float("inf"), 2.5, -1, 2**63, 10**400])
def test_a_count_that_cannot_be_is_refused(count: float) -> None:
    """Whatever is no whole number of users is not shown."""
    reading = read(series({LAST: 1, THIS: count}))

    assert reading == Reading(
        None, 1, "Mixpanel's count of 'Sign Up' is no possible number"
    )


@pytest.mark.parametrize("counts", [(0.5, 0.5), (-1, 2)])
def test_wrong_counts_do_not_make_a_right_sum(counts: tuple[float, float]) -> None:
    """Each day is looked at."""
    days = day_buckets(BOTH)
    values = dict(zip((THIS, date(2026, 11, 10)), counts, strict=True))
    answer = TimeSeries("general", "day", days.starts, {"Sign Up": values})

    assert read_events(answer, days, WEEKLY, ("Sign Up",))["Sign Up"].value is None


def test_a_whole_count_may_be_written_as_a_fraction() -> None:
    """Some servers write 154 as 154.0."""
    assert read(series({LAST: 104.0, THIS: 154.0})) == Reading(154, 104)


def test_a_failed_call_gives_its_reason() -> None:
    """No number, and the reason of the failure."""
    assert read(Failure("totals could not be read")) == Reading(
        None, None, "totals could not be read"
    )


def test_readings_of_single_windows_are_put_together() -> None:
    """Each call fills what the others do not cover."""
    whole = merge_readings([Reading(5, None), Reading(None, 4)])
    half = merge_readings([Reading(5, None), Reading(None, None, "503")])

    assert (whole, half) == (Reading(5, 4), Reading(5, None, "503"))


def test_a_trend_has_the_windows_that_were_answered() -> None:
    """A longer question whose answer is short costs no number."""
    (weeks,) = window_buckets(trend_windows(WEEKLY))
    answer = series({LAST: 1, THIS: 2}, [date(2026, 10, 26), LAST, THIS])

    reading = read_events(answer, weeks, WEEKLY, ("Sign Up",))["Sign Up"]

    assert reading.trend == (None, None, None, None, None, 0, 1, 2)
    assert (reading.value, reading.previous, reading.reason) == (2, 1, "")


def test_users_without_events_take_both_numbers_away() -> None:
    """Nor is any other 0 of that window trusted; the other window is."""
    totals = {"a": Reading(0, 4), "b": Reading(0, 0), "c": Reading(5, 0)}

    totals, users = without_contradictions(totals, {"a": Reading(2, 3)})

    reason = "Mixpanel counted users of 'a', but 0 events"
    assert users == {"a": Reading(None, 3, reason)}
    assert totals == {
        "a": Reading(None, 4, reason),
        "b": Reading(None, 0, reason),
        "c": Reading(5, 0),
    }


def test_the_days_compared_with_are_looked_at_too() -> None:
    """A change from a false 0 is a false change."""
    totals, users = without_contradictions({"a": Reading(4, 0)}, {"a": Reading(2, 3)})

    assert (totals["a"].value, totals["a"].previous) == (4, None)
    assert (users["a"].value, users["a"].previous) == (2, None)


def test_events_without_users_take_the_users_away() -> None:
    """They were left out, or no event carries a distinct id; the totals stand."""
    before = {"a": Reading(4, 0)}

    totals, users = without_contradictions(before, {"a": Reading(0, 0)})

    assert totals == before
    assert users == {
        "a": Reading(None, 0, "Mixpanel counted 'a', but 0 users of it"),
    }


def test_a_reason_for_both_windows_is_given_once() -> None:
    """A line in Slack has no room to say it twice."""
    reading = read(series({LAST: 0.5, THIS: 0.5}))

    assert reading.reason == "Mixpanel's count of 'Sign Up' is no possible number"


def test_windows_of_a_trend_that_contradict_each_other_are_taken_away() -> None:
    """Users without events take both away, events without users the users."""
    totals = {"a": Reading(5, 5, trend=(0, 4, None, 5, 5))}
    users = {"a": Reading(2, 2, trend=(3, 0, 1, 2, 2))}

    totals, users = without_contradictions(totals, users)

    assert totals["a"].trend == (None, 4, None, 5, 5)
    assert users["a"].trend == (None, None, 1, 2, 2)
