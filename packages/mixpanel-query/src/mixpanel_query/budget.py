"""The budget of queries: when a request may be sent without being refused.

https://developer.mixpanel.com/reference/rate-limits
"""

from __future__ import annotations

from typing import Protocol

from mixpanel_query.wire import QueryRequest

__all__ = ["Gate", "OpenGate", "Turn"]


class Turn(Protocol):
    """The right to have one request under way."""

    def end(self) -> None:
        """Give the place back; the answer is there, or there will be none."""


class Gate(Protocol):
    """What lets requests through, one after another; threads may share it."""

    def enter(self, request: QueryRequest) -> Turn | float:
        """Return the turn of a request, or the seconds to wait before asking again.

        Raises:
            RateLimitedError: If it would have to wait for too long.
        """

    def was_limited(self, request: QueryRequest, retry_after: float | None) -> None:
        """Take note that Mixpanel answered 429: others use the same project."""


class OpenGate:
    """Lets everything through at once; for servers without limits."""

    def enter(self, request: QueryRequest) -> Turn | float:
        """Return a turn."""
        return self

    def was_limited(self, request: QueryRequest, retry_after: float | None) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""
