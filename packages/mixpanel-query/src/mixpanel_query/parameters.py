"""Parameters of a question, as Mixpanel takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from mixpanel_query.exceptions import InvalidQueryError

__all__ = [
    "COUNT_TYPES",
    "UNITS",
    "CountType",
    "Unit",
    "checked_choice",
    "checked_count",
    "checked_flag",
    "checked_number",
    "json_list",
]

CountType: TypeAlias = Literal["general", "unique", "average"]
Unit: TypeAlias = Literal["minute", "hour", "day", "week", "month"]

COUNT_TYPES: Final = ("general", "unique", "average")
UNITS: Final = ("minute", "hour", "day", "week", "month")


def checked_choice(name: str, given: str, allowed: tuple[str, ...]) -> str:
    """Return ``given`` if it is one of the words Mixpanel knows.

    Raises:
        InvalidQueryError: If it is not.
    """
    if given not in allowed:
        use = ", ".join(allowed)
        raise InvalidQueryError(f"{name} {repr(given)[:60]} is unknown; use {use}")
    return given


def checked_count(type: CountType, unit: Unit) -> dict[str, str]:
    """Return what is counted by which unit, as parameters.

    https://developer.mixpanel.com/reference/list-recent-events

    Raises:
        InvalidQueryError: If Mixpanel does not count that by this unit.

    >>> checked_count("unique", "week")
    {'type': 'unique', 'unit': 'week'}
    """
    counted = checked_choice("type", type, COUNT_TYPES)
    by = checked_choice("unit", unit, UNITS)
    if type == "unique" and unit == "hour":
        problem = "Mixpanel counts no unique users by the hour"
        raise InvalidQueryError(f"{problem}; use unit day, week or month")
    return {"type": counted, "unit": by}


def checked_number(name: str, given: int, *, most: int | None = None) -> str:
    """Return a number from 1 to ``most``, where there is a most, as text.

    Raises:
        InvalidQueryError: If it is outside, or no whole number.
    """
    if isinstance(given, bool) or not isinstance(given, int):
        raise InvalidQueryError(
            f"{name} {repr(given)[:60]} is no whole number; give one"
        )
    if given < 1 or (most is not None and given > most):
        allowed = "at least 1" if most is None else f"1 to {most}"
        raise InvalidQueryError(f"{name} {given} is out of range; use {allowed}")
    return str(given)


def checked_flag(name: str, given: bool) -> str:
    """Return true or false as text.

    Raises:
        InvalidQueryError: If it is neither, as the text "false" is, which Python takes
            for true.

    >>> checked_flag("unbounded_retention", False)
    'false'
    """
    if not isinstance(given, bool):
        raise InvalidQueryError(f"{name} {repr(given)[:60]}; give True or False")
    return "true" if given else "false"


def json_list(names: Iterable[str]) -> str:
    """Return names as Mixpanel takes a list: JSON in one parameter.

    Raises:
        InvalidQueryError: If one of them holds half a character, which JSON would hide.

    >>> json_list(["Sign Up", "Purchase"])
    '["Sign Up", "Purchase"]'
    """
    listed = list(names)
    for name in listed:
        if any("\ud800" <= sign <= "\udfff" for sign in name):
            problem = f"{name!r} holds half a character"
            raise InvalidQueryError(f"{problem}; write it in UTF-8")
    return json.dumps(listed)
