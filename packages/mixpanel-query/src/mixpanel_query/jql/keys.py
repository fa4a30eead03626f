"""What the items of a group have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql.accessors import Accessor, accessor_part
from mixpanel_query.jql.parts import KeyPart, MultipleKeys, Slice

__all__ = ["Key", "key_parts", "multiple_keys", "slice"]

Key: TypeAlias = Accessor | MultipleKeys | Slice


def multiple_keys(accessors: Accessor | Iterable[Accessor]) -> MultipleKeys:
    """Make a group of each element of a property that is a list.

    >>> multiple_keys(["properties.$campaigns"]).accessors
    (Path(text='properties.$campaigns'),)
    """
    several = accessors if isinstance(accessors, (list, tuple)) else (accessors,)
    if not several:
        raise InvalidQueryError("multiple_keys are empty; name a property")
    return MultipleKeys(tuple(accessor_part(each) for each in several))


def slice(key: str, start: int, limit: int | None = None) -> Slice:
    """Keep the components from ``start`` up to ``limit``, not counted, of a key.

    ``slice("key", 1)`` leaves out the distinct_id that ``group_by_user`` puts first.

    Raises:
        InvalidQueryError: If nothing is between the two.

    >>> slice("key", 1)
    Slice(key='key', start=1, limit=None)
    """
    is_number = all(isinstance(each, int) for each in (start, limit or 0))
    if not is_number or start < 0 or (limit is not None and limit <= start):
        problem = f"slice from {start!r} to {limit!r} holds nothing"
        raise InvalidQueryError(f"{problem}; count from 0, and end after the start")
    if not isinstance(key, str) or not key:
        raise InvalidQueryError(
            f'slice of {key!r} is of nothing; write slice("key", …)'
        )
    return Slice(key, start, limit)


def key_parts(given: Key | Iterable[Key]) -> tuple[KeyPart, ...]:
    """Return what keys stand for, one or several.

    Raises:
        InvalidQueryError: If there is none.
    """
    parts = tuple(
        each if isinstance(each, (MultipleKeys, Slice)) else accessor_part(each)
        for each in listed(given)
    )
    if not parts:
        raise InvalidQueryError(
            "there are no keys to group by; name one, or use reduce"
        )
    return parts


def listed(given: Key | Iterable[Key]) -> Iterable[Key]:
    """Return one or several as several."""
    if isinstance(given, (list, tuple)):
        return given
    return (given,)  # type: ignore[return-value]
