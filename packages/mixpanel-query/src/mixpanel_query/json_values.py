"""Values that travel to Mixpanel as JSON inside a parameter."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expressions import Expression

__all__ = ["json_text"]


def json_text(name: str, value: object) -> str:
    r"""Return a value as JSON, in which every sign beyond ASCII is escaped.

    Dates are written as ``YYYY-MM-DD``, expressions as their text, and declared events
    and properties as their names.

    Args:
        name: What errors call the value.
        value: Anything made of what JSON knows, and of the above.

    Raises:
        InvalidQueryError: If JSON cannot hold it: NaN, a set, a datetime, bytes, a key
            that is no text, half a character, or a value that holds itself.

    >>> json_text("params", {"name": 'O"Neil', "day": date(2026, 11, 9)})
    '{"name": "O\\"Neil", "day": "2026-11-09"}'
    """
    try:
        check_text(value)
        return json.dumps(value, allow_nan=False, default=plain)
    except (TypeError, ValueError, RecursionError) as error:
        problem = str(error)
        if isinstance(error, RecursionError):
            problem = "nested too deeply"
        if isinstance(error, UnicodeEncodeError):
            problem = f"{error.object!r} holds half a character"
        raise InvalidQueryError(
            f"{name} cannot be written as JSON ({problem}); "
            "give text, numbers, booleans, None, dates, and lists and dicts of them"
        ) from error


def check_text(value: object) -> None:
    """Refuse keys that are no text, which Python's encoder would turn into text.

    And refuse text that UTF-8 cannot hold, which it would escape.
    """
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no text")
            check_text(key)
            check_text(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_text(item)


def plain(value: Any) -> object:  # noqa: ANN401 - whatever the caller gave
    """Return what stands for a value that JSON does not know."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Expression):
        return str(value)
    declared = getattr(value, "__event__", value)  # of a typed event's class
    name = getattr(declared, "name", None)
    # An Event, a Property.
    if isinstance(name, str) and hasattr(declared, "description"):
        return name
    raise TypeError(f"{type(value).__name__} is not JSON")
