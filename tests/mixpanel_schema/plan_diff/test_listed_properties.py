"""Events that list their properties, and those that do not."""

from __future__ import annotations

from mixpanel_schema import Event, Property, TrackingPlan
from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.plan_diff import Change, diff

from .compared_plans import changes, plan

LISTING = Event("Two", properties=(Property("Plan"),))


def with_catalogue(*events: Event, shared: bool) -> TrackingPlan:
    """Make a plan whose catalogue of properties holds Plan, or nothing."""
    members = {f"event_{place}": event for place, event in enumerate(events)}
    properties = {"plan": Property("Plan")} if shared else {}
    return TrackingPlan(
        events=type("E", (Catalogue,), members),
        event_properties=type("P", (Catalogue,), properties),
    )


def test_what_events_without_a_list_may_no_longer_carry_is_breaking() -> None:
    """Another event lists the property, so that the plan still holds it."""
    old = with_catalogue(Event("One"), LISTING, shared=True)
    new = with_catalogue(Event("One"), LISTING, shared=False)
    about = "events that list no properties"

    assert diff(old, new).changes == (
        Change(
            "property-removed",
            "Plan",
            f"removed from the {about}",
            breaking=True,
            scope="event property",
        ),
    )
    assert diff(new, old).changes == (
        Change(
            "property-added",
            "Plan",
            f"added to the {about}",
            breaking=False,
            scope="event property",
        ),
    )


def test_a_property_that_all_events_lose_is_told_of_each() -> None:
    """Of the event that lists it, and of those without a list."""
    emptied = Event("Two", properties=())
    old = with_catalogue(Event("One"), LISTING, shared=True)
    new = with_catalogue(Event("One"), emptied, shared=False)

    assert [(c.kind, c.event) for c in diff(old, new).changes] == [
        ("property-removed", "Two"),
        ("property-removed", ""),
    ]


def test_a_catalogue_that_no_event_uses_may_change() -> None:
    """Where all events list their properties, nothing is lost."""
    old = with_catalogue(LISTING, shared=True)
    new = with_catalogue(LISTING, Event("New"), shared=False)

    assert changes(old, new) == [("added", "New", False)]


def test_properties_of_an_event_come_and_go() -> None:
    """Each is told once, with the event it concerns."""
    before = plan(Event("Order Placed", properties=(Property("A"), Property("B"))))
    after = plan(Event("Order Placed", properties=(Property("B"), Property("C"))))

    assert diff(before, after).changes == (
        Change(
            "property-removed",
            "A",
            "removed from the event",
            breaking=True,
            scope="event property",
            event="Order Placed",
        ),
        Change(
            "property-added",
            "C",
            "added to the event",
            breaking=False,
            scope="event property",
            event="Order Placed",
        ),
    )


def test_an_event_that_begins_to_list_its_properties_is_breaking() -> None:
    """It took any property of the plan, and takes some of them now."""
    listed = Event("Order Placed", properties=(Property("A"),))
    none = Event("Order Placed", properties=())

    assert changes(plan(Event("Order Placed")), plan(listed))[0] == (
        "properties-listed",
        "Order Placed",
        True,
    )
    assert diff(plan(Event("Order Placed")), plan(none)).changes[0].detail == (
        "took any property, takes only those listed now: none"
    )
    assert changes(plan(listed), plan(Event("Order Placed")))[0] == (
        "properties-opened",
        "Order Placed",
        False,
    )
