"""Messages that wait, in order, and what each of them waits for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

__all__ = ["Waiting", "among", "without"]

T = TypeVar("T")


class Waiting(Generic[T]):
    """Messages in the order in which they were tracked.

    Each waits for the answer to the request or, tracked inside a transaction, for the
    end of that. They leave in one order whatever they waited for, because of two
    updates of a profile the later one must win. They are told apart by identity, as
    the same thing may be tracked twice.

    Attributes:
        messages: All that wait.
        bound: Those among them that wait for the end of a transaction.
        committed: What transactions committed, also after it was released; no answer
            takes it back.
    """

    def __init__(self) -> None:
        self.messages: list[T] = []
        self.bound: list[T] = []
        self.committed: list[T] = []

    def __len__(self) -> int:
        return len(self.messages)

    def add(
        self, messages: list[T], *, is_bound: bool, committed: Sequence[T] = ()
    ) -> None:
        """Let messages wait.

        Args:
            messages: The messages.
            is_bound: Whether they wait for the end of a transaction.
            committed: Those that a transaction of a subrequest has committed already.
        """
        self.messages.extend(messages)
        if committed:
            self.committed.extend(among(messages, committed))
            messages = without(messages, committed)
        if is_bound:
            self.bound.extend(messages)

    def commit(self) -> None:
        """Note that the transaction is committed."""
        self.committed.extend(self.bound)
        self.bound.clear()

    def roll_back(self, mark: int = 0) -> list[T]:
        """Take out, and give, what the transaction bound after so many messages."""
        dropped = self.bound[mark:]
        if dropped:
            del self.bound[mark:]
            self.messages = without(self.messages, dropped)
        return dropped

    def discard(self) -> list[T]:
        """Take out, and give, what waits for the answer and was never committed."""
        kept = self.bound + self.committed
        dropped = without(self.messages, kept)
        self.messages = among(self.messages, kept)
        return dropped

    def drop(self) -> list[T]:
        """Take out, and give, all that waits, committed or not."""
        dropped = self.messages
        self.messages, self.bound, self.committed = [], [], []
        return dropped

    def release(self) -> list[T]:
        """Take out, and give, all but what waits for the end of a transaction."""
        if not self.bound:
            released, self.messages = self.messages, []
            return released
        released = without(self.messages, self.bound)
        self.messages = list(self.bound)
        return released


def among(messages: Sequence[T], chosen: Sequence[T]) -> list[T]:
    """Give the messages that are also among the chosen, in their order."""
    identities = {id(message) for message in chosen}
    return [message for message in messages if id(message) in identities]


def without(messages: Sequence[T], dropped: Sequence[T]) -> list[T]:
    """Give the messages that are not among the dropped, in their order."""
    identities = {id(message) for message in dropped}
    return [message for message in messages if id(message) not in identities]
