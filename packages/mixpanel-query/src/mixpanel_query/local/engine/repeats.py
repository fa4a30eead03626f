"""Whether any event arrived twice, so that questions look for repeats only then.

Files are looked through when they are loaded. Whatever arrives otherwise may be a
repeat, and nobody looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb

__all__ = ["forget_repeats", "look_for_repeats", "may_have_repeats"]

FORGET: Final = "DELETE FROM repeats"

# Without the user, as a merge can make two users one. Two events with the same hash
# are only taken for repeats, and then looked at as such.
# https://developer.mixpanel.com/reference/event-deduplication
LOOK: Final = """
INSERT INTO repeats
SELECT count(*) - count(DISTINCT hash(event, time_ms, insert_id)) FROM events
"""


def look_for_repeats(cursor: duckdb.DuckDBPyConnection) -> None:
    """Keep whether there are repeats among the events."""
    forget_repeats(cursor)
    cursor.execute(LOOK)


def forget_repeats(cursor: duckdb.DuckDBPyConnection) -> None:
    """Keep that nobody knows whether there are repeats."""
    cursor.execute(FORGET)


def may_have_repeats(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether two of the events may be the same one."""
    found = cursor.execute("SELECT number FROM repeats").fetchall()
    return found != [(0,)]
