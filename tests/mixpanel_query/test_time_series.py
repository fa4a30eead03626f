"""Tests of mixpanel_query.time_series."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query import TimeSeries
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError
from mixpanel_query.names import EventName
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.time_series import read_time_series
from mixpanel_query.wire import Answer, QueryRequest
from mixpanel_schema import Event, TypedEvent

MONDAY, TUESDAY, SUNDAY = date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 15)


def read(
    body: object, *, type: CountType = "general", unit: Unit = "day", zone: str = ""
) -> TimeSeries:
    """Read an answer to a question about Sign Up and Purchase."""
    answer = Answer(QueryRequest("/api/query/events", {}), "mixpanel.com", body)
    timezone = ZoneInfo(zone) if zone else None
    return read_time_series(
        answer, type=type, unit=unit, timezone=timezone, asked=("Sign Up", "Purchase")
    )


def counts(values: object, series: object = ()) -> dict[str, object]:
    """Write the documented answer."""
    return {"data": {"series": [*series], "values": values}, "legend_size": 1}  # type: ignore[misc]


@pytest.fixture
def week() -> TimeSeries:
    """Two days of Sign Up, in the disorder of Mixpanel's own example."""
    return read(
        counts(
            {"Sign Up": {"2026-11-10": 4, "2026-11-09": 3}},
            ["2026-11-15", "2026-11-10", "2026-11-09"],
        )
    )


def test_dates_are_sorted(week: TimeSeries) -> None:
    """Dates come in order, whatever order Mixpanel lists them in."""
    assert week.dates == (MONDAY, TUESDAY, SUNDAY)


def test_values(week: TimeSeries) -> None:
    """Counts are found by name and date."""
    assert week.values == {"Sign Up": {MONDAY: 3, TUESDAY: 4}}


class SignUp(TypedEvent, event_name="Sign Up"):
    """A typed event."""


@pytest.mark.parametrize(
    "asked", ["Sign Up", Event("Sign Up"), SignUp], ids=["name", "event", "typed"]
)
def test_an_event_is_found_as_it_was_asked_for(
    week: TimeSeries, asked: EventName
) -> None:
    """By its name, its declaration, or a typed event's class."""
    assert week.value(asked, TUESDAY) == 4
    assert week.total(asked) == 7


def test_a_segment_may_have_no_name() -> None:
    """Mixpanel answers so where a property is empty text."""
    found = read(counts({"": {"2026-11-09": 3}}, ["2026-11-09"]))

    assert found.total("") == 3


def test_missing_date_is_zero(week: TimeSeries) -> None:
    """A date that Mixpanel leaves out counts as 0."""
    assert week.value("Sign Up", SUNDAY) == 0


def test_total(week: TimeSeries) -> None:
    """General counts can be summed."""
    assert week.total("Sign Up") == 7


def test_event_that_was_left_out_is_zero(week: TimeSeries) -> None:
    """An event that was asked for and not answered happened 0 times."""
    assert (week.total("Purchase"), week.value("Purchase", MONDAY)) == (0, 0)


def test_name_that_was_not_asked_for(week: TimeSeries) -> None:
    """A misspelt name is refused, never 0."""
    with pytest.raises(InvalidQueryError, match="'Signup' was neither asked for nor"):
        week.total("Signup")


@pytest.mark.parametrize("kind", ["unique", "average"])
def test_users_are_not_summed(kind: CountType) -> None:
    """Users of several days cannot be added: the same person may be in each."""
    values = {"Sign Up": {"2026-11-09": 3, "2026-11-10": 4}}
    series = read(counts(values), type=kind)

    with pytest.raises(InvalidQueryError, match=f"{kind} counts of days cannot be sum"):
        series.total("Sign Up")


def test_intervals_are_not_summed() -> None:
    """The refusal names the length of the buckets that were asked for."""
    values = {"A": {MONDAY: 3, SUNDAY: 4}}
    series = TimeSeries("unique", "day", (MONDAY, SUNDAY), values, interval=6)

    with pytest.raises(InvalidQueryError, match="unique counts of 6 days cannot be"):
        series.total("A")


