"""The form that a property's value has in JSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime, timezone
from enum import Enum
from math import inf, isfinite

from mixpanel_schema.exceptions import InvalidValueError

__all__ = [
    "SAFE",
    "Json",
    "finite",
    "json_bytes",
    "json_value",
    "mapping",
    "text_bytes",
    "utc",
]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

SAFE = frozenset({str, bool, int, type(None)})  # travel as they are
SCALARS = (float, date, Enum)
DEEPEST = 32


def json_value(value: object, name: str, depth: int = 0) -> Json:
    """Give a value the form it has in JSON, sharing nothing with the caller's.

    Datetimes become UTC text (naive ones are taken as UTC), a ``Decimal`` a number,
    a ``UUID`` text, an ``Enum`` its value, sets and tuples lists.

    Args:
        value: The value.
        name: The property's name, for the error.
        depth: How many lists and dicts are around the value.

    Raises:
        InvalidValueError: If the value has no such form: NaN, infinity, bytes, a
            dict with keys that are no text, an object.

    >>> from decimal import Decimal
    >>> json_value((1, Decimal("9.50")), "Basket")
    [1, 9.5]
    """
    kind = type(value)
    if kind in SAFE:
        return value  # type: ignore[return-value]  # narrowed by SAFE
    if isinstance(value, SCALARS):  # before Mapping, which is slow to ask
        return json_scalar(value, name, depth)
    if depth > DEEPEST:
        message = f"property {name!r} is nested over {DEEPEST} deep; flatten it"
        raise InvalidValueError(message)
    if isinstance(value, (dict, Mapping)):
        return json_object(value, name, depth)
    if isinstance(value, (list, tuple, set, frozenset)):
        plain = SAFE.issuperset(map(type, value))
        return [v if plain else json_value(v, name, depth + 1) for v in value]
    return json_scalar(value, name, depth)


def json_object(value: Mapping[object, object], name: str, depth: int) -> Json:
    """Give a mapping the form of a JSON object."""
    body: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            given = f"property {name!r} has a key that is a {type(key).__name__}"
            raise InvalidValueError(f"{given}; keys are text")
        body[str.__str__(key)] = json_value(item, name, depth + 1)
    return body


def json_scalar(value: object, name: str, depth: int) -> Json:
    """Give a single value that is no plain JSON its agreed form."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, Enum):
        return json_value(value.value, name, depth + 1)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (float, loaded("decimal", "Decimal"))):
        return finite(value, name)  # type: ignore[arg-type]  # a number
    if isinstance(value, loaded("uuid", "UUID")):
        return str(value)
    if isinstance(value, (str, int)):  # subclasses: only their plain value travels
        return str.__str__(value) if isinstance(value, str) else int(value)
    message = (
        f"property {name!r} has a {type(value).__name__}, which is not JSON; "
        "give text, a number, a boolean, a date, a list or a dict"
    )
    raise InvalidValueError(message)


def loaded(module: str, name: str) -> type:
    """Give a type without importing its module, which takes milliseconds.

    Where the module is not loaded, no value can be of the type.
    """
    found = getattr(sys.modules.get(module), name, Absent)
    return found if isinstance(found, type) else Absent


class Absent:
    """The type of nothing."""


def finite(value: float, name: str) -> float:
    """Refuse NaN, infinity and what is larger than a float, which JSON has not."""
    try:
        plain = float(value)
    except (OverflowError, ValueError):  # a huge int, a signalling NaN
        plain = inf
    if isfinite(plain):
        return plain
    message = f"property {name!r} is not finite, which JSON has not; leave it out"
    raise InvalidValueError(message)


def utc_text(moment: datetime) -> str:
    """Write a datetime as Mixpanel reads dates: in UTC, without an offset."""
    return utc(moment).isoformat(timespec="seconds")[:19]


def utc(moment: datetime) -> datetime:
    """Convert to UTC; a naive datetime is taken as UTC already."""
    if moment.tzinfo is timezone.utc:
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError as error:
        given = f"{moment.isoformat()} is before year 1 or after year 9999 in UTC"
        raise InvalidValueError(f"{given}; give a real moment") from error


def mapping(value: Json, name: str) -> Mapping[str, Json]:
    """Take a dict as part of a message and refuse anything else."""
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return value
    given = type(value).__name__
    raise InvalidValueError(f"a message's {name} is a {given}; give a dict of texts")


def text_bytes(text: str) -> int:
    """Count the UTF-8 bytes of a text, refusing what is no valid Unicode."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        message = "a text has half a surrogate pair; give valid Unicode"
        raise InvalidValueError(message) from error


def json_bytes(value: object) -> int:
    """Count the bytes that a value takes as compact JSON in UTF-8."""
    import json  # the fast path of a message never comes here

    try:
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidValueError(f"a message is not JSON: {error}") from error
    return text_bytes(text)
