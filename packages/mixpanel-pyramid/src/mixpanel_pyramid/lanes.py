"""Lanes: messages in order, and what an attempt to deliver some of them leads to.

No network, no clock and no thread: those are the background consumer's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.shelves import Dead, MemoryShelf, Shelf

__all__ = ["Backoff", "Lane", "Result"]

# https://developer.mixpanel.com/reference/import-events: 10 MB uncompressed is
# documented, and an answer that says 2 MiB is shown.
MOST_BYTES = 2_000_000
MOST_REFUSALS = 16  # in a row; then the service refuses all, and not one of a batch


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


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the messages of a batch.

    Attributes:
        sent: How many the service took.
        refused: How many it read and did not want.
        unknown: How many counting updates may have been applied, or not.
        retried: How many are tried again.
        dropped: How many were given up, because the service was away for long.
        reason: Why not all were sent.
    """

    sent: int = 0
    refused: int = 0
    unknown: int = 0
    retried: int = 0
    dropped: int = 0
    reason: str = ""


@dataclass(slots=True)
class Lane:
    """Messages that are delivered in order.

    A message stays until it is settled: accepted, refused, or unknown.

    Attributes:
        name: What the lane is called, for the log.
        largest: Messages in a batch, at most.
        most_bytes: How large a batch may be.
        backoff: How long to wait after a failure.
        shelf: Where the messages wait.
        patience: Seconds that the service may be away before a batch is given up;
            None for ever.
        failures: Failed attempts in a row.
        failing_since: Monotonic time of the first of them.
        refusals: Messages refused one by one, with none accepted in between.
        retry_at: Monotonic time before which nothing is attempted.
        attempted_at: Monotonic time of the latest attempt.
        is_held: Whether the server itself asked for the pause.
        limit: Messages in the next batch, at most.
        mixes: Whether, while all goes well and much waits, what may be repeated
            travels together with what may not.
    """

    name: str
    largest: int
    most_bytes: int = MOST_BYTES
    backoff: Backoff = field(default_factory=Backoff)
    shelf: Shelf = field(default_factory=MemoryShelf)
    patience: float | None = None
    failures: int = 0
    failing_since: float = 0.0
    refusals: int = 0
    retry_at: float = 0.0
    attempted_at: float = 0.0
    is_held: bool = False
    limit: int = 0
    mixes: bool = False

    def __post_init__(self) -> None:
        self.limit = self.largest

    def next_batch(self) -> list[Message]:
        """Give the oldest messages that may travel together; they stay.

        Where an app counts and sets in turn, each update would else need a post, and
        the delivery would fall behind for ever. In trouble, counting updates travel
        alone: an unclear answer makes as few of them unknown as can be.
        """
        mixed = self.mixes and not self.failures and not self.refusals
        return self.shelf.batch(self.limit, self.most_bytes, mixed=mixed)

    def settle(
        self, batch: list[Message], attempt: Attempt, *, now: float, jitter: float
    ) -> Result:
        """Draw the consequence of an attempt.

        Args:
            batch: What ``next_batch`` gave.
            attempt: How it ended.
            now: Monotonic time.
            jitter: From 0 up to 1.
        """
        self.attempted_at = now
        outcome, number, reason = attempt.outcome, len(batch), attempt.reason
        if outcome is Outcome.ACCEPTED:
            return self.accept(number, attempt.refused, now)
        if outcome in {Outcome.REFUSED, Outcome.TOO_LARGE}:
            return self.refuse(batch, outcome, reason, now)
        self.back_off(attempt, now, jitter)
        if outcome is Outcome.AMBIGUOUS and (counting := counting_in(batch)):
            kept = self.bury(batch, counting, "unknown", reason)
            return Result(unknown=len(counting), retried=kept, reason=reason)
        if self.patience is not None and now - self.failing_since >= self.patience:
            self.shelf.settle()
            return Result(dropped=number, reason=reason)
        self.shelf.put_back()
        return Result(retried=number, reason=reason)

    def refuse(
        self, batch: list[Message], outcome: Outcome, reason: str, now: float
    ) -> Result:
        """Try half of a batch that was not wanted, or settle it."""
        number = len(batch)
        if number > 1 and self.may_halve(batch, outcome):
            self.limit = number // 2
            self.shelf.put_back()
            return Result(retried=number, reason=reason)
        self.refusals += 1
        counting = counting_in(batch)
        if 0 < len(counting) < number:  # whose refusal it was, nobody knows
            kept = self.bury(batch, counting, "unknown", reason)
            return Result(unknown=len(counting), retried=kept, reason=reason)
        self.finish([Dead(i, "refused", reason) for i in range(number)], now)
        return Result(refused=number, reason=reason)

    def bury(
        self, batch: list[Message], places: list[int], state: str, reason: str
    ) -> int:
        """Settle some of a batch, which are not sent again; count those that stay."""
        kept = set(range(len(batch))).difference(places)
        self.shelf.settle([Dead(place, state, reason) for place in places], kept)
        return len(kept)

    def accept(
        self, number: int, refused: tuple[tuple[int, str], ...], now: float
    ) -> Result:
        """Settle a batch that was taken, but perhaps not all of it."""
        dead = [Dead(index, "refused", reason) for index, reason in refused]
        if len(dead) < number:
            self.refusals = 0
        self.finish(dead, now)
        reason = refused[0][1] if refused else ""
        return Result(sent=number - len(dead), refused=len(dead), reason=reason)

    def finish(self, dead: list[Dead], now: float) -> None:
        """Settle a batch, and go on at once."""
        self.shelf.settle(dead)
        self.failures, self.retry_at, self.is_held = 0, now, False
        # A service that took half a batch may take a larger one, by and by.
        self.limit = min(self.largest, self.limit + self.largest // 20 + 1)

    def may_halve(self, batch: list[Message], outcome: Outcome) -> bool:
        """Tell whether half of a batch may fare better than all of it.

        A refusal of all may be that of one, which must not take the others with it.
        Nothing is known to be applied then, but counting updates are not put at risk.
        """
        if outcome is Outcome.TOO_LARGE:
            return True
        return not counting_in(batch) and self.refusals < MOST_REFUSALS

    def back_off(self, attempt: Attempt, now: float, jitter: float) -> None:
        """Leave the service alone for a while."""
        if not self.failures:
            self.failing_since = now
        self.failures += 1
        delay = self.backoff.delay(self.failures, jitter)
        self.is_held = attempt.retry_after is not None
        self.retry_at = now + max(delay, attempt.retry_after or 0.0)

    def hurry(self, now: float) -> None:
        """Attempt the next batch at once, unless the server asked for the pause."""
        if not self.is_held:
            self.retry_at = min(self.retry_at, now)


def counting_in(batch: list[Message]) -> list[int]:
    """Give the places of the updates that may not be repeated."""
    return [place for place, message in enumerate(batch) if not message.repeatable]
