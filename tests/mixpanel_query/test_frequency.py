"""Tests of mixpanel_query.frequency, through both clients and a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from mixpanel_query import Frequency
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError
from mixpanel_schema import Event, Property

Make = Callable[..., Any]
WEEK = ("2026-11-09", "2026-11-15")
# The beginning of the example of Mixpanel's own contract, not in order.
COUNTS = {"2012-01-02": [495, 204, 117, 77], "2012-01-01": [305, 107, 60, 41]}
FIRST, SECOND = date(2012, 1, 1), date(2012, 1, 2)


@pytest.fixture
def frequency(ask: Make, scripted: Make, reply: Make) -> Make:
    """Ask for a frequency, which a body answers."""

    def ask_with(body: object, **options: object) -> tuple[Any, Any]:
        server = scripted(reply(json.dumps(body).encode()))
        result = ask(
            lambda client: client.frequency(*WEEK, **options), base_url=server.base_url
        )
        return result, server

    return ask_with


@pytest.mark.parametrize("body", [{"data": COUNTS}, COUNTS], ids=["data", "bare"])
def test_both_shapes(sent: Make, frequency: Make, body: object) -> None:
    """Mixpanel documents the answer with data around it, and without."""
    result, server = frequency(body)

    assert sent(server)[:2] == (
        "GET /api/query/retention/addiction",
        {
            "from_date": "2026-11-09",
            "to_date": "2026-11-15",
            "unit": "day",
            "addiction_unit": "hour",
            "project_id": "12345",
        },
    )
    assert result == Frequency(
        "day",
        "hour",
        (FIRST, SECOND),
        {"$overall": {FIRST: (305, 107, 60, 41), SECOND: (495, 204, 117, 77)}},
    )


def test_every_parameter(sent: Make, frequency: Make) -> None:
    """What is asked for is sent in Mixpanel's own words."""
    result, server = frequency(
        {"data": {"2012-01-01": {"pro": [3, 1], "free": [2, 0]}}},
        unit="week",
        addiction_unit="day",
        event=Event("Purchase"),
        where='properties["a"] == 1',
        on=Property("plan"),
        limit=5,
    )

    assert sent(server)[1] == {
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "unit": "week",
        "addiction_unit": "day",
        "event": "Purchase",
        "where": 'properties["a"] == 1',
        "on": 'properties["plan"]',
        "limit": "5",
        "project_id": "12345",
    }
    assert result.counts == {"pro": {FIRST: (3, 1)}, "free": {FIRST: (2, 0)}}
    assert result.total("pro") == (3, 1)


def test_rows(frequency: Make) -> None:
    """As a table, a count is a row."""
    rows = frequency(COUNTS)[0].to_dicts()

    assert len(rows) == 8
    assert rows[1] == {
        "segment": "$overall",
        "date": FIRST,
        "at_least": 2,
        "count": 107,
    }


def test_users_of_several_periods_are_not_summed(frequency: Make) -> None:
    """One user may be in both."""
    result, _ = frequency(COUNTS)

    with pytest.raises(InvalidQueryError, match="users of 2 buckets cannot be summed"):
        result.total()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"unit": "hour"}, "unit 'hour' is unknown; use day, week, month"),
        ({"addiction_unit": "week"}, "addiction_unit 'week' is unknown; use hour, day"),
        ({"limit": 1}, "limit 1 counts segments, and there are none"),
        ({"event": ""}, "a name is empty"),
    ],
)
def test_what_mixpanel_would_ignore_or_refuse(
    refused: Make, options: dict[str, Any], problem: str
) -> None:
    """What cannot be right is not sent."""
    error = refused(lambda client: client.frequency(*WEEK, **options))

    assert isinstance(error, InvalidQueryError)
    assert problem in str(error)


@pytest.mark.parametrize(
    "body", [[], {"data": 7}, {"error": "no"}, {"2012-01-01": [1.5]}, {"2012-01-01": 7}]
)
def test_other_shapes_are_no_answer(
    refused: Make, scripted: Make, reply: Make, body: object
) -> None:
    """What is not documented is an error, never a count."""
    server = scripted(reply(json.dumps(body).encode()))

    error = refused(lambda client: client.frequency(*WEEK), base_url=server.base_url)

    assert isinstance(error, UnreadableAnswerError)


def test_hostile_names_arrive_as_data(sent: Make, frequency: Make) -> None:
    """Quotes, line ends, NUL and other scripts reach the server as they are."""
    hostile = "'\"\\&limit=1\n\0*/</script>\u2028💥%20+#" + "x" * 10_000

    _, server = frequency({}, event=hostile, where=hostile, on=hostile)

    params = sent(server)[1]
    assert [params[name] for name in ("event", "where", "on")] == [hostile] * 3
    assert "limit" not in params
