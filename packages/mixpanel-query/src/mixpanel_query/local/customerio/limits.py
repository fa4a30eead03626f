"""How much Customer.io takes, and its words for what is too much.

https://docs.customer.io/journeys/invalid-api-requests
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mixpanel_query.local.records.judging import Refusal, check_storable
from mixpanel_query.local.rules.basis import rests_on

__all__ = [
    "LARGEST_BATCH",
    "LARGEST_ITEM",
    "MOST_ATTRIBUTES",
    "check_attributes",
    "check_event_data",
    "check_event_name",
    "is_too_large",
    "refuse_long",
]

LONGEST_ID: Final = 150
LONGEST_NAME: Final = 150
LONGEST_VALUE: Final = 1000
LONGEST_EVENT: Final = 100
LARGEST_DATA: Final = 100_000
MOST_ATTRIBUTES: Final = 300

# Kilobytes, of which it is not said how many bytes they have.
LARGEST_ITEM: Final = 32
LARGEST_BATCH: Final = 500

# They say something of the update, or have their own shape.
NO_ATTRIBUTES: Final = frozenset(("_timestamp", "_update", "cio_relationships"))
SHAPED: Final = frozenset(("cio_subscription_preferences",))


def is_too_large(size: int, kilobytes: int) -> bool:
    """Tell whether so many bytes are not less than so many kilobytes."""
    if kilobytes * 1000 <= size < kilobytes * 1024:
        rests_on("customerio-kilobyte")
    return size >= kilobytes * 1024


def refuse_long(value: str, kind: str, field: str) -> None:
    """Refuse an identifier that is too long.

    Raises:
        Refusal: If it is.
    """
    most = LONGEST_ID if kind == "id" else LONGEST_VALUE
    if size_of(value) > most:
        raise Refusal(field, f"{kind} attribute cannot be longer than {most} bytes")


def check_attributes(attributes: object, field: str = "attributes") -> dict[str, Any]:
    """Return the attributes of a person that are not too many, nor too long.

    Raises:
        Refusal: If they are, or are no object.
    """
    if not isinstance(attributes, Mapping):
        raise Refusal(field, f"{field} must be an object")
    given = {name: value for name, value in attributes.items() if counts(name)}
    if len(given) > MOST_ATTRIBUTES:
        raise Refusal(
            field,
            f"cannot identify more than {MOST_ATTRIBUTES} attributes in one request",
        )
    for name, value in given.items():
        if size_of(name) > LONGEST_NAME:
            raise Refusal(
                field, f"attribute name cannot be longer than {LONGEST_NAME} bytes"
            )
        if name not in SHAPED and value_size(value) > LONGEST_VALUE:
            raise Refusal(
                f"{field}.{name}",
                f"value for attribute '{name}' cannot be longer than "
                f"{LONGEST_VALUE} bytes",
            )
    return dict(attributes)


def counts(name: str) -> bool:
    """Tell whether a key of an update is an attribute."""
    return name not in NO_ATTRIBUTES


def check_event_name(name: object) -> str:
    """Return the name of an event, without spaces around it.

    Raises:
        Refusal: If there is none, or it is too long.
    """
    if not isinstance(name, str) or not name.strip():
        raise Refusal("name", "event name must not be blank")
    if size_of(name.strip()) > LONGEST_EVENT:
        raise Refusal("name", f"event name cannot be longer than {LONGEST_EVENT} bytes")
    return name.strip()


def check_event_data(data: object, field: str) -> dict[str, Any]:
    """Return what is said of an event.

    Raises:
        Refusal: If it is no object, or too large.
    """
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise Refusal(field, "event data must be a hash")
    if size_of(check_storable(field, data)) > LARGEST_DATA:
        raise Refusal(field, f"event data cannot be longer than {LARGEST_DATA} bytes")
    return dict(data)


def value_size(value: object) -> int:
    """Return how long a value is: a text as it is, all else as JSON."""
    if isinstance(value, str):
        return size_of(value)
    size = size_of(check_storable("value", value))
    if size > LONGEST_VALUE:
        rests_on("customerio-value-bytes")
    return size


def size_of(text: str) -> int:
    """Return how many bytes of UTF-8 a text has."""
    return len(text.encode("utf-8", "surrogatepass"))
