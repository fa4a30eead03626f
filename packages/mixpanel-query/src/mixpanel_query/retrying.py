"""Asking again: after which errors, how often, and after how long a pause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import SystemRandom

from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    ExportTruncatedError,
    InvalidQueryError,
    MixpanelDownError,
    MixpanelQueryError,
    NoAnswerError,
    RateLimitedError,
)
from mixpanel_query.wire import QueryRequest

__all__ = ["RANDOM", "Attempts", "RetryPolicy", "countdown"]

RANDOM = SystemRandom().random


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a question is asked again, and after how long a pause.

    The pause doubles with each failure, and a random part of it is left out, so that
    clients that failed together do not come back together. Where Mixpanel says how
    long to wait, that counts.

    Attributes:
        attempts: How often a question is asked at most; 1 asks once.
        first_pause: Seconds before the second attempt.
        longest_pause: Seconds that no pause exceeds, but for one Mixpanel asks for.

    Raises:
        InvalidQueryError: If one of them cannot be right.

    >>> RetryPolicy(attempts=1).attempts
    1
    """

    attempts: int = 4
    first_pause: float = 1.0
    longest_pause: float = 60.0

    def __post_init__(self) -> None:
        """Refuse what cannot be right."""
        if self.attempts < 1:
            problem = f"attempts {self.attempts} is less than 1"
            raise InvalidQueryError(f"{problem}; 1 asks once and never again")
        for name in ("first_pause", "longest_pause"):
            seconds = getattr(self, name)
            if not seconds >= 0:
                raise InvalidQueryError(f"{name} {seconds} is negative; give seconds")


class Attempts:
    """The attempts to get one answer; used by one thread.

    Args:
        policy: How often, and how long between them.
        request: What is asked.
        max_wait: Seconds that Mixpanel may ask for; a longer wait is an error at once.
        random: A number from 0 to 1, for the random part of a pause.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        request: QueryRequest,
        max_wait: float,
        random: Callable[[], float] = RANDOM,
    ) -> None:
        self.policy = policy
        self.request = request
        self.max_wait = max_wait
        self.random = random
        self.failures = 0

    def pause_after(self, error: MixpanelQueryError) -> float | None:
        """Return the seconds to wait before the next attempt; None for no other one."""
        self.failures += 1
        policy = self.policy
        if self.failures >= policy.attempts or not self.may_help(error):
            return None
        asked = None
        if isinstance(error, (RateLimitedError, MixpanelDownError)):
            asked = error.retry_after
        if asked is not None:
            return asked if asked <= self.max_wait else None
        pause = min(
            policy.first_pause * 2.0 ** (self.failures - 1), policy.longest_pause
        )
        return pause * (1 - self.random() / 2)

    def may_help(self, error: MixpanelQueryError) -> bool:
        """Tell whether asking again may help, and cannot do anything twice."""
        if isinstance(error, RateLimitedError):
            return True  # it was not looked at
        if not self.request.repeatable or isinstance(error, AnswerTimeoutError):
            return False  # a query that takes too long takes too long again
        return isinstance(
            error, (MixpanelDownError, NoAnswerError, ExportTruncatedError)
        )


def countdown(seconds: float) -> Iterator[tuple[float, float]]:
    """Cut a pause into parts of a second, each with what is left before it.

    >>> list(countdown(2.5))
    [(2.5, 1.0), (1.5, 1.0), (0.5, 0.5)]
    """
    while seconds > 0:
        part = min(seconds, 1.0)
        yield seconds, part
        seconds -= part
