"""Tests of mixpanel_query.names and mixpanel_query.parameters."""

from __future__ import annotations

import pytest

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.names import event_names, name_of, property_expression
from mixpanel_query.parameters import checked_choice, checked_number, json_list
from mixpanel_schema import Event, Property, TypedEvent, prop


def test_event_stands_for_its_name() -> None:
    """A declared event and its name are the same to a question."""
    assert name_of(Event("Sign Up")) == name_of("Sign Up") == "Sign Up"


@pytest.mark.parametrize("given", [None, 7, b"Sign Up", [], object])
def test_what_is_no_name(given: object) -> None:
    """Anything else is refused."""
    with pytest.raises(InvalidQueryError, match="is no name"):
        name_of(given)  # type: ignore[arg-type]


class Renamed(TypedEvent, event_name="User Renamed"):
    """A typed event that has a field called as every declaration's name is."""

    name: str = prop("New Name")


def test_typed_event_stands_for_its_name() -> None:
    """A typed event's class, or one of it, is that event, whatever its fields."""
    assert name_of(Renamed) == name_of(Renamed(name="Ann")) == "User Renamed"
    assert event_names([Renamed, "Sign Up"]) == ("User Renamed", "Sign Up")
    assert event_names(Renamed) == ("User Renamed",)


def test_property_of_a_typed_event() -> None:
    """A field, read from the class, is a property."""
    assert property_expression(Renamed.name) == 'properties["New Name"]'


def test_half_a_character_in_a_list() -> None:
    """What UTF-8 cannot hold is refused where JSON would hide it."""
    with pytest.raises(InvalidQueryError, match="holds half a character"):
        json_list(["a", "b\udcff"])


def test_empty_name() -> None:
    """An empty name is refused."""
    with pytest.raises(InvalidQueryError, match="a name is empty"):
        name_of("")


def test_one_event_is_a_list_of_one() -> None:
    """A lone name is not taken apart into letters."""
    assert event_names("Sign Up") == ("Sign Up",)
    assert event_names(Event("Sign Up")) == ("Sign Up",)


def test_names_are_asked_for_once() -> None:
    """A name that is given twice is sent once; the order stays."""
    given = [Event("Purchase"), "Sign Up", "Purchase"]

    assert event_names(given) == ("Purchase", "Sign Up")


def test_no_events() -> None:
    """An empty list is refused: Mixpanel would answer something else."""
    with pytest.raises(InvalidQueryError, match="list of events is empty"):
        event_names([])


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("plan", 'properties["plan"]'),
        ('a"b', 'properties["a\\"b"]'),
        ("a\\", 'properties["a\\\\"]'),
        ('"] or 1==1', 'properties["\\"] or 1==1"]'),
    ],
)
def test_property_is_escaped(name: str, expression: str) -> None:
    """No name of a property can end its quotes."""
    assert property_expression(Property(name)) == expression


def test_list_is_one_parameter_of_json() -> None:
    """Names with quotes, commas and other scripts stay what they are."""
    assert json_list(['a "b"', "c,d", "č"]) == '["a \\"b\\"", "c,d", "\\u010d"]'


def test_choice() -> None:
    """A word Mixpanel does not know is refused with those it knows."""
    with pytest.raises(InvalidQueryError, match="type 'all' is unknown; use a, b"):
        checked_choice("type", "all", ("a", "b"))


@pytest.mark.parametrize(("given", "most"), [(0, None), (-1, 5), (6, 5)])
def test_number_out_of_range(given: int, most: int | None) -> None:
    """A number outside its range is refused."""
    with pytest.raises(InvalidQueryError, match=f"limit {given} is out of range"):
        checked_number("limit", given, most=most)


def test_number_in_range() -> None:
    """Both ends of the range are inside."""
    assert [checked_number("limit", given, most=5) for given in (1, 5)] == ["1", "5"]
