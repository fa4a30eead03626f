"""Events that come, go and change between two plans."""

from __future__ import annotations

from mixpanel_schema import Event
from mixpanel_schema.plan_diff import diff

from .compared_plans import changes, plan


def test_equal_plans_do_not_differ() -> None:
    """A diff of a plan with itself is false and says so."""
    found = diff(plan(Event("Order Placed")), plan(Event("Order Placed")))

    assert not found
    assert found.to_text() == "no changes"
    assert found.to_markdown() == "**no changes**"
    assert found.to_json() == {"breaking": False, "changes": []}


def test_an_added_event_breaks_nothing() -> None:
    """Nothing used the name before."""
    assert changes(plan(), plan(Event("Order Placed"))) == [
        ("added", "Order Placed", False)
    ]


def test_a_removed_event_is_breaking() -> None:
    """The detail says what to do if it was a rename."""
    (change,) = diff(plan(Event("Order Placed")), plan()).changes

    assert (change.kind, change.breaking) == ("removed", True)
    assert change.detail == "removed; if it was renamed, name it in renamed_from"


def test_a_rename_is_not_breaking_when_it_is_declared() -> None:
    """With renamed_from reports can join both names."""
    new = Event("Order Placed", renamed_from=("Ordered",), description="Paid.")

    assert changes(plan(Event("Ordered")), plan(new)) == [
        ("renamed", "Order Placed", False),
        ("description-changed", "Order Placed", False),
    ]


def test_a_rename_is_breaking_when_it_is_not_declared() -> None:
    """Nobody can tell it from a removal."""
    assert changes(plan(Event("Ordered")), plan(Event("Order Placed"))) == [
        ("removed", "Ordered", True),
        ("added", "Order Placed", False),
    ]


def test_an_old_rename_is_no_change() -> None:
    """The former name was gone before, or is still there."""
    renamed = Event("Order Placed", renamed_from=("Ordered",))

    assert changes(plan(renamed), plan(renamed)) == []
    assert changes(plan(Event("Ordered")), plan(Event("Ordered"), renamed)) == [
        ("added", "Order Placed", False)
    ]
    assert changes(plan(Event("Ordered"), Event("Order Placed")), plan(renamed)) == [
        ("removed", "Ordered", True)
    ]
