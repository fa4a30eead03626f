"""The consumer of a tracker that sends: it holds messages until their fate is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mixpanel_pyramid.customerio_mirror import Item
from mixpanel_pyramid.journal import ABORTED, NOW, Journal
from mixpanel_pyramid.message import (
    REPLICATED,
    Message,
    customerio_message,
    event_message,
    message_from_text,
    mixpanel_message,
    profile_message,
)
from mixpanel_pyramid.tracker_consumer import (
    BIND,
    DISCARD,
    RELEASE,
    WAIT,
    Fate,
    always_release,
)
from mixpanel_pyramid.waiting import Waiting, among, without
from mixpanel_schema.json_values import Json

__all__ = ["BufferConsumer"]


class BufferConsumer:
    """Holds messages until it is known what becomes of them.

    Args:
        token: The project's token, which messages wait without.
        hand_over: Takes released messages.
        fate: Tells what becomes of a message that comes now; by default it is handed
            over at once.
        hand_over_now: Takes messages that wait for nothing; by default as the others.
        wait_for_delivery: Waits, so many seconds at most, until what was handed over is
            delivered; None in a request, which waits for no network.
        journal: Keeps what becomes of them, for those who want to know.
    """

    DROP_SYSTEM_MESSAGE_PROPERTIES = False

    def __init__(
        self,
        token: str,
        hand_over: Callable[[list[Message]], None],
        fate: Callable[[], Fate] = always_release,
        hand_over_now: Callable[[list[Message]], None] | None = None,
        *,
        wait_for_delivery: Callable[[float], bool] | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.token = token
        self.hand_over = hand_over
        self.fate = fate
        self.hand_over_now = hand_over_now or hand_over
        self.wait_for_delivery = wait_for_delivery
        self.journal = journal
        self.replicates_itself = journal is None  # which has an entry for each of two
        self.waiting: Waiting[Message] = Waiting()

    def send(
        self,
        endpoint: str,
        json_message: str,
        api_key: object = None,
        api_secret: str | None = None,
    ) -> None:
        """Take a message as text, as the official library gives it.

        Args:
            endpoint: Where it goes.
            json_message: The message.
            api_key: What an import came with; the library packs key and secret into a
                pair.
            api_secret: The same.
        """
        pair = api_key if isinstance(api_key, tuple) else (api_key, api_secret)
        credentials = pair if any(pair) else None
        self.put(message_from_text(endpoint, json_message, self.token, credentials))

    def keep(
        self, endpoint: str, message: dict[str, Json], *, now: bool = False
    ) -> None:
        """Take a message that nobody else holds, and that perhaps waits for nothing."""
        self.put(mixpanel_message(endpoint, message, self.token), now=now)

    def keep_event(
        self, name: str, properties: dict[str, Json], *, replicated: bool = False
    ) -> None:
        """Take a plain event whose properties lack nothing but the token."""
        self.put(event_message(name, properties, REPLICATED if replicated else 0))

    def keep_profile(
        self, update: dict[str, Json], *, replicated: bool = False
    ) -> None:
        """Take a plain ``$set`` that lacks nothing but the token."""
        self.put(profile_message(update, REPLICATED if replicated else 0))

    def replicate(self, item: Item, moment: float, *, now: bool = False) -> None:
        """Take an item for Customer.io, which obeys the same deferral."""
        self.put(customerio_message(item, moment), now=now)

    def put(self, message: Message, *, now: bool = False) -> None:
        """Let a new message wait, leave, or vanish, as its fate has it."""
        if self.journal is not None:
            self.journal.enter(message.endpoint, message, NOW if now else "")
            (self.hand_over_now if now else self.take)([message])
            return
        fate = RELEASE if now else self.fate()
        if fate is WAIT:
            self.waiting.messages.append(message)
        elif fate is BIND:
            self.waiting.add([message], is_bound=True)
        elif fate is RELEASE:
            (self.hand_over_now if now else self.hand_over)([message])

    def take(
        self, messages: Iterable[Message], committed: Sequence[Message] = ()
    ) -> None:
        """Let messages wait, leave, or vanish, as their fate has it.

        Args:
            messages: The messages.
            committed: Those among them that cannot vanish any more.
        """
        fate = self.fate()
        taken = list(messages)
        if fate is DISCARD:
            self.note_lost(without(taken, committed))
            fate, taken = RELEASE, among(taken, committed)
        if fate is not RELEASE:
            self.waiting.add(taken, is_bound=fate is BIND, committed=committed)
        elif taken:
            self.hand_over(taken)

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until what was handed over is delivered; in a request, do nothing.

        There, messages leave when the request is over, never before.

        Args:
            timeout: Seconds to wait at most.

        Returns:
            Whether nothing waits any more.
        """
        if self.wait_for_delivery is not None:
            return self.wait_for_delivery(timeout)
        return not len(self.waiting)

    def release(self) -> None:
        """Hand over what waits, except for the end of a transaction."""
        released = self.waiting.release()
        if released:
            self.hand_over(released)

    def discard(self) -> None:
        """Forget what waits for the answer; hand over what was committed."""
        self.note_lost(self.waiting.discard())
        self.release()

    def drop(self) -> None:
        """Forget all that waits, also what was committed."""
        self.note_lost(self.waiting.drop())

    def mark(self) -> int:
        """Count what waits for the end of the transaction."""
        return len(self.waiting.bound)

    def roll_back(self, mark: int, why: str = ABORTED) -> None:
        """Forget what waits for the end of the transaction, but the first so many."""
        self.note_lost(self.waiting.roll_back(mark), why)

    def commit(self) -> None:
        """Note that the transaction is committed."""
        self.waiting.commit()

    def note_lost(self, messages: list[Message], why: str = "") -> None:
        """Note that messages were forgotten."""
        if self.journal is not None:
            self.journal.drop(messages, why)
