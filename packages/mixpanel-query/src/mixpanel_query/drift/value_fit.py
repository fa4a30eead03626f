"""Whether a value in an export is one that a declared type gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from mixpanel_schema.value_shapes import Kind, Shape

__all__ = ["fits", "kind_of"]

DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
KINDS = {
    bool: "true or false",
    int: "whole numbers",
    float: "numbers",
    str: "text",
    list: "lists",
    dict: "objects",
}


def kind_of(value: object) -> str:
    """Say what a value of JSON is; of lists and objects not what is in them.

    >>> kind_of(True), kind_of("x")
    ('true or false', 'text')
    """
    return KINDS.get(type(value), "null")


def fits(value: object, shape: Shape) -> bool:
    """Tell whether a value of JSON looks as it is declared.

    A number that Mixpanel writes with a point is whole all the same if nothing
    stands behind it. A date is text that begins with one.

    >>> from mixpanel_schema.value_shapes import shape_of
    >>> fits(3.0, shape_of(int)), fits("3", shape_of(int))
    (True, False)
    """
    test = TESTS.get(shape.kind)
    return fits_parts(value, shape) if test is None else test(value)


def fits_parts(value: object, shape: Shape) -> bool:
    """Tell the same of what has parts, or choices."""
    if shape.kind == "choice":
        return any(
            type(value) is type(choice) and value == choice for choice in shape.choices
        )
    if shape.kind == "union":
        return any(fits(value, part) for part in shape.parts)
    if not isinstance(value, list):
        return False
    if shape.kind == "row":
        pairs = zip(value, shape.parts, strict=False)
        return len(value) == len(shape.parts) and all(fits(v, p) for v, p in pairs)
    return all(fits(inner, shape.parts[0]) for inner in value)


def is_number(value: object) -> bool:
    """Tell whether a value is a number, which true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_whole(value: object) -> bool:
    """Tell whether a value is a number with nothing behind the point."""
    return is_number(value) and float(value).is_integer()  # type: ignore[arg-type]


def is_text(value: object) -> bool:
    """Tell whether a value is text."""
    return isinstance(value, str)


def is_date(value: object) -> bool:
    """Tell whether a value is text that is a date, with a time or without.

    >>> is_date("2026-11-09T10:00:00Z"), is_date("2026-11-09"), is_date("yesterday")
    (True, True, False)
    """
    if not isinstance(value, str) or not DATE.match(value):
        return False
    try:
        # Python before 3.11 knows neither Z nor all lengths of fractions.
        datetime.fromisoformat(value[:19].rstrip("Z"))
    except ValueError:
        return False
    return True


TESTS: Mapping[Kind, Callable[[object], bool]] = {
    "any": lambda value: True,
    "null": lambda value: value is None,
    "text": is_text,
    "uuid": is_text,
    "boolean": lambda value: isinstance(value, bool),
    "whole": is_whole,
    "number": is_number,
    "date": is_date,
    "datetime": is_date,
    "object": lambda value: isinstance(value, dict),
}
