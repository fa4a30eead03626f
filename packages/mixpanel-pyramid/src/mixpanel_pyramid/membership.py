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

__all__ = ["check_event", "check_group", "check_profile", "unfolded", "without_values"]

Properties = Mapping[Property, object]

# They take all of a property's value; others take an item of it, or its name alone.
WHOLE_VALUES = frozenset({"$set", "$set_once", "$add"})


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
    plan: TrackingPlan, operation: str, props: Properties, meta: Properties | None
) -> None:
    """Refuse names outside the plan, in the words of pyramid_mixpanel.

    Args:
        plan: The plan.
        operation: What is done to the profile, such as ``"$set"``.
        props: What the operation takes.
        meta: What stands beside it.

    Raises:
        TypeError: If the operation is ``"$union"`` and a value is not a list.
    """
    try:
        plan.check_profile(checked(operation, props), meta)
    except UndeclaredNameError as error:
        refuse_property(props, plan.profile_properties, "profile_properties", error)
        refuse_property(
            meta or (), plan.profile_meta_properties, "profile_meta_properties", error
        )
        raise
    if operation == "$union":
        refuse_unlisted(props)
        refuse_unlisted(meta or {})
        plan.check_profile(props)


def check_group(plan: TrackingPlan, operation: str, props: Properties) -> None:
    """Refuse names outside the plan, as ``check_profile`` does."""
    try:
        plan.check_group(checked(operation, props))
    except UndeclaredNameError as error:
        refuse_property(props, plan.group_properties, "group_properties", error)
        raise
    if operation == "$union":
        refuse_unlisted(props)
        plan.check_group(props)


def checked(operation: str, props: Properties) -> Properties | tuple[Property, ...]:
    """Give what can be compared with the plan at once: values, or names alone."""
    return props if operation in WHOLE_VALUES else tuple(props)


def refuse_unlisted(props: Properties) -> None:
    """Raise for a value that is not a list, in the words of pyramid_mixpanel."""
    for prop, value in props.items():
        if not isinstance(value, list):
            raise TypeError(f"Property '{prop}' value is not a list")


def without_values(names: Iterable[Property]) -> Properties:
    """Take properties alone, in their order.

    >>> without_values([Property("Plan")])
    {Property(name='Plan'): None}
    """
    if isinstance(names, (str, Property)):
        raise TypeError(f"names is {names!r}; give a list of properties")
    return dict.fromkeys(names)


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
