"""Tests of mixpanel_query.json_values."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.json_values import json_text
from mixpanel_schema import Event, TypedEvent

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)


@given(JSON)
def test_json_comes_out_again(value: object) -> None:
    """What JSON knows is read back as it was, from ASCII alone."""
    text = json_text("params", value)

    assert json.loads(text) == value
    assert text.isascii()


class Paid(TypedEvent, event_name="Paid Up"):
    """A typed event."""


def test_dates_and_declarations() -> None:
    """Days are ISO, declared events are their names, and so are typed ones."""
    assert json_text("x", [date(2026, 11, 9), Event("Sign Up"), Paid]) == (
        '["2026-11-09", "Sign Up", "Paid Up"]'
    )


CIRCLE: list[object] = []
CIRCLE.append(CIRCLE)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (float("nan"), "not JSON compliant"),
        ({1: 2}, "the key 1 is no text"),
        ([{"a": ({None: 2},)}], "the key None is no text"),
        (b"x", "bytes is not JSON"),
        ({1, 2}, "set is not JSON"),
        (Decimal(1), "Decimal is not JSON"),
        (datetime(2026, 11, 9), "datetime is not JSON"),
        (CIRCLE, "nested too deeply"),
        (["\udcff"], "holds half a character"),
        ({"\udcff": 1}, "holds half a character"),
    ],
)
def test_what_json_cannot_hold(value: object, problem: str) -> None:
    """The value is refused by its name, in one line."""
    with pytest.raises(InvalidQueryError, match=problem) as caught:
        json_text("params", value)

    assert str(caught.value).startswith("params cannot be written as JSON (")
