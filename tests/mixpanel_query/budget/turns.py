"""Requests, and the turns that a budget gives them."""

from __future__ import annotations

from collections.abc import Callable

from mixpanel_query import ServiceAccount
from mixpanel_query.budget import ProjectGate, Turn
from mixpanel_query.exceptions import RateLimitedError
from mixpanel_query.wire import QueryRequest

NOON = 1_795_694_400.0  # 2026-11-26 12:00 UTC
QUERY = QueryRequest("/api/query/events")
JQL = QueryRequest("/api/query/jql", limits=("jql", "query"))
EXPORT = QueryRequest("/api/2.0/export", family="export", limits=("export",))

ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        """Return the time."""
        return self.now


Make = Callable[..., ProjectGate]


def sent(gate: ProjectGate, request: QueryRequest = QUERY) -> Turn:
    """Let a request through, which must not have to wait."""
    turn = gate.enter(request)
    assert not isinstance(turn, float)
    return turn


def answered(gate: ProjectGate, number: int, request: QueryRequest = QUERY) -> None:
    """Let requests through, one after another, with answers at once."""
    for _ in range(number):
        sent(gate, request).end()


def limited(
    request: QueryRequest = QUERY, retry_after: float | None = None, body: str = ""
) -> RateLimitedError:
    """Make the error of a 429."""
    return RateLimitedError(
        "no", request=request, status=429, body=body, retry_after=retry_after
    )
