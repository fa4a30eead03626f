"""Customer.io's items: what a tracked event or a set profile is over there.

No clock, no chance and no network: an item is made of what Mixpanel gets, so that both
services hold the same event at the same time under the same id.

Items are those of https://docs.customer.io/integrations/api/track/#operation/batch.
"""

from __future__ import annotations

import hashlib
import re
from calendar import timegm
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, cast

from mixpanel_pyramid.json_text import encoded
from mixpanel_schema import InvalidValueError, Property
from mixpanel_schema.json_values import Json, json_value, text_bytes, utc
from mixpanel_schema.limit_fit import cut_text
from mixpanel_schema.limit_rules import RULES, Violation

__all__ = [
    "LARGEST_ITEM",
    "LONGEST_EVENT",
    "LONGEST_ID",
    "RESERVED",
    "Item",
    "attribute_name",
    "cut_event_name",
    "cut_value",
    "event_document",
    "event_item",
    "person_attribute",
    "profile_document",
    "profile_item",
    "recorded_item",
    "ulid",
]

Item = dict[str, Json]

LONGEST_ID = RULES["customerio id"].limit
LONGEST_EVENT = RULES["customerio event name"].limit
LONGEST_NAME = RULES["customerio attribute name"].limit
LONGEST_VALUE = RULES["customerio attribute"].limit
LARGEST_ITEM = RULES["customerio item"].limit
# So many bytes of text surely fit, even if each of them takes six in JSON.
ROOM = LARGEST_ITEM // 6 - LONGEST_ID - LONGEST_EVENT - 50
AROUND = 10  # a sixth of what a number, and what stands around any value, may take
LEAST, MOST = -(2**53), 2**53  # numbers between are exact for all readers of JSON
NUMBERS = frozenset((bool, int, float))

# They say whose attributes these are, or of when; another person's id is an error,
# and an old time loses the update: an update of now has none.
RESERVED = frozenset({"id", "cio_id", "_timestamp"})

HEX_ID = re.compile("[0-9a-fA-F]{32}").fullmatch
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # https://github.com/ulid/spec
PAIRS = [first + second for first in CROCKFORD for second in CROCKFORD]


def event_item(
    who: str,
    name: str,
    props: Mapping[Property, object],
    *,
    unique: str,
    timestamp: int,
) -> Item:
    """Make the item of an event.

    Args:
        who: The person.
        name: The event.
        props: What is said of it. Of two names that are one without ``$``, the later
            one's value is sent.
        unique: What makes it this event and no other: a ULID.
        timestamp: When it happened, in epoch seconds.

    Raises:
        InvalidValueError: If Customer.io would not take it.

    >>> paid = {Property("$price"): 9}
    >>> item = event_item("joe", "Paid", paid, unique="0", timestamp=1)
    >>> item["identifiers"], item["attributes"]
    ({'id': 'joe'}, {'price': 9})
    """
    attributes, fits = attributes_of(props, attribute_name)
    item = event_document(who, name, attributes, unique=unique, timestamp=timestamp)
    if not fits or len(who) * 4 > LONGEST_ID or len(name) * 4 > LONGEST_EVENT:
        # What an event says may be longer than an attribute of a person:
        # https://docs.customer.io/journeys/invalid-api-requests
        refuse_excess(item, {"name": name, "data": cast("Json", attributes)})
    return item


def profile_item(who: str, props: Mapping[Property, object]) -> Item:
    """Make the item that sets attributes of a person, of now: it carries no time.

    Args:
        who: The person.
        props: The attributes. Of two names that are one without ``$``, the later
            one's value is sent.

    Raises:
        InvalidValueError: If Customer.io would not take it.

    >>> profile_item("joe", {Property("$created"): date(1970, 1, 2)})["attributes"]
    {'created_at': 86400}
    """
    attributes, fits = attributes_of(props, person_attribute)
    for name in RESERVED.intersection(attributes):
        if attributes[name] != who:
            message = f"attribute {name!r} is Customer.io's own and not for a profile"
            raise InvalidValueError(f"{message}; give it another name, or leave it out")
    item = profile_document(who, attributes)
    if not fits or len(who) * 4 > LONGEST_ID:
        refuse_excess(item, item)
    return item


def event_document(
    who: str, name: str, attributes: dict[str, Json], *, unique: str, timestamp: int
) -> Item:
    """Put an event's item together of what is known to be taken."""
    return {
        "type": "person",
        "action": "event",
        "identifiers": {"id": who},
        "name": name,
        "id": unique,
        "timestamp": timestamp,
        "attributes": attributes,
    }


def profile_document(who: str, attributes: dict[str, Json]) -> Item:
    """Put a person's item together in the same way."""
    return {
        "type": "person",
        "action": "identify",
        "identifiers": {"id": who},
        "attributes": attributes,
    }


