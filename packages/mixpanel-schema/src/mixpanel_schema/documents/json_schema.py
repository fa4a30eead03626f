"""JSON Schema of events: what a message must look like, for any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from mixpanel_schema.app_members import own_and_inherited
from mixpanel_schema.events import Event
from mixpanel_schema.exceptions import UndeclaredNameError
from mixpanel_schema.json_values import Json
from mixpanel_schema.properties import EventProperties, Property
from mixpanel_schema.tracking_plan import TrackingPlan
from mixpanel_schema.value_shapes import Shape, shape_of

__all__ = ["event_json_schema", "to_json_schema"]

SHARED = "properties of any event"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY = r"\d{4}-\d{2}-\d{2}"
# What messages carry; "format" would not do: RFC 3339 demands an offset.
PATTERNS = {
    "date": f"^{DAY}$",
    "datetime": rf"^{DAY}T\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?(Z|[+-]\d{{2}}:\d{{2}})?$",
}
# What stands in a message beside the event's own properties:
# https://developer.mixpanel.com/reference/track-event
FRAME: Mapping[str, Json] = {
    "token": {"type": "string"},
    "distinct_id": {"type": "string"},
    "time": {"type": "number"},
    "$insert_id": {"type": "string"},
    "mp_lib": {"type": "string"},
    "$lib_version": {"type": "string"},
}


def to_json_schema(plan: TrackingPlan) -> dict[str, Json]:
    """Write the schema of every message that a plan allows.

    A message is valid when it fits one event. Each event's schema stands under
    ``$defs`` by its name.

    Returns:
        A document in JSON Schema's draft 2020-12, ready for ``json.dumps``.
    """
    shared = SHARED
    while shared in plan.events:
        shared += "_"
    carried: dict[str, Json] = {"$ref": f"#/$defs/{pointer(shared)}"}
    return {
        "$schema": DIALECT,
        "title": "Tracking plan",
        "oneOf": [{"$ref": f"#/$defs/{pointer(name)}"} for name in plan.events],
        "$defs": {
            **{
                name: message_schema(event, listed_schema(event) or carried)
                for name, event in plan.events.items()
            },
            shared: shared_schema(plan),
        },
    }


def event_json_schema(plan: TrackingPlan, event: str) -> dict[str, Json]:
    """Write the schema of one event's messages, as ``event_message`` builds them.

    Args:
        plan: The plan.
        event: The event's name.

    Raises:
        UndeclaredNameError: If the plan has no such event.

    >>> from mixpanel_schema import TrackingPlan
    >>> event_json_schema(TrackingPlan(), "Page Viewed")["title"]
    'Page Viewed'
    """
    if event not in plan.events:
        known = ", ".join(map(repr, plan.events))
        message = f"event {event!r} is not in the tracking plan; it has {known}"
        raise UndeclaredNameError(message)
    found = plan.events[event]
    carried = listed_schema(found) or shared_schema(plan)
    return {"$schema": DIALECT, **message_schema(found, carried)}


def message_schema(event: Event, carried: dict[str, Json]) -> dict[str, Json]:
    """Describe a message: the event's name, and what it may carry."""
    about: dict[str, Json] = {"title": event.name}
    if event.description:
        about["description"] = event.description
    return {
        **about,
        "type": "object",
        "properties": {"event": {"const": event.name}, "properties": carried},
        "required": ["event", "properties"],
    }


def listed_schema(event: Event) -> dict[str, Json] | None:
    """Describe what an event carries that lists it; None for any other."""
    if event.properties is None:
        return None
    carried = closed({**FRAME, **schemas(event.properties)})
    if event.required:
        carried["required"] = [*sorted(event.required)]
    return carried


def shared_schema(plan: TrackingPlan) -> dict[str, Json]:
    """Describe what events carry that do not list it."""
    shared = plan.shared_event_properties
    own, inherited = own_and_inherited(shared, EventProperties)
    return closed({**schemas(inherited), **FRAME, **schemas(own)})


def closed(properties: dict[str, Json]) -> dict[str, Json]:
    """Describe an object that has no other properties."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def schemas(properties: Iterable[Property]) -> dict[str, Json]:
    """Describe properties, by name."""
    return {
        prop.name: {
            **value_schema(shape_of(prop.type)),
            **({"description": prop.description} if prop.description else {}),
        }
        for prop in properties
    }


SINGLE = {
    "null": "null",
    "text": "string",
    "uuid": "string",
    "whole": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "string",
    "datetime": "string",
    "list": "array",
    "row": "array",
    "object": "object",
}


def value_schema(shape: Shape) -> dict[str, Json]:
    """Describe the values of a property."""
    if shape.kind == "any":
        return {}
    if shape.kind == "choice":
        return {"enum": list(shape.choices)}
    parts: list[Json] = [value_schema(part) for part in shape.parts]
    if shape.kind == "union":
        return {"anyOf": parts}
    return {"type": SINGLE[shape.kind], **details(shape, parts)}


def details(shape: Shape, parts: list[Json]) -> dict[str, Json]:
    """Say more of values than their type."""
    if shape.kind in PATTERNS:
        return {"pattern": PATTERNS[shape.kind]}
    if shape.kind == "uuid":
        return {"format": "uuid"}
    if shape.kind == "list":
        return {"items": parts[0]}
    if shape.kind == "row":
        return {"prefixItems": parts, "items": False, "minItems": len(parts)}
    return {"additionalProperties": parts[0]} if shape.kind == "object" else {}


def pointer(name: str) -> str:
    """Write a name as a part of a JSON pointer in an address."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="~")
