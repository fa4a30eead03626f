"""Declared types: which values they take, and what they are in JSON."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Literal, NewType, Optional, TypedDict, TypeVar, Union
from uuid import UUID

import pytest

from mixpanel_schema import InvalidValueError
from mixpanel_schema.value_types import accepts, exact_types, json_kinds, type_name


class Plan(Enum):
    """An enumeration of texts."""

    FREE = "free"
    PRO = "pro"


NULL = UUID(int=0)
MOMENT = datetime(2026, 1, 1)

UserId = NewType("UserId", str)
Number = TypeVar("Number", bound=int)


class Address(TypedDict):
    """A dict whose keys are known."""

    city: str


TAKEN = [
    (UserId, "u1"),
    (Number, 3),
    (Address, {"city": "Kranj"}),
    (Sequence[str], ["a"]),
    (Sequence[str], ("a",)),
    (Literal[None, "a"], None),
    (str, "x"),
    (int, 3),
    (float, 3),
    (float, 3.5),
    (bool, False),
    (date, date(2026, 1, 1)),
    (datetime, MOMENT),
    (Decimal, Decimal(1)),
    (UUID, NULL),
    (Plan, Plan.PRO),
    (Literal["free", 1], 1),
    (str | None, None),
    (Optional[int], 3),  # noqa: UP045  # older code writes it so
    (Union[int, str], "x"),  # noqa: UP007  # the same
    (list[str], ["a"]),
    (list[int | None], [1, None]),
    (tuple[int, str], (1, "a")),
    (tuple[int, ...], (1, 2, 3)),
    (set[str], {"a"}),
    (dict[str, int], {"a": 1}),
    (Mapping[str, list[int]], {"a": [1]}),
    (list, [1, "a"]),
    (dict, {"a": 1}),
    (Any, object),
    (None, b"x"),
]
REFUSED = [
    (UserId, 7),
    (Number, "3"),
    (Address, "Kranj"),
    (Sequence[str], [1]),
    (Sequence[str], "ab"),
    (str, 3),
    (str, None),
    (int, True),
    (int, 3.0),
    (float, True),
    (float, "3"),
    (bool, 1),
    (date, MOMENT),
    (datetime, date(2026, 1, 1)),
    (Decimal, 1.0),
    (UUID, str(NULL)),
    (Plan, "pro"),
    (Literal["free", 1], True),
    (Literal["free", 1], "pro"),
    (str | None, 0),
    (list[str], ["a", 1]),
    (list[str], "a"),
    (list[str], ("a",)),
    (tuple[int, str], (1,)),
    (tuple[int, ...], (1, "a")),
    (dict[str, int], {1: 1}),
    (dict[str, int], {"a": "1"}),
]


@pytest.mark.parametrize(("annotation", "value"), TAKEN)
def test_a_value_of_the_type_is_taken(annotation: object, value: object) -> None:
    """What a type checker accepts is accepted."""
    assert accepts(annotation)(value) is True


@pytest.mark.parametrize(("annotation", "value"), REFUSED)
def test_a_value_of_another_type_is_refused(annotation: object, value: object) -> None:
    """What reports would mix up is refused, also where Python would not mind."""
    assert accepts(annotation)(value) is False


@pytest.mark.parametrize(("annotation", "value"), REFUSED)
def test_the_quick_look_never_takes_what_is_refused(
    annotation: object, value: object
) -> None:
    """A class is listed only if all its own instances have the type."""
    assert type(value) not in exact_types(annotation)


@pytest.mark.parametrize(
    "annotation",
    [
        bytes,
        Fraction,
        complex,
        list[bytes],
        dict[int, str],
        "str",
        Literal[b"x"],
        Enum("Nothing", {}),
    ],
    ids=str,
)
def test_a_type_that_cannot_be_sent_is_refused(annotation: object) -> None:
    """The message says which types can be sent."""
    with pytest.raises(InvalidValueError, match="cannot be sent; use"):
        accepts(annotation)


@pytest.mark.parametrize(
    ("annotation", "kinds"),
    [
        (str, {"string"}),
        (UUID, {"string"}),
        (int, {"number"}),
        (Decimal, {"number"}),
        (bool, {"boolean"}),
        (datetime, {"date"}),
        (date, {"date"}),
        (Plan, {"string"}),
        (list[int], {"array"}),
        (tuple[int, ...], {"array"}),
        (dict[str, int], {"object"}),
        (Literal["a", True], {"string", "boolean"}),
        (int | None, {"number", "null"}),
        (None, {"null"}),
        (Any, set()),
    ],
)
def test_a_type_has_its_kinds_in_json(annotation: object, kinds: set[str]) -> None:
    """What a property is in Mixpanel's reports follows from its type."""
    assert json_kinds(annotation) == kinds


@pytest.mark.parametrize(
    ("annotation", "written"),
    [
        (str, "str"),
        (str | None, "str | None"),
        (Optional[int], "int | None"),  # noqa: UP045  # the same
        (list[int], "list[int]"),
        (tuple[int, ...], "tuple[int, ...]"),
        (Literal["a", 1], "Literal['a', 1]"),
        (dict[str, list[str]], "dict[str, list[str]]"),
        (Plan, "Plan"),
    ],
)
def test_a_type_is_written_as_in_code(annotation: object, written: str) -> None:
    """Documents and messages show what stands in the source."""
    assert type_name(annotation) == written
