"""Messages: the plain dicts that Mixpanel's ingestion takes, ready for ``json.dumps``.

They hold what the official ``mixpanel`` library sends for the same call, so that
any code that can post JSON can track. Nothing here reads a clock or makes an id:
the caller fixes both once, which is what makes a repeated delivery harmless.

Every message is strict JSON within Mixpanel's limits, or it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from mixpanel_schema.events import Event
from mixpanel_schema.exceptions import InvalidValueError
from mixpanel_schema.invalid_ids import INVALID_IDS
from mixpanel_schema.json_values import Json, finite, json_value, utc
from mixpanel_schema.properties import Property
from mixpanel_schema.typed_events import TypedEvent, declared_event, typed_values

__all__ = [
    "GROUP_OPERATIONS",
    "PROFILE_OPERATIONS",
    "event_message",
    "group_message",
    "profile_message",
]

# https://developer.mixpanel.com/reference/profile-set and its neighbours
PROFILE_OPERATIONS = frozenset(
    ("$set", "$set_once", "$add", "$append", "$union", "$remove", "$unset", "$delete")
)
# https://developer.mixpanel.com/reference/group-set and its neighbours
GROUP_OPERATIONS = PROFILE_OPERATIONS - {"$add", "$append"}
ASCII_FITS = 255  # so many ASCII characters are as many bytes, which are kept
LEAST, MOST = -(2**53), 2**53  # numbers between are exact for all readers of JSON
NUMBERS = frozenset((bool, int, float))
FEW = 200  # so many properties are surely taken
ONE_YEAR_ON = 31_536_000  # 1971-01-01 in epoch seconds; what is earlier is refused
SURE_IDS = range(13, 36)  # lengths of insert ids, neither meaningless nor too long


def event_message(
    event: Event | TypedEvent | type[TypedEvent],
    properties: Mapping[Property, object] | None = None,
    *,
    token: str,
    distinct_id: str,
    time: float | datetime,
    insert_id: str,
) -> dict[str, Json]:
    """Build the message that tracks an event.

    Args:
        event: The event; whether it is declared is the tracking plan's to check. A
            typed event brings its own properties.
        properties: What is said of it. Values are copied, never changed.
        token: The project's token.
        distinct_id: Whose event it is; ``""`` for nobody's.
        time: When it happened: epoch seconds, or a datetime (naive ones are UTC).
        insert_id: What makes the event itself; two messages with the same id, time,
            event and distinct_id count once.

    Raises:
        InvalidValueError: If a value is not JSON and has no agreed form in it, or
            breaks a limit.

    >>> from mixpanel_schema import Events, EventProperties
    >>> message = event_message(
    ...     Events.page_viewed,
    ...     {EventProperties.title: "Home"},
    ...     token="t", distinct_id="u1", time=1_700_000_000, insert_id="i1",
    ... )
    >>> message["event"], message["properties"]["Title"]
    ('Page Viewed', 'Home')
    """
    body: dict[str, Json] = {
        "token": token,
        "distinct_id": distinct_id,
        "time": time if type(time) is float else epoch_seconds(time),
        "$insert_id": insert_id,
        "mp_lib": "python",
        "$lib_version": library_version(),
    }
    fits = (
        len(insert_id) in SURE_IDS
        and insert_id.isalnum()
        and insert_id.isascii()
        and is_taken(distinct_id)
        and body["time"] > ONE_YEAR_ON  # type: ignore[operator]  # a float
    )
    if type(event) is not Event:
        if isinstance(event, TypedEvent):
            fits = add_values(body, typed_values(event), keep_none=False) and fits
            event = event.__event__
        else:
            event = declared_event(event)
    if properties:
        fits = add_values(body, properties.items(), keep_none=True) and fits
    message: dict[str, Json] = {"event": event.name, "properties": body}
    if not fits or len(body) > FEW:
        refuse_excess(message)
    return message


@lru_cache(maxsize=1024)
def is_taken(distinct_id: str) -> bool:
    """Tell whether a distinct_id surely is taken; an app sees the same ones again."""
    return (
        distinct_id.isascii()
        and len(distinct_id) <= ASCII_FITS
        and distinct_id.lower() not in INVALID_IDS
    )


def add_values(
    body: dict[str, Json],
    carried: Iterable[tuple[Property, Any]],
    *,
    keep_none: bool,
) -> bool:
    """Add properties to a message; tell whether all of them surely fit the limits.

    This is the path of every tracked event: the kinds of value that nearly all
    properties have are settled without a call.
    """
    fits = True
    for prop, value in carried:
        kind = type(value)
        if kind is str:
            if len(value) > ASCII_FITS or not value.isascii():
                fits = False
        elif kind in NUMBERS:
            if not LEAST < value < MOST:
                fits = False
                value = json_value(value, prop.name)  # the copy travels
        elif value is not None:
            fits = False
            value = json_value(value, prop.name)  # the copy travels
        elif not keep_none:
            continue
        body[prop.name] = value
    return fits


def refuse_excess(message: dict[str, Json]) -> None:
    """Refuse a message that breaks a limit; look closely, as something is unusual."""
    from mixpanel_schema.limits import refuse  # most messages never come here

    refuse(message)


def profile_message(
    operation: str,
    value: Mapping[Property, object] | Iterable[Property] | None = None,
    *,
    token: str,
    distinct_id: str,
    time: float | datetime,
    meta: Mapping[Property, object] | None = None,
) -> dict[str, Json]:
    """Build the message that changes a profile.

    Args:
        operation: One of ``PROFILE_OPERATIONS``, such as ``"$set"``.
        value: The properties and their values; for ``$unset`` the properties alone;
            for ``$delete`` nothing.
        token: The project's token.
        distinct_id: Whose profile it is.
        time: When the change was made: epoch seconds, or a datetime (naive ones are
            UTC).
        meta: What is said of the update itself, such as ``$ip``.

    Raises:
        InvalidValueError: If the operation is unknown or takes other values, or a
            value is not JSON and has no agreed form in it, or breaks a limit.

    >>> from mixpanel_schema import ProfileProperties
    >>> message = profile_message(
    ...     "$set", {ProfileProperties.dollar_name: "Jo"},
    ...     token="t", distinct_id="u1", time=1_700_000_000,
    ... )
    >>> message["$distinct_id"], message["$set"]
    ('u1', {'$name': 'Jo'})
    """
    message: dict[str, Json] = {
        "$token": token,
        "$time": epoch_seconds(time),
        "$distinct_id": distinct_id,
        operation: operand(operation, value, PROFILE_OPERATIONS),
    }
    if meta:
        message.update(named_values(meta))
    refuse_excess(message)
    return message


def group_message(
    operation: str,
    value: Mapping[Property, object] | Iterable[Property] | None = None,
    *,
    token: str,
    group_key: str,
    group_id: str,
    time: float | datetime,
) -> dict[str, Json]:
    """Build the message that changes a group's profile.

    Args:
        operation: One of ``GROUP_OPERATIONS``, such as ``"$set"``.
        value: As for ``profile_message``.
        token: The project's token.
        group_key: The kind of group, as configured in the project.
        group_id: Which group.
        time: When the change was made: epoch seconds, or a datetime (naive ones are
            UTC).

    Raises:
        InvalidValueError: As for ``profile_message``.

    >>> from mixpanel_schema import GroupProperties
    >>> message = group_message(
    ...     "$set", {GroupProperties.dollar_name: "Acme"},
    ...     token="t", group_key="Company", group_id="acme", time=1_700_000_000,
    ... )
    >>> message["$group_id"], message["$set"]
    ('acme', {'$name': 'Acme'})
    """
    message: dict[str, Json] = {
        "$token": token,
        "$time": epoch_seconds(time),
        "$group_key": group_key,
        "$group_id": group_id,
        operation: operand(operation, value, GROUP_OPERATIONS),
    }
    refuse_excess(message)
    return message


def operand(
    operation: str,
    value: Mapping[Property, object] | Iterable[Property] | None,
    allowed: frozenset[str],
) -> Json:
    """Give an operation what it takes: values by name, names, or nothing."""
    if operation not in allowed:
        message = f"operation {operation!r} is unknown; use one of {listed(allowed)}"
        raise InvalidValueError(message)
    if operation == "$delete":
        return ""
    if operation == "$unset":
        return [prop.name for prop in value or ()]
    if not isinstance(value, Mapping):
        message = f"operation {operation!r} takes properties with values; give a dict"
        raise InvalidValueError(message)
    values = named_values(value)
    for name, item in values.items():
        numeric = isinstance(item, (int, float)) and not isinstance(item, bool)
        if operation == "$add" and not numeric:
            raise InvalidValueError(f"property {name!r} of $add is no number")
        if operation == "$union" and not (isinstance(item, list) and item):
            raise InvalidValueError(f"property {name!r} of $union is no filled list")
    return values


def listed(names: Iterable[str]) -> str:
    """Write names in a line."""
    return ", ".join(sorted(names))


def named_values(values: Mapping[Property, object]) -> dict[str, Json]:
    """Turn properties into their names, and their values into JSON."""
    return {prop.name: json_value(value, prop.name) for prop, value in values.items()}


def epoch_seconds(time: float | datetime) -> float:
    """Give a moment as seconds since 1970-01-01 UTC."""
    if isinstance(time, datetime):
        return utc(time).timestamp()
    return finite(time, "time")


@lru_cache(maxsize=1)
def library_version() -> str:
    """Read this package's version, once: looking it up takes milliseconds."""
    from importlib.metadata import version

    return version("mixpanel-schema")
