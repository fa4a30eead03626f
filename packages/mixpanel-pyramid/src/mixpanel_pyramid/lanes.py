"""Lanes: messages in order, and what an attempt to deliver some of them leads to.

No network, no clock and no thread: those are the background consumer's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from mixpanel_pyramid.consumer import Message
from mixpanel_pyramid.delivery import Attempt, Outcome

__all__ = ["Backoff", "Lane"]

# https://developer.mixpanel.com/reference/import-events: 10 MB uncompressed is
# documented, and an answer that says 2 MiB is shown.
MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to leave a service alone that does not take messages.

    Attributes:
        first: Seconds after the first failure.
        longest: Seconds at most; a ``Retry-After`` may ask for more.
    """

    first: float = 1.0
    longest: float = 60.0

    def delay(self, failures: int, jitter: float) -> float:
        """Give the seconds until the next attempt.

        Args:
            failures: Failures in a row, at least 1.
            jitter: From 0 up to 1, drawn by the caller; it keeps many processes from
                returning together.

        >>> Backoff(first=1.0, longest=60.0).delay(3, jitter=0.5)
        3.0
        """
        doubled = self.first * 2.0 ** min(failures - 1, 30)
        return min(doubled, self.longest) * (0.5 + jitter / 2)


@dataclass(slots=True)
class Lane:
    """Messages that are delivered in order.

    A message stays until it is settled: accepted, refused, or unknown.

    Attributes:
        largest: Messages in a batch, at most.
        backoff: How long to wait after a failure.
        waiting: Messages that are not settled, oldest first.
        accepted: Messages ever taken in.
        settled: Messages ever settled.
        failures: Failed attempts in a row.
        retry_at: Monotonic time before which nothing is attempted.
        attempted_at: Monotonic time of the latest attempt.
        is_held: Whether the server itself asked for the pause.
        limit: Messages in the next batch, at most.
    """

    largest: int
    backoff: Backoff = field(default_factory=Backoff)
    waiting: deque[Message] = field(default_factory=deque)
    accepted: int = 0
    settled: int = 0
    failures: int = 0
    retry_at: float = 0.0
    attempted_at: float = 0.0
    is_held: bool = False
    limit: int = 0

    def __post_init__(self) -> None:
        self.limit = self.largest

    def extend(self, messages: Iterable[Message]) -> None:
        """Take messages in."""
        before = len(self.waiting)
        self.waiting.extend(messages)
        self.accepted += len(self.waiting) - before

    def next_batch(self) -> list[Message]:
        """Give the oldest messages that may travel together, without taking them out.

        All are of one endpoint, and all may be repeated or none may: so an unclear
        answer never forces a choice between losing one kind and doubling the other.
        """
        batch: list[Message] = []
        size = 0
        for message in self.waiting:
            size += len(message.text) + 1
            if batch and (
                len(batch) >= self.limit
                or size > MOST_BYTES
                or message.endpoint != batch[0].endpoint
                or message.repeatable != batch[0].repeatable
            ):
                break
            batch.append(message)
        return batch

    def settle(
        self, batch: list[Message], attempt: Attempt, *, now: float, jitter: float
    ) -> str:
        """Draw the consequence of an attempt.

        Args:
            batch: What ``next_batch`` gave.
            attempt: How it ended.
            now: Monotonic time.
            jitter: From 0 up to 1.

        Returns:
            What became of the batch: ``"sent"``, ``"refused"``, ``"unknown"`` or
            ``"retried"``.
        """
        self.attempted_at = now
        outcome = attempt.outcome
        if outcome is Outcome.TOO_LARGE and len(batch) > 1:
            self.limit = len(batch) // 2
            return "retried"
        if outcome in {Outcome.ACCEPTED, Outcome.REFUSED, Outcome.TOO_LARGE}:
            self.remove(batch)
            self.failures, self.retry_at, self.is_held = 0, now, False
            self.limit = self.largest
            return "sent" if outcome is Outcome.ACCEPTED else "refused"
        self.back_off(attempt, now, jitter)
        if outcome is Outcome.AMBIGUOUS and not batch[0].repeatable:
            self.remove(batch)
            return "unknown"
        return "retried"

    def back_off(self, attempt: Attempt, now: float, jitter: float) -> None:
        """Leave the service alone for a while."""
        self.failures += 1
        delay = self.backoff.delay(self.failures, jitter)
        self.is_held = attempt.retry_after is not None
        self.retry_at = now + max(delay, attempt.retry_after or 0.0)

    def remove(self, batch: list[Message]) -> None:
        """Settle the oldest messages."""
        for _ in batch:
            self.waiting.popleft()
        self.settled += len(batch)

    def hurry(self, now: float) -> None:
        """Attempt the next batch at once, unless the server asked for the pause."""
        if not self.is_held:
            self.retry_at = min(self.retry_at, now)
