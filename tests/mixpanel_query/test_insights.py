"""Tests of mixpanel_query.insights, through both clients and a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from mixpanel_query import Insight
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError

Make = Callable[..., Any]
FIRST, SECOND = date(2020, 8, 31), date(2020, 9, 7)
# The example of Mixpanel's own contract, its buckets not in order.
REPORT: dict[str, Any] = {
    "computed_at": "2020-09-21T16:35:41.252314+00:00",
    "date_range": {
        "from_date": "2020-08-31T00:00:00-07:00",
        "to_date": "2020-09-12T23:59:59.999000-07:00",
    },
    "headers": ["$event"],
    "series": {
        "Logged in": {
            "2020-09-07T00:00:00-07:00": 4325,
            "2020-08-31T00:00:00-07:00": 9852,
        },
        "Viewed page": {
            "2020-08-31T00:00:00-07:00": 10246,
            "2020-09-07T00:00:00-07:00": 11432,
        },
    },
}


@pytest.fixture
def insight(ask: Make, scripted: Make, reply: Make) -> Make:
    """Ask for a report, which differs from the example in some fields."""

    def ask_with(unit: str | None = None, **fields: object) -> Any:  # noqa: ANN401
        server = scripted(reply(json.dumps({**REPORT, **fields}).encode()))
        return ask(
            lambda client: client.insights(12345, unit=unit), base_url=server.base_url
        )

    return ask_with


def test_request(sent: Make, ask: Make, scripted: Make, reply: Make) -> None:
    """A report is asked for by its number; the unit is not sent."""
    server = scripted(reply(json.dumps(REPORT).encode()))

    ask(lambda client: client.insights(7, unit="week"), base_url=server.base_url)

    assert sent(server)[:2] == (
        "GET /api/query/insights",
        {"bookmark_id": "7", "project_id": "12345"},
    )


def test_report(insight: Make) -> None:
    """Values are by name and day, in order, and the report says of when it is."""
    report = insight()

    assert report == Insight(
        12345,
        datetime(2020, 9, 21, 16, 35, 41, 252314, tzinfo=timezone.utc),
        FIRST,
        date(2020, 9, 12),
        ("$event",),
        None,
        (FIRST, SECOND),
        {
            ("Logged in",): {FIRST: 9852, SECOND: 4325},
            ("Viewed page",): {FIRST: 10246, SECOND: 11432},
        },
    )
    assert list(report.values["Logged in",]) == [FIRST, SECOND]


def test_rows(insight: Make) -> None:
    """As a table, a value is a row below the headers."""
    assert insight().to_dicts() == [
        {"$event": "Logged in", "date": FIRST, "value": 9852},
        {"$event": "Logged in", "date": SECOND, "value": 4325},
        {"$event": "Viewed page", "date": FIRST, "value": 10246},
        {"$event": "Viewed page", "date": SECOND, "value": 11432},
    ]


def test_value(insight: Make) -> None:
    """One value is found by its names and date."""
    report = insight()

    assert report.value("Logged in", when=SECOND) == 4325
    assert report.value("Logged in", when=date(2020, 9, 14)) is None
    with pytest.raises(InvalidQueryError, match=r"\('Nope',\) is not in the report"):
        report.value("Nope", when=FIRST)


def test_levels(insight: Make) -> None:
    """Breakdowns are levels; what is above them is $overall."""
    report = insight(
        headers=["$metric", "plan", "country"],
        series={
            "Logins": {
                "$overall": {"2020-08-31": 9},
                "pro": {
                    "$overall": {"2020-08-31": 5},
                    "SI": {"2020-08-31": 4},
                    "2020-08-31": {"2020-08-31": 1},
                },
            }
        },
    )

    assert report.values == {
        ("Logins", "$overall", "$overall"): {FIRST: 9},
        ("Logins", "pro", "$overall"): {FIRST: 5},
        ("Logins", "pro", "SI"): {FIRST: 4},
        ("Logins", "pro", "2020-08-31"): {FIRST: 1},
    }
    assert report.to_dicts()[2] == {
        "$metric": "Logins",
        "plan": "pro",
        "country": "SI",
        "date": FIRST,
        "value": 4,
    }


def test_report_that_is_not_over_time(insight: Make) -> None:
    """A bar or a number has no date, and one broken down by times has names."""
    report = insight(
        headers=["$metric", "$time", "email"],
        series={
            "Invites": {
                "$overall": {"all": 4},
                "2025-12-03T15:11:01": {"$overall": {"all": 1}, "a@b.si": {"all": 1}},
            }
        },
    )

    assert report.dates == ()
    assert report.value("Invites", "$overall", "$overall") == 4
    assert report.values["Invites", "2025-12-03T15:11:01", "a@b.si"] == {None: 1}


def test_hours(insight: Make) -> None:
    """Keys that are not all midnights are hours, aware of their offset."""
    keys = {"2020-08-31T01:00:00-07:00": 2, "2020-08-31T00:00:00-07:00": 1}
    report = insight(series={"Logged in": keys})

    pacific = timezone(timedelta(hours=-7))
    assert report.dates == (
        datetime(2020, 8, 31, 0, tzinfo=pacific),
        datetime(2020, 8, 31, 1, tzinfo=pacific),
    )
    assert [when.utcoffset() for when in report.dates] == [timedelta(hours=-7)] * 2


def test_unit_that_is_known(insight: Make) -> None:
    """Whoever knows the unit gets hours of midnights, and days that begin at one."""
    midnight = {"Logged in": {"2020-08-31T00:00:00-07:00": 1}}
    hours = insight(unit="hour", series=midnight)
    # In Brazil the clocks went from midnight to one.
    days = {"2018-11-03T00:00:00-03:00": 1, "2018-11-04T01:00:00-02:00": 2}
    brazil = insight(unit="day", series={"Logged in": days})

    pacific = timezone(timedelta(hours=-7))
    assert hours.dates == (datetime(2020, 8, 31, tzinfo=pacific),)
    assert hours.unit == "hour"
    assert brazil.dates == (date(2018, 11, 3), date(2018, 11, 4))


def test_hours_without_offset(
    ask: Make, refused: Make, scripted: Make, reply: Make
) -> None:
    """Hours that carry no offset are hours of the client's timezone, or an error."""
    series = {"Logged in": {"2020-08-31T13:00:00": 1}}
    body = json.dumps({**REPORT, "series": series}).encode()
    first, second = scripted(reply(body)), scripted(reply(body))

    report = ask(
        lambda client: client.insights(1),
        base_url=first.base_url,
        timezone=timezone.utc,
    )
    error = refused(lambda client: client.insights(1), base_url=second.base_url)

    assert report.dates == (datetime(2020, 8, 31, 13, tzinfo=timezone.utc),)
    assert "'2020-08-31T13:00:00' has no offset" in str(error)


