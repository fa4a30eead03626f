"""What operators and functions make of values, type by type.

https://developer.mixpanel.com/reference/segmentation-expressions
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from typing import Final

from mixpanel_query.local.expressions.values import (
    UNDEFINED,
    Value,
    as_number,
    kind_of,
    value_text,
)
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["BINARY", "FUNCTIONS", "equal", "negated", "opposite"]

DECIMAL: Final = re.compile(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)

HALF: Final = 0.5

Binary = Callable[[Value, Value], Value]


def of_numbers(work: Callable[[float, float], float]) -> Binary:
    """Return the operator that is undefined unless both values are numbers."""

    def apply(left: Value, right: Value) -> Value:
        if kind_of(left) == kind_of(right) == "number":
            return as_number(work(left, right))
        return UNDEFINED

    return apply


def ordered(work: Callable[[float, float], bool]) -> Binary:
    """Return the comparison that is undefined unless both values are numbers.

    Mixpanel documents it for numbers; two texts have no order here.
    """

    def apply(left: Value, right: Value) -> Value:
        if kind_of(left) == kind_of(right) == "number":
            return work(left, right)
        if isinstance(left, str) and isinstance(right, str):
            rests_on("order-of-texts")
        return UNDEFINED

    return apply


def added(left: Value, right: Value) -> Value:
    """Return the sum of two numbers, or two texts one after the other."""
    kind = kind_of(left)
    if kind != kind_of(right) or kind not in ("number", "text"):
        return UNDEFINED
    return left + right if kind == "text" else as_number(left + right)


def divided(left: float, right: float) -> float:
    """Return a quotient; what is divided by 0 is no number."""
    return left / right if right else math.nan


def remainder(left: float, right: float) -> float:
    """Return what a division leaves, with the sign of the dividend."""
    if not right:
        return math.nan
    if isinstance(left, int) and isinstance(right, int):
        return int(math.fmod(left, right))
    return math.fmod(left, right)


def equal(left: Value, right: Value) -> bool:
    """Tell whether two values have the same type and are the same.

    >>> equal(1, 1.0), equal(1, True), equal("5", 5)
    (True, False, False)
    """
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(
            equal(value, right[key]) for key, value in left.items()
        )
    return bool(left == right)


def contained(left: Value, right: Value) -> Value:
    """Tell whether a text is part of another one, or a value one of a list."""
    if isinstance(right, list):
        rests_on("lists-in-expressions")
        return any(equal(left, item) for item in right)
    if isinstance(left, str) and isinstance(right, str):
        return left in right
    return UNDEFINED


BINARY: Final[dict[str, Binary]] = {
    "+": added,
    "-": of_numbers(operator.sub),
    "*": of_numbers(operator.mul),
    "/": of_numbers(divided),
    "%": of_numbers(remainder),
    ">": ordered(operator.gt),
    ">=": ordered(operator.ge),
    "<": ordered(operator.lt),
    "<=": ordered(operator.le),
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "in": contained,
}


def negated(value: Value) -> Value:
    """Return a number with the other sign."""
    return -value if kind_of(value) == "number" else UNDEFINED


def opposite(value: Value) -> Value:
    """Return the opposite of true or false; that of undefined is true."""
    if isinstance(value, bool):
        return not value
    return True if value is UNDEFINED else UNDEFINED


def to_text(value: Value) -> Value:
    """Cast to text; null stays null, and lists and objects have none."""
    if kind_of(value) in ("text", "number", "boolean"):
        return value_text(value)
    return None if value is None else not_cast(value)


def to_number(value: Value) -> Value:
    """Cast to a number; undefined if a text is no decimal."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        return as_number(float(value)) if DECIMAL.fullmatch(value) else UNDEFINED
    return value if kind_of(value) == "number" else not_cast(value)


def not_cast(value: Value) -> Value:
    """Return undefined, as what has no text or number; of a list that is a guess."""
    if isinstance(value, list | dict):
        rests_on("lists-in-expressions")
    return UNDEFINED


def to_boolean(value: Value) -> bool:
    """Cast to true or false.

    "false", 0, null, undefined and the empty text are false, all else is true:
    https://docs.mixpanel.com/docs/data-structure/property-reference/data-type
    """
    return value not in (UNDEFINED, None, False, 0, "", "false")


def is_defined(value: Value) -> bool:
    """Tell whether there is a value; null is none, which is a guess."""
    if value is None:
        rests_on("null-is-no-value")
    return value is not UNDEFINED and value is not None


def begins_with(value: Value, prefix: Value) -> Value:
    """Tell whether a text begins with another one."""
    if isinstance(value, str) and isinstance(prefix, str):
        return value.startswith(prefix)
    return UNDEFINED


def rounded(number: float) -> int:
    """Return the nearest whole number, of two the one that is farther from 0."""
    if abs(number) % 1 == HALF:
        rests_on("rounding-halves")
    return int(math.copysign(math.floor(abs(number) + 0.5), number))


def whole(work: Callable[[float], int]) -> Callable[[Value], Value]:
    """Return the function that is undefined for what is no number."""
    return lambda value: (
        as_number(work(value)) if kind_of(value) == "number" else UNDEFINED
    )


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "floor": whole(math.floor),
    "round": whole(rounded),
    "ceil": whole(math.ceil),
    "string": to_text,
    "number": to_number,
    "boolean": to_boolean,
    "defined": is_defined,
    "has_prefix": begins_with,
}
