"""Counting users who come back, by the bucket of time in which they began.

Intervals begin for each user at the moment of the event with which they began.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.questions.chosen_events import Choice, asking, keep_chosen
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.time_buckets import TimeBuckets

if TYPE_CHECKING:
    import duckdb

__all__ = ["Returns", "count_returns"]

BEGAN = """
CREATE TEMP TABLE began AS
WITH bucket AS (SELECT unnest(from_json($starts, '["BIGINT"]')) AS start_ms)
SELECT distinct_id, start_ms, min(time_ms) AS began_ms, any_value(event) AS event
FROM starting ASOF JOIN bucket ON starting.time_ms >= bucket.start_ms
GROUP BY distinct_id, start_ms
QUALIFY NOT $only_first
    OR row_number() OVER (PARTITION BY distinct_id ORDER BY start_ms) = 1
"""
FIRST = "SELECT start_ms, count(*) FROM began GROUP BY start_ms"

# Two events of one moment have no order: the one that is named otherwise counts as
# later, and none of the same name, as it may be the same event.
CAME_BACK = """
CREATE TEMP TABLE came_back AS
SELECT began.distinct_id, began.start_ms, returned.segment,
    (returned.time_ms - began.began_ms) // $length::BIGINT AS number
FROM began JOIN returned ON returned.distinct_id = began.distinct_id
    AND returned.time_ms < began.began_ms + $length::BIGINT * $intervals
    AND (returned.time_ms > began.began_ms OR (
        returned.time_ms = began.began_ms AND $only_first
        AND returned.event <> began.event
    ))
GROUP BY ALL
"""
AT_ONCE = """
SELECT 1 FROM began JOIN returned ON returned.distinct_id = began.distinct_id
    AND returned.time_ms = began.began_ms AND returned.event <> began.event LIMIT 1
"""
COUNTED = """
WITH came AS (
    SELECT DISTINCT distinct_id, start_ms, {segment} AS segment, {number} AS number
    FROM came_back {group}
)
SELECT segment, start_ms, number, count(*) FROM came GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class Returns:
    """Who came back.

    Attributes:
        began: How many users began, by the first instant of their bucket.
        overall: How many of them came back in each interval, likewise; where nobody
            did it is left out.
        by_segment: The same by segment and first instant.
        intervals: How many intervals there are.
    """

    began: dict[int, int]
    overall: dict[int, list[int]]
    by_segment: dict[tuple[str, int], list[int]]
    intervals: int

    @property
    def nobody(self) -> list[int]:
        """The counts where nobody came back."""
        return [0] * self.intervals


def count_returns(
    engine: Engine,
    began: Choice,
    came_back: Choice,
    buckets: TimeBuckets,
    *,
    only_first: bool,
    length_ms: int,
    intervals: int,
    unbounded: bool,
) -> Returns:
    """Count users who began, and those who came back.

    Args:
        engine: The store.
        began: Events with which users begin.
        came_back: Events that count as coming back, with segments or none.
        buckets: When users begin.
        only_first: Whether a user begins once, instead of once in each bucket.
        length_ms: How long an interval is, in milliseconds.
        intervals: How many of them are counted, number 0 among them.
        unbounded: Whether who comes back later counts in all intervals before.

    Raises:
        RequestRefusedError: If a condition has the wrong type for an event.
    """
    with asking(engine) as cursor:
        keep_chosen(cursor, began, "starting")
        keep_chosen(cursor, came_back, "returned")
        starts = as_list(buckets.starts_ms)
        cursor.execute(BEGAN, {"starts": starts, "only_first": only_first})
        lengths = {"length": length_ms, "intervals": intervals}
        cursor.execute(CAME_BACK, {**lengths, "only_first": only_first})
        if only_first and cursor.execute(AT_ONCE).fetchall():
            rests_on("events-of-one-moment")
        first = dict(cursor.execute(FIRST).fetchall())
        overall = counted(cursor, "NULL::VARCHAR", intervals, unbounded=unbounded)
        segments: dict[tuple[str, int], list[int]] = {}
        if came_back.on is not None:
            segments = counted(cursor, "segment", intervals, unbounded=unbounded)
    whole = {start_ms: counts for (_, start_ms), counts in overall.items()}
    return Returns(first, whole, segments, intervals)


def counted(
    cursor: duckdb.DuckDBPyConnection, segment: str, intervals: int, *, unbounded: bool
) -> dict[tuple[str, int], list[int]]:
    """Count users by segment, bucket and interval; nobody is left out."""
    sql = COUNTED.format(
        segment=segment,
        # Everybody is counted in the last interval, and from there leftwards.
        number="max(number)" if unbounded else "number",
        group="GROUP BY ALL" if unbounded else "",
    )
    found: dict[tuple[str, int], list[int]] = {}
    for name, start_ms, number, users in cursor.execute(sql).fetchall():
        if segment == "segment" and name is None:
            continue
        found.setdefault((name, start_ms), [0] * intervals)[number] = users
    if unbounded:
        return {key: from_right(counts) for key, counts in found.items()}
    return found


def from_right(counts: Iterable[int]) -> list[int]:
    """Add up numbers from the right.

    >>> from_right([1, 0, 2])
    [3, 2, 2]
    """
    return list(accumulate(reversed(list(counts))))[::-1]
