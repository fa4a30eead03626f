"""Reads Lexicon documents: checks them, and keeps what Lexicon is known to hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from mixpanel_schema.exceptions import InvalidValueError
from mixpanel_schema.json_values import Json

__all__ = ["PROFILE", "Schemas", "read_entries"]

PROFILE = "$user"  # the name of the one entity that describes profiles

# By entity type and name: what Lexicon holds of it.
Schemas = Mapping[tuple[str, str], Mapping[str, Json]]
Expected = TypeVar("Expected", str, bool, list, dict)  # type: ignore[type-arg]

# https://developer.mixpanel.com/reference/lexicon-schemas-api; without "dropped",
# which throws away what arrives and must never be a side effect of a round trip.
PROPERTY_METADATA: Mapping[str, type] = {"displayName": str, "hidden": bool}
ENTITY_METADATA: Mapping[str, type] = {
    **PROPERTY_METADATA,
    "$source": str,
    "tags": list,
    "contacts": list,
    "teamContacts": list,
}
TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
WORDS = {dict: "an object", list: "a list", str: "text", bool: "true or false"}


def read_entries(document: Mapping[str, Json]) -> Schemas:
    """Check a document, and keep what Lexicon is documented to hold."""
    whole = expect(dict, document, "the whole")
    entries = whole.get("entries", whole.get("results"))
    if not isinstance(entries, list):
        given = ", ".join(map(repr, whole)) or "nothing"
        message = (
            f"a Lexicon document has entries, or results, which are a list; this has "
            f"{given}: give what Lexicon answers to a list request"
        )
        raise InvalidValueError(message)
    found: dict[tuple[str, str], Mapping[str, Json]] = {}
    for number, entry in enumerate(entries, start=1):
        about = expect(dict, entry, f"entry {number}")
        kind = expect(str, about.get("entityType"), f"entityType of entry {number}")
        name = expect(str, about.get("name"), f"name of entry {number}")
        if kind == "event" or (kind, name) == ("profile", PROFILE):
            schema = about.get("schemaJson")
            found[kind, name] = read_schema(schema, f"{kind} {name!r}")
    return found


def read_schema(given: Json, where: str) -> dict[str, Json]:
    """Check an entity's schema, and keep what Lexicon is documented to hold."""
    schema = expect(dict, given, f"schemaJson of {where}")
    kept = described(schema, where, ENTITY_METADATA)
    if "properties" in schema:
        named = expect(dict, schema["properties"], f"properties of {where}")
        kept["properties"] = {
            name: read_property(about, f"property {name!r} of {where}")
            for name, about in named.items()
        }
    if "required" in schema:
        names = expect(list, schema["required"], f"required of {where}")
        kept["required"] = [expect(str, name, f"required of {where}") for name in names]
    return kept


def read_property(given: Json, where: str) -> Json:
    """Check a property's schema, and keep what Lexicon is documented to hold."""
    about = expect(dict, given, where)
    kept = described(about, where, PROPERTY_METADATA)
    if "type" in about:
        kept["type"] = known_type(about["type"], where)
    if kept.get("type") == "string" and about.get("format") == "date-time":
        kept["format"] = "date-time"
    return kept


def known_type(given: Json, where: str) -> str:
    """Refuse a type that Lexicon does not have."""
    if isinstance(given, str) and given in TYPES:
        return given
    allowed = ", ".join(TYPES)
    raise InvalidValueError(f"type of {where} is {given!r}; Lexicon has {allowed}")


def described(
    schema: Mapping[str, Json], where: str, metadata: Mapping[str, type]
) -> dict[str, Json]:
    """Keep a description and Mixpanel's metadata; null there removes what is set."""
    kept: dict[str, Json] = {}
    if schema.get("description") is not None:
        kept["description"] = expect(
            str, schema["description"], f"description of {where}"
        )
    outer = expect(dict, schema.get("metadata") or {}, f"metadata of {where}")
    if "com.mixpanel" in outer:
        inner = expect(dict, outer["com.mixpanel"], f"com.mixpanel of {where}")
        kept["metadata"] = {
            "com.mixpanel": {
                key: None if value is None else expect(metadata[key], value, where)
                for key, value in inner.items()
                if key in metadata
            }
        }
    return kept


def expect(kind: type[Expected], given: object, where: str) -> Expected:
    """Refuse what is not of the kind that stands there in a Lexicon document."""
    if isinstance(given, kind):
        return given
    message = f"{where} in the Lexicon document is {given!r}"[:200]
    raise InvalidValueError(f"{message}; {WORDS[kind]} stands there")
