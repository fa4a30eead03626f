"""Tests of mixpanel_query.activity, through both clients and a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from mixpanel_query import ActivityEvent
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError

Make = Callable[..., Any]
WEEK = ("2026-11-09", "2026-11-15")
PLAYED = {"time": 1599589453, "$distinct_id": "12a34aa567eb8d", "$browser": "Chrome"}
VIEWED = {"time": 1599589470, "distinct_id": "12a34aa567eb8d", "$city": "Austin"}
# The example of Mixpanel's own contract, the later event first.
FEED = {
    "status": "ok",
    "results": {
        "events": [
            {"event": "Viewed Page", "properties": VIEWED},
            {"event": "Game Played", "properties": PLAYED},
        ]
    },
}


@pytest.fixture
def activity(ask: Make, scripted: Make, reply: Make) -> Make:
    """Ask for what users did, which a body answers."""

    def ask_with(body: object, ids: object = "a", **client: object) -> tuple[Any, Any]:
        server = scripted(reply(json.dumps(body).encode()))
        result = ask(
            lambda client: client.activity(ids, *WEEK),
            base_url=server.base_url,
            **client,
        )
        return result, server

    return ask_with


def test_activity(activity: Make, sent: Make) -> None:
    """Events come in order of time, in UTC, with their user under either name."""
    events, server = activity(FEED, ["a", "b", "a"])

    assert sent(server)[:2] == (
        "GET /api/query/stream/query",
        {
            "distinct_ids": '["a", "b"]',
            "from_date": "2026-11-09",
            "to_date": "2026-11-15",
            "project_id": "12345",
        },
    )
    assert events == (
        ActivityEvent(
            "Game Played",
            "12a34aa567eb8d",
            datetime(2020, 9, 8, 18, 24, 13, tzinfo=timezone.utc),
            PLAYED,
        ),
        ActivityEvent(
            "Viewed Page",
            "12a34aa567eb8d",
            datetime(2020, 9, 8, 18, 24, 30, tzinfo=timezone.utc),
            VIEWED,
        ),
    )


def test_project_that_stores_local_time(activity: Make) -> None:
    """In a project from before 2023 the clock of its timezone is turned into UTC."""
    events, _ = activity(FEED, timezone="Europe/Ljubljana", stores_local_time=True)

    # In September, clocks in Ljubljana are two hours ahead.
    assert events[0].time == datetime(2020, 9, 8, 16, 24, 13, tzinfo=timezone.utc)


def test_rows(activity: Make) -> None:
    """As a table, an event is a row."""
    rows = activity(FEED)[0].to_dicts()

    assert rows[0] == {
        "time": datetime(2020, 9, 8, 18, 24, 13, tzinfo=timezone.utc),
        "distinct_id": "12a34aa567eb8d",
        "event": "Game Played",
        "properties": PLAYED,
    }


def test_nobody_did_anything(activity: Make) -> None:
    """No events are no error."""
    assert activity({"status": "ok", "results": {"events": []}})[0] == ()


@pytest.mark.parametrize(
    "distinct_id", ["'\"\\]&x=1\n\0*/</script>\u2028💥%20+#", "x" * 10_000]
)
def test_hostile_ids_arrive_as_data(
    activity: Make, sent: Make, distinct_id: str
) -> None:
    """Quotes, line ends, NUL and other scripts reach the server as they are."""
    _, server = activity(FEED, distinct_id)

    params = sent(server)[1]
    assert json.loads(params["distinct_ids"]) == [distinct_id]
    assert "x" not in params


@pytest.mark.parametrize(
    ("ids", "problem"),
    [
        ([], "the list of distinct_ids is empty"),
        ("", "distinct_id '' is no id"),
        (["a", 7], "distinct_id 7 is no id"),
        ("\udcff", "holds half a character"),
    ],
)
def test_what_is_not_sent(refused: Make, ids: object, problem: str) -> None:
    """What cannot be an id is refused here."""
    error = refused(lambda client: client.activity(ids, *WEEK))

    assert isinstance(error, InvalidQueryError)
    assert problem in str(error)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ([], "the feed is null"),
        ({"results": {}}, "the 'events' of the feed is missing"),
        (
            {"results": {"events": [{"event": "A"}]}},
            "the properties of an event is null",
        ),
        (
            {"results": {"events": [{"event": None, "properties": PLAYED}]}},
            "the 'event' of an event is null",
        ),
        (
            {"results": {"events": [{"event": "A", "properties": {"time": 1}}]}},
            "the 'distinct_id' of the properties of an event is missing",
        ),
        (
            {"results": {"events": [{"event": "A", "properties": {"time": "1"}}]}},
            "the 'time' of the properties of an event is text, no number",
        ),
        (
            {"results": {"events": [{"event": "A", "properties": {"time": 1e99}}]}},
            "an event with the time 1e+99",
        ),
    ],
)
def test_other_shapes_are_no_answer(
    refused: Make, scripted: Make, reply: Make, body: object, problem: str
) -> None:
    """What is not documented is an error, never an event without a time or user."""
    server = scripted(reply(json.dumps(body).encode()))

    error = refused(
        lambda client: client.activity("a", *WEEK), base_url=server.base_url
    )

    assert isinstance(error, UnreadableAnswerError)
    assert problem in str(error)
