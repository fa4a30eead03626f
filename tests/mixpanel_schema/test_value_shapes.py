"""What declared types look like in JSON, and in words."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Optional, Union
from uuid import UUID

import pytest

from mixpanel_schema import Property
from mixpanel_schema.documents.readable_types import readable_type
from mixpanel_schema.value_shapes import Shape, shape_of, without_null


class Plan(Enum):
    """Plans, by what is sent."""

    FREE = "free"
    PRO = 2


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (None, "any"),
        (Any, "any"),
        (object, "any"),
        (str, "text"),
        (UUID, "text (UUID)"),
        (int, "whole number"),
        (float, "number"),
        (Decimal, "number"),
        (bool, "true or false"),
        (date, "date"),
        (datetime, "date and time"),
        (type(None), "nothing"),
        (Literal[None], "nothing"),
        (list[Literal[None]], "list of nothing"),
        (list, "list"),
        (list[str], "list of text"),
        (set[int], "list of whole number"),
        (tuple[int, ...], "list of whole number"),
        (tuple[int, str], "list of whole number, text"),
        (dict, "object"),
        (dict[str, int], "object with whole number as values"),
        (Mapping[str, object], "object"),
        (Literal["a", True, None], '"a" or true'),
        (Plan, '"free" or 2'),
        (Optional[int], "whole number"),  # noqa: UP045  # people write it so
        (Union[int, str, bool], "whole number, text or true or false"),  # noqa: UP007
        (int | Decimal | float, "whole number or number"),
    ],
    ids=str,
)
def test_a_type_reads_well(annotation: object, words: str) -> None:
    """Those who read no Python know what is meant."""
    assert readable_type(Property("P", type=annotation)) == words


def test_a_union_has_each_shape_once() -> None:
    """Two types with one form in JSON are one part."""
    assert shape_of(float | Decimal) == Shape("number")


def test_null_is_left_out_of_a_union() -> None:
    """What remains alone is no union any more."""
    assert without_null(shape_of(str | None)) == Shape("text")
    assert without_null(Shape("null")) == Shape("null")


def test_no_module_is_loaded_for_a_type() -> None:
    """Reading types costs those nothing who use neither Decimal nor UUID."""
    assert "decimal" not in vars(sys.modules["mixpanel_schema.value_shapes"])
