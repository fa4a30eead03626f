"""What the page shows of the store: names of events, and profiles."""

from __future__ import annotations

from mixpanel_query.local.engine.store import Engine

__all__ = ["count_by_name", "find_profile", "search_profiles"]

MOST_NAMES = 200
MOST_PROFILES = 100

COUNT = """
SELECT event, count(*) AS amount FROM events GROUP BY event ORDER BY amount DESC, event
"""
# Before the filter, so that one reading says how many there are, too.
SEARCH = """
SELECT distinct_id,
    coalesce(properties ->> '/$name', properties ->> '/$email', ''),
    count(*) OVER ()
FROM profiles
WHERE $search = '' OR contains(lower(distinct_id), lower($search))
ORDER BY distinct_id LIMIT $most
"""
PROFILE = "SELECT properties FROM profiles WHERE distinct_id = $distinct_id"


def count_by_name(engine: Engine) -> dict[str, object]:
    """Return how many events there are of each name, the commonest first."""
    rows = engine.rows(COUNT, {})
    return {
        "events": sum(count for _, count in rows),
        "names": len(rows),
        "counts": [list(row) for row in rows[:MOST_NAMES]],
    }


def search_profiles(engine: Engine, search: str) -> dict[str, object]:
    """Return the profiles whose id has a text in it, the first hundred by their ids."""
    rows = engine.rows(SEARCH, {"search": search, "most": MOST_PROFILES})
    return {
        "found": rows[0][2] if rows else 0,
        "profiles": [{"distinct_id": key, "name": name} for key, name, _ in rows],
    }


def find_profile(engine: Engine, distinct_id: str) -> str | None:
    """Return the JSON text of a profile's properties; None if there is none."""
    rows = engine.rows(PROFILE, {"distinct_id": distinct_id})
    return str(rows[0][0]) if rows else None
