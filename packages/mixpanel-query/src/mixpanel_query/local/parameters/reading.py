"""Reading the parameters of a request, and refusing those that make no sense.

Shared rules: https://developer.mixpanel.com/reference/query-api
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import Expression, read_expression

__all__ = [
    "day",
    "expression",
    "flag",
    "json_texts",
    "number",
    "one_of",
    "required",
    "storable",
    "window",
]

EARLIEST_YEAR = 2000


def required(parameters: Mapping[str, str], name: str) -> str:
    """Return a parameter that must be there.

    Raises:
        RequestRefusedError: If it is missing or empty.
    """
    value = parameters.get(name, "")
    if not value:
        raise RequestRefusedError(400, f"{name} is missing")
    return storable(name, value)


def storable(name: str, value: str) -> str:
    """Return a text if UTF-8 can hold it, as JSON may name half a character."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise RequestRefusedError(
            400, f"{name} should be valid utf8, and holds half a character"
        ) from error
    return value


def one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    """Return ``value`` if it is one of the allowed words.

    Raises:
        RequestRefusedError: If it is not.
    """
    if value not in allowed:
        raise RequestRefusedError(
            400, f"{name} {value[:40]!r} is not one of {', '.join(allowed)}"
        )
    return value


def number(
    parameters: Mapping[str, str], name: str, *, least: int = 1, most: int
) -> int | None:
    """Return a whole number, or None if the parameter is missing.

    Raises:
        RequestRefusedError: If it is no whole number, or out of bounds.
    """
    text = parameters.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise RequestRefusedError(
            400, f"{name} {text[:40]!r} is not a whole number from {least} to {most}"
        )
    return int(text)


def flag(parameters: Mapping[str, str], name: str) -> bool:
    """Return a yes or no, written ``true``, ``false``, ``1`` or ``0``; no if missing.

    Raises:
        RequestRefusedError: If it is another word.
    """
    words = {"true": True, "1": True, "false": False, "0": False}
    text = parameters.get(name, "false").lower()
    return words[one_of(name, text, tuple(words))]


def json_texts(name: str, text: str) -> tuple[str, ...]:
    """Return a list of texts, which travels as a JSON array in one parameter.

    Raises:
        RequestRefusedError: If it is no JSON array of texts.
    """
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise RequestRefusedError(
            400, f'{name} is not a JSON array of texts; write it as ["one", "two"]'
        )
    # A name that stands twice is answered once.
    return tuple(dict.fromkeys(storable(name, value) for value in values))


def window(parameters: Mapping[str, str], today: date) -> tuple[date, date]:
    """Return the two dates of a question, both counted.

    Raises:
        RequestRefusedError: If one is missing or no date, lies before the year 2000
            or after ``today``, or if they are the wrong way round.
    """
    from_date = day(parameters, "from_date")
    to_date = day(parameters, "to_date")
    if to_date > today:
        raise RequestRefusedError(
            400,
            f"to_date cannot be later than today: it is {to_date}, and today is "
            f"{today} for this project",
        )
    if from_date > to_date:
        raise RequestRefusedError(
            400, f"from_date {from_date} is later than to_date {to_date}"
        )
    return from_date, to_date


def day(parameters: Mapping[str, str], name: str) -> date:
    """Return a date that is written ``YYYY-MM-DD``."""
    text = required(parameters, name)
    try:
        # date.fromisoformat() alone takes "20260101" from Python 3.11 on.
        value = date.fromisoformat(text) if re.fullmatch(r"[0-9-]{10}", text) else None
    except ValueError:
        value = None
    if value is None:
        raise RequestRefusedError(
            400, f"invalid date: {name} {text[:40]!r} is not a day; write YYYY-MM-DD"
        )
    if value.year < EARLIEST_YEAR:
        raise RequestRefusedError(
            400, f"invalid date, bad year: {name} {text} is before {EARLIEST_YEAR}"
        )
    return value


def expression(
    parameters: Mapping[str, str], name: str, zone: ZoneInfo
) -> Expression | None:
    """Return an expression, or None if it is missing or empty.

    Raises:
        RequestRefusedError: 400 if it cannot be read; 501 for ``behaviors``.
    """
    text = parameters.get(name, "").strip()
    return read_expression(name, storable(name, text), zone) if text else None
