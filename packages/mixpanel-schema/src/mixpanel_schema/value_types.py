"""Types that a property's values may be declared to have, and the check of a value.

A type is what stands in an annotation: ``int``, ``str | None``, ``list[str]``,
``Literal["free", "pro"]``, an ``Enum``. It is compiled once into a predicate.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from mixpanel_schema.exceptions import InvalidValueError

__all__ = ["Accepts", "accepts", "exact_types", "json_kinds", "type_name"]

Accepts = Callable[[object], bool]
UNIONS = (Union, types.UnionType)
LISTS = (list, tuple, set, frozenset, Sequence, Set)
ANY: tuple[object, ...] = (None, Any, object)
CHOICES = (str, int, bool, types.NoneType)
DICT_ARGUMENTS = 2
EXACT = frozenset((str, int, bool, types.NoneType, date, datetime, list, dict))
ANYTHING: frozenset[type] = frozenset(
    (str, int, float, bool, types.NoneType, list, dict, datetime)
)
NUMBERS_AND_IDS = {("decimal", "Decimal"), ("uuid", "UUID")}


def accepts(annotation: object) -> Accepts:
    """Compile a type into a predicate that tells whether a value has it.

    None, which is no annotation, takes anything, as ``object`` does.
    ``float`` takes whole numbers too, as type checkers do; no number type takes a
    ``bool``, and ``date`` takes no ``datetime``, because reports would mix them up.

    Raises:
        InvalidValueError: If values of that type cannot be sent to Mixpanel.

    >>> accepts(float)(3), accepts(int)(True), accepts(list[str])(["a", 1])
    (True, False, False)
    """
    if plain_type(annotation) in ANY:
        return lambda value: True
    annotation = plain_type(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in UNIONS:
        return any_of([accepts(argument) for argument in arguments])
    if origin is Literal and all(type(choice) in CHOICES for choice in arguments):
        allowed = [(type(choice), choice) for choice in arguments]
        return lambda value: (type(value), value) in allowed
    if origin in LISTS:
        return list_of(origin, arguments)
    if origin in (dict, Mapping):
        return dict_of(arguments)
    if isinstance(annotation, type):
        found = single(annotation)
        if found is not None:
            return found
    message = (
        f"type {type_name(annotation)} cannot be sent; use str, int, float, bool, "
        "date, datetime, Decimal, UUID, an Enum, Literal, or a list or dict of them"
    )
    raise InvalidValueError(message)


def plain_type(annotation: object) -> object:
    """Give what a type stands for at run time.

    A type variable stands for its bound, a ``NewType`` for what it was made of, a
    generic class for the class, and a ``TypedDict`` for a dict.
    """
    if isinstance(annotation, TypeVar):
        return annotation.__bound__
    made_of = getattr(annotation, "__supertype__", None)
    if made_of is not None:
        return plain_type(made_of)
    if isinstance(annotation, type) and hasattr(annotation, "__total__"):
        return dict
    return annotation


def exact_types(annotation: object) -> frozenset[type]:
    """List classes all of whose own instances have a type, for a quick first look.

    >>> sorted(kind.__name__ for kind in exact_types(float | None))
    ['NoneType', 'float', 'int']
    """
    annotation = plain_type(annotation)
    if annotation in ANY:
        return ANYTHING
    if get_origin(annotation) in UNIONS:
        found: set[type] = set()
        for choice in get_args(annotation):
            found |= exact_types(choice)
        return frozenset(found)
    if annotation is float:
        return frozenset((float, int))
    if isinstance(annotation, type) and annotation in EXACT:
        return frozenset((annotation,))
    return frozenset()


def single(annotation: type) -> Accepts | None:
    """Compile a type that has no parameters; None where there is no such type."""
    found = EXACTLY.get(annotation)
    if found is not None:
        return found
    plain = annotation in (str, bool, datetime, dict, types.NoneType, *LISTS)
    # Named rather than imported: loading decimal and uuid costs those who use neither.
    named = (annotation.__module__, annotation.__name__) in NUMBERS_AND_IDS
    if plain or named or (issubclass(annotation, Enum) and list(annotation)):
        return lambda value: isinstance(value, annotation)
    return None


def is_whole(value: object) -> bool:
    """Tell whether a value is a whole number, which a bool is not."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Tell whether a value is a number, which a bool is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_day(value: object) -> bool:
    """Tell whether a value is a date, which a datetime is not."""
    return isinstance(value, date) and not isinstance(value, datetime)