@pytest.mark.parametrize("kind", ["unique", "average"])
def test_users_of_one_bucket(kind: CountType) -> None:
    """What the refusal advises works: one bucket as long as the window has a total."""
    series = TimeSeries(kind, "day", (MONDAY,), {"A": {MONDAY: 3}}, interval=7)

    assert series.total("A") == 3


def test_users_of_no_bucket() -> None:
    """Without buckets nothing is known, which is not 0 users."""
    series = TimeSeries("unique", "day", (), {"A": {}}, interval=7)

    with pytest.raises(InvalidQueryError, match="unique counts of 7 days cannot be"):
        series.total("A")


def test_day_with_something_behind_it() -> None:
    """What begins like a day need not be one."""
    with pytest.raises(UnreadableAnswerError, match="'2026-11-091' is no date"):
        read(counts({"Sign Up": {"2026-11-091": 3}}))


def test_rows(week: TimeSeries) -> None:
    """As rows, missing dates are 0 and the order is by date."""
    assert week.to_dicts() == [
        {"name": "Sign Up", "date": MONDAY, "value": 3},
        {"name": "Sign Up", "date": TUESDAY, "value": 4},
        {"name": "Sign Up", "date": SUNDAY, "value": 0},
    ]


def test_dates_that_series_lacks() -> None:
    """A date that only the values have is a date all the same."""
    assert read(counts({"Sign Up": {"2026-11-09": 3}})).dates == (MONDAY,)


def test_nothing_counted() -> None:
    """An answer without counts is an empty series."""
    series = read(counts({}))

    assert (series.dates, series.values, series.total("Sign Up")) == ((), {}, 0)


@pytest.mark.parametrize("unit", ["day", "week", "month"])
@pytest.mark.parametrize(
    "key", ["2026-11-09", "2026-11-09 00:00:00", "2026-11-09T00:00:00-08:00"]
)
def test_calendar_buckets_are_dates(unit: Unit, key: str) -> None:
    """Days, weeks and months are the date of their first day."""
    assert read(counts({"Sign Up": {key: 1}}), unit=unit).dates == (MONDAY,)


@pytest.mark.parametrize(
    ("key", "zone", "offset"),
    [
        ("2026-11-09T13:00:00-08:00", "", -8),
        ("2026-11-09T13:00:00Z", "Asia/Tokyo", 0),
        ("2026-11-09 13:00:00", "Asia/Tokyo", 9),
    ],
    ids=["offset", "utc", "project"],
)
def test_hours_are_aware(key: str, zone: str, offset: int) -> None:
    """Hours have the offset of their key, or of the project."""
    (hour,) = read(counts({"Sign Up": {key: 1}}), unit="hour", zone=zone).dates

    fixed = timezone(timedelta(hours=offset))
    assert hour == datetime(2026, 11, 9, 13, tzinfo=fixed)
    assert isinstance(hour, datetime)
    assert hour.utcoffset() == timedelta(hours=offset)


def test_hours_of_nobody_knows_where() -> None:
    """An hour without offset in a project without timezone is not guessed."""
    with pytest.raises(UnreadableAnswerError, match=r"Client\(…, timezone=…\)"):
        read(counts({"Sign Up": {"2026-11-09 13:00:00": 1}}), unit="hour")


