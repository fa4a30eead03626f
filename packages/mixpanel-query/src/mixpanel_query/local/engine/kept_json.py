"""JSON that the store keeps: where its members are, and what they are.

It is read so that it can be answered as JSON again. Files and apps may send numbers
that no float holds; here they are null.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from mixpanel_query.local.expressions import Value

__all__ = ["pointer", "property_value", "read_kept"]


def read_kept(text: str) -> dict[str, Any]:
    """Return an object that is kept.

    >>> read_kept('{"a": 7, "b": -0.5, "c": 1e999, "d": Infinity}')
    {'a': 7, 'b': -0.5, 'c': None, 'd': None}
    """
    found: dict[str, Any] = json.loads(
        text,
        parse_int=held_number,
        parse_float=held_number,
        parse_constant=lambda name: None,
    )
    return found


def held_number(text: str) -> int | float | None:
    """Return a number as it is written; None if no float can hold it."""
    value = float(text)
    if not isfinite(value):
        return None
    return int(text) if text.lstrip("-").isdigit() else value


def pointer(name: str) -> str:
    """Return the JSON pointer to a member of an object, whatever its name.

    >>> pointer("a/b~c")
    '/a~1b~0c'
    """
    return "/" + name.replace("~", "~0").replace("/", "~1")


def property_value(text: str) -> Value:
    """Return the value of a property, by its JSON."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        # It is stricter: numbers that no float holds, and half characters.
        return json.loads(text)
