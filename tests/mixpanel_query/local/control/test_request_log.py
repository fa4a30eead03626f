"""The log of requests."""

from __future__ import annotations

from datetime import datetime, timezone

from mixpanel_query.local.control.request_log import (
    RequestLog,
    query_without_credentials,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def test_a_request_has_no_status_until_it_is_answered() -> None:
    """Whoever lost patience still sees that it came."""
    log = RequestLog()
    number = log.begin(NOON, "GET", "/api/query/events", "event=A")
    assert log[0].as_json() == {
        "number": 1,
        "time": "2026-11-22T12:00:00+00:00",
        "method": "GET",
        "path": "/api/query/events",
        "query": {"event": "A"},
        "status": None,
        "fault": None,
    }
    log.answer(number, 503, 7)

    assert (log[0].status, log[0].fault) == (503, 7)


def test_only_the_latest_are_kept() -> None:
    """An answer to one that was forgotten is no error."""
    log = RequestLog(most=2)
    numbers = [log.begin(NOON, "GET", f"/{number}", "") for number in range(3)]
    log.answer(numbers[0], 200, None)

    assert [request.path for request in log] == ["/1", "/2"]
    assert repr(log) == "<RequestLog of 2 requests>"


def test_numbers_go_on_when_it_is_cleared() -> None:
    """So that nobody takes one request for another."""
    log = RequestLog()
    log.begin(NOON, "GET", "/", "")
    log.clear()
    log.begin(NOON, "GET", "/", "")

    assert [request.number for request in log] == [2]


def test_what_is_secret_is_not_logged() -> None:
    """Tokens, keys, and the data that hold a token."""
    query = "Token=t0k3n&api_secret=s3cret&api_key=k3y&data=eyJ0b2tlbiI6InQifQ&a=&b=1"

    assert query_without_credentials(query) == {
        "Token": "***",
        "api_secret": "***",
        "api_key": "***",
        "data": "(18 characters)",
        "a": "",
        "b": "1",
    }


def test_long_values_are_cut() -> None:
    """At 2,000 characters."""
    assert query_without_credentials("a=" + "x" * 2001)["a"] == "x" * 1999 + "…"
