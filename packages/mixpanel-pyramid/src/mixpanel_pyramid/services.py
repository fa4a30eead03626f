"""Services: what is delivered to each, in which lanes, and by which sender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Protocol

from mixpanel_pyramid.answers import Attempt
from mixpanel_pyramid.destination import (
    CustomerioDestination,
    Destination,
    MixpanelDestination,
)
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.mixpanel_sender import MixpanelSender
from mixpanel_pyramid.outbox import Address

__all__ = ["LaneRule", "Sender", "Service", "service_of"]


class Sender(Protocol):
    """Posts batches; used by one thread at a time, in the process that made it."""

    def post(self, batch: Sequence[Message], within: float | None = None) -> Attempt:
        """Send messages of one endpoint; never raises."""

    def close(self) -> None:
        """Close the connection."""


@dataclass(frozen=True, slots=True)
class LaneRule:
    """Messages that wait for one another, and how many of them travel together.

    Attributes:
        name: What the lane is called, for the log.
        number: The lane's number in an outbox.
        endpoints: What waits in it.
        largest: Messages in a batch, at most.
        most_bytes: How large a batch may be.
    """

    name: str
    number: int
    endpoints: frozenset[str]
    largest: int
    most_bytes: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Service:
    """What delivers to a destination.

    Attributes:
        address: The destination as an outbox knows it.
        lanes: The lanes.
        make_sender: Makes what posts, in the thread that uses it.
    """

    address: Address
    lanes: tuple[LaneRule, ...]
    make_sender: Callable[[], Sender]


EVENTS = frozenset({"events", "imports"})
UPDATES = frozenset({"people", "groups"})
# https://developer.mixpanel.com/reference/import-events and .../profile-batch-update
MIXPANEL_LANES = (
    LaneRule("events", 0, EVENTS, 2000),
    LaneRule("profiles", 1, UPDATES, 200),
)

# https://docs.customer.io/integrations/api/track/#operation/batch
CUSTOMERIO_LANES = (
    LaneRule("customerio", 2, frozenset({"customer.io"}), 1000, 499_900),
)


def service_of(destination: Destination) -> Service:
    """Say how messages are delivered to a destination."""
    if isinstance(destination, CustomerioDestination):
        account = destination.account
        address = Address(
            f"customerio-{digest(account.site_id)}",
            f"Customer.io, {destination.base_url}",
        )
        return Service(
            address, CUSTOMERIO_LANES, lambda: customerio_sender(destination)
        )
    if not isinstance(destination, MixpanelDestination):
        raise TypeError(f"{destination!r} is no service that messages go to")
    address = Address(
        f"mixpanel-{digest(destination.token)}", f"Mixpanel, {destination.base_url}"
    )
    return Service(address, MIXPANEL_LANES, lambda: MixpanelSender(destination))


def customerio_sender(destination: CustomerioDestination) -> Sender:
    """Make what posts to Customer.io, imported only where something does."""
    sender: Sender = import_module(
        "mixpanel_pyramid.customerio_sender"
    ).CustomerioSender(destination)
    return sender


def digest(secret: str) -> str:
    """Give what tells one project from another, and nothing away.

    A project stays the same when its region or a proxy changes, so those do not
    count: what waits on disk is sent to where the project is now.
    """
    return sha256(b"mixpanel_pyramid\0" + secret.encode()).hexdigest()[:16]
