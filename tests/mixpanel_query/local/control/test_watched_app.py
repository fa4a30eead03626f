"""The log and the limits of a project that serves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from mixpanel_query import Client
from mixpanel_query.exceptions import (
    RateLimitedError,
)
from mixpanel_query.local import LocalProject
from mixpanel_query.local.control.project_clock import ProjectClock
from mixpanel_query.local.control.watched_app import Controls, watched


def test_limits_refuse_the_client_until_an_hour_has_passed(
    filled: LocalProject, asking: Callable[..., Client]
) -> None:
    """It is the project's hour; the refusal is the documented one."""
    now = filled.clock()
    filled.limits(per_hour=2)
    client = asking()
    assert [client.event_names() for _ in range(2)] == [["A"], ["A"]]
    with pytest.raises(RateLimitedError, match="3/2 queries running in the last hour"):
        client.event_names()
    filled.clock = now + timedelta(hours=1)

    assert client.event_names() == ["A"]
    assert [each.status for each in filled.requests] == [200, 200, 429, 200]


def test_limits_count_questions_that_run_at_once(
    filled: LocalProject, http: httpx.Client
) -> None:
    """Two answers are held, so the third question is refused; then there is room."""
    filled.limits(concurrent=2)
    filled.faults.add(path="/api/query/events/names", delay=60, times=2)
    url = f"{filled.base_url}/api/query/events/names?type=general"
    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(httpx.get, url, trust_env=False) for _ in range(2)]
        while filled.faults[0].hits < 2:
            time.sleep(0.01)
        refused = http.get(url)
        filled.faults.clear()
        assert [each.result(30).status_code for each in held] == [200, 200]

    assert refused.status_code == 429
    assert refused.json() == {
        "request": "/api/query/events/names?type=general",
        "error": "Query rate limit exceeded for project_id: 1. 3/2 queries running "
        "concurrently and 3/60 queries running in the last hour.",
    }
    assert http.get(url).status_code == 200


def test_one_question_after_the_other_is_one_at_once(
    filled: LocalProject, http: httpx.Client
) -> None:
    """Whoever has the answer may ask again."""
    filled.limits(per_hour=None, concurrent=1)
    url = "/api/query/events/names?type=general"

    assert {http.get(url).status_code for _ in range(50)} == {200}


def test_a_cut_answer_makes_room_too(filled: LocalProject, http: httpx.Client) -> None:
    """It has ended."""
    filled.limits(concurrent=1)
    filled.faults.add(path="/api/query/*", cut_after_rows=1, times=1)
    url = "/api/query/events/names?type=general"
    with pytest.raises(httpx.RemoteProtocolError):
        http.get(url)

    assert http.get(url).status_code == 200


def test_the_log_has_no_credentials(filled: LocalProject, http: httpx.Client) -> None:
    """Neither those of the URL nor those of the header."""
    http.get("/api/query/events/names?api_secret=s3cret&type=x", auth=("u", "s3cret"))

    assert "s3cret" not in repr(list(filled.requests))
    assert filled.requests[0].query == {"api_secret": "***", "type": "x"}
    assert (filled.requests[0].status, filled.requests[0].time.date()) == (
        400,
        date(2026, 11, 22),
    )


async def ask_in_pieces(
    controls: Controls, path: str, sent: Callable[[str], None]
) -> None:
    """Put a request to an app that reads nothing, and tell what happens in order."""
    pieces = [b"one", b"two", b"three"]
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [],
    }

    async def app(scope: object, receive: object, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"[]"})

    async def receive() -> dict[str, Any]:
        sent("piece read")
        body = pieces.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(pieces)}

    async def send(message: Any) -> None:  # noqa: ANN401
        sent(message["type"])

    await watched(app, controls, None)(scope, receive, send)


def test_there_is_room_before_the_client_has_the_answer() -> None:
    """Whoever asks one question after the other is never two at once."""
    controls = Controls(ProjectClock())
    controls.limits(concurrent=1)
    rooms = []

    def sent(message: str) -> None:
        entered = controls.limits.enter("query", "1")
        rooms.append((message, callable(entered)))
        if callable(entered):
            entered()

    asyncio.run(ask_in_pieces(controls, "/api/query/events", sent))

    assert rooms == [("http.response.start", False), ("http.response.body", True)]


def test_a_request_that_is_not_taken_is_read_before_it_fails() -> None:
    """A client that is still sending might not see the answer."""
    controls = Controls(ProjectClock())
    controls.faults.add(status=503)
    order: list[str] = []
    asyncio.run(ask_in_pieces(controls, "/track", order.append))

    assert order == [
        "piece read",
        "piece read",
        "piece read",
        "http.response.start",
        "http.response.body",
    ]


def test_a_request_over_the_limit_is_read_before_it_is_refused() -> None:
    """As one that fails."""
    controls = Controls(ProjectClock())
    controls.limits(per_hour=1)
    order: list[str] = []
    for _ in range(2):
        order.clear()
        asyncio.run(ask_in_pieces(controls, "/api/query/jql", order.append))

    assert order[:4] == ["piece read"] * 3 + ["http.response.start"]