def test_days_are_no_hours() -> None:
    """Days where hours were asked for are not taken for their first hour."""
    with pytest.raises(UnreadableAnswerError, match="'2026-11-09' is no hour"):
        read(counts({"Sign Up": {"2026-11-09": 1}}), unit="hour", zone="Asia/Tokyo")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ([], "no 'data'"),
        ({}, "no 'data'"),
        ({"data": []}, "no 'data'"),
        ({"data": {"series": []}}, "no 'data'"),
        ({"data": {"series": {}, "values": {}}}, "no 'data'"),
        (counts([]), "no 'data'"),
        (counts({"Sign Up": 7}), "values of 'Sign Up' are not by date"),
        (counts({"Sign Up": {"yesterday": 7}}), "'yesterday' is no date"),
        (counts({"Sign Up": {"2026-11-31": 7}}), "day"),
        (counts({"Sign Up": {"2026-11-09 13:00:00": 7}}), "is no date"),
        (counts({"Sign Up": {"2026-W46-1": 7}}), "is no date"),
        (counts({}, [7]), "7 is no date"),
        (counts({"Sign Up": {"2026-11-09": "7"}}), "has the count '7'"),
        (counts({"Sign Up": {"2026-11-09": None}}), "has the count None"),
        (counts({"Sign Up": {"2026-11-09": True}}), "has the count True"),
        (counts({"Sign Up": {"2026-11-09": float("inf")}}), "no finite number"),
        (counts({"Sign Up": {"2026-11-09": -float("inf")}}), "no finite number"),
    ],
)
def test_other_shapes_are_unreadable(body: object, problem: str) -> None:
    """What is not as documented is an error, never a 0."""
    with pytest.raises(UnreadableAnswerError, match=problem) as caught:
        read(body)

    assert caught.value.request.path == "/api/query/events"


def test_averages_are_fractions() -> None:
    """An average may be a fraction."""
    series = read(counts({"Sign Up": {"2026-11-09": 1.5}}), type="average")

    assert series.value("Sign Up", MONDAY) == 1.5


def two_counts() -> Answer:
    """An answer by the hour to a question by the day."""
    hours = {"2026-11-09 00:00:00": 3, "2026-11-09 01:00:00": 4}
    body = {"data": {"series": ["2026-11-09"], "values": {"A": hours}}}
    return Answer(QueryRequest("/api/query/events", {}), "mixpanel.com", body)


def test_two_counts_for_one_day() -> None:
    """Hours where days were asked for do not overwrite each other."""
    with pytest.raises(UnreadableAnswerError, match="'A' has two counts for one day"):
        read_time_series(two_counts(), type="general", unit="day", timezone=None)


def test_day_twice_in_the_series() -> None:
    """A series that names a day twice has another unit than was asked for."""
    series = ["2026-11-09 00:00:00", "2026-11-09 01:00:00"]
    body = {"data": {"series": series, "values": {}}}
    answer = Answer(QueryRequest("/api/query/events", {}), "mixpanel.com", body)

    with pytest.raises(UnreadableAnswerError, match="one day is twice in 'series'"):
        read_time_series(answer, type="general", unit="day", timezone=None)


def test_names_of_an_answer_are_said_once() -> None:
    """An event that was asked for and answered is one name in the error."""
    series = TimeSeries("general", "day", (), {"Sign Up": {}}, ("Sign Up", "Buy"))

    with pytest.raises(InvalidQueryError, match=r"the answer has 'Sign Up', 'Buy'$"):
        series.total("Sign up")


def test_zero_is_not_guessed_where_something_else_was_answered() -> None:
    """What was asked for is not 0 because the answer has it under another name."""
    monday = {MONDAY: 5}
    series = TimeSeries("general", "day", (MONDAY,), {"sign up": monday}, ("Sign Up",))

    with pytest.raises(InvalidQueryError, match="'sign up' was answered"):
        series.total("Sign Up")
    with pytest.raises(InvalidQueryError, match="'sign up' was answered"):
        series.value("Sign Up", MONDAY)
    assert series.total("sign up") == 5


class Whole(int):
    """A whole number of another class, as a decoder of JSON may give."""


def test_numbers_of_a_class_of_their_own_are_numbers() -> None:
    """They are looked at one by one."""
    answered = counts({"Sign Up": {"2026-11-09": Whole(3)}}, ["2026-11-09"])

    assert read(answered).values["Sign Up"] == {MONDAY: 3}
