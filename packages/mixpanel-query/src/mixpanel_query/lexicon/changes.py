"""What an upload changes in Lexicon, worked out before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from mixpanel_query.lexicon.entries import (
    OWN_METADATA,
    Lexicon,
    LexiconEntry,
    metadata_in,
)
from mixpanel_query.lexicon.merging import merged_schema, sent_schema
from mixpanel_query.lexicon.wanted import Wanted
from mixpanel_query.tables import Tabular

if TYPE_CHECKING:
    from mixpanel_schema.json_values import Json

__all__ = ["LexiconChange", "LexiconUpload", "ValueChange", "compare"]

ChangeKind: TypeAlias = Literal["added", "changed", "untouched", "only in Mixpanel"]
# What is in one of these is compared one by one, and has no name of its own.
OUTER = ("properties", "metadata", OWN_METADATA)
# False unless it is said: https://developer.mixpanel.com/reference/lexicon-schemas-api
FALSE_UNLESS_SAID = ("hidden", "dropped")


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value in a schema that becomes another.

    Attributes:
        path: Where in the schema it stands, from the outside to the inside.
        old: What Lexicon has; None for nothing.
        new: What it will have; None for nothing.

    >>> ValueChange(("properties", "Plan", "type"), "string", "number").what
    'property Plan: type'
    """

    path: tuple[str, ...]
    old: Json
    new: Json

    @property
    def what(self) -> str:
        """The value, in words."""
        words, rest = [], self.path
        if rest[0] == "properties" and len(rest) > 1:
            words, rest = [f"property {rest[1]}"], rest[2:]
        words += [key for key in rest if key not in ("metadata", OWN_METADATA)]
        return ": ".join(words) or self.path[-1]


@dataclass(frozen=True, slots=True)
class LexiconChange:
    """What becomes of one entity.

    Attributes:
        kind: ``added``, ``changed``, ``untouched``, or ``only in Mixpanel``, which is
            left as it is.
        entity_type: ``event`` or ``profile``.
        name: Name of the entity.
        values: Every value that becomes another, in a changed entity.
        dropped: Names of its properties that Mixpanel drops now, in a changed entity.
            The mark is never sent, and whether Mixpanel keeps it on a property, as it
            does on an event, is not documented: look at them after an upload.
        entry: What is sent for it; None where nothing is.
    """

    kind: ChangeKind
    entity_type: str
    name: str
    values: tuple[ValueChange, ...] = ()
    dropped: tuple[str, ...] = ()
    entry: LexiconEntry | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LexiconUpload(Tabular):
    """An upload, done or only planned.

    Attributes:
        changes: One for each entity: those wanted in their order, then the others.
        calls: With how many requests the changes were sent, or would be.
        is_done: Whether they were sent; False for a dry run.
    """

    changes: tuple[LexiconChange, ...]
    calls: int
    is_done: bool

    def of_kind(self, kind: ChangeKind) -> tuple[LexiconChange, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def added(self) -> tuple[LexiconChange, ...]:
        """Entities that Lexicon does not have yet."""
        return self.of_kind("added")

    @property
    def changed(self) -> tuple[LexiconChange, ...]:
        """Entities of which Lexicon has something else."""
        return self.of_kind("changed")

    @property
    def untouched(self) -> tuple[LexiconChange, ...]:
        """Entities that are as they are wanted."""
        return self.of_kind("untouched")

    @property
    def only_in_mixpanel(self) -> tuple[LexiconChange, ...]:
        """Entities that are not in what was given; they stay as they are."""
        return self.of_kind("only in Mixpanel")

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row for each entity, for changed ones a row for each value."""
        return [row for change in self.changes for row in rows_of(change)]


def rows_of(change: LexiconChange) -> Iterator[dict[str, object]]:
    """Yield the rows of one change."""
    about = {
        "change": change.kind,
        "entity_type": change.entity_type,
        "name": change.name,
    }
    if not change.values:
        yield {**about, "what": None, "old": None, "new": None}
    for value in change.values:
        yield {**about, "what": value.what, "old": value.old, "new": value.new}


def compare(
    wanted: Wanted, present: Lexicon, *, remove_undeclared: bool = False
) -> tuple[LexiconChange, ...]:
    """Work out what becomes of every entity.

    Args:
        wanted: What is to be in Lexicon.
        present: What is there.
        remove_undeclared: Whether properties go that only Mixpanel has, of entities
            that list theirs.
    """
    known = {(entry.entity_type, entry.name): entry for entry in present}
    changes = []
    for entry in wanted.entries:
        untyped = {
            prop
            for kind, name, prop in wanted.untyped
            if (kind, name) == (entry.entity_type, entry.name)
        }
        old = known.pop((entry.entity_type, entry.name), None)
        merged = merged_schema(
            {} if old is None else old.schema,
            entry.schema,
            untyped=untyped,
            remove_undeclared=remove_undeclared,
        )
        changes.append(change_of(entry, old, merged))
    others = (LexiconChange("only in Mixpanel", kind, name) for kind, name in known)
    return (*changes, *others)


def change_of(
    wanted: LexiconEntry, old: LexiconEntry | None, merged: Mapping[str, Json]
) -> LexiconChange:
    """Tell what becomes of one entity."""
    kind, name = wanted.entity_type, wanted.name
    sent = LexiconEntry(kind, name, sent_schema(merged, wanted.schema))
    if old is None:
        return LexiconChange("added", kind, name, entry=sent)
    values = tuple(differences(old.schema, merged, ()))
    if not values:
        return LexiconChange("untouched", kind, name)
    dropped = [prop for prop, about in old.properties.items() if is_dropped(about)]
    return LexiconChange("changed", kind, name, values, tuple(dropped), sent)


def is_dropped(schema: Mapping[str, Json]) -> bool:
    """Tell whether Mixpanel throws away what arrives of an entity or a property."""
    return metadata_in(schema).get("dropped") is True


def differences(
    old: Mapping[str, Json], new: Mapping[str, Json], path: tuple[str, ...]
) -> Iterator[ValueChange]:
    """Yield the values that differ between two objects; null is as good as nothing."""
    in_properties = path == ("properties",)
    for key in dict.fromkeys([*old, *new]):
        before, after = (said(key, value.get(key)) for value in (old, new))
        here = (*path, key)
        if key in OUTER and not in_properties:
            before, after = before or {}, after or {}
        if isinstance(before, dict) and isinstance(after, dict):
            yield from differences(before, after, here)
        elif key == "required" and not in_properties:
            if {*listed(before)} != {*listed(after)}:
                yield ValueChange(here, before, after)
        elif before != after:
            yield ValueChange(here, before, after)


def said(key: str, value: Json) -> Json:
    """Return a value; None where it says no more than its absence."""
    return None if value is False and key in FALSE_UNLESS_SAID else value


def listed(value: Json) -> list[str]:
    """Return the names in a list."""
    return [str(name) for name in value] if isinstance(value, list) else []
