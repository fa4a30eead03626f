"""Which types take every value that another type takes."""

from __future__ import annotations

import types
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

__all__ = ["spelled_out", "takes_all_of", "takes_none"]

Alternative = tuple[str, object]
ANYTHING: tuple[object, ...] = (None, Any, object)


def takes_none(annotation: object) -> bool:
    """Tell whether None may stand where a type is declared.

    >>> takes_none(str | None), takes_none(str)
    (True, False)
    """
    return annotation in ANYTHING or any(
        value == ("type", types.NoneType) for value in alternatives(annotation)
    )


def takes_all_of(new: object, old: object, *, none_aside: bool = False) -> bool:
    """Tell whether every value that the old type took is taken by the new one.

    An ``Enum`` is compared by its values, because the two types may come from two
    versions of one module.

    Args:
        new: The new type, as it stands in an annotation; None for any.
        old: The old one.
        none_aside: Leave None out of the comparison.

    >>> takes_all_of(float, int), takes_all_of(int, float)
    (True, False)
    >>> takes_all_of(Literal["free", "pro"], Literal["free"])
    True
    """
    if new in ANYTHING:
        return True
    if old in ANYTHING:
        return False
    taken = alternatives(new)
    return all(
        any(fits(one, other) for other in taken)
        for one in alternatives(old)
        if not (none_aside and one == ("type", types.NoneType))
    )


def spelled_out(annotation: object) -> str:
    """Write the values that the Enums of a type allow; empty where it has none.

    >>> spelled_out(list[str])
    ''
    """
    if isinstance(annotation, type) and get_origin(annotation) is None:
        members = annotation if issubclass(annotation, Enum) else ()
        return ", ".join(repr(member.value) for member in members)
    inner = [*map(spelled_out, get_args(annotation))]
    return "; ".join(part for part in inner if part)


def alternatives(annotation: object) -> list[Alternative]:
    """Take a type apart into the types, choices and members that it allows."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return [one for argument in arguments for one in alternatives(argument)]
    if origin is Literal:
        return [("choice", (type(choice), choice)) for choice in arguments]
    if isinstance(annotation, type) and origin is None and issubclass(annotation, Enum):
        return [("member", member) for member in annotation]
    return [("type", types.NoneType if annotation is None else annotation)]


def fits(old: Alternative, new: Alternative) -> bool:
    """Tell whether one alternative of the new type takes one of the old type."""
    (old_sort, was), (new_sort, now) = old, new
    if new_sort == "member":
        return isinstance(was, Enum) and isinstance(now, Enum) and same_value(was, now)
    if new_sort == "choice":
        return old_sort == "choice" and was == now
    if old_sort == "choice":
        assert isinstance(was, tuple)  # as alternatives() made it
        return plain_fits(was[0], now)
    if old_sort == "member":
        return isinstance(now, type) and isinstance(was, now)
    return parameters_fit(was, now)


def same_value(was: Enum, now: Enum) -> bool:
    """Tell whether two members travel as one value; True and 1 are two."""
    as_bool = isinstance(was.value, bool), isinstance(now.value, bool)
    return was.value == now.value and as_bool[0] == as_bool[1]


def plain_fits(was: object, now: object) -> bool:
    """Tell whether one type without parameters takes the values of another."""
    if was is now or now in ANYTHING[1:]:
        return True
    if not isinstance(was, type) or not isinstance(now, type):
        return was == now
    if (was.__module__, was.__qualname__) == (now.__module__, now.__qualname__):
        return True
    return was is int and now is float


def parameters_fit(was: object, now: object) -> bool:
    """Tell the same of types that may have parameters, such as ``list[int]``."""
    old_origin, new_origin = get_origin(was) or was, get_origin(now) or now
    if not plain_fits(old_origin, new_origin):
        return False
    old_inner, new_inner = get_args(was), get_args(now)
    if not new_inner or old_inner == new_inner:
        return True
    if Ellipsis in old_inner and Ellipsis not in new_inner:
        return False
    if len(old_inner) != len(new_inner):
        return (
            bool(old_inner)
            and set(new_inner[1:]) == {Ellipsis}
            and all(takes_all_of(new_inner[0], part) for part in old_inner)
        )
    return all(
        takes_all_of(after, before)
        for after, before in zip(new_inner, old_inner, strict=True)
        if Ellipsis not in (after, before)
    )
