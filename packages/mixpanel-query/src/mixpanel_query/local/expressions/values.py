"""The values of expressions, and what their types are called.

Text, numbers, true and false are Python's own; null is None. A property that is not
there is ``UNDEFINED``. Numbers are Mixpanel's floats, but whole ones stay whole as
long as a float can tell them apart.
"""

from __future__ import annotations

import json
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any, Final, TypeAlias

__all__ = ["UNDEFINED", "Undefined", "Value", "as_number", "kind_of", "value_text"]


class Undefined(Enum):
    """The type of what is not there."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED

# JSON, or nothing.
Value: TypeAlias = Any

KINDS: Final[dict[type, str]] = {
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    type(None): "null",
    list: "list",
    dict: "object",
    Undefined: "undefined",
}
LARGEST_WHOLE: Final = 2**53


def kind_of(value: Value) -> str:
    """Return the name of a value's type.

    >>> kind_of(True), kind_of(1), kind_of(None), kind_of(UNDEFINED)
    ('boolean', 'number', 'null', 'undefined')
    """
    return KINDS[type(value)]


def as_number(number: int | float) -> Value:
    """Return a number as Mixpanel would hold it; undefined if no float can.

    >>> as_number(3), as_number(2**60), as_number(1e308 * 10)
    (3, 1.152921504606847e+18, <Undefined.UNDEFINED: 'undefined'>)
    """
    if isinstance(number, int) and abs(number) <= LARGEST_WHOLE:
        return number
    try:
        number = float(number)
    except OverflowError:
        return UNDEFINED
    return number if isfinite(number) else UNDEFINED


def value_text(value: Value) -> str:
    """Return the text of a value: a number in decimals, a list as JSON.

    It names a segment, too; Mixpanel documents that names are text, not which.

    >>> value_text(3.0), value_text(1e-7), value_text(True), value_text(UNDEFINED)
    ('3', '0.0000001', 'true', 'undefined')
    """
    if isinstance(value, str):
        return value
    if kind_of(value) == "number":
        return number_text(value)
    if value is UNDEFINED:
        return "undefined"
    return json.dumps(value, ensure_ascii=False)


def number_text(number: int | float) -> str:
    """Return the decimals of a number, without an exponent."""
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    return format(Decimal(repr(number)), "f")
