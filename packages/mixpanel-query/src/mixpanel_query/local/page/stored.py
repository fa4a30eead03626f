"""What the page shows of the store: names of events, and profiles."""

from __future__ import annotations

from mixpanel_query.local.engine.store import Engine

__all__ = ["count_by_name", "find_profile", "search_profiles"]

MOST_NAMES = 200
MOST_PROFILES = 100

COUNT = """
SELECT event, count(*) AS amount FROM events GROUP BY event ORDER BY amount DESC, event
"""
# People have no group key.
EVERYBODY = """(
    SELECT '' AS group_key, distinct_id, properties FROM profiles
    UNION ALL SELECT group_key, distinct_id, properties FROM group_profiles
)"""
SEARCH = f"""
WITH found AS (
    SELECT * FROM {EVERYBODY}
    WHERE $search = '' OR contains(lower(distinct_id), lower($search))
)
SELECT group_key, distinct_id,
    coalesce(properties ->> '/$name', properties ->> '/$email', ''),
    (SELECT count(*) FROM found)
FROM (SELECT * FROM found ORDER BY group_key, distinct_id LIMIT $most)
ORDER BY group_key, distinct_id
"""  # noqa: S608 - no value is in it
PROFILE = f"""
SELECT properties FROM {EVERYBODY}
WHERE group_key = $group_key AND distinct_id = $distinct_id
"""  # noqa: S608 - no value is in it


def count_by_name(engine: Engine) -> dict[str, object]:
    """Return how many events there are of each name, the commonest first."""
    rows = engine.rows(COUNT, {})
    return {
        "events": sum(count for _, count in rows),
        "names": len(rows),
        "counts": [list(row) for row in rows[:MOST_NAMES]],
    }


def search_profiles(engine: Engine, search: str) -> dict[str, object]:
    """Return the profiles whose id has a text in it, a hundred at most.

    People come first, then groups, both in the order of their ids.
    """
    rows = engine.rows(SEARCH, {"search": search, "most": MOST_PROFILES})
    return {
        "found": rows[0][3] if rows else 0,
        "profiles": [
            {"group_key": key, "distinct_id": distinct_id, "name": name}
            for key, distinct_id, name, _ in rows
        ],
    }


def find_profile(engine: Engine, group_key: str, distinct_id: str) -> str | None:
    """Return the JSON text of a profile's properties; None if there is none.

    Args:
        engine: The store.
        group_key: The key of a group; empty for a person.
        distinct_id: Its id.
    """
    rows = engine.rows(PROFILE, {"group_key": group_key, "distinct_id": distinct_id})
    return str(rows[0][0]) if rows else None
