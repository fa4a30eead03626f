"""The schemas that Lexicon takes: what they may hold, and what stays of older ones.

Unknown keywords of JSON Schema are kept, as Mixpanel's examples have some; metadata
are Mixpanel's own, so they are checked.
https://developer.mixpanel.com/reference/upload-schemas-for-project
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from mixpanel_query.lexicon.entries import OWN_METADATA, metadata_in
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["Entry", "check_entity", "merged", "read_entries", "read_schema"]

ENTITY_TYPES: Final = ("event", "profile")
ALL_PROFILES: Final = "$user"
PROPERTY_TYPES: Final = (
    "array",
    "boolean",
    "integer",
    "null",
    "number",
    "object",
    "string",
)
# The keywords that the documentation lists.
KNOWN: Final = frozenset({"$schema", "description", "metadata", "properties"})
KNOWN_OF_PROPERTY: Final = frozenset({"type", "description", "metadata"})

Schema = Mapping[str, Any]


class Entry(NamedTuple):
    """An entity and its schema.

    Attributes:
        kind: ``event`` or ``profile``.
        name: Name of the event; ``$user`` for profiles.
        schema: The schema that was sent.
    """

    kind: str
    name: str
    schema: Schema


def is_text(value: object) -> bool:
    """Tell whether metadata are a text."""
    return isinstance(value, str)


def is_flag(value: object) -> bool:
    """Tell whether metadata are true or false."""
    return isinstance(value, bool)


def are_texts(value: object) -> bool:
    """Tell whether metadata are a list of texts."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


OF_PROPERTY: Final[dict[str, Callable[[object], bool]]] = {
    "displayName": is_text,
    "hidden": is_flag,
    "dropped": is_flag,
}
OF_ENTITY: Final[dict[str, Callable[[object], bool]]] = {
    **OF_PROPERTY,
    "$source": is_text,
    "tags": are_texts,
    "contacts": are_texts,
    "teamContacts": are_texts,
}


def check_entity(kind: str, name: str) -> None:
    """Refuse a type that there is not, or a profile that is not all of them.

    An empty name is any.
    """
    if kind not in ENTITY_TYPES:
        given = f"entityType {kind[:40]!r}"
        raise RequestRefusedError(400, f"{given} is not one of event, profile")
    if kind == "profile" and name not in ("", ALL_PROFILES):
        raise RequestRefusedError(
            400, f"name {name[:40]!r} of a profile is not {ALL_PROFILES}"
        )


def read_entries(document: Schema) -> tuple[list[Entry], bool]:
    """Read an upload: its entries, and whether to delete all others.

    Raises:
        RequestRefusedError: If it has something else, or something of it is wrong.
    """
    check_keys("the body", document, ("entries", "truncate"))
    entries, truncate = document.get("entries"), document.get("truncate", False)
    if not isinstance(entries, list):
        raise RequestRefusedError(400, "entries is missing, or no list")
    if not isinstance(truncate, bool):
        raise RequestRefusedError(400, "truncate is neither true nor false")
    return [read_entry(each) for each in entries], truncate


def read_entry(document: object) -> Entry:
    """Read one entry of an upload."""
    names = ("entityType", "name", "schemaJson")
    if not isinstance(document, dict):
        raise RequestRefusedError(400, f"an entry is no object with {', '.join(names)}")
    check_keys("an entry", document, names)
    kind, name = document.get("entityType"), document.get("name")
    if not isinstance(kind, str):
        raise RequestRefusedError(400, "entityType is missing, or no text")
    if not isinstance(name, str) or not name:
        raise RequestRefusedError(400, "name is missing, or no text")
    check_entity(kind, name)
    schema = read_schema(document.get("schemaJson"))
    return Entry(kind, read.storable("name", name), schema)


def read_schema(document: object) -> Schema:
    """Read the schema of an entity."""
    if not isinstance(document, dict):
        raise RequestRefusedError(400, "schemaJson is missing, or no object")
    check_storable(document)
    check_description("the schema", document)
    check_metadata("the schema", document, OF_ENTITY)
    properties = document.get("properties", {})
    if not isinstance(properties, dict):
        raise RequestRefusedError(400, "properties of the schema is no object")
    for name, about in properties.items():
        where = f"property {name[:40]!r}"
        if not isinstance(about, dict) or about.get("type") not in PROPERTY_TYPES:
            allowed = ", ".join(PROPERTY_TYPES)
            raise RequestRefusedError(400, f"{where} has no type out of {allowed}")
        check_description(where, about)
        check_metadata(where, about, OF_PROPERTY)
        rest_on_keywords(about, KNOWN_OF_PROPERTY)
    rest_on_keywords(document, KNOWN)
    return document


def rest_on_keywords(document: Schema, known: frozenset[str]) -> None:
    """Say so if a schema has keywords that the documentation does not list."""
    if document.keys() - known:
        rests_on("schema-keywords")


def check_storable(document: Schema) -> None:
    """Refuse numbers that no float holds, and halves of characters."""
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise RequestRefusedError(
            400, "the schema holds half a character, or a number that is too large"
        ) from error


def check_keys(what: str, document: Schema, allowed: tuple[str, ...]) -> None:
    """Refuse keys that are not allowed."""
    for key in document:
        if key not in allowed:
            problem = f"{what} has {key[:40]!r}, and may have {', '.join(allowed)}"
            raise RequestRefusedError(400, problem)


def check_description(where: str, document: Schema) -> None:
    """Refuse a description that is no text."""
    if not isinstance(document.get("description", ""), str):
        raise RequestRefusedError(400, f"description of {where} is no text")


def check_metadata(
    where: str, document: Schema, allowed: Mapping[str, Callable[[object], bool]]
) -> None:
    """Refuse metadata of Mixpanel's that it does not know; null takes one away."""
    outer = document.get("metadata", {})
    if not isinstance(outer, dict) or not isinstance(outer.get(OWN_METADATA, {}), dict):
        raise RequestRefusedError(
            400, f'metadata of {where} is no {{"{OWN_METADATA}": {{…}}}}'
        )
    inner = metadata_in(document)
    check_keys(f"metadata of {where}", inner, tuple(allowed))
    for key, value in inner.items():
        if value is not None and not allowed[key](value):
            raise RequestRefusedError(400, f"{key} of {where} has the wrong type")


def merged(old: Schema, new: Schema) -> dict[str, Any]:
    """Return the schema to keep: the new one, with the metadata of both.

    A key of Mixpanel's metadata that is not sent stays, and null takes it away; the
    same for those of a property that is there still.

    >>> hidden = {"metadata": {"com.mixpanel": {"hidden": True, "displayName": "A"}}}
    >>> merged(hidden, {"metadata": {"com.mixpanel": {"displayName": None}}})
    {'metadata': {'com.mixpanel': {'hidden': True}}}
    """
    whole = with_metadata(old, new)
    if "properties" in new:
        before = old.get("properties", {})
        whole["properties"] = {
            name: with_metadata(before.get(name, {}), about)
            for name, about in new["properties"].items()
        }
    return whole


def with_metadata(old: Schema, new: Schema) -> dict[str, Any]:
    """Return a schema with the metadata that it has, and those that stay."""
    if not metadata_in(old):
        old = {}
    both = {**metadata_in(old), **metadata_in(new)}
    kept = {key: value for key, value in both.items() if value is not None}
    if not kept and "metadata" not in new:
        return dict(new)
    return {**new, "metadata": {**new.get("metadata", {}), OWN_METADATA: kept}}
