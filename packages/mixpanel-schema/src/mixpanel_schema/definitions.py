"""Putting the definitions of one name together, and refusing those that conflict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

from mixpanel_schema.events import Event
from mixpanel_schema.exceptions import DuplicateNameError, ReservedNameError
from mixpanel_schema.properties import Property
from mixpanel_schema.value_types import json_kinds

__all__ = ["by_name", "refuse_problems"]

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
    if isinstance(earlier, Property) and isinstance(later, Property):
        if earlier.type is None or later.type is None:
            return False
        null = {"null"}
        return json_kinds(earlier.type) - null != json_kinds(later.type) - null
    before, after = (
        getattr(earlier, "properties", None),
        getattr(later, "properties", None),
    )
    return before is not None and after is not None and set(before) != set(after)


def merged(earlier: Named, later: Named) -> Named:
    """Fill what the later definition leaves unsaid from the earlier one."""
    unsaid = {
        field.name: getattr(earlier, field.name)
        for field in fields(later)
        if getattr(later, field.name) == field.default
    }
    return replace(later, **unsaid)
