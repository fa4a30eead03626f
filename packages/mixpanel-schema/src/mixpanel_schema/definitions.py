"""Putting the definitions of one name together, and refusing those that conflict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar, get_args, get_origin

from mixpanel_schema.events import Event
from mixpanel_schema.exceptions import DuplicateNameError, ReservedNameError
from mixpanel_schema.properties import Property
from mixpanel_schema.value_types import json_kinds

__all__ = ["by_name", "marked", "refuse_problems"]

if TYPE_CHECKING:
    from mixpanel_schema.reserved import Place

Named = TypeVar("Named", Event, Property)

# What is named, and where Mixpanel reserves names for it.
PLACES: Mapping[str, Place] = {
    "event": "event_name",
    "event property": "event",
    "profile property": "profile",
    "profile meta property": "profile_meta",
    "group property": "group",
}


def by_name(
    kind: str, declared: Iterable[tuple[str, Named]], conflicts: list[str]
) -> dict[str, Named]:
    """Index definitions by name, noting names with conflicting definitions.

    One name under two attributes is one event or property: the later definition
    counts, and what it leaves unsaid is taken from the earlier one.

    Args:
        kind: What is declared, for the message.
        declared: Attributes and what they declare, in order.
        conflicts: Where a line is added for each conflict.
    """
    found: dict[str, Named] = {}
    attribute_of: dict[str, str] = {}
    for attribute, member in declared:
        earlier = found.get(member.name)
        if earlier is not None and conflicting(earlier, member):
            line = (
                f"{kind} {member.name!r} is declared differently as "
                f"{attribute_of[member.name]} and as {attribute}"
            )
            conflicts.extend([line] * (line not in conflicts))
        found[member.name] = member if earlier is None else merged(earlier, member)
        attribute_of[member.name] = attribute
    return found


def refuse_problems(conflicts: list[str], kinds: Mapping[str, Iterable[str]]) -> None:
    """Refuse a plan with a name that has two meanings, or is not the app's to set.

    Args:
        conflicts: A line for each name with conflicting definitions.
        kinds: The names in the plan, by what they name.

    Raises:
        DuplicateNameError: If there are conflicts; the message holds all problems.
        ReservedNameError: If only the server may set some of the names.
    """
    from mixpanel_schema.reserved import server_only  # tables that only start-up needs

    reserved = [
        f"{kind} {name!r} is set by Mixpanel's server; choose another name"
        for kind, names in kinds.items()
        for name in names
        if server_only(name, PLACES[kind])
    ]
    if conflicts:
        advice = "give each name one meaning: same kind of value, same properties"
        raise DuplicateNameError("; ".join([*conflicts, advice, *reserved]))
    if reserved:
        raise ReservedNameError("; ".join(reserved))


def conflicting(earlier: Event | Property, later: Event | Property) -> bool:
    """Tell whether two definitions of one name say different things."""
    if isinstance(earlier, Property) or isinstance(later, Property):
        return different_kinds(
            getattr(earlier, "type", None), getattr(later, "type", None)
        )
    if earlier.properties is None or later.properties is None:
        return False
    before = {prop.name: prop for prop in earlier.properties}
    after = {prop.name: prop for prop in later.properties}
    return before.keys() != after.keys() or any(
        conflicting(before[name], after[name]) for name in before
    )


def different_kinds(annotation: object, other: object) -> bool:
    """Tell whether two types are different things in reports; None says nothing.

    Whole and other numbers are one kind, and so are all texts; lists are told apart
    by what is in them.
    """
    if annotation is None or other is None:
        return False
    null = {"null"}
    kinds, others = json_kinds(annotation) - null, json_kinds(other) - null
    if kinds != others:
        return True
    items, other_items = item_type(annotation), item_type(other)
    return "array" in kinds and different_kinds(items, other_items)


def item_type(annotation: object) -> object:
    """Give the type of a list's items; None where it is not said."""
    choices = [annotation, *get_args(annotation)]
    lists = (c for c in choices if isinstance(get_origin(c), type))
    for found in lists:
        if issubclass(get_origin(found) or object, (list, tuple, set, frozenset)):
            return next(iter(get_args(found)), None)
    return None


def marked(event: Event, known: Mapping[str, Property]) -> Event:
    """Mark those of an event's properties that are personal data somewhere else."""
    own = event.properties or ()
    if all(prop.pii == known[prop.name].pii for prop in own):
        return event
    listed = (replace(prop, pii=prop.pii or known[prop.name].pii) for prop in own)
    return replace(event, properties=tuple(listed))


def merged(earlier: Named, later: Named) -> Named:
    """Fill what the later definition leaves unsaid from the earlier one."""
    unsaid = {
        field.name: getattr(earlier, field.name)
        for field in fields(later)
        if getattr(later, field.name) == field.default
    }
    return replace(later, **unsaid)
