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
from mixpanel_schema.plain_values import ASCII_FITS, FEW, LEAST, MOST
from mixpanel_schema.properties import Property
from mixpanel_schema.typed_events import TypedEvent, declared_event

__all__ = [
    "are_taken",
    "epoch_seconds",
    "event_message",
    "refuse_excess",
    "refuse_unnamed",
]

NUMBERS = frozenset((bool, int, float))
FIRST, LAST = 31_536_000, 100_000_000_000  # 1971, and where milliseconds begin
SHORT, LONG = 12, 36  # insert ids between are neither meaningless nor too long
LONGEST_ID = 36
ITEMS, ESCAPED = 80, 1_000
IDENTITIES = ("$token", "$distinct_id", "$group_key", "$group_id")


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
        UndeclaredNameError: If what stands for an event or a property is none.

    >>> from mixpanel_schema import Events, EventProperties
    >>> message = event_message(
    ...     Events.page_viewed,
    ...     {EventProperties.title: "Home"},
    ...     token="t", distinct_id="u1", time=1_700_000_000, insert_id="i1",
    ... )
    >>> message["event"], message["properties"]["Title"]
    ('Page Viewed', 'Home')
    """
    seconds = time if type(time) is float else epoch_seconds(time)
    body: dict[str, Json] = {
        "token": token,
        "distinct_id": distinct_id,
        "time": seconds,
        "$insert_id": insert_id,
        "mp_lib": "python",
        "$lib_version": library_version(),
    }
    try:
        fits = (
            FIRST < seconds < LAST
            and are_taken(token, distinct_id)
            # What nearly every insert id is; a UUID as text wants a closer look.
            and (
                (SHORT < len(insert_id) < LONG and str.isalnum(insert_id))
                or is_unique(insert_id)
            )
        )
    except TypeError:  # one of them is no text
        fits = False
    if type(event) is not Event:
        if isinstance(event, TypedEvent):
            values, event = vars(event).values(), event.__event__
            carried = zip(event.properties or (), values)  # noqa: B905  # of one length
            fits = add_values(body, carried, keep_none=False) and fits
        else:
            event = declared_event(event)
    if properties:
        before = len(body)
        try:
            fits = add_values(body, properties.items(), keep_none=True) and fits
        except AttributeError:  # the names of what is no property were asked for
            refuse_unnamed(properties)
            refuse_unmapped(properties)
            raise
        # A property may have taken the place of an id, or of the time.
        fits = fits and len(body) == before + len(properties)
    message: dict[str, Json] = {"event": event.name, "properties": body}
    if not fits or len(body) > FEW:
        refuse_excess(message)
    return message


@lru_cache(maxsize=1024)
def are_taken(token: str, distinct_id: str) -> bool:
    """Tell whether these surely are taken; an app sees the same users again."""
    if not (isinstance(token, str) and isinstance(distinct_id, str)):
        return False
    fit = text_fits(token) and text_fits(distinct_id)
    return fit and distinct_id.lower() not in INVALID_IDS


def is_unique(insert_id: str) -> bool:
    """Tell whether an insert id surely is taken, such as a UUID as text."""
    plain = str.replace(insert_id, "-", "")
    fits = len(insert_id) <= LONGEST_ID and plain.isalnum() and plain.isascii()
    return fits and insert_id.lower() not in INVALID_IDS


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
                fits = text_fits(value) and fits
        elif kind in NUMBERS:
            if not LEAST < value < MOST:
                value = json_value(value, prop.name)  # the copy travels
                fits = False
        elif value is not None:
            value = json_value(value, prop.name)  # the copy travels
            fits = value_fits(value) and fits
        elif not keep_none:
            continue
        body[prop.name] = value
    return fits


def text_fits(text: str) -> bool:
    """Tell whether a text is within the limit, and valid Unicode."""
    try:
        return len(text) <= ASCII_FITS and len(text.encode()) <= ASCII_FITS
    except UnicodeEncodeError:
        return False


def value_fits(value: Json) -> bool:
    """Tell whether a value surely fits: a scalar, or a small flat list or dict.

    Eighty items of a thousand characters together are within 8 KB of JSON, even if
    each character has to be escaped.
    """
    if isinstance(value, str):
        return (value.isascii() and len(value) <= ASCII_FITS) or text_fits(value)
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if not isinstance(value, list):
        return value is None or LEAST < value < MOST
    room = ESCAPED
    for item in value:
        if isinstance(item, str):
            room -= len(item) if item.isascii() and len(item) <= ASCII_FITS else ESCAPED
        elif isinstance(item, (list, dict)) or not value_fits(item):
            return False
    return room > 0 and len(value) <= ITEMS


def refuse_excess(message: dict[str, Json]) -> None:
    """Refuse a message that breaks a limit; look closely, as something is unusual."""
    from mixpanel_schema.limits import refuse  # most messages never come here

    body = message.get("properties", message)
    for name in ("token", "distinct_id", "$insert_id", *IDENTITIES):
        value = body.get(name, "") if isinstance(body, dict) else ""
        if not isinstance(value, str):
            given = f"{name} {value!r} is a {type(value).__name__}"
            raise InvalidValueError(f"{given}; give text")
    if isinstance(body, dict) and "time" in body:
        epoch_seconds(body["time"])  # type: ignore[arg-type]  # refuses what is no time
    refuse(message)


def refuse_unnamed(carried: Iterable[object]) -> None:
    """Refuse what stands for a property and is none, such as a loose text."""
    for given in carried:
        if not isinstance(given, Property):
            message = f"property {given!r} is a {type(given).__name__}; "
            advice = "use the attribute of a catalogue"
            raise UndeclaredNameError(message + advice)


def refuse_unmapped(properties: object) -> None:
    """Refuse properties without values, such as a list of them."""
    if not isinstance(properties, Mapping):
        given = f"properties are a {type(properties).__name__}"
        raise InvalidValueError(f"{given}; give a dict from each property to its value")


def epoch_seconds(time: float | datetime) -> float:
    """Give a moment as seconds since 1970-01-01 UTC."""
    if isinstance(time, datetime):
        return utc(time).timestamp()
    if isinstance(time, bool) or not isinstance(time, (int, float)):
        given = f"time {time!r} is a {type(time).__name__}"
        raise InvalidValueError(f"{given}; give epoch seconds or a datetime")
    finite(time, "time")
    return time


@lru_cache(maxsize=1)
def library_version() -> str:
    """Read this package's version, once: looking it up takes milliseconds."""
    from importlib.metadata import version

    return version("mixpanel-schema")
