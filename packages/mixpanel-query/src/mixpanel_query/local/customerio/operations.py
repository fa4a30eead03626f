"""What requests want done to people, whichever way they ask for it.

https://docs.customer.io/integrations/api/track/
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mixpanel_query.local.customerio.identifiers import Identifier, identifier
from mixpanel_query.local.customerio.limits import (
    check_attributes,
    check_event_data,
    check_event_name,
)
from mixpanel_query.local.records.judging import Refusal
from mixpanel_query.local.rules.basis import rests_on

__all__ = [
    "EVENT_TYPES",
    "NewEvent",
    "Operation",
    "read_device",
    "read_event",
    "read_identify",
    "read_relationships",
]

EVENT_TYPES: Final = ("event", "page", "screen")
IS_ULID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.IGNORECASE).fullmatch
# The last second of the year 9999.
LATEST: Final = 253_402_300_799


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that arrives.

    Attributes:
        type: ``event``, ``page`` or ``screen``.
        name: Its name.
        ulid: What tells it from a repeat of itself; empty if nothing does.
        timestamp: When it happened, in epoch seconds; None for now.
        data: What is said of it.
        anonymous_id: Who did it, if that person is not identified.
    """

    type: str
    name: str
    ulid: str
    timestamp: int | None
    data: Mapping[str, Any]
    anonymous_id: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that is to be done.

    Attributes:
        action: Which, in the words of the v2 API.
        who: Whom it is done to; None for an event of nobody who is identified.
        attributes: Attributes to set.
        event: The event, if it is one.
        device: The device, if it is about one; its ``id`` is the token.
        other: Who is merged into ``who``, and is no more afterwards.
        relationships: Relationships to add.
        parts: Whether they are to be removed instead.
        timestamp: When attributes were updated, in epoch seconds; None for now.
        must_exist: Whether nobody is to be added.
        problems: What of the request is left out.
    """

    action: str
    who: Identifier | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    event: NewEvent | None = None
    device: Mapping[str, Any] = field(default_factory=dict)
    other: Identifier | None = None
    relationships: Sequence[Mapping[str, Any]] = ()
    parts: bool = False
    timestamp: int | None = None
    must_exist: bool = False
    problems: tuple[str, ...] = ()

    @property
    def identifiers(self) -> list[Identifier]:
        """Everybody who is named by it."""
        named = [each for each in (self.who, self.other) if each]
        given = [
            Identifier(kind, str(self.attributes[kind]).removeprefix(prefix))
            for kind, prefix in (("id", ""), ("email", ""), ("cio_id", "cio_"))
            if self.attributes.get(kind)
        ]
        return [*named, *given]


def read_identify(
    who: Identifier, attributes: object, timestamp: object, field_name: str
) -> Operation:
    """Return the operation that adds or updates a person.

    Args:
        who: The person.
        attributes: What is to be set, with the words that say how.
        timestamp: When that was, if it is said apart from the attributes.
        field_name: What errors call the attributes.

    Raises:
        Refusal: If there is too much of it, or an identifier is no text.
    """
    given = check_attributes(attributes, field_name)
    related = given.pop("cio_relationships", None)
    for kind in ("id", "cio_id"):
        if kind in given:
            identifier(kind, given[kind], f"{field_name}.{kind}")
    if given.get("email") and not isinstance(given["email"], str):
        raise Refusal(f"{field_name}.email", "email attribute must be a string value")
    must_exist = given.pop("_update", False) is True
    time, problems = read_timestamp(given.pop("_timestamp", timestamp))
    if time is not None:
        rests_on("customerio-timestamp-order")
    operation = Operation(
        "identify",
        who,
        attributes=given,
        timestamp=time,
        must_exist=must_exist,
        problems=problems,
    )
    if related is None:
        return operation
    if not isinstance(related, dict):
        raise Refusal("cio_relationships", "cio_relationships must be an object")
    listed = related.get("relationships")
    return read_relationships(operation, related.get("action"), listed)


def read_event(
    who: Identifier | None, words: Mapping[str, Any], *, kind: object, data: str
) -> Operation:
    """Return the operation that adds an event.

    Args:
        who: Who did it; None for nobody who is identified.
        words: The request.
        kind: The type of the event; every unknown one is ``event``.
        data: The name of what is said of the event.

    Raises:
        Refusal: If it has no name, or there is too much of it.
    """
    name = check_event_name(words.get("name"))
    said = check_event_data(words.get(data), data)
    timestamp, problems = read_timestamp(words.get("timestamp"))
    ulid = words.get("id") or ""
    if ulid and not (isinstance(ulid, str) and IS_ULID(ulid)):
        rests_on("customerio-unread-values")
        problems += ("id is no ULID, and does not keep repeats away",)
        ulid = ""
    anonymous = words.get("anonymous_id") if who is None else None
    event = NewEvent(
        type=str(kind) if kind in EVENT_TYPES else "event",
        name=name,
        ulid=ulid.upper(),
        timestamp=timestamp,
        data=said,
        anonymous_id="" if anonymous is None else str(anonymous),
    )
    return Operation("event", who, event=event, problems=problems)


def read_device(
    action: str, who: Identifier, device: object, *, token: str
) -> Operation:
    """Return the operation that adds or removes a device.

    Args:
        action: Which of the two.
        who: Whose device it is.
        device: What is said of it.
        token: What its id is called.

    Raises:
        Refusal: If it has no id, or no platform and is to be added.
    """
    if not isinstance(device, Mapping):
        raise Refusal("device", "device must be an object")
    named = device.get(token)
    if not isinstance(named, str) or not named:
        raise Refusal(f"device.{token}", f"device {token} cannot be blank")
    if action == "add_device" and device.get("platform") not in ("ios", "android"):
        raise Refusal("device.platform", "device platform must be ios or android")
    said = {name: value for name, value in device.items() if name != token}
    return Operation(action, who, device={"id": named, **said})


def read_relationships(
    operation: Operation, action: object, relationships: object
) -> Operation:
    """Return an operation that also relates the person to objects, or no longer.

    Raises:
        Refusal: If they are no list of objects with identifiers.
    """
    name = "cio_relationships"
    if action not in ("add_relationships", "delete_relationships"):
        raise Refusal(name, "action must be add_relationships or delete_relationships")
    if not isinstance(relationships, list):
        raise Refusal(name, f"{name} must be a list")
    for each in relationships:
        about = each.get("identifiers") if isinstance(each, dict) else None
        if not isinstance(about, dict):
            raise Refusal(name, "a relationship must have identifiers")
    parts = action == "delete_relationships"
    return replace(operation, relationships=relationships, parts=parts)


def read_timestamp(value: object) -> tuple[int | None, tuple[str, ...]]:
    """Return a time in epoch seconds, or None and what is wrong with it."""
    if value is None:
        return None, ()
    if type(value) is int and 0 <= value <= LATEST:
        return value, ()
    rests_on("customerio-unread-values")
    return None, ("timestamp is no whole number of seconds; it is taken for now",)
