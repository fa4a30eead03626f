"""Shelves: where the messages of a lane wait, and how a batch of them is taken.

What a batch may hold is the same wherever they wait; see also ``outbox_shelf``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mixpanel_pyramid.message import ALONE, Message

__all__ = ["Dead", "MemoryShelf", "Shelf", "batch_of"]


# Messages in a batch of both kinds. Fewer can wait for one another without falling
# behind, and an unclear answer makes fewer of them unknown.
LEAST_MIXED = 20


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that is not sent any more.

    Attributes:
        index: Its place in the batch.
        state: ``"refused"`` or, of a counting update, ``"unknown"``.
        reason: Why.
    """

    index: int
    state: str
    reason: str


class Shelf(Protocol):
    """Messages that wait, oldest first, and the batch that is under way.

    Attributes:
        has_more: Whether others waited that could not travel with the batch.
    """

    has_more: bool

    def batch(
        self, most: int, most_bytes: int, *, mixed: bool = False
    ) -> list[Message]:
        """Give the oldest messages that may travel together; they stay."""

    def begin(self) -> None:
        """Note that the batch given last is about to be posted."""

    def put_back(self) -> None:
        """Note that the batch given last was not applied, and stays."""

    def settle(self, dead: Sequence[Dead] = (), kept: Collection[int] = ()) -> None:
        """Take out the batch given last; some of it may have died, or stay.

        Args:
            dead: What is not sent any more.
            kept: The places of what stays.
        """

    def is_empty(self) -> bool:
        """Tell whether nothing waits."""


@dataclass(slots=True)
class MemoryShelf:
    """Messages that wait in memory; whoever uses it holds the consumer's lock.

    Attributes:
        waiting: The messages, oldest first.
        taken: How many the batch given last has.
        has_more: Whether others waited that could not travel with it.
        accepted: Messages ever taken in.
        settled: Messages ever settled, but for those with others ahead.
        ahead: Messages that stayed when others of their batch were settled.
        owed: What is settled, and counted when nothing is ahead of it any more.
    """

    waiting: deque[Message] = field(default_factory=deque)
    taken: int = 0
    has_more: bool = False
    accepted: int = 0
    settled: int = 0
    ahead: int = 0
    owed: int = 0

    def extend(self, messages: Iterable[Message]) -> None:
        """Take messages in."""
        before = len(self.waiting)
        self.waiting.extend(messages)
        self.accepted += len(self.waiting) - before

    def batch(
        self, most: int, most_bytes: int, *, mixed: bool = False
    ) -> list[Message]:
        """Give the oldest messages that may travel together; they stay."""
        batch = batch_of(self.waiting, most, most_bytes, mixed=mixed)
        self.taken = len(batch)
        self.has_more = len(self.waiting) > len(batch)
        return batch

    def begin(self) -> None:
        """Do nothing: what is in memory dies with the process anyhow."""

    def put_back(self) -> None:
        """Do nothing: what was given never left."""

    def settle(self, dead: Sequence[Dead] = (), kept: Collection[int] = ()) -> None:
        """Take out the batch given last; what died is counted elsewhere."""
        batch = [self.waiting.popleft() for _ in range(self.taken)]
        self.waiting.extendleft(batch[place] for place in sorted(kept, reverse=True))
        self.ahead = max(self.ahead - self.taken, 0) + len(kept)
        self.owed += self.taken - len(kept)
        if not self.ahead:
            self.settled, self.owed = self.settled + self.owed, 0
        self.taken = 0

    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self.waiting


def batch_of(
    messages: Iterable[Message], most: int, most_bytes: int, *, mixed: bool = False
) -> list[Message]:
    """Take the first messages that may travel together.

    All are of one endpoint. Identities travel alone, so that no other message shares
    their refusal.

    Args:
        messages: Messages in order; no more are asked for than needed.
        most: How many at most.
        most_bytes: How large they may be together; a single one may be larger.
        mixed: Whether, of many, some may be repeated and others not; otherwise all or
            none.
    """
    stream: Iterator[Message] = iter(messages)
    first = next(stream, None)
    if first is None:
        return []
    batch, size, alike = [first], first.size, 1
    if first.traits & ALONE or most <= 1:
        return batch
    for message in stream:
        size += message.size
        if size > most_bytes or not may_follow(message, first):
            break
        if message.repeatable == first.repeatable and alike == len(batch):
            alike += 1
        elif not mixed:
            break
        batch.append(message)
        if len(batch) >= most:
            break
    return batch if len(batch) >= LEAST_MIXED else batch[:alike]


def may_follow(message: Message, first: Message) -> bool:
    """Tell whether a message may travel with another one."""
    return (
        message.endpoint == first.endpoint
        and not message.traits & ALONE
        and message.credentials == first.credentials
    )
