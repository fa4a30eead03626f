"""Lexicon, Mixpanel's data dictionary: a plan as a document for it, and back.

A document is what ``POST /projects/{id}/schemas`` takes and, in another wrapping,
what ``GET`` answers: https://developer.mixpanel.com/reference/lexicon-schemas-api
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mixpanel_schema.app_members import own_and_inherited
from mixpanel_schema.events import Event, Events
from mixpanel_schema.json_values import Json
from mixpanel_schema.lexicon_entries import PROFILE, read_entries
from mixpanel_schema.lexicon_plan import LexiconPlan, lexicon_plan, read_plan
from mixpanel_schema.properties import ProfileProperties, Property
from mixpanel_schema.tracking_plan import TrackingPlan
from mixpanel_schema.value_shapes import Shape, shape_of, without_null

__all__ = ["LexiconPlan", "from_lexicon", "held_by_lexicon", "to_lexicon"]


def to_lexicon(plan: TrackingPlan) -> dict[str, Json]:
    """Write a plan as a document to upload to Lexicon.

    Events come first, in the plan's order, then ``$user`` with the properties of
    profiles. Not in it is what Lexicon cannot hold: choices, the types of a list's
    items, earlier names, which properties are personal data, meta and group
    properties, and the catalogue for events that list no properties of their own.
    Profile properties, and events such as ``$experiment_started``, that the plan
    merely inherits are left to Mixpanel, which describes them itself. A property
    without one declared type is written as ``string``, because Lexicon asks for one.

    ``dropped`` is never written: it makes Mixpanel throw away what arrives.
    ``truncate``, which empties the whole dictionary first, is false.

    >>> from mixpanel_schema import Events
    >>> document = to_lexicon(TrackingPlan(events=Events))
    >>> document["entries"][0]["name"], document["truncate"]
    ('Page Viewed', False)
    """
    schemas = own_schemas(plan)
    if isinstance(plan, LexiconPlan):
        for kind, details in plan.details.items():
            for name, rest in details.items():
                schemas[kind, name] = merged(schemas.get((kind, name), {}), rest)
    entries: list[Json] = [
        {"entityType": kind, "name": name, "schemaJson": schema}
        for (kind, name), schema in schemas.items()
    ]
    return {"entries": entries, "truncate": False}


def from_lexicon(document: Mapping[str, Json]) -> LexiconPlan:
    """Read a Lexicon document, or the answer to a list request, as a plan.

    ``to_lexicon`` of the plan gives the document's entries again: display names,
    tags, owners and what else a tracking plan has no place for is in its
    ``details``. Not kept are ``dropped``, keywords that the upload does not take,
    and entities that are neither events nor ``$user``. Of a property with
    conflicting types in several events the plan has no type, ``details`` has them.

    Raises:
        InvalidValueError: If the document has another form.
        NameStyleError: If a name in it cannot be an event's or a property's.

    >>> plan = from_lexicon({"status": "ok", "results": [{
    ...     "entityType": "event", "name": "Order Completed",
    ...     "schemaJson": {"properties": {"Amount": {"type": "number"}}}}]})
    >>> plan.events["Order Completed"].properties[0].type
    <class 'float'>
    """
    wanted = read_entries(document)
    own = own_schemas(read_plan(wanted))
    details: dict[str, dict[str, dict[str, Json]]] = {}
    for (kind, name), schema in wanted.items():
        rest = beyond(own.get((kind, name), {}), schema)
        if rest or (kind, name) not in own:
            details.setdefault(kind, {})[name] = rest
    return read_plan(wanted, details)


def held_by_lexicon(plan: TrackingPlan) -> LexiconPlan:
    """Give a plan as it would come back from Lexicon, with the events' earlier names.

    So a plan can be compared with one that was read from Lexicon: what Lexicon does
    not hold would otherwise look as if it had been added.
    """
    known = from_lexicon(to_lexicon(plan))
    events = [
        replace(event, renamed_from=plan.events[event.name].renamed_from)
        for event in known.events.values()
    ]
    return lexicon_plan(events, list(known.profile_properties.values()), known.details)


def own_schemas(plan: TrackingPlan) -> dict[tuple[str, str], dict[str, Json]]:
    """Describe every entity of a plan, by its type and its name."""
    _, inherited = own_and_inherited(plan.events, Events)
    schemas = {
        ("event", name): about(event)
        for name, event in plan.events.items()
        if not (event in inherited and name.startswith("$"))
    }
    profile, _ = own_and_inherited(plan.profile_properties, ProfileProperties)
    if profile:
        schemas["profile", PROFILE] = {"properties": properties_of(profile)}
    return schemas


def about(event: Event) -> dict[str, Json]:
    """Describe an event."""
    schema: dict[str, Json] = {}
    if event.description:
        schema["description"] = event.description
    if event.properties is not None:
        schema["properties"] = properties_of(event.properties)
        required: list[Json] = [
            prop.name for prop in event.properties if prop.name in event.required
        ]
        if required:
            schema["required"] = required
    return schema


def properties_of(properties: Iterable[Property]) -> dict[str, Json]:
    """Describe properties, by name."""
    return {prop.name: about_property(prop) for prop in properties}


def about_property(prop: Property) -> dict[str, Json]:
    """Describe a property."""
    shape = without_null(shape_of(prop.type))
    schema: dict[str, Json] = {"type": lexicon_type(shape)}
    if dated(shape):
        schema["format"] = "date-time"
    if prop.description:
        schema["description"] = prop.description
    return schema


def dated(shape: Shape) -> bool:
    """Tell whether all values are dates, with a time or without."""
    if shape.kind == "union":
        return all(map(dated, shape.parts))
    return shape.kind in ("date", "datetime")


SINGLE = {
    "whole": "integer",
    "number": "number",
    "boolean": "boolean",
    "list": "array",
    "row": "array",
    "object": "object",
    "null": "null",
}


def lexicon_type(shape: Shape) -> str:
    """Name the one type that Lexicon takes; text is what all others can be read as."""
    if shape.kind == "choice":
        kinds = {lexicon_type(shape_of(type(choice))) for choice in shape.choices}
    elif shape.kind == "union":
        kinds = {lexicon_type(part) for part in shape.parts}
    else:
        return SINGLE.get(shape.kind, "string")
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "string"


def beyond(own: Mapping[str, Json], wanted: Mapping[str, Json]) -> dict[str, Json]:
    """Give what must be merged into one object to make it the other."""
    rest: dict[str, Json] = {}
    for key, value in wanted.items():
        known = own.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            inner = beyond(known, value)
            rest.update({key: inner} if inner else {})
        elif key not in own or value != known:
            rest[key] = value
    return rest


def merged(own: Mapping[str, Json], rest: Mapping[str, Json]) -> dict[str, Json]:
    """Put what was beyond an object into a copy of it."""
    whole = dict(own)
    for key, value in rest.items():
        known = whole.get(key)
        both = isinstance(known, dict) and isinstance(value, dict)
        whole[key] = merged(known, value) if both else value  # type: ignore[arg-type]
    return whole
