"""How many names events have: beyond 5,000 Mixpanel keeps them, and indexes no more.

https://docs.mixpanel.com/docs/data-structure/events-and-properties
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixpanel_query.local.engine.store import Engine

__all__ = ["EventNames"]

MOST_NAMES = 5000

FIRST_NAMES = """
SELECT event FROM events GROUP BY event ORDER BY min(rowid) LIMIT $most
"""


class EventNames:
    """The names that are indexed, as far as they are known; for any thread.

    Attributes:
        most: How many names are indexed.
    """

    def __init__(self, most: int = MOST_NAMES) -> None:
        self.most = most
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def beyond(self, engine: Engine, names: list[str]) -> set[str]:
        """Return those of the names, in the order of their coming, that are too many.

        The store is asked only if one of them is new, which is rare.
        """
        with self._lock:
            if self._known.issuperset(names):
                return set()
            rows = engine.rows(FIRST_NAMES, {"most": self.most})
            self._known = {name for (name,) in rows}
            new = [name for name in names if name not in self._known]
            room = self.most - len(self._known)
            self._known.update(new[:room])
            return set(new[room:])
