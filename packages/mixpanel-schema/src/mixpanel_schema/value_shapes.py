"""What a declared type looks like in JSON, so that each document can write it down."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Union, get_args, get_origin

from mixpanel_schema.json_values import Json, json_value

__all__ = ["Kind", "Shape", "shape_of", "without_null"]

Kind = Literal[
    "any",
    "null",
    "text",
    "uuid",
    "whole",
    "number",
    "boolean",
    "date",
    "datetime",
    "list",
    "row",
    "object",
    "choice",
    "union",
]


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a property's values in JSON.

    Attributes:
        kind: What the values are. A ``row`` is a list of fixed length, a ``choice``
            one of some values.
        parts: The shape of a list's or an object's values, of each place of a row,
            or of each member of a union.
        choices: The values of a choice, as they travel.
    """

    kind: Kind
    parts: tuple[Shape, ...] = ()
    choices: tuple[Json, ...] = ()


ANY = Shape("any")
NULL = Shape("null")

# By name, so that decimal and uuid need not be loaded.
SINGLE: Mapping[str, Kind] = {
    "NoneType": "null",
    "str": "text",
    "UUID": "uuid",
    "int": "whole",
    "float": "number",
    "Decimal": "number",
    "bool": "boolean",
    "date": "date",
    "datetime": "datetime",
}
LISTS = (list, tuple, set, frozenset)


def shape_of(annotation: object) -> Shape:
    """Read a type as it stands in an annotation; None stands for any value.

    >>> shape_of(int | None).parts
    (Shape(kind='whole', parts=(), choices=()), Shape(kind='null', parts=(), choices=()))
    >>> shape_of(Literal["free", "pro"]).choices
    ('free', 'pro')
    """  # noqa: E501  # the answer as it is printed
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return union(shape_of(argument) for argument in arguments)
    if origin is Literal:
        return choice(arguments)
    plain = origin or annotation
    if not isinstance(plain, type):
        return ANY
    if issubclass(plain, Enum):
        return choice(item.value for item in plain)
    return plain_shape(plain, arguments)


def plain_shape(plain: type, arguments: tuple[object, ...]) -> Shape:
    """Read a type that is neither a union nor a choice."""
    if plain in LISTS:
        return list_shape(plain, arguments)
    if issubclass(plain, Mapping):
        return Shape("object", (shape_of(arguments[1]) if arguments else ANY,))
    kind = SINGLE.get(plain.__name__)
    return ANY if kind is None else Shape(kind)


def list_shape(plain: type, arguments: tuple[object, ...]) -> Shape:
    """Read a list, a set, or a tuple of fixed or open length."""
    if plain is tuple and arguments and Ellipsis not in arguments:
        return Shape("row", tuple(map(shape_of, arguments)))
    return Shape("list", (shape_of(arguments[0]) if arguments else ANY,))


def choice(values: Iterable[object]) -> Shape:
    """Read values of which one is sent, each in its form in JSON.

    >>> shape_of(Literal[None]).kind
    'null'
    """
    choices = tuple(json_value(value, "choice") for value in values)
    # Nothing to choose from: a choice would leave documents without a word for it.
    if all(value is None for value in choices):
        return NULL
    return Shape("choice", choices=choices)


def union(members: Iterable[Shape]) -> Shape:
    """Put shapes together, each once."""
    parts = tuple(dict.fromkeys(members))
    return parts[0] if len(parts) == 1 else Shape("union", parts)


def without_null(shape: Shape) -> Shape:
    """Leave null out of a union: an optional value is left out, never sent as null.

    >>> without_null(shape_of(int | None)).kind
    'whole'
    """
    if shape.kind == "choice":
        return Shape("choice", choices=tuple(c for c in shape.choices if c is not None))
    if shape.kind != "union":
        return shape
    return union(without_null(part) for part in shape.parts if part != NULL)
