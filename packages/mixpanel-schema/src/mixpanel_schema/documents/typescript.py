"""The tracking plan as a TypeScript module, for the code that tracks in browsers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from mixpanel_schema.app_members import own_and_inherited
from mixpanel_schema.events import Event
from mixpanel_schema.identifiers import Identifiers, pascal_case
from mixpanel_schema.json_values import Json
from mixpanel_schema.properties import (
    EventProperties,
    GroupProperties,
    ProfileProperties,
    Property,
)
from mixpanel_schema.tracking_plan import TrackingPlan
from mixpanel_schema.value_shapes import Shape, shape_of, without_null

__all__ = ["to_typescript"]

HEADER = "// Made by mixpanel-schema from the tracking plan; edit the plan instead."
OWN_NAMES = ("EventProperties", "ProfileProperties", "GroupProperties")
SHARED = "SharedProperties"
DATES = """\
/** A day as ISO 8601 text: "2026-11-22". */
export type IsoDate = string;

/** A moment as ISO 8601 text, in UTC: "2026-11-22T09:30:00". */
export type IsoDateTime = string;
"""
UNION = """\
/** What each event carries, by its name. */
export interface EventProperties {{
{members}
}}

/** Any event of the plan: its name, and what it carries. */
export type TrackedEvent = {{
  [Name in EventName]: {{ event: Name; properties: EventProperties[Name] }};
}}[EventName];
"""


def to_typescript(plan: TrackingPlan) -> str:
    """Write a plan as a TypeScript module without imports.

    It has the constants ``EventName``, an interface for what each event carries,
    ``EventProperties`` from event names to these interfaces, and the union
    ``TrackedEvent``. Properties that the plan merely inherits from the built-in
    catalogues are left to Mixpanel's own SDK. Dates are ISO 8601 text.

    >>> '"Page Viewed"' in to_typescript(TrackingPlan())
    True
    """
    # The app's own come first; the ready-made ones may be sent just as well.
    shared, profile, group = (
        [prop for part in own_and_inherited(declared, built_in) for prop in part]
        for declared, built_in in (
            (plan.shared_event_properties, EventProperties),
            (plan.profile_properties, ProfileProperties),
            (plan.group_properties, GroupProperties),
        )
    )
    names = Identifiers([*OWN_NAMES, SHARED])
    interfaces = {
        name: names.take(pascal_case(name, "Event"), "Properties")
        for name in plan.events
    }
    parts = [HEADER + "\n", "\n".join(constants(plan.events.values(), interfaces))]
    parts.append("\n".join(interface(SHARED, "What any event may carry.", shared)))
    for event in plan.events.values():
        parts.append("\n".join(event_interface(event, interfaces[event.name])))
    members = (f"  {quoted(name)}: {kind};" for name, kind in interfaces.items())
    parts.append(UNION.format(members="\n".join(members)))
    about = "What is known of a user; an update sets some of it."
    parts.append("\n".join(interface("ProfileProperties", about, profile)))
    about = "What is known of a group; an update sets some of it."
    parts.append("\n".join(interface("GroupProperties", about, group)))
    if any("IsoDate" in part for part in parts):
        parts.insert(1, DATES)
    return "\n".join(parts)


def constants(events: Iterable[Event], interfaces: dict[str, str]) -> Iterator[str]:
    """Write the names of the events as constants."""
    yield "/** The names of the events. */"
    yield "export const EventName = {"
    for event in events:
        yield from comment(event.description, "  ")
        key = interfaces[event.name].removesuffix("Properties")
        yield f"  {key}: {quoted(event.name)},"
    yield "} as const;"
    yield "export type EventName = (typeof EventName)[keyof typeof EventName];"
    yield ""


def event_interface(event: Event, name: str) -> Iterator[str]:
    """Write what an event carries."""
    about = f"{event.name}: {event.description}" if event.description else event.name
    if event.properties is None:
        yield from comment(about)
        yield f"export type {name} = {SHARED};"
        yield ""
    else:
        yield from interface(name, about, event.properties, event.required)


def interface(
    name: str,
    about: str,
    properties: Iterable[Property],
    required: Iterable[str] = (),
) -> Iterator[str]:
    """Write an interface; a type where there are no properties, so that none fit."""
    yield from comment(about)
    if not properties:
        yield f"export type {name} = Record<string, never>;"
        yield ""
        return
    yield f"export interface {name} {{"
    for prop in properties:
        personal = "Personal data." if prop.pii else ""
        yield from comment(f"{prop.description}\n{personal}".strip(), "  ")
        shape = shape_of(prop.type)
        if prop.name in required:
            yield f"  {quoted(prop.name)}: {written(shape)};"
        else:
            yield f"  {quoted(prop.name)}?: {written(without_null(shape))};"
    yield "}"
    yield ""


SINGLE = {
    "any": "unknown",
    "null": "null",
    "text": "string",
    "uuid": "string",
    "whole": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "IsoDate",
    "datetime": "IsoDateTime",
}


def written(shape: Shape) -> str:
    """Write the type of a property's values."""
    parts = list(dict.fromkeys(map(written, shape.parts)))
    if shape.kind == "choice":
        return " | ".join(map(quoted, shape.choices))
    if shape.kind == "union":
        return " | ".join(parts)
    if shape.kind == "list":
        return f"ReadonlyArray<{parts[0]}>"
    if shape.kind == "row":
        return f"readonly [{', '.join(map(written, shape.parts))}]"
    if shape.kind == "object":
        return f"Readonly<Record<string, {parts[0]}>>"
    return SINGLE[shape.kind]


def comment(text: str, indent: str = "") -> Iterator[str]:
    """Write what stands above a declaration; nothing where there is nothing to say."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    safe = [line.replace("*/", "*\\/") for line in lines]
    if len(safe) == 1:
        yield f"{indent}/** {safe[0]} */"
    elif safe:
        yield f"{indent}/**"
        yield from (f"{indent} * {line}" for line in safe)
        yield f"{indent} */"


def quoted(value: Json) -> str:
    """Write a value as TypeScript does."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
