"""Plans of a few events or properties, and what differs between two."""

from __future__ import annotations

from mixpanel_schema import Event, Events, TrackingPlan, TypedEvent, prop
from mixpanel_schema.plan_diff import diff


def plan(*events: Event, typed: tuple[type[TypedEvent], ...] = ()) -> TrackingPlan:
    """Make a plan of events."""
    members = {f"event_{place}": event for place, event in enumerate(events)}
    return TrackingPlan(events=type("E", (Events,), members), typed_events=typed)


def changes(old: TrackingPlan, new: TrackingPlan) -> list[tuple[str, str, bool]]:
    """List the changes as kind, name, breaking."""
    return [
        (change.kind, change.name, change.breaking) for change in diff(old, new).changes
    ]


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
