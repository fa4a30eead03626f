"""A Lexicon document as Python: a module that declares the same tracking plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mixpanel_schema.events import Event
from mixpanel_schema.identifiers import Identifiers, pascal_case, snake_case
from mixpanel_schema.json_values import Json
from mixpanel_schema.lexicon import from_lexicon
from mixpanel_schema.lexicon_plan import LexiconPlan
from mixpanel_schema.properties import Property
from mixpanel_schema.python_source import (
    INDENT,
    WIDTH,
    call,
    docstring,
    literal,
    value_lines,
)
from mixpanel_schema.value_types import type_name

__all__ = ["generate_module"]

HEADER = '"""The tracking plan, made by mixpanel-schema from a Lexicon document."""'
# What the module itself refers to, so that nothing else may have these names.
GLOBAL_NAMES = (
    "Catalogue",
    "Event",
    "LexiconPlan",
    "LexiconEvents",
    "LexiconProfileProperties",
    "NoneType",
    "Property",
    "TypedEvent",
    "datetime",
    "plan",
    "prop",
)
# The same inside a class, and what its __init__ takes beside its fields.
CLASS_NAMES = (
    "bool",
    "datetime",
    "dict",
    "float",
    "int",
    "list",
    "object",
    "prop",
    "self",
    "str",
)


def generate_module(document: Mapping[str, Json]) -> str:
    """Write a Python module that declares what a Lexicon document describes.

    An event whose properties the document lists becomes a typed event, any other a
    member of a catalogue. The module's ``plan`` gives the document's entries when it
    is passed to ``to_lexicon``: see ``from_lexicon`` for what is not kept. A property
    that has one type here and another there is taken with any value.

    Args:
        document: What is uploaded to Lexicon, or its answer to a list request.

    Raises:
        InvalidValueError: If the document has another form.
        NameStyleError: If a name in it cannot be an event's or a property's.
    """
    plan = from_lexicon(document)
    typed = [event for event in plan.events.values() if event.properties is not None]
    loose = [event for event in plan.events.values() if event.properties is None]
    profile = list(plan.profile_properties.values())
    names = Identifiers(GLOBAL_NAMES)
    classes = {
        event.name: names.take(pascal_case(event.name, "Event")) for event in typed
    }
    body: list[str] = []
    for event in typed:
        body += ["", "", *typed_event(event, classes[event.name])]
    if loose:
        about = "Events whose properties Lexicon does not list."
        members = {event.name: event_call(event) for event in loose}
        body += ["", "", *catalogue("LexiconEvents", "Event", about, members)]
    if profile:
        about = "What is known of a user."
        members = {known.name: property_call(known) for known in profile}
        body += [
            "",
            "",
            *catalogue("LexiconProfileProperties", "Property", about, members),
        ]
    body += ["", "", *plan_statement(plan, list(classes.values()), loose, profile)]
    return "\n".join([HEADER, "", *imports("\n".join(body), typed), *body]) + "\n"


def imports(body: str, typed: list[Event]) -> Iterator[str]:
    """Write the imports, only of what the module uses."""
    yield from ("from __future__ import annotations", "")
    standard = {
        "from datetime import datetime": any(
            f"{before}datetime" in body for before in (": ", "type=")
        ),
        "from types import NoneType": "type=NoneType" in body,
    }
    used = [line for line, needed in standard.items() if needed]
    yield from [*used, ""] if used else []
    names = [
        *(["Event"] if ": Event = " in body else []),
        *(["Property"] if ": Property = " in body else []),
        *(["TypedEvent"] if typed else []),
        *(["prop"] if any(event.properties for event in typed) else []),
    ]
    if names:
        yield f"from mixpanel_schema import {', '.join(names)}"
    if "(Catalogue):" in body:
        yield "from mixpanel_schema.catalogues import Catalogue"
    yield "from mixpanel_schema.lexicon import LexiconPlan"


def typed_event(event: Event, name: str) -> Iterator[str]:
    """Write the class of a typed event."""
    keywords = {"event_name": literal(event.name)}
    if event.description:
        keywords["description"] = literal(event.description)
    yield from call(f"class {name}", ["TypedEvent"], keywords, ending=":")
    yield f"    {docstring(event.description or event.name)}"
    attributes = Identifiers(CLASS_NAMES)
    if event.properties:
        yield ""
    for known in event.properties or ():
        attribute = attributes.take(snake_case(known.name, "property"))
        required = known.name in event.required
        kind = annotation(known, required=required)
        keywords = {} if required else {"default": "None"}
        if known.description:
            keywords["description"] = literal(known.description)
        start = f"    {attribute}: {kind} = prop"
        yield from call(start, [literal(known.name)], keywords)


def annotation(known: Property, *, required: bool) -> str:
    """Write the annotation of a property, which takes None where it is optional."""
    kind = "object" if known.type is None else type_name(known.type)
    return kind if required or kind == "None" else f"{kind} | None"


def catalogue(
    name: str, kind: str, about: str, members: Mapping[str, tuple[str, dict[str, str]]]
) -> Iterator[str]:
    """Write a catalogue class."""
    yield f"class {name}(Catalogue):"
    yield f"    {docstring(about)}"
    yield ""
    attributes = Identifiers(CLASS_NAMES)
    for known, (argument, keywords) in members.items():
        attribute = attributes.take(snake_case(known, kind.lower()))
        yield from call(f"    {attribute}: {kind} = {kind}", [argument], keywords)


def event_call(event: Event) -> tuple[str, dict[str, str]]:
    """Give what an event of a catalogue is made with."""
    about = {"description": literal(event.description)} if event.description else {}
    return literal(event.name), about


def property_call(known: Property) -> tuple[str, dict[str, str]]:
    """Give what a property of a catalogue is made with."""
    keywords = {}
    if known.type is not None:
        name = type_name(known.type)
        keywords["type"] = "NoneType" if name == "None" else name
    if known.description:
        keywords["description"] = literal(known.description)
    return literal(known.name), keywords


def plan_statement(
    plan: LexiconPlan, classes: list[str], loose: list[Event], profile: list[Property]
) -> Iterator[str]:
    """Write the statement that makes the plan."""
    yield "plan = LexiconPlan("
    if loose:
        yield "    events=LexiconEvents,"
    if profile:
        yield "    profile_properties=LexiconProfileProperties,"
    if classes:
        whole = f"    typed_events=[{', '.join(classes)}],"
        spread = (
            "    typed_events=[",
            *(f"        {name}," for name in classes),
            "    ],",
        )
        yield from [whole] if len(whole) <= WIDTH else spread
    if plan.details:
        yield from value_lines("details=", plan.details, INDENT)
    yield ")"
