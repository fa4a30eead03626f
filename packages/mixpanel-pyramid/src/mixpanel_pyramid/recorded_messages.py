"""Recorded messages, as tests look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mixpanel_pyramid.journal import Entry
from mixpanel_schema import Property
from mixpanel_schema.json_values import Json

__all__ = [
    "CustomerioCopy",
    "GroupUpdate",
    "ProfileUpdate",
    "TrackedEvent",
    "customerio_copy",
    "group_update",
    "operation_of",
    "profile_update",
    "tracked_event",
]


@dataclass(frozen=True, slots=True)
class TrackedEvent:
    """An event that was released.

    Attributes:
        name: Its name in Mixpanel.
        distinct_id: Whose it is.
        properties: What it carries, by name, as Mixpanel would get it.
        where: The request that tracked it, such as ``"POST /order"``.

    >>> event = TrackedEvent("Page Viewed", "user-1", {"Path": "/"})
    >>> event[Property("Path")]
    '/'
    """

    name: str
    distinct_id: Json
    properties: Mapping[str, Json]
    where: str = field(default="", compare=False)

    def __getitem__(self, prop: Property) -> Json:
        """Give a property's value."""
        return self.properties[prop.name]


@dataclass(frozen=True, slots=True)
class ProfileUpdate:
    """A change of a user's profile that was released.

    Attributes:
        distinct_id: Whose profile it is.
        operation: What is done, such as ``"$set"``.
        values: What the operation takes: values by name, or a list of names.
        where: The request that asked for it.
    """

    distinct_id: Json
    operation: str
    values: Json | Mapping[str, Json]
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class GroupUpdate:
    """A change of a group's profile that was released.

    Attributes:
        group_key: The kind of group.
        group_id: Which group.
        operation: What is done, such as ``"$set"``.
        values: What the operation takes: values by name, or a list of names.
        where: The request that asked for it.
    """

    group_key: Json
    group_id: Json
    operation: str
    values: Json | Mapping[str, Json]
    where: str = field(default="", compare=False)


class CustomerioCopy(NamedTuple):
    """What goes to Customer.io.

    Attributes:
        title: The event; ``"attributes"`` of a person; or a call of ``cio``.
        distinct_id: Who it is about.
        values: What is said.
    """

    title: str
    distinct_id: Json
    values: Json | Mapping[str, Json]


def tracked_event(entry: Entry) -> TrackedEvent:
    """Look at an entry as an event."""
    document = entry.document
    properties = document.get("properties")
    carried = dict(properties) if isinstance(properties, Mapping) else {}
    distinct_id = carried.pop("distinct_id", None)
    return TrackedEvent(str(document.get("event")), distinct_id, carried, entry.where)


def profile_update(entry: Entry) -> ProfileUpdate:
    """Look at an entry as a change of a user's profile."""
    document = entry.document
    operation = operation_of(document)
    values = document.get(operation, None)
    return ProfileUpdate(document.get("$distinct_id"), operation, values, entry.where)


def group_update(entry: Entry) -> GroupUpdate:
    """Look at an entry as a change of a group's profile."""
    document = entry.document
    operation = operation_of(document)
    return GroupUpdate(
        document.get("$group_key"),
        document.get("$group_id"),
        operation,
        document.get(operation, None),
        entry.where,
    )


def customerio_copy(document: Mapping[str, Json]) -> CustomerioCopy:
    """Look at a message for Customer.io: an item, a recorded one, or a call of ``cio``.

    >>> customerio_copy({"customer_id": "joe", "name": "Paid", "price": 9})
    CustomerioCopy(title='Paid', distinct_id='joe', values={'price': 9})
    """
    if "method" in document:
        title = f"{document['method']} {document.get('path')}"
        return CustomerioCopy(title, None, document.get("body"))
    whose = document.get("identifiers")
    if isinstance(whose, Mapping):
        title = str(document.get("name", "attributes"))
        return CustomerioCopy(title, whose.get("id"), document.get("attributes"))
    values = dict(document)
    if "customer_id" in values:
        who = values.pop("customer_id")
        return CustomerioCopy(str(values.pop("name", "")), who, values)
    return CustomerioCopy("attributes", values.pop("id", None), values)


# https://developer.mixpanel.com/reference/profile-set and its neighbours there
OPERATIONS = (
    "$set",
    "$set_once",
    "$add",
    "$append",
    "$union",
    "$remove",
    "$unset",
    "$delete",
)


def operation_of(document: Mapping[str, Json]) -> str:
    """Tell what a profile's or group's update does; empty if it is none.

    >>> operation_of({"$distinct_id": "u1", "$set": {"Plan": "pro"}})
    '$set'
    """
    return next((name for name in OPERATIONS if name in document), "")
