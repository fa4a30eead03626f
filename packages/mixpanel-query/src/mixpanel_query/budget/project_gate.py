"""The gate of one project, as a budget has it."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import SystemRandom
from typing import TYPE_CHECKING, Final, TypeVar

from mixpanel_query.budget.gate import OpenGate, Turn
from mixpanel_query.budget.ledger import Wait
from mixpanel_query.budget.project_ledger import ProjectLedger
from mixpanel_query.budget.status import BudgetStatus, allowances
from mixpanel_query.exceptions import MixpanelQueryError, RateLimitedError
from mixpanel_query.wire import QueryRequest

if TYPE_CHECKING:
    from mixpanel_query.budget.budget import Budget

__all__ = ["ProjectGate"]

T = TypeVar("T")

# The longest that a request sleeps before it looks again, so that a countdown counts.
SLICE: Final = 1.0
# Another process is changing the file, which takes it a fraction of a millisecond.
BUSY: Final = 0.002
# How long that may take, where a process is stopped in the middle of it.
PATIENCE: Final = 1.0
RANDOM = SystemRandom().random
OPEN: Final = OpenGate()


class ProjectGate:
    """Lets the requests to one project through, as a budget allows.

    Threads may share it.

    Args:
        budget: Whose limits count.
        project: Host and project, for messages.
        key: 16 bytes that stand for them.
    """

    def __init__(self, budget: Budget, project: str, key: bytes) -> None:
        self.max_wait = budget.max_wait
        self._budget = budget
        self._project = project
        self._key = key

    def enter(self, request: QueryRequest, waited: float = 0.0) -> Turn | float:
        """Return the turn of a request, or the seconds to wait before asking again.

        Raises:
            RateLimitedError: If it would wait longer than the budget allows. Nothing
                was sent: the status is 429, as Mixpanel's would be, and the body empty.
        """
        limits = request.limits
        if not limits:
            return OPEN
        found = self._budget.use(self._key, lambda ledger: ledger.begin(limits))
        if found is None and waited <= self.max_wait + PATIENCE:
            return BUSY * (0.5 + RANDOM())
        if found is None:
            found = Wait(BUSY, f"a process keeps {self._budget.path} to itself", False)
        if isinstance(found, Wait):
            return self._wait(request, found, waited)
        if waited:
            self.tell_wait(0.0, "")
        return found

    def was_limited(self, error: RateLimitedError) -> None:
        """Take note that Mixpanel answered 429: others use the same project."""
        limits = error.request.limits
        asked, text = error.retry_after, error.body
        self._soon(lambda ledger: ledger.refuse(limits, asked, text))

    def tell_wait(self, seconds: float, reason: str) -> None:
        """Tell whoever watches that a request waits; 0 seconds say that it is over."""
        if self._budget.on_wait is not None:
            self._budget.on_wait(seconds, reason)

    def status(self) -> BudgetStatus:
        """Return what is left.

        Raises:
            MixpanelQueryError: If a process that is stopped keeps the file to itself.
        """
        found = self._soon(lambda ledger: ledger.standings())
        if found is None:
            problem = f"a process keeps {self._budget.path} to itself"
            raise MixpanelQueryError(f"{problem}; end it, or try again")
        file = self._budget.shared_file()
        rows = allowances(found, self._budget.clock())
        return BudgetStatus(rows, None if file is None else str(file))

    def _wait(self, request: QueryRequest, wait: Wait, waited: float) -> float:
        """Return the seconds to wait before looking again."""
        left = self.max_wait - waited
        if left < wait.seconds if wait.is_known else left <= 0:
            self.tell_wait(0.0, "")
            raise self._too_long(request, wait)
        if wait.is_known or waited >= SLICE:
            self.tell_wait(wait.seconds, wait.reason)
        if wait.is_known:
            return min(wait.seconds, SLICE)
        return wait.seconds * (0.5 + RANDOM())

    def _soon(self, work: Callable[[ProjectLedger], T]) -> T | None:
        """Work with the ledger as soon as nobody else does; None if that takes long."""
        for _ in range(int(PATIENCE / BUSY)):
            found = self._budget.use(self._key, work)
            if found is not None:
                return found
            time.sleep(BUSY)
        return None

    def _too_long(self, request: QueryRequest, wait: Wait) -> RateLimitedError:
        """Make the error of a request that would wait for too long."""
        when = "later"
        if wait.is_known:
            until = time.gmtime(self._budget.clock() + wait.seconds)
            clock = time.strftime("%H:%M:%S UTC", until)
            when = f"in {wait.seconds:.0f} seconds, at {clock}"
        allowed = f"{request.path} may wait {self.max_wait:g} seconds"
        return RateLimitedError(
            f"{self._project}: {wait.reason}, and {allowed}; nothing was sent; "
            f"ask again {when}, or allow a longer max_wait",
            request=request,
            status=429,
            body="",
            retry_after=wait.seconds if wait.is_known else None,
        )
