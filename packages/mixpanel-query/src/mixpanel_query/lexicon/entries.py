"""What Lexicon holds: a schema for every entity that somebody described.

An entity is an event, or ``$user`` of type ``profile``, which stands for all profiles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixpanel_query.tables import Tabular
from mixpanel_query.wire import Answer

if TYPE_CHECKING:
    from mixpanel_schema.json_values import Json

__all__ = ["Lexicon", "LexiconEntry", "read_lexicon", "read_schema"]

OWN_METADATA = "com.mixpanel"


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One entity and its schema.

    Attributes:
        entity_type: ``event`` or ``profile``.
        name: Name of the event; ``$user`` for profiles.
        schema: The schema as Mixpanel has it: ``description``, ``properties``,
            ``metadata``, and other keywords of JSON Schema.

    >>> entry = LexiconEntry("event", "Sign Up", {"description": "Made an account."})
    >>> entry.description, entry.is_dropped
    ('Made an account.', False)
    """

    entity_type: str
    name: str
    schema: Mapping[str, Json]

    @property
    def description(self) -> str:
        """What the entity is described with; empty if it is not."""
        return text_in(self.schema, "description")

    @property
    def properties(self) -> Mapping[str, Mapping[str, Json]]:
        """The schemas of its properties, by name; those without one are not there."""
        return properties_in(self.schema)

    @property
    def metadata(self) -> Mapping[str, Json]:
        """What Mixpanel itself keeps: display name, tags, owners, whether hidden."""
        return metadata_in(self.schema)

    @property
    def is_dropped(self) -> bool:
        """Whether Mixpanel throws away what arrives of it."""
        return self.metadata.get("dropped") is True

    def to_document(self) -> dict[str, Json]:
        """Return the entry as it stands in a Lexicon document."""
        return {
            "entityType": self.entity_type,
            "name": self.name,
            "schemaJson": dict(self.schema),
        }


@dataclass(frozen=True, slots=True)
class Lexicon(Tabular):
    """The schemas of a project, in Mixpanel's order.

    What nobody described is not in it, however much of it arrives; nor are the
    properties that nobody described.

    Attributes:
        entries: One for every entity that has a schema.
    """

    entries: tuple[LexiconEntry, ...]

    def __iter__(self) -> Iterator[LexiconEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, entity_type: str, name: str) -> LexiconEntry | None:
        """Return the entry of an entity; None if it has none."""
        for entry in self.entries:
            if (entry.entity_type, entry.name) == (entity_type, name):
                return entry
        return None

    def to_document(self) -> dict[str, Json]:
        """Return a document that ``mixpanel_schema.from_lexicon`` reads as a plan."""
        return {"entries": [entry.to_document() for entry in self.entries]}

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row for every entity, and below it one for each property."""
        return [row for entry in self.entries for row in rows_of(entry)]


def rows_of(entry: LexiconEntry) -> Iterator[dict[str, object]]:
    """Yield the rows of an entry; those of properties have no tags."""
    for name, schema in [(None, entry.schema), *entry.properties.items()]:
        metadata = metadata_in(schema)
        tags = metadata.get("tags")
        yield {
            "entity_type": entry.entity_type,
            "name": entry.name,
            "property": name,
            "type": None if name is None else schema.get("type"),
            "display_name": metadata.get("displayName"),
            "description": text_in(schema, "description"),
            "hidden": metadata.get("hidden") is True,
            "dropped": metadata.get("dropped") is True,
            "tags": ", ".join(map(str, tags)) if isinstance(tags, list) else "",
        }


def text_in(schema: Mapping[str, Json], key: str) -> str:
    """Return a text of a schema; empty if there is none."""
    value = schema.get(key)
    return value if isinstance(value, str) else ""


def properties_in(schema: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    """Return the schemas of an entity's properties, by name."""
    found = schema.get("properties")
    if not isinstance(found, dict):
        return {}
    return {name: about for name, about in found.items() if isinstance(about, dict)}


def metadata_in(schema: Mapping[str, Json]) -> dict[str, Json]:
    """Return what a schema holds for Mixpanel alone."""
    outer = schema.get("metadata")
    inner = outer.get(OWN_METADATA) if isinstance(outer, dict) else None
    return inner if isinstance(inner, dict) else {}


def read_lexicon(answer: Answer) -> Lexicon:
    """Read the answer to a list request.

    Raises:
        UnreadableAnswerError: If it is no list of entities with schemas.
    """
    body = answer.body
    found = body.get("results") if isinstance(body, dict) else None
    if not isinstance(found, list):
        raise answer.unreadable("no list of results")
    return Lexicon(tuple(read_entry(answer, each) for each in found))


def read_entry(answer: Answer, given: object) -> LexiconEntry:
    """Read one entity of a list."""
    if isinstance(given, dict):
        kind, name = given.get("entityType"), given.get("name")
        schema = given.get("schemaJson")
        if isinstance(kind, str) and isinstance(name, str) and isinstance(schema, dict):
            return LexiconEntry(kind, name, schema)
    raise answer.unreadable("an entry without entityType, name and schemaJson")


def read_schema(answer: Answer) -> Mapping[str, Json]:
    """Read the answer to a question for one entity.

    It is documented as the bare schema, and seen in a wrapping too:
    https://developer.mixpanel.com/reference/list-schemas-by-entity-and-name

    Raises:
        UnreadableAnswerError: If it is neither.
    """
    body = answer.body
    if isinstance(body, dict) and "status" in body:
        body = body.get("results")
    if not isinstance(body, dict):
        raise answer.unreadable("no schema")
    return body
