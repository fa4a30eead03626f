"""The gate that requests go through, and the one that is always open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from mixpanel_query.exceptions import InvalidQueryError, RateLimitedError
from mixpanel_query.wire import QueryRequest

if TYPE_CHECKING:
    from mixpanel_query.budget.status import BudgetStatus

__all__ = [
    "DEFAULT_MAX_WAIT",
    "VARIABLE",
    "Gate",
    "OpenGate",
    "Turn",
    "checked_max_wait",
]

DEFAULT_MAX_WAIT: Final = 60.0
VARIABLE: Final = "MIXPANEL_BUDGET_FILE"


class Turn(Protocol):
    """The right to have one request under way."""

    def end(self) -> None:
        """Give the place back; the answer is there, or there will be none."""


class Gate(Protocol):
    """What lets requests through, one after another; threads may share it.

    Attributes:
        max_wait: Seconds that a request may be made to wait, here or by Mixpanel.
    """

    max_wait: float

    def enter(self, request: QueryRequest, waited: float = 0.0) -> Turn | float:
        """Return the turn of a request, or the seconds to wait before asking again.

        It never waits itself. The seconds may be a part of the wait only, so that a
        place that is given back early is soon taken.

        Args:
            request: What is to be sent.
            waited: Seconds that it has waited so far.

        Raises:
            RateLimitedError: If it would have to wait for too long.
        """

    def was_limited(self, error: RateLimitedError) -> None:
        """Take note that Mixpanel answered 429: others use the same project."""

    def tell_wait(self, seconds: float, reason: str) -> None:
        """Tell whoever watches that a request waits; 0 seconds say that it is over."""

    def status(self) -> BudgetStatus:
        """Return what is left."""


class OpenGate:
    """Lets everything through at once; for servers without limits.

    Args:
        max_wait: Seconds that such a server may ask for with ``Retry-After``.
        on_wait: Called with the seconds left and the reason while a request waits, as a
            `Budget` does.

    Raises:
        InvalidQueryError: If ``max_wait`` is negative or no number.
    """

    def __init__(
        self,
        max_wait: float = DEFAULT_MAX_WAIT,
        on_wait: Callable[[float, str], None] | None = None,
    ) -> None:
        self.max_wait = checked_max_wait(max_wait)
        self.on_wait = on_wait

    def enter(self, request: QueryRequest, waited: float = 0.0) -> Turn | float:
        """Return a turn."""
        return self

    def was_limited(self, error: RateLimitedError) -> None:
        """Do nothing."""

    def tell_wait(self, seconds: float, reason: str) -> None:
        """Tell whoever watches that a request waits; 0 seconds say that it is over."""
        if self.on_wait is not None:
            self.on_wait(seconds, reason)

    def status(self) -> BudgetStatus:
        """Return that there are no limits."""
        from mixpanel_query.budget.status import BudgetStatus

        return BudgetStatus((), None)

    def end(self) -> None:
        """Do nothing."""


def checked_max_wait(seconds: float) -> float:
    """Return a longest wait, if it is one.

    Raises:
        InvalidQueryError: If it is negative or no number.
    """
    if not seconds >= 0:
        raise InvalidQueryError(f"max_wait {seconds} is negative; give seconds")
    return seconds