def test_names_of_columns(insight: Make) -> None:
    """A property called date, or two of the same, hide nothing."""
    series = {"A": {"x": {"y": {"2020-08-31": 1}}}}
    report = insight(headers=["date", "plan", "plan"], series=series)

    assert report.to_dicts() == [
        {"date 2": "A", "plan": "x", "plan 2": "y", "date": FIRST, "value": 1}
    ]


def test_null_and_fractions(insight: Make) -> None:
    """Averages may be broken, or of nothing; a name may have no values."""
    report = insight(series={"A": {"2020-08-31": 1.5, "2020-09-07": None}, "B": {}})

    assert report.values == {("A",): {FIRST: 1.5, SECOND: None}}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"headers": []}, "no 'headers'"),
        ({"headers": None}, "the 'headers' of the report is null"),
        ({"headers": [7]}, "the 'headers' of the report is a list, no list of texts"),
        ({"series": []}, "no 'series'"),
        ({"series": {"A": 7}}, r"values stand in 'series' without a name"),
        ({"series": {"A": {"soon": 7}}}, "('A', 'soon') leads to no date"),
        ({"series": {"A": {"B": {"2020-08-31": 7}}}}, "deeper than the headers say"),
        ({"series": {"2020-08-31": 7}}, "without a name"),
        ({"series": {"A": {"2020-08-31": "7"}}}, "is no number"),
        ({"series": {"A": {"2020-08-31": True}}}, "is no number"),
        (
            {"series": {"A": {"2020-08-31": 1, "2020-08-31T00:00:00": 2}}},
            "two dates of the series are the same",
        ),
        (
            {"series": {"A": {"2020-08-31": 1, "2020-08-31T13:00:00-07:00": 2}}},
            "'2020-08-31' is no hour or minute",
        ),
        (
            {"unit": "day", "series": {"A": {"2020-08-31T13:00:00-07:00": 2}}},
            "is no day, week or month",
        ),
        (
            {
                "headers": ["a", "b"],
                "series": {"A": {"2020-08-31": 1, "$overall": {"2020-08-31": 1}}},
            },
            "two values for '2020-08-31'",
        ),
        ({"computed_at": "lately"}, "'lately' is no date"),
        ({"date_range": None}, "the date_range is null, no object"),
        (
            {"date_range": {"from_date": "2020-08-31"}},
            "the 'to_date' of the date_range",
        ),
    ],
)
def test_other_shapes_are_no_answer(
    insight: Make, fields: dict[str, Any], problem: str
) -> None:
    """What could be read wrongly is an error."""
    with pytest.raises(UnreadableAnswerError) as caught:
        insight(**fields)

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"bookmark_id": 0}, "bookmark_id 0 is out of range"),
        ({"bookmark_id": 1, "unit": "year"}, "unit 'year' is unknown"),
    ],
)
def test_what_is_not_sent(
    refused: Make, arguments: dict[str, Any], problem: str
) -> None:
    """What cannot be right is refused here."""
    error = refused(lambda client: client.insights(**arguments))

    assert isinstance(error, InvalidQueryError)
    assert problem in str(error)
