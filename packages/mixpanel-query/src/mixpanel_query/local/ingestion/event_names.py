"""How many names events have: beyond 5,000 Mixpanel keeps them, and indexes no more.

https://docs.mixpanel.com/docs/data-structure/events-and-properties
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixpanel_query.local.engine.store import Engine, StoredEvent
    from mixpanel_query.local.ingestion.batches import Batch

__all__ = ["EventNames"]

MOST_NAMES = 5000

FIRST_NAMES = """
SELECT event FROM events GROUP BY event ORDER BY min(rowid) LIMIT $most
"""


class EventNames:
    """The names that are indexed, as far as they are known; for any thread."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self._most = most
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def remark(self, engine: Engine, batch: Batch[StoredEvent]) -> None:
        """Say of events that are not kept yet if their name is one too many."""
        names = dict.fromkeys(event.event for event in batch.kept)
        beyond = self.beyond(engine, list(names))
        if not beyond:
            return
        for judged in batch:
            if judged.kept is not None and judged.kept.event in beyond:
                judged.notes.remarks.append(
                    f"the project has {self._most:,} names of events already; "
                    "Mixpanel keeps events with others, and does not index them"
                )

    def beyond(self, engine: Engine, names: list[str]) -> set[str]:
        """Return those of the names, in the order of their coming, that are too many.

        The store is asked only if one of them is new, which is rare.
        """
        with self._lock:
            if self._known.issuperset(names):
                return set()
            rows = engine.rows(FIRST_NAMES, {"most": self._most})
            self._known = {name for (name,) in rows}
            new = [name for name in names if name not in self._known]
            room = self._most - len(self._known)
            self._known.update(new[:room])
            return set(new[room:])
