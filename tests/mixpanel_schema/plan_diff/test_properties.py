"""Properties that come, go and change between two plans."""

from __future__ import annotations

from enum import Enum
from typing import Literal

import pytest

from mixpanel_schema import (
    Event,
    EventProperties,
    GroupProperties,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    TrackingPlan,
)
from mixpanel_schema.plan_diff import Change, diff

from .compared_plans import changes, plan


def plan_of_properties(*properties: Property) -> TrackingPlan:
    """Make a plan of event properties."""
    members = {f"prop_{place}": prop for place, prop in enumerate(properties)}
    return TrackingPlan(event_properties=type("P", (EventProperties,), members))


@pytest.mark.parametrize(
    ("old", "new", "breaking"),
    [
        (int, float, False),
        (float, int, True),
        (Literal["a"], Literal["a", "b"], False),
        (Literal["a", "b"], Literal["a"], True),
        (str, int, True),
        (int, None, False),
        (None, int, True),
        (str | None, str, True),
        (str, str | None, False),
    ],
)
def test_a_type_is_breaking_unless_it_is_wider(
    old: object, new: object, breaking: bool
) -> None:
    """Narrowing refuses values that were right."""
    before, after = Property("Amount", type=old), Property("Amount", type=new)

    assert changes(plan_of_properties(before), plan_of_properties(after)) == [
        ("type-changed", "Amount", breaking)
    ]


@pytest.mark.parametrize(
    ("old", "new", "breaking", "detail"),
    [
        ("free pro", "free", True, "Plan ('free', 'pro'), is Plan ('free')"),
        ("free", "free pro", False, "Plan ('free'), is Plan ('free', 'pro')"),
        ("free", "gratis", True, "Plan ('free'), is Plan ('gratis')"),
    ],
)
def test_an_enum_that_keeps_its_name_is_compared_by_its_values(
    old: str, new: str, breaking: bool, detail: str
) -> None:
    """The class of the old release and that of the new one are named alike."""

    def typed_plan(values: str) -> TrackingPlan:
        choices = Enum("Plan", {value.upper(): value for value in values.split()})  # type: ignore[misc]
        event = Event("Plan Chosen", properties=(Property("Plan", type=choices),))
        return plan(event)

    (change,) = diff(typed_plan(old), typed_plan(new)).changes

    assert (change.kind, change.breaking) == ("type-changed", breaking)
    assert change.detail == f"type was {detail}"
    assert changes(typed_plan(old), typed_plan(old)) == []


def test_an_enum_in_a_list_is_compared_too() -> None:
    """A member that is 1 is another than one that is true."""
    one, true = (Enum("Flag", {"ON": value}) for value in (1, True))
    before = plan_of_properties(Property("Flags", type=list[one]))  # type: ignore[valid-type]
    after = plan_of_properties(Property("Flags", type=list[true]))  # type: ignore[valid-type]
    (change,) = diff(before, after).changes

    assert change.breaking
    assert change.detail == "type was list[Flag] (1), is list[Flag] (True)"


def test_both_types_are_named() -> None:
    """As they stand in code, and "any" where none is declared."""
    before, after = Property("Amount"), Property("Amount", type=list[int])
    (change,) = diff(plan_of_properties(before), plan_of_properties(after)).changes

    assert change == Change(
        "type-changed",
        "Amount",
        "type was any, is list[int]",
        breaking=True,
        scope="event property",
    )


def test_descriptions_and_personal_data_break_nothing() -> None:
    """They are told, because a reviewer wants to know."""
    before = plan_of_properties(
        Property("A", description="One."), Property("B", pii=True), Property("C")
    )
    after = plan_of_properties(
        Property("A"), Property("B", description="Two."), Property("C", pii=True)
    )
    third = plan_of_properties(
        Property("A"), Property("B", description="Three."), Property("C", pii=True)
    )

    assert [(c.name, c.detail) for c in diff(before, after).changes] == [
        ("A", "description removed"),
        ("B", "described: Two."),
        ("B", "is no personal data any more"),
        ("C", "is personal data now"),
    ]
    assert diff(before, after).breaking == ()
    assert [c.detail for c in diff(after, third).changes] == [
        "description was 'Two.', is 'Three.'"
    ]


def test_every_kind_of_property_is_compared() -> None:
    """Profiles, what stands beside their updates, and groups."""
    new = TrackingPlan(
        profile_properties=type("P", (ProfileProperties,), {"a": Property("A")}),
        profile_meta_properties=type(
            "M", (ProfileMetaProperties,), {"b": Property("B")}
        ),
        group_properties=type("G", (GroupProperties,), {"c": Property("C")}),
    )

    assert [(c.kind, c.name, c.scope) for c in diff(TrackingPlan(), new).changes] == [
        ("added", "A", "profile property"),
        ("added", "B", "profile meta property"),
        ("added", "C", "group property"),
    ]
    assert [c.breaking for c in diff(new, TrackingPlan()).changes] == [True] * 3
