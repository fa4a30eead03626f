"""The consumer of a tracker that records: it keeps messages for tests to look at."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from mixpanel_pyramid.customerio_mirror import Item, recorded_item
from mixpanel_pyramid.journal import ABORTED, NOW, Journal
from mixpanel_pyramid.message import CUSTOMERIO
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

__all__ = ["RECORDING_TOKEN", "MockedConsumer"]

RECORDING_TOKEN = "testing"  # noqa: S105  # stands where a token would
EVENT_SYSTEM_PROPERTIES = ("$insert_id", "$lib_version", "mp_lib", "time", "token")
PROFILE_SYSTEM_PROPERTIES = ("$token", "$time")


@dataclass
class MockedConsumer:
    """Records messages instead of sending them.

    Attributes:
        mocked_messages: What was tracked, as ``{"endpoint": …, "msg": {…}}``; emptied
            when the request fails.
        DROP_SYSTEM_MESSAGE_PROPERTIES: Whether to leave out what every message has:
            token, time, insert id, library.
        flushed: Whether the messages were released.
        hand_over: Takes the released messages, and this consumer, when they are
            released.
        fate: Tells what becomes of a message that comes now.
        journal: Keeps what becomes of them, for those who want to know.
    """

    mocked_messages: list[dict[str, Json]] = field(default_factory=list)
    DROP_SYSTEM_MESSAGE_PROPERTIES: bool = True
    flushed: bool = False
    hand_over: Callable[[MockedConsumer, list[dict[str, Json]]], None] | None = field(
        default=None, repr=False, compare=False, kw_only=True
    )
    fate: Callable[[], Fate] = field(
        default=always_release, repr=False, compare=False, kw_only=True
    )
    journal: Journal | None = field(
        default=None, repr=False, compare=False, kw_only=True
    )

    def __post_init__(self) -> None:
        self.replicates_itself = False  # what Customer.io gets is recorded as well
        self.waiting: Waiting[dict[str, Json]] = Waiting()
        self.adopted: list[MockedConsumer] = []

    def send(
        self,
        endpoint: str,
        json_message: str,
        api_key: object = None,
        api_secret: str | None = None,
    ) -> None:
        """Record a message that comes as text, from the official library."""
        self.keep(endpoint, json.loads(json_message))

    def keep_event(
        self, name: str, properties: dict[str, Json], *, replicated: bool = False
    ) -> None:
        """Record an event; where its properties show a time, they show a token too."""
        if not self.DROP_SYSTEM_MESSAGE_PROPERTIES:
            properties = {"token": RECORDING_TOKEN, **properties}
        message: dict[str, Json] = {"event": name, "properties": properties}
        fate = self.fate()
        if fate is WAIT and self.journal is None:  # as nearly all do; without a call
            recorded: dict[str, Json] = {"endpoint": "events", "msg": message}
            self.mocked_messages.append(recorded)
            self.waiting.messages.append(recorded)
        else:
            self.place("events", message, fate)

    def keep_profile(
        self, update: dict[str, Json], *, replicated: bool = False
    ) -> None:
        """Record an update in the same way."""
        if not self.DROP_SYSTEM_MESSAGE_PROPERTIES:
            update = {"$token": RECORDING_TOKEN, **update}
        self.record("people", update)

    def keep(
        self, endpoint: str, message: dict[str, Json], *, now: bool = False
    ) -> None:
        """Record a message; one that waits for nothing stays."""
        if self.DROP_SYSTEM_MESSAGE_PROPERTIES:
            drop_system_properties(message)
        self.record(endpoint, message, now=now)

    def replicate(self, item: Item, moment: float, *, now: bool = False) -> None:
        """Record an item for Customer.io as pyramid_mixpanel does."""
        self.record(CUSTOMERIO, recorded_item(item), now=now)

    def record(
        self, endpoint: str, message: dict[str, Json], *, now: bool = False
    ) -> None:
        """Record a message as it is."""
        fate = RELEASE if now else self.fate()
        self.place(endpoint, message, fate, NOW if now else "")

    def place(
        self, endpoint: str, message: dict[str, Json], fate: Fate, why: str = ""
    ) -> None:
        """Show a message, unless it vanishes, and let it wait if it has to."""
        recorded: dict[str, Json] = {"endpoint": endpoint, "msg": message}
        if self.journal is not None:
            note(self.journal, recorded, fate, why)
        if fate is WAIT:
            self.mocked_messages.append(recorded)
            self.waiting.messages.append(recorded)
        elif fate is not DISCARD:
            self.mocked_messages.append(recorded)
            if fate is BIND:
                self.waiting.add([recorded], is_bound=True)

    def adopt(self, other: MockedConsumer, messages: list[dict[str, Json]]) -> None:
        """Take what a subrequest released; the two share its fate from here on."""
        self.adopted.append(other)
        fate = self.fate()
        committed = other.waiting.committed
        if fate is DISCARD:
            self.forget(without(messages, committed))
            fate, messages = RELEASE, among(messages, committed)
        self.mocked_messages.extend(messages)
        if fate is not RELEASE:
            self.waiting.add(messages, is_bound=fate is BIND, committed=committed)

    def flush(self, timeout: float = 5.0) -> bool:
        """Note that it was called; there is nothing to wait for."""
        self.flushed = True
        return True

    def release(self) -> None:
        """Note that the messages would be sent now."""
        self.flushed = True
        released = self.waiting.release()
        if released and self.hand_over:
            self.hand_over(self, released)

    def discard(self) -> None:
        """Forget what waits for the answer; release what was committed."""
        self.forget(self.waiting.discard())
        if len(self.waiting) > len(self.waiting.bound):
            self.release()

    def drop(self) -> None:
        """Forget all that waits, also what was committed."""
        self.forget(self.waiting.drop())

    def mark(self) -> int:
        """Count what waits for the end of the transaction."""
        return len(self.waiting.bound)

    def roll_back(self, mark: int, why: str = ABORTED) -> None:
        """Forget what waits for the end of the transaction, but the first so many."""
        self.forget(self.waiting.roll_back(mark), why)

    def commit(self) -> None:
        """Note that the transaction is committed."""
        self.waiting.commit()

    def forget(self, messages: list[dict[str, Json]], why: str = "") -> None:
        """Show messages no longer, nor where they were adopted from."""
        if messages:
            if self.journal is not None:
                self.journal.drop(messages, why)
            self.mocked_messages[:] = without(self.mocked_messages, messages)
            for other in self.adopted:
                other.forget(messages)


def note(journal: Journal, recorded: dict[str, Json], fate: Fate, why: str) -> None:
    """Put a recorded message into a journal, with what becomes of it at once."""
    journal.enter(str(recorded["endpoint"]), recorded)
    if fate is RELEASE:
        journal.leave([recorded], why)
    elif fate is DISCARD:
        journal.drop([recorded])


def drop_system_properties(message: dict[str, Json]) -> None:
    """Take out what the library adds to every message."""
    properties = message.get("properties")
    if isinstance(properties, dict):
        for name in EVENT_SYSTEM_PROPERTIES:
            properties.pop(name, None)
    else:
        for name in PROFILE_SYSTEM_PROPERTIES:
            message.pop(name, None)
