"""Counting events and users among those that a question chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from mixpanel_query.local.engine.repeats import may_have_repeats
from mixpanel_query.local.engine.store import as_list
from mixpanel_query.local.parameters.count_kinds import Kind
from mixpanel_query.local.time_buckets import TimeBuckets

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "Counts",
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

# The four columns are Mixpanel's key of an event:
# https://developer.mixpanel.com/reference/event-deduplication
EVENTS = """
WITH {bucket},
happened AS (
    SELECT {distinct} {label} AS label, event, distinct_id, time_ms, insert_id
    FROM chosen
    WHERE {label} IS NOT NULL AND (distinct_id <> '' OR NOT $of_users)
),
counted AS (
    SELECT happened.label, bucket.start_ms, count(*) AS number
    FROM happened {join} GROUP BY ALL
)
SELECT * FROM counted {largest}
"""

# Repeats need no removing here, as they have the same user.
USERS = """
WITH {bucket},
happened AS (
    SELECT {label} AS label, distinct_id, time_ms FROM chosen
    WHERE {label} IS NOT NULL AND distinct_id <> ''
),
counted AS (
    SELECT happened.label, bucket.start_ms,
        count(DISTINCT happened.distinct_id) AS number
    FROM happened {join} GROUP BY ALL
)
SELECT * FROM counted {largest}
"""

# One more than wanted, to see whether it is only the alphabet that keeps it out.
LARGEST = """
WHERE label IN (
    SELECT label FROM counted GROUP BY label
    ORDER BY sum(number) DESC, label LIMIT {most} + 1
)
"""

# Here neither, as a repeat happened in the same part of the same period.
ACTIVITY = """
WITH {bucket},
part AS (
    SELECT unnest(from_json($parts, '["BIGINT"]')) AS part_ms,
        unnest(from_json($periods, '["BIGINT"]')) AS period_ms
),
happened AS (
    SELECT {label} AS label, distinct_id, time_ms FROM chosen WHERE distinct_id <> ''
),
active AS (
    SELECT DISTINCT happened.label, happened.distinct_id, bucket.start_ms
    FROM happened {join}
),
found AS (
    SELECT label, distinct_id, part.period_ms, count(*) AS parts
    FROM active JOIN part ON active.start_ms = part.part_ms
    GROUP BY ALL
)
SELECT label, period_ms, parts, count(*) FROM found GROUP BY ALL
"""

# Slots of one length find their bucket much faster than a comparison does.
BUCKET_OF_SLOT = """bucket AS MATERIALIZED (
    SELECT unnest(from_json($slots, '["BIGINT"]')) AS slot,
        unnest(from_json($starts, '["BIGINT"]')) AS start_ms
)"""
JOIN_SLOT = "JOIN bucket ON (happened.time_ms - {first}) // {length} = bucket.slot"
BUCKET = "bucket AS (SELECT unnest(from_json($starts, '[\"BIGINT\"]')) AS start_ms)"
JOIN = "ASOF JOIN bucket ON happened.time_ms >= bucket.start_ms"

NAMES = "SELECT DISTINCT event FROM chosen"


def count_kind(
    chosen: duckdb.DuckDBPyConnection,
    buckets: TimeBuckets,
    kind: Kind,
    label: Label = "event",
    *,
    most: int | None = None,
) -> Counts:
    """Return what a kind of question counts, by label and bucket.

    Args:
        chosen: Sees the events that were chosen.
        buckets: When they happened; the last of them must have chosen the end.
        kind: ``general`` counts events, ``unique`` users, ``average`` events a user.
        label: What they are counted by.
        most: So many labels with the largest sums are wanted; others may be left out.
    """
    if kind == "general":
        return count_events(chosen, buckets, label, most=most)
    if kind == "unique":
        return count_users(chosen, buckets, label, most=most)
    users = count_users(chosen, buckets, label)
    # Events without a user are nobody's, so they are in no user's average.
    actions = count_events(chosen, buckets, label, of_users=True)
    return {point: actions[point] / count for point, count in users.items()}


def count_events(
    chosen: duckdb.DuckDBPyConnection,
    buckets: TimeBuckets,
    label: Label = "event",
    *,
    of_users: bool = False,
    most: int | None = None,
) -> Counts:
    """Count events, each once however often it arrived; ``""`` is no user."""
    # What has a segment or number was looked at, and has no repeats any more.
    is_doubtful = label == "event" and may_have_repeats(chosen)
    distinct = "DISTINCT" if is_doubtful else ""
    parts, given = bucketed(buckets)
    sql = EVENTS.format(label=label, distinct=distinct, largest=largest(most), **parts)
    rows = chosen.execute(sql, {**given, "of_users": of_users}).fetchall()
    return {(name, start_ms): count for name, start_ms, count in rows}


def count_users(
    chosen: duckdb.DuckDBPyConnection,
    buckets: TimeBuckets,
    label: Label = "event",
    *,
    most: int | None = None,
) -> Counts:
    """Count the users who did something; ``""`` is no user."""
    parts, given = bucketed(buckets)
    sql = USERS.format(label=label, largest=largest(most), **parts)
    rows = chosen.execute(sql, given).fetchall()
    return {(name, start_ms): count for name, start_ms, count in rows}


def largest(most: int | None) -> str:
    """Return what leaves only labels with the largest sums."""
    return "" if most is None else LARGEST.format(most=most)


def bucketed(buckets: TimeBuckets) -> tuple[dict[str, str], dict[str, object]]:
    """Return the parts of a query that find the bucket of what happened in them."""
    if (slots := buckets.slots()) is None:
        given: dict[str, object] = {"starts": as_list(buckets.starts_ms)}
        return {"bucket": BUCKET, "join": JOIN}, given
    length, starts = slots
    join = JOIN_SLOT.format(first=buckets.starts_ms[0], length=length)
    given = {"slots": as_list(range(len(starts))), "starts": as_list(starts)}
    return {"bucket": BUCKET_OF_SLOT, "join": join}, given


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
    buckets, given = bucketed(parts)
    asked = {
        **given,
        "parts": as_list(parts.starts_ms),
        "periods": as_list(periods.containing(parts.starts_ms)),
    }
    sql = ACTIVITY.format(label="segment" if by_segment else "''", **buckets)
    found: dict[tuple[str, int], dict[int, int]] = {}
    for label, start_ms, number, users in chosen.execute(sql, asked).fetchall():
        found.setdefault((label, start_ms), {})[number] = users
    return found


def names_among(chosen: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the names of the events that were chosen."""
    return tuple(event for (event,) in chosen.execute(NAMES).fetchall())
