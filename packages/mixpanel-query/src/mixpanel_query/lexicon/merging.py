"""Puts what is wanted over what Lexicon has, so that an upload loses nothing.

An upload replaces description and properties of an entity, and merges its metadata:
a key that is not sent stays, null takes it away. So what is not wanted otherwise has
to be sent again, but for the metadata.
https://developer.mixpanel.com/reference/upload-schemas-for-project
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from mixpanel_query.lexicon.entries import OWN_METADATA, metadata_in, properties_in
from mixpanel_query.lexicon.wanted import without_dropped

if TYPE_CHECKING:
    from mixpanel_schema.json_values import Json

__all__ = ["merged_schema", "sent_schema"]

TYPE_KEYWORDS = ("type", "format")


def merged_schema(
    old: Mapping[str, Json],
    new: Mapping[str, Json],
    *,
    untyped: Collection[str] = (),
    remove_undeclared: bool = False,
) -> dict[str, Json]:
    """Return the schema that an entity is to have.

    Args:
        old: What Lexicon has.
        new: What is wanted.
        untyped: Names of properties whose type is Mixpanel's to know.
        remove_undeclared: Whether properties go that only Mixpanel has.

    >>> merged_schema({"description": "Old."}, {"properties": {}})
    {'description': 'Old.', 'properties': {}}
    """
    whole: dict[str, Json] = {**old, **new, **merged_metadata(old, new)}
    if "properties" not in new:
        return whole
    before, wanted = properties_in(old), properties_in(new)
    names = [*wanted]
    if not remove_undeclared:
        names += [name for name in before if name not in wanted]
    whole["properties"] = {
        name: merged_property(
            before.get(name, {}), wanted.get(name, {}), is_untyped=name in untyped
        )
        for name in names
    }
    # Which properties are always there: of those in the plan, the plan decides.
    theirs = [name for name in names_in(old, "required") if name not in wanted]
    required = names_in(new, "required") + [name for name in theirs if name in names]
    whole.pop("required", None)
    return {**whole, "required": required} if required else whole


def merged_property(
    old: Mapping[str, Json], new: Mapping[str, Json], *, is_untyped: bool
) -> dict[str, Json]:
    """Return the schema that a property is to have."""
    kept, wanted = dict(old), dict(new)
    is_mixpanels = "type" in old and (is_untyped or "type" not in new)
    weaker = wanted if is_mixpanels else kept
    for keyword in TYPE_KEYWORDS:
        weaker.pop(keyword, None)
    return {**kept, **wanted, **merged_metadata(old, new)}


def merged_metadata(
    old: Mapping[str, Json], new: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the metadata to have, as they stand in a schema; null takes one away."""
    outer = {**object_in(old, "metadata"), **object_in(new, "metadata")}
    if not outer:
        return {}
    inner: dict[str, Json] = {**metadata_in(old), **metadata_in(new)}
    return {"metadata": {**outer, OWN_METADATA: inner}}


def sent_schema(merged: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, Json]:
    """Return what has to be sent so that an entity has a schema; never ``dropped``.

    >>> sent_schema({"metadata": {"com.mixpanel": {"tags": ["a"]}}}, {})
    {}
    """
    sent = without_dropped(merged)
    sent.pop("metadata", None)
    if "metadata" in new:
        sent["metadata"] = without_dropped(new)["metadata"]
    return sent


def object_in(schema: Mapping[str, Json], key: str) -> dict[str, Json]:
    """Return an object of a schema; an empty one if there is none."""
    value = schema.get(key)
    return value if isinstance(value, dict) else {}


def names_in(schema: Mapping[str, Json], key: str) -> list[Json]:
    """Return a list of a schema; an empty one if there is none."""
    value = schema.get(key)
    return value if isinstance(value, list) else []
