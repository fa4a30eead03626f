"""What a tracker needs of its consumer, and what may become of a message."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from mixpanel_pyramid.customerio_mirror import Item
from mixpanel_pyramid.journal import ABORTED, Journal
from mixpanel_schema.json_values import Json

__all__ = [
    "BIND",
    "DISCARD",
    "RELEASE",
    "WAIT",
    "Fate",
    "TrackerConsumer",
    "always_release",
]


class Fate(Enum):
    """What becomes of a message.

    It waits for the answer, is bound to a transaction, leaves at once, or vanishes.
    """

    WAIT = "wait"
    BIND = "bind"
    RELEASE = "release"
    DISCARD = "discard"


# By a name of their own, as reading them from the class costs ten times as much.
WAIT, BIND, RELEASE, DISCARD = Fate


class TrackerConsumer(Protocol):
    """What a tracker needs of its consumer.

    Attributes:
        DROP_SYSTEM_MESSAGE_PROPERTIES: Whether it leaves out what every message has.
        journal: Keeps what becomes of the messages, for those who want to know.
        replicates_itself: Whether what is made for Customer.io of a plain message may
            be left to it.
    """

    DROP_SYSTEM_MESSAGE_PROPERTIES: bool
    journal: Journal | None
    replicates_itself: bool

    def send(
        self,
        endpoint: str,
        json_message: str,
        api_key: object = None,
        api_secret: str | None = None,
    ) -> None:
        """Take a message as text, as the official library gives it."""

    def keep(
        self, endpoint: str, message: dict[str, Json], *, now: bool = False
    ) -> None:
        """Take a message that nobody else holds, and that perhaps waits for nothing."""

    def keep_event(
        self, name: str, properties: dict[str, Json], *, replicated: bool = False
    ) -> None:
        """Take a plain event.

        Args:
            name: Its name.
            properties: What its message holds, but for the token; where
                ``DROP_SYSTEM_MESSAGE_PROPERTIES``, without all that this leaves out.
            replicated: Whether Customer.io gets it too.
        """

    def keep_profile(
        self, update: dict[str, Json], *, replicated: bool = False
    ) -> None:
        """Take a plain ``$set`` of a user's profile; arguments are as for events."""

    def replicate(self, item: Item, moment: float, *, now: bool = False) -> None:
        """Take an item for Customer.io in the same way, and when it was tracked."""

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until what was handed over is delivered, where there is no request."""

    def release(self) -> None:
        """Hand over what waits, except for the end of a transaction."""

    def discard(self) -> None:
        """Forget what waits for the answer; hand over what was committed."""

    def drop(self) -> None:
        """Forget all that waits, also what was committed."""

    def mark(self) -> int:
        """Count what waits for the end of the transaction."""

    def roll_back(self, mark: int, why: str = ABORTED) -> None:
        """Forget what waits for the end of the transaction, but the first so many."""

    def commit(self) -> None:
        """Note that the transaction is committed."""


def always_release() -> Fate:
    """Let every message leave at once, where there is no request to wait for."""
    return Fate.RELEASE
