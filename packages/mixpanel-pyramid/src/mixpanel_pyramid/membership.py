"""Whether names are in the plan; refusals have the words of pyramid_mixpanel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mixpanel_schema import Event, Property, TrackingPlan, UndeclaredNameError

__all__ = ["check_event", "check_profile"]

Properties = Mapping[Property, object]


def check_event(plan: TrackingPlan, event: Event, props: Properties | None) -> None:
    """Refuse names outside the plan, in the words of pyramid_mixpanel."""
    try:
        plan.check_event(event, props)
    except UndeclaredNameError as error:
        if not (isinstance(event, Event) and event.name in plan.events):
            message = f"Event '{event}' is not a member of self.events"
            raise UndeclaredNameError(message) from error
        refuse_property(props or (), plan.event_properties, "event_properties", error)
        raise


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
