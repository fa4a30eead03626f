"""What is to be in Lexicon: a tracking plan, a document, or entries, as entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, Union, cast

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.lexicon.entries import LexiconEntry

if TYPE_CHECKING:
    from mixpanel_schema import TrackingPlan
    from mixpanel_schema.json_values import Json

__all__ = ["Uploadable", "Wanted", "wanted_entries", "without_dropped"]

Uploadable: TypeAlias = Union[
    "TrackingPlan", Mapping[str, "Json"], Iterable[LexiconEntry]
]
# Entity type, entity and property.
Place: TypeAlias = tuple[str, str, str]
USER = ("profile", "$user")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be in Lexicon.

    Attributes:
        entries: The entities to describe, in order.
        untyped: Properties whose type the plan leaves open. A document has to name
            one all the same; it must not win over the one that Mixpanel has.
    """

    entries: tuple[LexiconEntry, ...]
    untyped: frozenset[Place] = frozenset()


def wanted_entries(given: Uploadable) -> Wanted:
    """Return what is to be uploaded, checked, and never with ``dropped``.

    Raises:
        InvalidQueryError: If it is none of the three, holds an entity twice, or asks
            to empty the whole Lexicon first.
    """
    from mixpanel_schema import TrackingPlan, to_lexicon

    if isinstance(given, TrackingPlan):
        document = to_lexicon(given)
        return Wanted(entries_of(document), frozenset(untyped_properties(given)))
    if isinstance(given, Mapping):
        return Wanted(entries_of(given))
    entries = () if isinstance(given, (str, bytes)) else tuple(given)
    if not all(isinstance(entry, LexiconEntry) for entry in entries):
        entries = ()
    if not entries:
        kind = type(given).__name__
        allowed = "give a TrackingPlan, a Lexicon document, or LexiconEntry objects"
        raise InvalidQueryError(f"a {kind} holds nothing to upload; {allowed}")
    return Wanted(entries_of({"entries": [entry.to_document() for entry in entries]}))


def untyped_properties(plan: TrackingPlan) -> Iterator[Place]:
    """Yield the properties whose type the plan leaves open."""
    for event in plan.events.values():
        for prop in event.properties or ():
            if prop.type is None:
                yield "event", event.name, prop.name
    for prop in plan.profile_properties.values():
        if prop.type is None:
            yield *USER, prop.name


def entries_of(document: Mapping[str, Json]) -> tuple[LexiconEntry, ...]:
    """Check a Lexicon document, and return its entries without ``dropped``.

    Raises:
        InvalidQueryError: If it has another form, or asks for more than an upload.
    """
    from mixpanel_schema import MixpanelSchemaError, from_lexicon

    if document.get("truncate"):
        problem = "the document says truncate, which would empty the whole Lexicon"
        raise InvalidQueryError(f"{problem}; take it out, and delete what is too much")
    try:
        from_lexicon(document)  # says what is wrong with its form
    except MixpanelSchemaError as error:
        raise InvalidQueryError(str(error)) from error
    listed = cast(
        "list[dict[str, Json]]", document.get("entries", document.get("results"))
    )
    found: dict[tuple[str, str], LexiconEntry] = {}
    for each in listed:
        kind, name = str(each["entityType"]), str(each["name"])
        if kind != "event" and (kind, name) != USER:
            continue  # such as custom events, which only Mixpanel defines
        if (kind, name) in found:
            problem = f"{kind} {name!r} is in the document twice"
            raise InvalidQueryError(f"{problem}; leave one of them out")
        schema = cast("dict[str, Json]", each["schemaJson"])
        found[kind, name] = LexiconEntry(kind, name, without_dropped(schema))
    if not found:
        problem = "the document describes neither events nor profiles"
        raise InvalidQueryError(f"{problem}; nothing can be uploaded")
    return tuple(found.values())


def without_dropped(schema: Mapping[str, Json]) -> dict[str, Json]:
    """Return a schema without the mark that makes Mixpanel throw away what arrives.

    >>> without_dropped({"metadata": {"com.mixpanel": {"dropped": True, "tags": []}}})
    {'metadata': {'com.mixpanel': {'tags': []}}}
    """
    whole = dict(schema)
    outer = whole.get("metadata")
    inner = outer.get("com.mixpanel") if isinstance(outer, dict) else None
    if isinstance(outer, dict) and isinstance(inner, dict):
        kept = {key: value for key, value in inner.items() if key != "dropped"}
        whole["metadata"] = {**outer, "com.mixpanel": kept}
    properties = whole.get("properties")
    if isinstance(properties, dict):
        whole["properties"] = {
            name: without_dropped(about) if isinstance(about, dict) else about
            for name, about in properties.items()
        }
    return whole
