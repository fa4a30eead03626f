"""What Lexicon says to drop: events, and properties of events, from then on.

https://developer.mixpanel.com/reference/upload-schemas-for-project
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mixpanel_query.lexicon.entries import metadata_in
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.records.judging import Notes

__all__ = ["Dropped", "dropped_by_lexicon"]

# Most schemas drop nothing, and need no reading.
MAY_DROP = """
SELECT name, schema FROM lexicon
WHERE entity_type = 'event' AND contains(schema, '"dropped"')
"""

# Without these an event would be another one, or none.
NEEDED = frozenset(
    ("token", "time", "distinct_id", "$insert_id", "$device_id", "$user_id")
)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What is dropped of the events of one name.

    Attributes:
        whole: Whether the events are.
        properties: Names of the properties that are.
    """

    whole: bool
    properties: frozenset[str]

    def without(self, given: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
        """Return the properties that are left, and note those that are not."""
        gone = self.properties & given.keys() - NEEDED
        notes.changes += [f"Lexicon says to drop {name!r}" for name in sorted(gone)]
        return {name: value for name, value in given.items() if name not in gone}


def dropped_by_lexicon(engine: Engine) -> dict[str, Dropped]:
    """Return what is dropped, by the names of events."""
    found = {}
    for name, text in engine.rows(MAY_DROP, {}):
        schema = json.loads(text)
        properties = schema.get("properties", {})
        dropped = Dropped(
            is_dropped(schema),
            frozenset(each for each in properties if is_dropped(properties[each])),
        )
        if dropped.whole or dropped.properties:
            found[name] = dropped
    return found


def is_dropped(document: Mapping[str, Any]) -> bool:
    """Tell whether a schema, or a part of it, says that it is dropped."""
    return metadata_in(document).get("dropped") is True
