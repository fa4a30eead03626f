"""Tests of mixpanel_query.retention: what is asked, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query import Retention, Window
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError
from mixpanel_query.retention import ask_retention
from mixpanel_query.wire import Flow
from mixpanel_schema import Event, Property

Make = Callable[..., Any]
WEEK = ("2026-11-09", "2026-11-15")


def retention_flow(**options: object) -> Flow[Retention]:
    """Ask for retention after Sign Up."""
    names = ("event", "born_where", "where", "interval", "interval_count", "unit")
    usual: dict[str, Any] = dict.fromkeys([*names, "on", "limit"])
    usual |= {"retention_type": "birth", "born_event": "Sign Up"}
    usual |= {"unbounded_retention": False}
    return ask_retention(Window.of(*WEEK), **{**usual, **options})


def test_plainest_question(sent: Make, ask: Make, scripted: Make, reply: Make) -> None:
    """Nothing is sent that was not asked."""
    server = scripted(reply(b"{}"))

    result = ask(
        lambda client: client.retention(*WEEK, born_event=Event("Sign Up")),
        base_url=server.base_url,
    )

    assert sent(server)[:2] == (
        "GET /api/query/retention",
        {
            "from_date": "2026-11-09",
            "to_date": "2026-11-15",
            "retention_type": "birth",
            "born_event": "Sign Up",
            "project_id": "12345",
        },
    )
    assert result == Retention("birth", "day", 1, (), {})


def test_every_parameter(sent: Make, ask: Make, scripted: Make, reply: Make) -> None:
    """What is asked for is sent in Mixpanel's own words."""
    server = scripted(reply(b"{}"))

    result = ask(
        lambda client: client.retention(
            *WEEK,
            born_event="Sign Up",
            event=Event("Purchase"),
            born_where='properties["a"] == 1',
            where='properties["b"] == 2',
            interval_count=4,
            unit="week",
            unbounded_retention=True,
            on=Property("plan"),
            limit=5,
        ),
        base_url=server.base_url,
    )

    assert sent(server)[1] == {
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "retention_type": "birth",
        "born_event": "Sign Up",
        "event": "Purchase",
        "born_where": 'properties["a"] == 1',
        "where": 'properties["b"] == 2',
        "interval_count": "4",
        "unit": "week",
        "unbounded_retention": "true",
        "on": 'properties["plan"]',
        "limit": "5",
        "project_id": "12345",
    }
    assert (result.unit, result.interval) == ("week", 1)


def test_interval_stands_in_for_unit(
    sent: Make, ask: Make, scripted: Make, reply: Make
) -> None:
    """An interval alone counts days, and the result knows it."""
    server = scripted(reply(b"{}"))

    result = ask(
        lambda client: client.retention(
            *WEEK, retention_type="compounded", interval=90
        ),
        base_url=server.base_url,
    )

    params = sent(server)[1]
    assert params["interval"] == "90"
    assert not {"unit", "born_event"} & set(params)
    assert result == Retention("compounded", "day", 90, (), {})


def test_segments_are_read_where_they_were_asked_for(
    ask: Make, refused: Make, scripted: Make, reply: Make
) -> None:
    """What was not broken down has no segments."""
    bucket = b'{"2026-11-09": {"pro": {"first": 3, "counts": [2]}}}'
    first, second = scripted(reply(bucket)), scripted(reply(bucket))
    asked = {"born_event": "Sign Up"}

    result = ask(
        lambda client: client.retention(*WEEK, **asked, on=Property("plan")),
        base_url=first.base_url,
    )
    error = refused(
        lambda client: client.retention(*WEEK, **asked), base_url=second.base_url
    )

    assert list(result.users) == ["pro"]
    assert isinstance(error, UnreadableAnswerError)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"born_event": None}, "retention_type 'birth' has no born_event"),
        ({"born_event": ""}, "a name is empty"),
        (
            {"retention_type": "compounded"},
            "born_event with retention_type 'compounded', which ignores it; give event",
        ),
        (
            {"retention_type": "compounded", "born_event": None, "born_where": "x"},
            "born_where with retention_type 'compounded', which ignores it; give where",
        ),
        ({"retention_type": "first"}, "retention_type 'first' is unknown"),
        ({"unit": "day", "interval": 1}, "unit 'day' and interval 1 both say"),
        ({"unit": "hour"}, "unit 'hour' is unknown"),
        ({"interval": 91}, "interval 91 is out of range; use 1 to 90"),
        ({"interval_count": 0}, "interval_count 0 is out of range"),
        ({"limit": 5}, "limit 5 counts segments, and there are none"),
        ({"limit": 0, "on": 'properties["x"]'}, "limit 0 is out of range"),
        ({"born_where": ""}, "born_where '' is no expression"),
    ],
)
def test_what_mixpanel_would_ignore_or_refuse(
    options: dict[str, Any], problem: str
) -> None:
    """What cannot be right is not sent."""
    with pytest.raises(InvalidQueryError, match=problem):
        next(retention_flow(**options))


def test_hostile_names_arrive_as_data(
    sent: Make, ask: Make, scripted: Make, reply: Make
) -> None:
    """Quotes, line ends, NUL and other scripts reach the server as they are."""
    server = scripted(reply(b"{}"))
    hostile = "'\"\\&unit=week\n\0*/</script>\u2028💥%20+#" + "x" * 10_000

    ask(
        lambda client: client.retention(
            *WEEK, born_event=hostile, event=hostile, born_where=hostile, where=hostile
        ),
        base_url=server.base_url,
    )

    params = sent(server)[1]
    for name in ("born_event", "event", "born_where", "where"):
        assert params[name] == hostile
    assert "unit" not in params