EXACTLY: Mapping[type, Accepts] = {int: is_whole, float: is_number, date: is_day}


def any_of(choices: list[Accepts]) -> Accepts:
    """Take what one of the choices takes."""
    return lambda value: any(choice(value) for choice in choices)


def list_of(origin: type, arguments: tuple[object, ...]) -> Accepts:
    """Take a list, tuple or set whose items all have their type."""
    items = [accepts(argument) for argument in arguments if argument is not Ellipsis]
    if origin is tuple and Ellipsis not in arguments:
        return lambda value: (
            isinstance(value, tuple)
            and len(value) == len(items)
            and all(item(part) for item, part in zip(items, value, strict=True))
        )
    item = items[0]
    return lambda value: (
        isinstance(value, (list, tuple, set, frozenset))
        and isinstance(value, origin)
        and all(item(part) for part in value)
    )


def dict_of(arguments: tuple[object, ...]) -> Accepts:
    """Take a dict with text as keys, whose values all have their type."""
    if len(arguments) != DICT_ARGUMENTS or arguments[0] is not str:
        given = ", ".join(map(type_name, arguments))
        message = f"type dict[{given}] cannot be sent; use dict[str, …]"
        raise InvalidValueError(message)
    inner = accepts(arguments[1])
    return lambda value: (
        isinstance(value, Mapping)
        and all(isinstance(key, str) for key in value)
        and all(map(inner, value.values()))
    )


def json_kinds(annotation: object) -> frozenset[str]:
    """Tell what a type's values are in JSON, and so in Mixpanel's reports.

    Returns:
        Some of ``string``, ``number``, ``boolean``, ``date``, ``array``, ``object``
        and ``null``; nothing where any value is taken.

    >>> sorted(json_kinds(int | None)), sorted(json_kinds(Literal["a", True]))
    (['null', 'number'], ['boolean', 'string'])
    """
    annotation = plain_type(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in UNIONS:
        return frozenset().union(*map(json_kinds, arguments))
    if origin is Literal:
        return frozenset().union(*(json_kinds(type(choice)) for choice in arguments))
    plain = origin or annotation
    if plain is None:
        return frozenset({"null"})
    if not isinstance(plain, type) or plain is object:
        return frozenset()
    if issubclass(plain, Enum):
        return frozenset().union(*(json_kinds(type(item.value)) for item in plain))
    return frozenset({kind for base, kind in KINDS.items() if base == plain.__name__})


KINDS = {
    "str": "string",
    "UUID": "string",
    "bool": "boolean",
    "int": "number",
    "float": "number",
    "Decimal": "number",
    "date": "date",
    "datetime": "date",
    "list": "array",
    "tuple": "array",
    "set": "array",
    "frozenset": "array",
    "Sequence": "array",
    "Set": "array",
    "dict": "object",
    "Mapping": "object",
    "NoneType": "null",
}


def type_name(annotation: object) -> str:
    """Write a type as it stands in code.

    >>> type_name(str), type_name(list[int] | None), type_name(Literal["a", 1])
    ('str', 'list[int] | None', "Literal['a', 1]")
    """
    if annotation is types.NoneType:
        return "None"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in UNIONS:
        return " | ".join(map(type_name, arguments))
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if origin is not None and arguments:
        inner = ("..." if a is Ellipsis else type_name(a) for a in arguments)
        return f"{origin.__name__}[{', '.join(inner)}]"
    return getattr(annotation, "__name__", None) or str(annotation)
