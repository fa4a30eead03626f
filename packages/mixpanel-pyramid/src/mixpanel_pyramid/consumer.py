"""Consumers: what takes the messages of a tracker.

A consumer in the sense of the official ``mixpanel`` library has
``send(endpoint, json_message)``. The two here also take messages that are not text
yet, and can be released or discarded when the request is over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

from mixpanel_schema.json_values import Json

__all__ = [
    "BufferConsumer",
    "Fate",
    "Message",
    "MockedConsumer",
    "TrackerConsumer",
]

encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode

# Applied twice, these count twice: https://developer.mixpanel.com/reference/profile-numerical-add
COUNTING_OPERATIONS = frozenset({"$add", "$append", "$remove"})
EVENT_SYSTEM_PROPERTIES = ("$insert_id", "$lib_version", "mp_lib", "time", "token")
PROFILE_SYSTEM_PROPERTIES = ("$token", "$time")


class Message(NamedTuple):
    """One JSON document for Mixpanel.

    Attributes:
        endpoint: ``"events"``, ``"people"`` or ``"groups"``.
        text: The document.
        repeatable: Whether sending it twice leaves what sending it once does.
    """

    endpoint: str
    text: str
    repeatable: bool


class Fate(Enum):
    """What becomes of a message."""

    WAIT = "wait"
    RELEASE = "release"
    DISCARD = "discard"


class TrackerConsumer(Protocol):
    """What a tracker needs of its consumer."""

    def send(self, endpoint: str, json_message: str) -> None:
        """Take a message as text, as the official library gives it."""

    def keep(self, endpoint: str, message: dict[str, Json]) -> None:
        """Take a message that nobody else holds."""

    def release(self) -> None:
        """Hand over what waits."""

    def discard(self) -> None:
        """Forget what waits."""


def always_release() -> Fate:
    """Let every message leave at once, where there is no request to wait for."""
    return Fate.RELEASE


class BufferConsumer:
    """Holds messages until it is known what becomes of them.

    Args:
        hand_over: Takes released messages.
        fate: Tells what becomes of a message that comes now; by default it is handed
            over at once.
    """

    def __init__(
        self,
        hand_over: Callable[[list[Message]], None],
        fate: Callable[[], Fate] = always_release,
    ) -> None:
        self.hand_over = hand_over
        self.fate = fate
        self.waiting: list[Message] = []

    def send(self, endpoint: str, json_message: str) -> None:
        """Take a message as text, as the official library gives it."""
        repeatable = endpoint == "events" or is_repeatable(json.loads(json_message))
        self.take([Message(endpoint, json_message, repeatable)])

    def keep(self, endpoint: str, message: dict[str, Json]) -> None:
        """Take a message that nobody else holds."""
        repeatable = endpoint == "events" or is_repeatable(message)
        self.take([Message(endpoint, encode(message), repeatable)])

    def take(self, messages: Iterable[Message]) -> None:
        """Let messages wait, leave, or vanish, as their fate has it."""
        fate = self.fate()
        if fate is Fate.WAIT:
            self.waiting.extend(messages)
        elif fate is Fate.RELEASE:
            self.hand_over(list(messages))

    def flush(self) -> None:
        """Do nothing: messages leave when the request is over, never before.

        It is here for code that calls ``flush()`` of the official library's
        consumers; to wait for the delivery, use ``mixpanel_pyramid.flush``.
        """

    def release(self) -> None:
        """Hand over what waits."""
        waiting, self.waiting = self.waiting, []
        if waiting:
            self.hand_over(waiting)

    def discard(self) -> None:
        """Forget what waits."""
        self.waiting.clear()


@dataclass
class MockedConsumer:
    """Records messages instead of sending them.

    Attributes:
        mocked_messages: What was tracked, as ``{"endpoint": …, "msg": {…}}``; emptied
            when the request fails.
        DROP_SYSTEM_MESSAGE_PROPERTIES: Whether to leave out what every message has:
            token, time, insert id, library.
        flushed: Whether the messages were released.
        hand_over: Takes recorded messages when they are released.
        fate: Tells what becomes of a message that comes now.
    """

    mocked_messages: list[dict[str, Json]] = field(default_factory=list)
    DROP_SYSTEM_MESSAGE_PROPERTIES: bool = True
    flushed: bool = False
    hand_over: Callable[[MockedConsumer], None] | None = field(
        default=None, repr=False, compare=False, kw_only=True
    )
    fate: Callable[[], Fate] = field(
        default=always_release, repr=False, compare=False, kw_only=True
    )

    def __post_init__(self) -> None:
        self.released = 0
        self.adopted: list[MockedConsumer] = []

    def send(self, endpoint: str, json_message: str) -> None:
        """Record a message that comes as text, from the official library."""
        self.keep(endpoint, json.loads(json_message))

    def keep(self, endpoint: str, message: dict[str, Json]) -> None:
        """Record a message."""
        if self.fate() is Fate.DISCARD:
            return
        if self.DROP_SYSTEM_MESSAGE_PROPERTIES:
            drop_system_properties(message)
        self.mocked_messages.append({"endpoint": endpoint, "msg": message})

    def adopt(self, other: MockedConsumer) -> None:
        """Take what a subrequest recorded; the two share their fate from here on."""
        self.adopted.append(other)
        if self.fate() is Fate.DISCARD:
            other.discard()
        self.mocked_messages.extend(other.mocked_messages[other.released :])

    def flush(self) -> None:
        """Note that it was called."""
        self.flushed = True

    def release(self) -> None:
        """Note that the messages would be sent now."""
        self.flushed = True
        if self.hand_over:
            self.hand_over(self)
        self.released = len(self.mocked_messages)

    def discard(self) -> None:
        """Forget what was recorded."""
        self.mocked_messages.clear()
        for other in self.adopted:
            other.discard()


def is_repeatable(message: Mapping[str, Json]) -> bool:
    """Tell whether a profile's or group's update may be applied twice.

    >>> is_repeatable({"$distinct_id": "u1", "$set": {"Plan": "pro"}})
    True
    >>> is_repeatable({"$distinct_id": "u1", "$add": {"Logins": 1}})
    False
    """
    return COUNTING_OPERATIONS.isdisjoint(message)


def drop_system_properties(message: dict[str, Json]) -> None:
    """Take out what the library adds to every message."""
    properties = message.get("properties")
    if isinstance(properties, dict):
        for name in EVENT_SYSTEM_PROPERTIES:
            properties.pop(name, None)
    else:
        for name in PROFILE_SYSTEM_PROPERTIES:
            message.pop(name, None)
