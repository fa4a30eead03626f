"""Tests of mixpanel_query.funnels: what is asked, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query import Funnel, SavedFunnel, Window
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError
from mixpanel_query.funnels import ask_funnel
from mixpanel_query.wire import Flow
from mixpanel_schema import Property

Make = Callable[..., Any]
WEEK = ("2026-11-09", "2026-11-15")
EMPTY = b'{"meta": {"dates": []}, "data": {}}'


def funnel_flow(**options: object) -> Flow[Funnel]:
    """Ask for a funnel of a week."""
    names = ("length", "length_unit", "interval", "unit", "on", "where", "limit")
    usual: dict[str, Any] = dict.fromkeys(names)
    return ask_funnel(7509, Window.of(*WEEK), **{**usual, **options})


def test_funnels(sent: Make, ask: Make, scripted: Make, reply: Make) -> None:
    """Saved funnels are a list of numbers and names."""
    body = [
        {"funnel_id": 7509, "name": "Signup funnel"},
        {"funnel_id": 9070, "name": "Funnel tutorial"},
    ]
    server = scripted(reply(json.dumps(body).encode()))

    funnels = ask(lambda client: client.funnels(), base_url=server.base_url)

    assert sent(server)[:2] == ("GET /api/query/funnels/list", {"project_id": "12345"})
    assert funnels == (
        SavedFunnel(7509, "Signup funnel"),
        SavedFunnel(9070, "Funnel tutorial"),
    )
    assert funnels.to_dicts() == body


@pytest.mark.parametrize(
    "body",
    [b'{"error": "no"}', b"[1]", b'[{"funnel_id": "7509", "name": "a"}]', b"null"],
)
def test_other_lists_are_no_answer(
    refused: Make, scripted: Make, reply: Make, body: bytes
) -> None:
    """A list of something else is an error."""
    server = scripted(reply(body))

    error = refused(lambda client: client.funnels(), base_url=server.base_url)

    assert isinstance(error, UnreadableAnswerError)


def test_plainest_question(sent: Make, ask: Make, scripted: Make, reply: Make) -> None:
    """Nothing is sent that was not asked."""
    server = scripted(reply(EMPTY))

    result = ask(lambda client: client.funnel(7509, *WEEK), base_url=server.base_url)

    assert sent(server)[:2] == (
        "GET /api/query/funnels",
        {
            "funnel_id": "7509",
            "from_date": "2026-11-09",
            "to_date": "2026-11-15",
            "project_id": "12345",
        },
    )
    assert result == Funnel(7509, "day", 1, (), {})


def test_every_parameter(sent: Make, ask: Make, scripted: Make, reply: Make) -> None:
    """What is asked for is sent in Mixpanel's own words."""
    server = scripted(reply(EMPTY))

    result = ask(
        lambda client: client.funnel(
            7509,
            *WEEK,
            length=36,
            length_unit="hour",
            unit="week",
            on=Property("plan"),
            where='properties["country"] == "SI"',
            limit=10_000,
        ),
        base_url=server.base_url,
    )

    params = sent(server)[1]
    assert params == {
        "funnel_id": "7509",
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "length": "36",
        "length_unit": "hour",
        "unit": "week",
        "on": 'properties["plan"]',
        "where": 'properties["country"] == "SI"',
        "limit": "10000",
        "project_id": "12345",
    }
    assert (result.unit, result.interval) == ("week", 1)


@pytest.mark.parametrize(
    ("on", "segments"), [('properties["plan"]', ["pro", "steps"]), (None, ["$overall"])]
)
def test_segments_are_read_where_they_were_asked_for(
    ask: Make, scripted: Make, reply: Make, on: str | None, segments: list[str]
) -> None:
    """A segment may be called as Mixpanel calls the list of steps."""
    buckets = {"pro": [], "steps": []} if on else {"steps": []}
    server = scripted(reply(json.dumps({"data": {"2026-11-09": buckets}}).encode()))

    result = ask(
        lambda client: client.funnel(1, *WEEK, on=on), base_url=server.base_url
    )

    assert list(result.steps) == segments


def test_interval() -> None:
    """A bucket may be any number of days."""
    params = next(funnel_flow(interval=7)).params

    assert params["interval"] == "7"
    assert "unit" not in params


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"unit": "day", "interval": 7}, "unit 'day' and interval 7 both say"),
        ({"unit": "hour"}, "unit 'hour' is unknown; use day, week, month"),
        ({"interval": 0}, "interval 0 is out of range"),
        (
            {"length": 91, "length_unit": "day"},
            "length 91 is out of range; use 1 to 90",
        ),
        ({"length": 2161, "length_unit": "hour"}, "use 1 to 2160"),
        ({"length": 129_601, "length_unit": "minute"}, "use 1 to 129600"),
        ({"length": 7_776_001, "length_unit": "second"}, "use 1 to 7776000"),
        ({"length": 0}, "length 0 is out of range"),
        ({"length_unit": "week"}, "length_unit 'week' is unknown"),
        ({"limit": 5}, "limit 5 counts segments, and there are none"),
        ({"limit": 10_001, "on": Property("x")}, "use 1 to 10000"),
        ({"where": " "}, "where ' ' is no expression"),
    ],
)
def test_what_mixpanel_would_ignore_or_refuse(
    options: dict[str, Any], problem: str
) -> None:
    """What cannot be right is not sent."""
    with pytest.raises(InvalidQueryError, match=problem):
        next(funnel_flow(**options))


def test_saved_length_may_be_kept_in_part() -> None:
    """A length without a unit is in the unit that was saved."""
    assert "length_unit" not in next(funnel_flow(length=100)).params
    assert "length" not in next(funnel_flow(length_unit="second")).params


def test_hostile_expressions_arrive_as_data(
    sent: Make, ask: Make, scripted: Make, reply: Make
) -> None:
    """Quotes, line ends, NUL and other scripts reach the server as they are."""
    server = scripted(reply(EMPTY))
    hostile = "'\"\\&limit=1\n\0*/</script>\u2028💥%20+#" + "x" * 10_000

    ask(
        lambda client: client.funnel(1, *WEEK, on=hostile, where=hostile),
        base_url=server.base_url,
    )

    params = sent(server)[1]
    assert (params["on"], params["where"]) == (hostile, hostile)
    assert "limit" not in params
