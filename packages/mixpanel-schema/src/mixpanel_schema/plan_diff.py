"""What changed from one tracking plan to another, and what that breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mixpanel_schema.events import Event
from mixpanel_schema.plan_changes import KINDS, Change, PlanDiff
from mixpanel_schema.properties import Property
from mixpanel_schema.tracking_plan import TrackingPlan
from mixpanel_schema.type_widening import spelled_out, takes_all_of, takes_none
from mixpanel_schema.value_types import type_name

__all__ = ["KINDS", "Change", "PlanDiff", "diff"]

ALWAYS_BREAKING = frozenset(
    {"removed", "property-removed", "properties-listed", "made-required"}
)
SCOPES = {
    "event property": "event_properties",
    "profile property": "profile_properties",
    "profile meta property": "profile_meta_properties",
    "group property": "group_properties",
}


def diff(old: TrackingPlan, new: TrackingPlan) -> PlanDiff:
    """Compare two plans.

    Args:
        old: The plan as it was.
        new: The plan as it is now.

    >>> from mixpanel_schema import Event, Events
    >>> class Before(Events):
    ...     deployed = Event("Deployed")
    >>> class After(Events):
    ...     deployed = Event("Site Deployed", renamed_from=("Deployed",))
    >>> print(diff(TrackingPlan(events=Before), TrackingPlan(events=After)).to_text())
      event 'Site Deployed': renamed from 'Deployed'
    1 change, none breaking
    """
    changes = [*event_changes(old, new)]
    told = told_by_events(changes)
    changes += shared_changes(old, new, told)
    for scope, place in SCOPES.items():
        changes += property_changes(
            scope,
            getattr(old, place),
            getattr(new, place),
            told if scope == "event property" else set(),
        )
    return PlanDiff(without_repeats(changes))


def event_changes(old: TrackingPlan, new: TrackingPlan) -> Iterator[Change]:
    """Compare the events of two plans."""
    former = {
        name: event.name
        for event in new.events.values()
        for name in event.renamed_from
        if name in old.events
        and name not in new.events
        and event.name not in old.events
    }
    for name, was in old.events.items():
        now = new.events.get(former.get(name, name))
        if now is None:
            detail = "removed; if it was renamed, name it in renamed_from"
            yield made("removed", name, detail)
            continue
        if now.name != name:
            yield made("renamed", now.name, f"renamed from {name!r}")
        yield from one_event(was, now)
    for name in new.events:
        if name not in old.events and name not in former.values():
            yield made("added", name, "added")


def one_event(was: Event, now: Event) -> Iterator[Change]:
    """Compare two versions of one event."""
    if was.description != now.description:
        detail = described(was.description, now.description)
        yield made("description-changed", now.name, detail)
    if was.properties is None and now.properties is None:
        return
    if now.properties is None:
        detail = "takes any property of the plan now"
        yield made("properties-opened", now.name, detail)
        return
    if was.properties is None:
        names = ", ".join(prop.name for prop in now.properties) or "none"
        detail = f"took any property, takes only those listed now: {names}"
        yield made("properties-listed", now.name, detail)
    before = {prop.name: prop for prop in was.properties or ()}
    yield from listed_properties(was, now, before)


def listed_properties(
    was: Event, now: Event, before: Mapping[str, Property]
) -> Iterator[Change]:
    """Compare the properties that two versions of one event list."""
    about: dict[str, str] = {"scope": "event property", "event": now.name}
    after = {prop.name: prop for prop in now.properties or ()}
    for name in before:
        if name not in after:
            yield made("property-removed", name, "removed from the event", **about)
    for name, prop in after.items():
        required = name in now.required
        if name not in before:
            if was.properties is not None or required:
                yield joined_event(name, required, about)
            continue
        if required != (name in was.required):
            kind = "made-required" if required else "made-optional"
            words = ("was optional, is required", "was required, is optional")
            yield made(kind, name, words[not required], **about)
        yield from one_property(before[name], prop, about, none_aside=True)


def joined_event(name: str, required: bool, about: Mapping[str, str]) -> Change:
    """Tell of a property that an event did not list before."""
    if required:
        detail = "added to the event as a required property"
        return made("made-required", name, detail, **about)
    return made("property-added", name, "added to the event", **about)


def property_changes(
    scope: str,
    old: Mapping[str, Property],
    new: Mapping[str, Property],
    told: set[str],
) -> Iterator[Change]:
    """Compare the properties of one kind.

    Args:
        scope: The kind.
        old: The properties as they were, by name.
        new: The properties as they are now.
        told: Those whose coming and going, or being required, is told event by event.
    """
    for name, was in old.items():
        if name in new:
            aside = name in told
            yield from one_property(was, new[name], {"scope": scope}, none_aside=aside)
        elif name not in told:
            yield made("removed", name, "removed", scope=scope)
    for name in new:
        if name not in old and name not in told:
            yield made("added", name, "added", scope=scope)


def one_property(
    was: Property, now: Property, about: Mapping[str, str], *, none_aside: bool = False
) -> Iterator[Change]:
    """Compare two versions of one property.

    Args:
        was: The property as it was.
        now: The property as it is now.
        about: The scope, and the event if there is one.
        none_aside: Whether a change from or to optional is told elsewhere.
    """
    before, after = named_type(was, none_aside), named_type(now, none_aside)
    kept = takes_all_of(now.type, was.type, none_aside=none_aside)
    more = not takes_all_of(was.type, now.type, none_aside=none_aside)
    if before != after or more or not kept:
        if before == after:
            before += f" ({spelled_out(was.type)})"
            after += f" ({spelled_out(now.type)})"
        detail = f"type was {before}, is {after}"
        yield Change("type-changed", now.name, detail, breaking=not kept, **about)
    if was.description != now.description:
        detail = described(was.description, now.description)
        yield made("description-changed", now.name, detail, **about)
    if was.pii != now.pii:
        detail = "is personal data now" if now.pii else "is no personal data any more"
        yield made("pii-changed", now.name, detail, **about)


def shared_changes(
    old: TrackingPlan, new: TrackingPlan, told: set[str]
) -> Iterator[Change]:
    """Compare what events may carry that list no properties.

    A property that one event lists stays in the plan when the catalogue loses it, and
    is only lost to the events without a list.

    Args:
        old: The plan as it was.
        new: The plan as it is now.
        told: Properties whose coming and going is told event by event alone.
    """
    open_before = {name for name, e in old.events.items() if e.properties is None}
    if not any(
        event.properties is None and open_before & {event.name, *event.renamed_from}
        for event in new.events.values()
    ):
        return
    about = {"scope": "event property"}
    was, now = old.shared_event_properties, new.shared_event_properties
    for name in was:
        if name not in now and (name in told or name in new.event_properties):
            detail = "removed from the events that list no properties"
            yield made("property-removed", name, detail, **about)
    for name in now:
        if name not in was and (name in told or name in old.event_properties):
            detail = "added to the events that list no properties"
            yield made("property-added", name, detail, **about)


def told_by_events(changes: list[Change]) -> set[str]:
    """Name the properties of which changes of events already tell."""
    kinds = {"property-added", "property-removed", "made-required", "made-optional"}
    return {change.name for change in changes if change.kind in kinds}


def without_repeats(changes: list[Change]) -> tuple[Change, ...]:
    """Leave out what is said of a property for each event and for the plan, too."""
    for_plan = {
        (change.kind, change.name, change.detail)
        for change in changes
        if change.scope == "event property" and not change.event
    }
    return tuple(
        change
        for change in changes
        if not change.event or (change.kind, change.name, change.detail) not in for_plan
    )


def made(kind: str, name: str, detail: str, **about: str) -> Change:
    """Make a change whose kind alone says whether it is breaking."""
    return Change(kind, name, detail, breaking=kind in ALWAYS_BREAKING, **about)


def named_type(prop: Property, none_aside: bool) -> str:
    """Write the type of a property, "any" where none is declared."""
    if prop.type is None:
        return "any"
    written = type_name(prop.type)
    if none_aside and takes_none(prop.type):
        return written.removesuffix(" | None").removeprefix("None | ")
    return written


def described(was: str, now: str) -> str:
    """Say how a description changed."""
    if not was:
        return f"described: {now}"
    return f"description was {was!r}, is {now!r}" if now else "description removed"
