"""Reads the rows that grouping gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mixpanel_query.exceptions import InvalidQueryError

__all__ = ["Group", "read_groups"]


class Group(NamedTuple):
    """One row of a ``group_by`` or ``group_by_user``.

    Attributes:
        key: The components of the key, in the order that they were asked for.
        value: What the reducer made of the group, or a list of what several made.
    """

    key: tuple[object, ...]
    value: object


def read_groups(rows: Iterable[object]) -> Iterator[Group]:
    """Yield rows such as ``{"key": ["US"], "value": 3}`` as key and value.

    A key that is no list, as the documents show one too, has one component.

    Raises:
        InvalidQueryError: If a row is not of this form.

    >>> for (country,), users in read_groups([{"key": ["US"], "value": 3}]):
    ...     print(country, users)
    US 3
    """
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not row.keys() >= {"key", "value"}:
            problem = f"row {place} has no key and value"
            raise InvalidQueryError(f"{problem}; only grouping gives rows with them")
        key = row["key"]
        yield Group(tuple(key) if isinstance(key, list) else (key,), row["value"])