def recorded_item(item: Item) -> Item:
    """Give an item the shape in which pyramid_mixpanel 0.13 records it.

    >>> recorded_item(profile_item("joe", {Property("$name"): "Joe"}))
    {'id': 'joe', 'name': 'Joe'}
    """
    who = cast("dict[str, Json]", item["identifiers"])["id"]
    attributes = cast("dict[str, Json]", item["attributes"])
    if item["action"] == "event":
        return {"customer_id": who, "name": item["name"], **attributes}
    return {"id": who, **attributes}


def ulid(insert_id: str, event: str, who: str) -> str:
    """Write an insert id as a ULID, by which Customer.io knows an event again.

    32 hexadecimal digits are the same 128 bits. An id of another form stands for an
    event of a person, as it does at Mixpanel, and so becomes a digest of all three.

    >>> ulid("00000000000000000000000000000021", "Paid", "joe")
    '00000000000000000000000011'
    """
    if HEX_ID(insert_id):
        bits = int(insert_id, 16)
    else:
        text = "\0".join((event, who, insert_id))
        bits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    return "".join([PAIRS[bits >> shift & 1023] for shift in range(120, -1, -10)])


def cut_event_name(name: str) -> str:
    """Cut an event's name to what Customer.io takes.

    >>> len(cut_event_name("é" * 80))
    50
    """
    return name if len(name) * 4 <= LONGEST_EVENT else cut_text(name, LONGEST_EVENT)


def cut_value(text: str) -> str:
    """Cut a text to what an attribute may hold; what is no valid Unicode stays."""
    try:
        return cut_text(text, LONGEST_VALUE)
    except UnicodeEncodeError:
        return text


def attributes_of(
    props: Mapping[Property, Any], name_of: Callable[[str], str]
) -> tuple[dict[str, Json], bool]:
    """Give properties their names and values at Customer.io.

    Returns:
        The attributes, and whether they surely fit its limits.
    """
    body: dict[str, Json] = {}
    fits, room = len(props) <= 300, ROOM
    for prop, value in props.items():
        name = name_of(prop.name)
        kind = type(value)
        if kind is str:
            size = len(value) if value.isascii() else text_bytes(value)
            fits = fits and size <= LONGEST_VALUE
            room -= size
        elif value is not None and not (kind in NUMBERS and LEAST < value < MOST):
            value = with_epochs(value, prop.name)
            fits = fits and type(value) is int and LEAST < value < MOST
        body[name] = value
        room -= len(name) + AROUND
    return body, fits and room > 0


@lru_cache(maxsize=2048)
def attribute_name(name: str) -> str:
    """Give a property's name at Customer.io: the same without ``$``.

    >>> attribute_name("$first_name")
    'first_name'
    """
    short = name.replace("$", "")
    size = text_bytes(short)
    if not short:
        message = f"property {name!r} has no name without '$'; give it one"
        raise InvalidValueError(message)
    if size > LONGEST_NAME:
        rule = "customerio attribute name"
        raise InvalidValueError(str(Violation(rule, short, size, LONGEST_NAME)))
    return short


def person_attribute(name: str) -> str:
    """Give a profile property's name: Customer.io knows a ``created_at``."""
    return "created_at" if name == "$created" else attribute_name(name)


def with_epochs(value: object, name: str) -> Json:
    """Give a value the form it has in JSON, dates in epoch seconds, also inside.

    Naive datetimes are taken as UTC, a date is its midnight there.
    """
    json_value(value, name)  # refuses what has no form, and what is nested too deep
    return epochs(value, name)


def epochs(value: object, name: str) -> Json:
    """Do the same with what is known to have a form."""
    if isinstance(value, Enum):
        return epochs(value.value, name)
    if isinstance(value, datetime):
        return round(utc(value).timestamp())
    if isinstance(value, date):
        return timegm(value.timetuple())
    if isinstance(value, Mapping):
        return {str.__str__(key): epochs(item, name) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [epochs(item, name) for item in value]
    return json_value(value, name)


def refuse_excess(item: Item, limited: Mapping[str, Json]) -> None:
    """Refuse what breaks a limit; look closely, as something is unusual.

    Args:
        item: The item.
        limited: What of it ``mixpanel_schema.limits`` knows the limits of.
    """
    from mixpanel_schema.limits import check  # most items never come here

    who = cast("dict[str, str]", item["identifiers"])["id"]
    found = {violation.rule: violation for violation in check(limited)}
    for rule, path, size in (
        ("customerio id", "id", text_bytes(who)),
        ("customerio item", "item", len(encoded(item))),
    ):
        if size > RULES[rule].limit:
            found[rule] = Violation(rule, path, size, RULES[rule].limit)
    if found:
        raise InvalidValueError("; ".join(map(str, found.values())))
