"""Plan diff: what changed between two plans, and which changes break something."""

from enum import Enum
from typing import Literal

import pytest

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    GroupProperties,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    TrackingPlan,
    TypedEvent,
    prop,
)
from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.plan_diff import KINDS, Change, PlanDiff, diff


def plan(*events: Event, typed: tuple[type[TypedEvent], ...] = ()) -> TrackingPlan:
    """Make a plan of events."""
    members = {f"event_{place}": event for place, event in enumerate(events)}
    return TrackingPlan(events=type("E", (Events,), members), typed_events=typed)


def plan_of_properties(*properties: Property) -> TrackingPlan:
    """Make a plan of event properties."""
    members = {f"prop_{place}": prop for place, prop in enumerate(properties)}
    return TrackingPlan(event_properties=type("P", (EventProperties,), members))


def changes(old: TrackingPlan, new: TrackingPlan) -> list[tuple[str, str, bool]]:
    """List the changes as kind, name, breaking."""
    return [
        (change.kind, change.name, change.breaking) for change in diff(old, new).changes
    ]


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


def typed(optional: bool, seats: bool = True) -> TrackingPlan:
    """Make a plan with a typed event, one property of which is optional or not."""
    if optional:

        class Optional(TypedEvent, event_name="Plan Upgraded"):
            coupon: str | None = prop("Coupon", default=None)

        return plan(typed=(Optional,))
    if not seats:

        class Required(TypedEvent, event_name="Plan Upgraded"):
            coupon: str = prop("Coupon")

        return plan(typed=(Required,))

    class WithSeats(TypedEvent, event_name="Plan Upgraded"):
        coupon: str = prop("Coupon")
        seats: int = prop("Seats")

    return plan(typed=(WithSeats,))


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


SHOWN = PlanDiff(
    (
        Change("added", "Cart|Emptied", "added", breaking=False),
        Change("removed", "Order Placed", "removed", breaking=True),
        Change("property-added", "A", "added", False, "event property", "User Paid"),
    )
)


def test_text_marks_what_breaks() -> None:
    """One line a change, the count last."""
    assert SHOWN.to_text() == (
        "  event 'Cart|Emptied': added\n"
        "! event 'Order Placed': removed\n"
        "  event property 'A' of 'User Paid': added\n"
        "3 changes, 1 breaking"
    )


def test_markdown_shows_what_breaks_first() -> None:
    """A table for a pull request, which a bar in a name does not break."""
    assert SHOWN.to_markdown() == (
        "**3 changes, 1 breaking**\n"
        "\n"
        "| Breaking | What | Change |\n"
        "| --- | --- | --- |\n"
        "| yes | event `Order Placed` | removed |\n"
        "| | event `Cart\\|Emptied` | added |\n"
        "| | event property `A` of `User Paid` | added |"
    )


def test_json_holds_every_field() -> None:
    """A program needs no text to be parsed."""
    (first, *_), found = SHOWN.to_json()["changes"], SHOWN  # type: ignore[misc]

    assert SHOWN.to_json()["breaking"] is True
    assert [change.name for change in found.breaking] == ["Order Placed"]
    assert first == {
        "kind": "added",
        "name": "Cart|Emptied",
        "detail": "added",
        "breaking": False,
        "scope": "event",
        "event": "",
    }


def test_every_kind_is_explained() -> None:
    """The table says of each whether it is breaking, and why."""
    assert all(text.startswith(("Breaking", "Not breaking")) for text in KINDS.values())
