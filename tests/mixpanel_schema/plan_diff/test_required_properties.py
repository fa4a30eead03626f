"""Properties that become required, optional or new."""

from __future__ import annotations

from typing import Literal

from mixpanel_schema import Event, Property
from mixpanel_schema.plan_diff import diff

from .compared_plans import changes, plan, typed


def test_a_property_made_required_is_breaking() -> None:
    """It is told as that alone, not as a change of type."""
    (change,) = (
        change
        for change in diff(typed(optional=True), typed(False, seats=False)).changes
        if change.event
    )

    assert (change.kind, change.name, change.breaking, change.detail) == (
        "made-required",
        "Coupon",
        True,
        "was optional, is required",
    )


def test_a_property_made_optional_is_not() -> None:
    """Calls that set it are still right."""
    assert changes(typed(False, seats=False), typed(optional=True)) == [
        ("made-optional", "Coupon", False)
    ]


def test_a_new_required_property_is_breaking() -> None:
    """Calls that were right lack it now."""
    assert changes(typed(False, seats=False), typed(False)) == [
        ("made-required", "Seats", True)
    ]


def test_a_change_for_all_events_is_told_once() -> None:
    """Of the plan, and not of each event that lists the property too."""
    before, after = Property("A", type=int), Property("A", type=str)
    old = plan(*(Event(name, properties=(before,)) for name in ("One", "Two")))
    new = plan(*(Event(name, properties=(after,)) for name in ("One", "Two")))

    assert [(c.kind, c.name, c.event) for c in diff(old, new).changes] == [
        ("type-changed", "A", "")
    ]


def test_a_change_for_one_event_names_it() -> None:
    """What differs between events is told event by event."""
    a, b = Property("A", type=Literal["x"]), Property("A", type=Literal["x", "y"])
    last = Event("Two", properties=(b,))
    old = plan(Event("One", properties=(a,)), last)
    new = plan(Event("One", properties=(b,)), last)

    assert [(c.kind, c.name, c.event) for c in diff(old, new).changes] == [
        ("type-changed", "A", "One")
    ]
