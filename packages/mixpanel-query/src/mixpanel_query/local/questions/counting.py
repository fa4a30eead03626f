"""Counting events and users among those that a question chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from mixpanel_query.local.engine.store import as_list
from mixpanel_query.local.questions.time_buckets import TimeBuckets

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "Counts",
    "Kind",
    "Label",
    "count_activity",
    "count_events",
    "count_kind",
    "names_among",
]

# (label, first instant of the bucket) -> count; what did not happen is left out.
Counts: TypeAlias = dict[tuple[str, int], "int | float"]
# A column of the chosen events, by which they are counted.
Label: TypeAlias = Literal["event", "segment", "number"]
Kind: TypeAlias = Literal["general", "unique", "average"]

# The four columns are Mixpanel's key of an event:
# https://developer.mixpanel.com/reference/event-deduplication
EVENTS = """
WITH bucket AS (SELECT unnest(from_json($starts, '["BIGINT"]')) AS start_ms),
happened AS (
    SELECT DISTINCT {label} AS label, event, distinct_id, time_ms, insert_id
    FROM chosen
    WHERE {label} IS NOT NULL AND (distinct_id <> '' OR NOT $of_users)
)
SELECT happened.label, bucket.start_ms, count(*)
FROM happened ASOF JOIN bucket ON happened.time_ms >= bucket.start_ms
GROUP BY ALL
"""

# Repeats need no removing here, as they have the same user.
USERS = """
WITH bucket AS (SELECT unnest(from_json($starts, '["BIGINT"]')) AS start_ms),
happened AS (
    SELECT {label} AS label, distinct_id, time_ms FROM chosen
    WHERE {label} IS NOT NULL AND distinct_id <> ''
)
SELECT happened.label, bucket.start_ms, count(DISTINCT happened.distinct_id)
FROM happened ASOF JOIN bucket ON happened.time_ms >= bucket.start_ms
GROUP BY ALL
"""

# Here neither, as a repeat happened in the same part of the same period.
ACTIVITY = """
WITH part AS (
    SELECT unnest(from_json($parts, '["BIGINT"]')) AS part_ms,
        unnest(from_json($periods, '["BIGINT"]')) AS start_ms
),
happened AS (
    SELECT {label} AS label, distinct_id, time_ms FROM chosen WHERE distinct_id <> ''
),
active AS (
    SELECT happened.label, happened.distinct_id, part.start_ms,
        count(DISTINCT part.part_ms) AS parts
    FROM happened ASOF JOIN part ON happened.time_ms >= part.part_ms
    GROUP BY ALL
)
SELECT label, start_ms, parts, count(*) FROM active GROUP BY ALL
"""

NAMES = "SELECT DISTINCT event FROM chosen"


def count_kind(
    chosen: duckdb.DuckDBPyConnection,
    buckets: TimeBuckets,
    kind: Kind,
    label: Label = "event",
) -> Counts:
    """Return what a kind of question counts, by label and bucket.

    Args:
        chosen: Sees the events that were chosen.
        buckets: When they happened; the last of them must have chosen the end.
        kind: ``general`` counts events, ``unique`` users, ``average`` events a user.
        label: What they are counted by.
    """
    if kind == "general":
        return count_events(chosen, buckets, label)
    users = count_users(chosen, buckets, label)
    if kind == "unique":
        return users
    # Events without a user are nobody's, so they are in no user's average.
    actions = count_events(chosen, buckets, label, of_users=True)
    return {point: actions[point] / count for point, count in users.items()}


def count_events(
    chosen: duckdb.DuckDBPyConnection,
    buckets: TimeBuckets,
    label: Label = "event",
    *,
    of_users: bool = False,
) -> Counts:
    """Count events, each once however often it arrived; ``""`` is no user."""
    asked = {"starts": as_list(buckets.starts_ms), "of_users": of_users}
    rows = chosen.execute(EVENTS.format(label=label), asked).fetchall()
    return {(name, start_ms): count for name, start_ms, count in rows}


def count_users(
    chosen: duckdb.DuckDBPyConnection, buckets: TimeBuckets, label: Label = "event"
) -> Counts:
    """Count the users who did something; ``""`` is no user."""
    asked = {"starts": as_list(buckets.starts_ms)}
    rows = chosen.execute(USERS.format(label=label), asked).fetchall()
    return {(name, start_ms): count for name, start_ms, count in rows}


def count_activity(
    chosen: duckdb.DuckDBPyConnection,
    *,
    periods: TimeBuckets,
    parts: TimeBuckets,
    by_segment: bool = False,
) -> dict[tuple[str, int], dict[int, int]]:
    """Count the users by the number of parts of a period in which they were active.

    Args:
        chosen: Sees the events that were chosen.
        periods: Buckets of time, which begin and end with the parts.
        parts: Shorter buckets, of which each lies in one period.
        by_segment: Whether the users of each segment are counted, instead of all.

    Returns:
        For each segment, which is empty for everything together, and each first
        instant of a period, users by number of parts; numbers that nobody has are
        left out.
    """
    asked = {
        "parts": as_list(parts.starts_ms),
        "periods": as_list(periods.containing(parts.starts_ms)),
    }
    sql = ACTIVITY.format(label="segment" if by_segment else "''")
    found: dict[tuple[str, int], dict[int, int]] = {}
    for label, start_ms, number, users in chosen.execute(sql, asked).fetchall():
        found.setdefault((label, start_ms), {})[number] = users
    return found


def names_among(chosen: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the names of the events that were chosen."""
    return tuple(event for (event,) in chosen.execute(NAMES).fetchall())
