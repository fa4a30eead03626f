"""Services: what is delivered to each, in which lanes, and by which sender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from mixpanel_pyramid.answers import Attempt
from mixpanel_pyramid.destination import (
    CustomerioDestination,
    Destination,
    MixpanelDestination,
)
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.mixpanel_sender import MixpanelSender
from mixpanel_pyramid.outbox_rows import Address

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
        mixes: Whether, while all goes well and much waits, what may be repeated
            travels together with what may not.
    """

    name: str
    number: int
    endpoints: frozenset[str]
    largest: int
    most_bytes: int = 2_000_000
    mixes: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """What delivers to a destination.

    Attributes:
        address: The destination as an outbox knows it.
        lanes: The lanes.
        make_sender: Makes what posts, in the thread that uses it.
        host: What takes the messages, for the log; by default the destination's.
        patience: Seconds that it may be away before messages that wait in memory are
            given up, where there is no outbox; None for ever.
    """

    address: Address
    lanes: tuple[LaneRule, ...]
    make_sender: Callable[[], Sender]
    host: str = ""
    patience: float | None = None


EVENTS = frozenset({"events", "imports"})
UPDATES = frozenset({"people", "groups"})
CUSTOMERIO_ITEMS = frozenset({"customer.io"})
# https://developer.mixpanel.com/reference/import-events and .../profile-batch-update
MIXPANEL_LANES = (
    LaneRule("events", 0, EVENTS, 2000),
    LaneRule("profiles", 1, UPDATES, 200, mixes=True),
)

CELERY_LANES = (
    LaneRule("events for Celery", 0, EVENTS, 200),
    LaneRule("profiles for Celery", 1, UPDATES, 200),
)
BROKER_PATIENCE = 2.0  # seconds; whoever needs more has an outbox


def service_of(destination: Destination) -> Service:
    """Say how messages are delivered to a destination."""
    if isinstance(destination, CustomerioDestination):
        return customerio_service(destination)
    if not isinstance(destination, MixpanelDestination):
        raise TypeError(f"{destination!r} is no service that messages go to")
    address = Address(
        f"mixpanel-{digest(destination.token)}", f"Mixpanel, {destination.base_url}"
    )
    if destination.celery_app:
        return celery_service(destination, destination.celery_app, address)
    return Service(address, MIXPANEL_LANES, lambda: MixpanelSender(destination))


def celery_service(
    destination: MixpanelDestination, name: str, address: Address
) -> Service:
    """Say how messages are handed to the workers that deliver them."""
    from mixpanel_pyramid.celery_sender import CelerySender, celery_application

    app, timeout = celery_application(name), destination.request_timeout
    return Service(
        address,
        CELERY_LANES,
        lambda: CelerySender(app, address.key, timeout),
        host=f"the broker of {name}",
        patience=BROKER_PATIENCE,
    )


def customerio_service(destination: CustomerioDestination) -> Service:
    """Say how messages are delivered to Customer.io."""
    # Imported where it is used, but not by the thread that posts: a process may fork
    # meanwhile.
    from mixpanel_pyramid.customerio_sender import CustomerioSender

    address = Address(
        f"customerio-{digest(destination.account.site_id)}",
        f"Customer.io, {destination.base_url}",
    )
    largest, most_bytes = CustomerioSender.largest, CustomerioSender.most_bytes
    lane = LaneRule("customerio", 2, CUSTOMERIO_ITEMS, largest, most_bytes)
    return Service(address, (lane,), lambda: CustomerioSender(destination))


def digest(secret: str) -> str:
    """Give what tells one project from another, and nothing away.

    A project stays the same when its region or a proxy changes, so those do not
    count: what waits on disk is sent to where the project is now.
    """
    return sha256(b"mixpanel_pyramid\0" + secret.encode()).hexdigest()[:16]
