"""The tracking plan that a Lexicon document describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType, NoneType

from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.events import Event
from mixpanel_schema.json_values import Json
from mixpanel_schema.lexicon_entries import Schemas
from mixpanel_schema.properties import Property
from mixpanel_schema.tracking_plan import Catalogues, TrackingPlan
from mixpanel_schema.typed_events import TypedEvent
from mixpanel_schema.value_types import json_kinds

__all__ = [
    "Details",
    "LexiconPlan",
    "lexicon_plan",
    "python_types",
    "read_plan",
]

# By entity type, then name: what a tracking plan has no place for.
Details = Mapping[str, Mapping[str, Mapping[str, Json]]]
PYTHON_TYPES: Mapping[str, object] = {
    "string": str,
    "number": float,
    "integer": int,
    "boolean": bool,
    "array": list[object],
    "object": dict[str, object],
    "null": NoneType,
}


class LexiconPlan(TrackingPlan):
    """A tracking plan, with what Lexicon holds and a plan has no place for.

    Args:
        events: As for ``TrackingPlan``, like all but ``details``.
        profile_properties: Catalogue of properties that profiles may have.
        typed_events: Classes of typed events.
        details: By entity type, then name: parts of ``schemaJson``, such as
            ``metadata``, which ``to_lexicon`` adds to what it makes of the plan.
    """

    # Lexicon describes what arrives, which the server's own names do too.
    refuses_server_names = False

    def __init__(
        self,
        *,
        events: Catalogues = Catalogue,
        profile_properties: Catalogues = Catalogue,
        typed_events: Iterable[type[TypedEvent]] = (),
        details: Details = MappingProxyType({}),
    ) -> None:
        super().__init__(
            events=events,
            event_properties=Catalogue,
            profile_properties=profile_properties,
            profile_meta_properties=Catalogue,
            group_properties=Catalogue,
            typed_events=typed_events,
        )
        self.details = details


def read_plan(schemas: Schemas, details: Details = MappingProxyType({})) -> LexiconPlan:
    """Make the plan that schemas describe."""
    types = python_types(schemas)
    events: list[Event] = []
    profile: list[Property] = []
    for (kind, name), schema in schemas.items():
        listed = properties_of(schema, types if kind == "event" else None)
        if kind == "event":
            event = Event(
                name,
                properties=listed,
                description=text_of(schema),
                required=required_of(schema),
            )
            events.append(event)
        else:
            profile += listed or ()
    return lexicon_plan(events, profile, details)


def lexicon_plan(
    events: list[Event], profile: list[Property], details: Details
) -> LexiconPlan:
    """Make a plan of exactly these events and profile properties."""
    return LexiconPlan(
        events=catalogue_of(events),
        profile_properties=catalogue_of(profile),
        details=details,
    )


def catalogue_of(members: Iterable[Event | Property]) -> type[Catalogue]:
    """Make a catalogue class of members that have no attribute names."""
    attributes = {f"member_{number}": member for number, member in enumerate(members)}
    return type("LexiconCatalogue", (Catalogue,), attributes)


def python_types(schemas: Schemas) -> dict[str, object]:
    """Give each event property its type, None where events disagree about it."""
    found: dict[str, object] = {}
    for (kind, _), schema in schemas.items():
        for name, about in properties_in(schema).items() if kind == "event" else ():
            declared = python_type(about)
            earlier = found.setdefault(name, declared)
            if json_kinds(earlier) != json_kinds(declared):
                found[name] = None
    return found


def python_type(about: Mapping[str, Json]) -> object:
    """Give the type of a property's values; None where there is none in the schema."""
    if about.get("format") == "date-time":
        return datetime
    return PYTHON_TYPES.get(str(about.get("type")))


def properties_of(
    schema: Mapping[str, Json], types: Mapping[str, object] | None
) -> tuple[Property, ...] | None:
    """Make the properties that an entity lists; None where it lists none."""
    if "properties" not in schema:
        return None
    return tuple(
        Property(
            name,
            type=python_type(about)
            if types is None or types[name] is not None
            else None,
            description=text_of(about),
        )
        for name, about in properties_in(schema).items()
    )


def properties_in(schema: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    """Give the schemas of an entity's properties, by name."""
    return schema.get("properties", {})  # type: ignore[return-value]  # as it was read


def text_of(schema: Mapping[str, Json]) -> str:
    """Give a description, empty where there is none."""
    return str(schema.get("description", ""))


def required_of(schema: Mapping[str, Json]) -> frozenset[str]:
    """Name the properties that are always there; null is as good as left out."""
    named = schema.get("required", [])
    return frozenset(
        name
        for name, about in properties_in(schema).items()
        if name in named and about.get("type") != "null"  # type: ignore[operator]
    )
