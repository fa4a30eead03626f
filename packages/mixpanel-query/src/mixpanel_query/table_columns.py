"""Rows as columns of one kind each, as the libraries for tables want them.

A table of pandas, polars or Arrow has one type a column; rows of an answer may have
whole and broken numbers in one, or documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Final

__all__ = ["columns_of"]

# What every one of the libraries holds exactly, as a whole number.
LARGEST: Final = 2**63 - 1


def columns_of(
    rows: Iterable[Mapping[str, object]], names: Iterable[str] = ()
) -> dict[str, list[object]]:
    """Return columns, each of values of one kind, or None.

    Whole numbers among broken ones become broken. Moments keep a timezone that has a
    name, if all have the same, and are in UTC otherwise. What has no kind in common,
    and lists and documents, are JSON text.

    Args:
        rows: The rows; a name that one lacks is None there.
        names: The columns that are there in any case, first of all.

    >>> columns_of([{"a": 1, "b": [1]}, {"a": 2.5}])
    {'a': [1.0, 2.5], 'b': ['[1]', None]}
    """
    listed = list(rows)
    found = dict.fromkeys([*names, *(name for row in listed for name in row)])
    return {name: of_one_kind([row.get(name) for row in listed]) for name in found}


def of_one_kind(values: list[object]) -> list[object]:
    """Return values so that all have the same kind."""
    there = [value for value in values if value is not None]
    kinds = {type(value) for value in there}
    if kinds <= {int} and fits(there):
        return values
    if kinds <= {int, float} and fits(there):
        return [None if value is None else as_float(value) for value in values]
    if kinds == {datetime}:
        return as_moments(values)
    if kinds in ({str}, {bool}, {date}):
        return values
    return [None if value is None else json_text(value) for value in values]


def fits(numbers: Sequence[object]) -> bool:
    """Tell whether whole numbers stay themselves in a table."""
    return all(
        abs(number) <= LARGEST for number in numbers if isinstance(number, int)
    ) and (
        not any(isinstance(number, float) for number in numbers)
        or all(
            int(float(number)) == number
            for number in numbers
            if isinstance(number, int)
        )
    )


def as_float(number: object) -> object:
    """Return a number as a broken one."""
    return float(number) if isinstance(number, int) else number


def as_moments(values: list[object]) -> list[object]:
    """Return moments of one timezone; those without any stay without."""
    moments = [value for value in values if isinstance(value, datetime)]
    zones = {moment.tzinfo for moment in moments}
    if zones == {None}:
        return values
    if None in zones:
        return [v.isoformat() if isinstance(v, datetime) else None for v in values]
    if len(zones) == 1 and hasattr(zones.pop(), "key"):
        return values
    return [
        value.astimezone(timezone.utc) if isinstance(value, datetime) else None
        for value in values
    ]


def json_text(value: object) -> str:
    """Return a value as JSON, days and moments as ISO text."""
    return json.dumps(value, default=str, ensure_ascii=False)
