"""Widening: which types take every value that another type takes."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

import pytest

from mixpanel_schema.type_widening import takes_all_of, takes_none


class Plan(Enum):
    """Plans as they were."""

    FREE = "free"
    PRO = "pro"


class MorePlans(Enum):
    """Plans as they are now, from another version of the module."""

    FREE = "free"
    PRO = "pro"
    TEAM = "team"


class TextPlan(str, Enum):
    """Plans that are texts."""

    FREE = "free"


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (int, int),
        (float, int),
        (None, int),
        (Any, int),
        (object, int),
        (None, None),
        (int | None, int),
        (int | None, type(None)),
        (int | str, str | int),
        (Literal["a", "b"], Literal["a"]),
        (str, Literal["a"]),
        (float, Literal[1]),
        (list[float], list[int]),
        (list, list[int]),
        (dict[str, float], dict[str, int]),
        (tuple[int, ...], tuple[int, int]),
        (tuple[float, int], tuple[int, int]),
        (tuple[int, ...], tuple[int, ...]),
        (Plan, Plan),
        (MorePlans, Plan),
        (str, TextPlan),
        (list[int | None], list[int]),
        (dict[str, Any], dict[str, int]),
        ("Later", "Later"),
    ],
)
def test_a_wider_type_takes_all(new: object, old: object) -> None:
    """Nothing that was right becomes wrong."""
    assert takes_all_of(new, old)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (int, float),
        (int, str),
        (int, bool),
        (int, None),
        (int, Any),
        (int, int | None),
        (Literal["a"], Literal["a", "b"]),
        (Literal["a"], str),
        (Literal[True], Literal[1]),
        (list[int], list[float]),
        (list[int], list),
        (list[int], set[int]),
        (tuple[int, int], tuple[int, ...]),
        (tuple[int, int], tuple[int, int, int]),
        (dict[str, int], dict[str, float]),
        (date, datetime),
        (datetime, date),
        (Plan, MorePlans),
        (Plan, str),
        (str, Plan),
        (Mapping[str, int], dict[str, int]),
        ("Later", "Earlier"),
    ],
)
def test_a_narrower_or_other_type_does_not(new: object, old: object) -> None:
    """Some value that was right is refused now."""
    assert not takes_all_of(new, old)


def test_none_may_be_left_aside() -> None:
    """Whether a property is required is another question than its type."""
    assert takes_all_of(int, int | None, none_aside=True)
    assert not takes_all_of(int, str | None, none_aside=True)


@pytest.mark.parametrize("annotation", [None, Any, int | None])
def test_types_that_take_none(annotation: object) -> None:
    """Any value includes None."""
    assert takes_none(annotation)


def test_a_type_that_does_not_take_none() -> None:
    """A plain type is what it says."""
    assert not takes_none(int)


def test_a_class_of_the_same_name_is_the_same_type() -> None:
    """The two plans may come from two versions of one module."""
    before, after = (type("Colour", (), {"__module__": "shop"}) for _ in range(2))

    assert takes_all_of(after, before)
