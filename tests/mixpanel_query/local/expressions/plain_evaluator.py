"""Evaluates the tree of an expression by Mixpanel's tables, with plain floats.

https://developer.mixpanel.com/reference/segmentation-expressions
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

MISSING = object()


class WrongTypeError(Exception):
    """``and`` or ``or`` joins what is neither true, false nor undefined."""


def evaluate(tree: Any, properties: dict[str, Any], user: dict[str, Any]) -> Any:  # noqa: ANN401, PLR0911
    """Return the value of a tree, or ``MISSING`` where it is undefined."""
    word, *parts = tree
    if word in ("string", "number", "bool") and not isinstance(parts[0], tuple):
        return float(parts[0]) if word == "number" else parts[0]
    if word == "properties":
        return properties.get(parts[0], MISSING)
    if word == "user":
        return user.get(parts[0], MISSING)
    values = [evaluate(part, properties, user) for part in parts]
    if word == "list":
        return values
    if word in ("and", "or"):
        if not all(value is MISSING or isinstance(value, bool) for value in values):
            raise WrongTypeError
        truths = [value is True for value in values]
        return all(truths) if word == "and" else any(truths)
    if len(values) == 1:
        return one(word, values[0])
    return two(word, *values)


def is_number(value: object) -> bool:
    """Tell whether a value is a number; true is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def finite(number: float) -> Any:  # noqa: ANN401
    """Return a number if it is one."""
    return number if math.isfinite(number) else MISSING


def one(word: str, value: Any) -> Any:  # noqa: ANN401, PLR0911
    """Apply an operator or a function of one value."""
    if word == "defined":
        return value is not MISSING and value is not None
    if word == "not":
        return not value if isinstance(value, bool) else value is MISSING or MISSING
    casts = {"boolean": as_boolean, "string": as_text, "number": as_number}
    if word in casts:
        return casts[word](value)
    if not is_number(value):
        return MISSING
    if word == "-":
        return -value
    if word == "round":
        size = math.floor(abs(value) + 0.5)
        return size if value >= 0 else -size
    return math.floor(value) if word == "floor" else math.ceil(value)


def as_boolean(value: Any) -> bool:  # noqa: ANN401
    """Cast to true or false."""
    if value is MISSING or value is None or isinstance(value, bool):
        return value is True
    return value != 0 if is_number(value) else value not in ("", "false")


def as_text(value: Any) -> Any:  # noqa: ANN401
    """Cast to text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return f"{value:.10f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
    return MISSING if isinstance(value, list) else value


def as_number(value: Any) -> Any:  # noqa: ANN401
    """Cast to a number."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, str):
        digits = value.strip().lstrip("+-").replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit()):
            return MISSING
        try:
            return float(value)
        except ValueError:
            return MISSING
    return value if is_number(value) else MISSING


def two(word: str, left: Any, right: Any) -> Any:  # noqa: ANN401, PLR0911
    """Apply an operator of two values."""
    if word in ("==", "!="):
        same = kind(left) == kind(right) and left == right
        return same if word == "==" else not same
    if word == "in":
        if isinstance(right, list):
            return any(kind(left) == kind(item) and left == item for item in right)
        texts = isinstance(left, str) and isinstance(right, str)
        return left in right if texts else MISSING
    if word == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    if not is_number(left) or not is_number(right):
        return MISSING
    if word in ("/", "%") and right == 0:
        return MISSING
    answers: dict[str, Callable[[], object]] = {
        "+": lambda: finite(left + right),
        "-": lambda: finite(left - right),
        "*": lambda: finite(left * right),
        "/": lambda: finite(left / right),
        "%": lambda: math.fmod(left, right),
        ">": lambda: left > right,
        ">=": lambda: left >= right,
        "<": lambda: left < right,
        "<=": lambda: left <= right,
    }
    return answers[word]()


def kind(value: object) -> str:
    """Return the name of a type; whole numbers are numbers."""
    return "number" if is_number(value) else type(value).__name__
