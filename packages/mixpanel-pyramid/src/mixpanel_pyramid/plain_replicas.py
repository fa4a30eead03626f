"""Replicas of plain messages, which are made when they are sent, not in the request.

A plain message says all that Customer.io gets: who, what, when, and scalars by name. So
it is kept once, for both services, and read again by the sender. Which messages that
suffices for is known from the plan: those of which no name and no size can be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

from mixpanel_pyramid.customerio_mirror import (
    LARGEST_ITEM,
    LONGEST_EVENT,
    LONGEST_ID,
    RESERVED,
    attribute_name,
    event_document,
    person_attribute,
    profile_document,
    ulid,
)
from mixpanel_pyramid.json_text import decoded, encoded
from mixpanel_pyramid.message import CUSTOMERIO, REPEATABLE, REPLICATED, Message
from mixpanel_schema import InvalidValueError, TrackingPlan
from mixpanel_schema.json_values import text_bytes
from mixpanel_schema.plain_values import ASCII_FITS, OWN_NAMES

__all__ = [
    "PlainReplicas",
    "plain_replicas",
    "replica_of",
    "replica_text",
    "written_replica_of",
]

SHORT_ID = LONGEST_ID // 4  # characters, none of which takes more than four bytes
ESCAPED = 6  # bytes that a byte of text may take in JSON
AROUND = 300  # bytes that stand around the attributes
AROUND_VALUE = 4
SHARED = REPEATABLE | REPLICATED
make = tuple.__new__


@dataclass(frozen=True, slots=True)
class PlainReplicas:
    """What of a plan Customer.io surely takes, as long as it is plain.

    Attributes:
        events: By event name, with how many properties at most; others are not there.
        profiles: With how many properties a profile's update may be.
    """

    events: Mapping[str, int] = field(default_factory=dict)
    profiles: int = -1

    def take_event(self, who: str, name: str, values: Sized) -> bool:
        """Tell whether Customer.io surely takes a plain event."""
        return len(who) <= SHORT_ID and len(values) <= self.events.get(name, -1)

    def take_profile(self, who: str, values: Sized) -> bool:
        """Tell whether it surely takes a plain ``$set``."""
        return len(who) <= SHORT_ID and len(values) <= self.profiles


def plain_replicas(plan: TrackingPlan) -> PlainReplicas:
    """Say what of a plan Customer.io takes without a closer look."""
    rooms = {id(kinds): room(kinds.looks) for kinds in plan.event_kinds.values()}
    return PlainReplicas(
        {
            name: rooms[id(kinds)]
            for name, kinds in plan.event_kinds.items()
            if text_bytes(name) <= LONGEST_EVENT
        },
        -1
        if any(person_attribute_is_reserved(n) for n in plan.profile_kinds.looks)
        else room(plan.profile_kinds.looks),
    )


def person_attribute_is_reserved(name: str) -> bool:
    """Tell whether a person's attribute of this name may be another's id."""
    return name.replace("$", "") in RESERVED


def room(names: Iterable[str]) -> int:
    """Tell how many plain properties of such names surely fit an item; -1 for none."""
    try:
        longest = max((text_bytes(person_attribute(name)) for name in names), default=0)
    except InvalidValueError:  # Customer.io has no such name
        return -1
    around = AROUND + ESCAPED * (LONGEST_ID + LONGEST_EVENT)
    return (LARGEST_ITEM - around) // (ESCAPED * (longest + ASCII_FITS) + AROUND_VALUE)


def replica_of(message: Message) -> Message:
    """Give the message for Customer.io of one that is ``REPLICATED``.

    Args:
        message: The message for Mixpanel, whose text it shares until it is sent.
    """
    # As the class would, without a call in Python.
    return make(Message, (CUSTOMERIO, message.text, SHARED, message.moment, None))


def written_replica_of(message: Message) -> Message:
    """Give the same for a disk, where a message is what will be sent."""
    return Message(CUSTOMERIO, replica_text(message), REPEATABLE, message.moment)


def replica_text(message: Message) -> str:
    """Give the text of an item for Customer.io, made here if it is ``REPLICATED``.

    >>> update = '{"$time":1.5,"$distinct_id":"joe","$set":{"$name":"Joe"}}'
    >>> text = replica_text(Message("people", update, REPEATABLE | REPLICATED))
    >>> text[text.index('"identifiers"'):]
    '"identifiers":{"id":"joe"},"attributes":{"name":"Joe"}}'
    """
    if not message.traits & REPLICATED:
        return message.text
    document: dict[str, Any] = decoded(message.text)
    if "event" not in document:
        values = document["$set"].items()
        attributes = {person_attribute(name): value for name, value in values}
        return encoded(profile_document(document["$distinct_id"], attributes))
    name, said = document["event"], document["properties"]
    who = said["distinct_id"]
    item = event_document(
        who,
        name,
        {attribute_name(n): said[n] for n in said if n not in OWN_NAMES},
        unique=ulid(said["$insert_id"], name, who),
        timestamp=int(said["time"]),
    )
    return encoded(item)
