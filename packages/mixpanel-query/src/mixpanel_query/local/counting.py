"""Counting events and users in the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from mixpanel_query.local.engine import Engine, as_list
from mixpanel_query.local.time_buckets import TimeBuckets

__all__ = ["Counts", "count_activity", "count_events", "names_between"]

# (event, first instant of the bucket) -> count; what did not happen is left out.
Counts: TypeAlias = dict[tuple[str, int], "int | float"]

# The four columns are Mixpanel's key of an event:
# https://developer.mixpanel.com/reference/event-deduplication
EVENTS = """
WITH bucket AS (SELECT unnest(from_json($starts, '["BIGINT"]')) AS start_ms),
happened AS (
    SELECT DISTINCT event, distinct_id, time_ms, insert_id FROM events
    WHERE event IN (SELECT unnest(from_json($names, '["VARCHAR"]')))
      AND time_ms >= $begin AND time_ms < $end
      AND (distinct_id <> '' OR NOT $of_users)
)
SELECT happened.event, bucket.start_ms, count(*)
FROM happened ASOF JOIN bucket ON happened.time_ms >= bucket.start_ms
GROUP BY ALL
"""

# Repeats need no removing here, as they have the same user.
USERS = """
WITH bucket AS (SELECT unnest(from_json($starts, '["BIGINT"]')) AS start_ms),
happened AS (
    SELECT event, distinct_id, time_ms FROM events
    WHERE event IN (SELECT unnest(from_json($names, '["VARCHAR"]')))
      AND time_ms >= $begin AND time_ms < $end
      AND distinct_id <> ''
)
SELECT happened.event, bucket.start_ms, count(DISTINCT happened.distinct_id)
FROM happened ASOF JOIN bucket ON happened.time_ms >= bucket.start_ms
GROUP BY ALL
"""

# Here neither, as a repeat happened in the same part of the same period.
ACTIVITY = """
WITH part AS (
    SELECT unnest(from_json($parts, '["BIGINT"]')) AS part_ms,
        unnest(from_json($periods, '["BIGINT"]')) AS start_ms
),
active AS (
    SELECT happened.distinct_id, part.start_ms, count(DISTINCT part.part_ms) AS parts
    FROM (
        SELECT distinct_id, time_ms FROM events
        WHERE ($every OR event = $name)
          AND time_ms >= $begin AND time_ms < $end
          AND distinct_id <> ''
    ) AS happened ASOF JOIN part ON happened.time_ms >= part.part_ms
    GROUP BY ALL
)
SELECT start_ms, parts, count(*) FROM active GROUP BY ALL
"""

NAMES = """
SELECT DISTINCT event FROM events WHERE time_ms >= $begin AND time_ms < $end
"""


def count_events(
    engine: Engine,
    names: Sequence[str],
    buckets: TimeBuckets,
    *,
    unique: bool,
    of_users: bool = False,
) -> Counts:
    """Count events, or the users who did them, by event and bucket.

    Args:
        engine: Where the events are.
        names: Names of the events; others are left out.
        buckets: When they happened.
        unique: Count users instead of events; ``""`` is no user.
        of_users: Leave out events that have no user.
    """
    asked = {
        "starts": as_list(buckets.starts_ms),
        "names": as_list(names),
        "begin": buckets.starts_ms[0],
        "end": buckets.end_ms,
    }
    if unique:
        rows = engine.rows(USERS, asked)
    else:
        rows = engine.rows(EVENTS, {**asked, "of_users": of_users})
    return {(event, start_ms): count for event, start_ms, count in rows}


def count_activity(
    engine: Engine, event: str | None, *, periods: TimeBuckets, parts: TimeBuckets
) -> dict[int, dict[int, int]]:
    """Count the users by the number of parts of a period in which they were active.

    Args:
        engine: Where the events are.
        event: Name of the event that counts; None for any.
        periods: Buckets of time, which begin and end with the parts.
        parts: Shorter buckets, of which each lies in one period.

    Returns:
        For each first instant of a period, users by number of parts; numbers that
        nobody has are left out.
    """
    asked = {
        "parts": as_list(parts.starts_ms),
        "periods": as_list(periods.containing(parts.starts_ms)),
        "every": event is None,
        "name": event or "",
        "begin": parts.starts_ms[0],
        "end": parts.end_ms,
    }
    found: dict[int, dict[int, int]] = {}
    for start_ms, number, users in engine.rows(ACTIVITY, asked):
        found.setdefault(start_ms, {})[number] = users
    return found


def names_between(engine: Engine, buckets: TimeBuckets) -> tuple[str, ...]:
    """Return the names of the events that happened in the time of the buckets."""
    asked = {"begin": buckets.starts_ms[0], "end": buckets.end_ms}
    return tuple(event for (event,) in engine.rows(NAMES, asked))
