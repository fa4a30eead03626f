"""Whether what is tracked is in the plan.

Refusals have the words of pyramid_mixpanel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mixpanel_schema import (
    Event,
    Property,
    TrackingPlan,
    TypedEvent,
    UndeclaredNameError,
)
from mixpanel_schema.typed_events import typed_values

__all__ = ["check_event", "check_profile", "unfolded"]

Properties = Mapping[Property, object]


def unfolded(
    event: Event | TypedEvent, props: Properties | None
) -> tuple[Event, Properties]:
    """Give a typed event as its ``Event`` and what it carries.

    Args:
        event: The event; one that is not typed stays as it is.
        props: What is said of it beside its own properties, and wins over them.

    Raises:
        UndeclaredNameError: If it is the class of a typed event, whose properties
            have no values.
    """
    if isinstance(event, type):
        message = f"Event '{event}' is a class; track an instance: {event.__name__}(…)"
        raise UndeclaredNameError(message)
    if not isinstance(event, TypedEvent):
        return event, props or {}
    declared = event.__event__
    own = {
        prop: value
        for prop, value in typed_values(event)
        if value is not None or prop.name in declared.required
    }
    return declared, {**own, **(props or {})}


def check_event(
    plan: TrackingPlan, event: Event, props: Properties, everywhere: Properties
) -> None:
    """Refuse names outside the plan, in the words of pyramid_mixpanel.

    Args:
        plan: The plan.
        event: The event.
        props: What it carries.
        everywhere: What every event carries: an event need not list it.
    """
    try:
        if everywhere:
            props = without_unlisted(plan, event, props, everywhere)
        plan.check_event(event, props)
    except UndeclaredNameError as error:
        if not (isinstance(event, Event) and event.name in plan.events):
            message = f"Event '{event}' is not a member of self.events"
            raise UndeclaredNameError(message) from error
        refuse_property(props, plan.event_properties, "event_properties", error)
        raise


def without_unlisted(
    plan: TrackingPlan, event: Event, props: Properties, everywhere: Properties
) -> Properties:
    """Leave out what every event carries, if the plan has it but the event does not."""
    declared = plan.events.get(getattr(event, "name", ""))
    if declared is None or declared.properties is None:
        return props
    return {
        prop: value
        for prop, value in props.items()
        if prop in declared.properties
        or prop not in everywhere
        or getattr(prop, "name", "") not in plan.event_properties
    }


def check_profile(
    plan: TrackingPlan, props: Properties, meta: Properties | None
) -> None:
    """Refuse names outside the plan, in the words of pyramid_mixpanel."""
    try:
        plan.check_profile(props, meta)
    except UndeclaredNameError as error:
        refuse_property(props, plan.profile_properties, "profile_properties", error)
        refuse_property(
            meta or (), plan.profile_meta_properties, "profile_meta_properties", error
        )
        raise


def refuse_property(
    props: Iterable[Property],
    declared: Mapping[str, Property],
    catalogue: str,
    error: UndeclaredNameError,
) -> None:
    """Raise for the first property that a catalogue does not hold."""
    for prop in props:
        if not (isinstance(prop, Property) and prop.name in declared):
            message = f"Property '{prop}' is not a member of self.{catalogue}"
            raise UndeclaredNameError(message) from error
