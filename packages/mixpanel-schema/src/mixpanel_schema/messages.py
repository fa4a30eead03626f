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
from mixpanel_schema.exceptions import InvalidValueError, UndeclaredNameError
from mixpanel_schema.invalid_ids import INVALID_IDS
from mixpanel_schema.json_values import Json, finite, json_value, utc
from mixpanel_schema.properties import Property
from mixpanel_schema.typed_events import TypedEvent, declared_event

__all__ = ["epoch_seconds", "event_message", "refuse_excess", "refuse_unnamed"]

ASCII_FITS = 255  # so many ASCII characters are as many bytes, which are kept
LEAST, MOST = -(2**53), 2**53  # numbers between are exact for all readers of JSON
NUMBERS = frozenset((bool, int, float))
IDENTITIES = ("$token", "$distinct_id", "$group_key", "$group_id")
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
        type(token) is type(insert_id) is type(distinct_id) is str
        and len(insert_id) in SURE_IDS
        and insert_id.isalnum()
        and insert_id.isascii()
        and is_taken(distinct_id)
        and body["time"] > ONE_YEAR_ON  # type: ignore[operator]  # a float
    )
    if type(event) is not Event:
        if isinstance(event, TypedEvent):
            values, event = vars(event).values(), event.__event__
            carried = zip(event.properties or (), values)  # noqa: B905  # of one length
            fits = add_values(body, carried, keep_none=False) and fits
        else:
            event = declared_event(event)
    if properties:
        try:
            fits = add_values(body, properties.items(), keep_none=True) and fits
        except AttributeError:  # the names of what is no property were asked for
            refuse_unnamed(properties)
            raise
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

    body = message.get("properties", message)
    for name in ("token", "distinct_id", "$insert_id", *IDENTITIES):
        value = body.get(name, "") if isinstance(body, dict) else ""
        if not isinstance(value, str):
            given = f"{name} {value!r} is a {type(value).__name__}"
            raise InvalidValueError(f"{given}; give text")
    refuse(message)


def refuse_unnamed(carried: Iterable[object]) -> None:
    """Refuse what stands for a property and is none, such as a loose text."""
    for given in carried:
        if not isinstance(given, Property):
            message = f"property {given!r} is a {type(given).__name__}; "
            advice = "use the attribute of a catalogue"
            raise UndeclaredNameError(message + advice)


def epoch_seconds(time: float | datetime) -> float:
    """Give a moment as seconds since 1970-01-01 UTC."""
    if isinstance(time, datetime):
        return utc(time).timestamp()
    if isinstance(time, bool) or not isinstance(time, (int, float)):
        given = f"time {time!r} is a {type(time).__name__}"
        raise InvalidValueError(f"{given}; give epoch seconds or a datetime")
    return finite(time, "time")


@lru_cache(maxsize=1)
def library_version() -> str:
    """Read this package's version, once: looking it up takes milliseconds."""
    from importlib.metadata import version

    return version("mixpanel-schema")
