"""Who took the steps of a funnel, how far they got and how long they took.

An attempt begins with each first step. It goes on with the next event that is the
next step, which is the best that it can do, as long as its time lasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.questions.chosen_events import Choice, asking, keep_chosen
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.time_buckets import TimeBuckets

if TYPE_CHECKING:
    import duckdb

__all__ = ["StepCount", "Steps", "count_steps"]

BEGUN = """
CREATE TEMP TABLE attempt AS
WITH bucket AS (SELECT unnest(from_json($starts, '["BIGINT"]')) AS start_ms)
SELECT DISTINCT step_0.distinct_id, bucket.start_ms, step_0.segment,
    step_0.time_ms AS ms_0, 1 AS steps
FROM step_0 ASOF JOIN bucket ON step_0.time_ms >= bucket.start_ms
"""

# Two events of one moment have no order: the later step may be either of them, unless
# a step of that moment has the same name, as it may be the same event.
NEXT = """
CREATE OR REPLACE TEMP TABLE attempt AS
SELECT attempt.* EXCLUDE steps,
    CASE WHEN step.time_ms <= attempt.ms_0 + {length} THEN step.time_ms END AS ms_{k},
    steps + (ms_{k} IS NOT NULL)::INTEGER AS steps
FROM attempt ASOF LEFT JOIN step_{k} AS step
    ON step.distinct_id = attempt.distinct_id
    AND attempt.ms_{before} + ({taken})::BIGINT <= step.time_ms
"""

BEGUN_AGAIN = """
SELECT 1 FROM attempt GROUP BY distinct_id HAVING count(DISTINCT ms_0) > 1 LIMIT 1
"""
AT_ONCE = "SELECT 1 FROM attempt WHERE {pairs} LIMIT 1"
# A later step could have been taken at once, by an event that has the same name.
ALIKE_AT_ONCE = """
WITH step AS (
    SELECT distinct_id, time_ms, insert_id, FALSE AS is_later FROM step_{earlier}
    UNION ALL SELECT distinct_id, time_ms, insert_id, TRUE FROM step_{k}
)
SELECT 1 FROM attempt JOIN step
    ON step.distinct_id = attempt.distinct_id AND step.time_ms = attempt.ms_{earlier}
WHERE ms_{earlier} = ms_{before}
GROUP BY attempt.distinct_id, step.time_ms
HAVING bool_or(is_later) AND count(DISTINCT insert_id) > 1 LIMIT 1
"""
AT_THE_END = "SELECT 1 FROM attempt WHERE {ends} LIMIT 1"

# Of a user's attempts in one bucket the one that got furthest counts.
COUNTED = """
WITH best AS (
    SELECT attempt.*, {segment} AS label FROM attempt
    QUALIFY row_number() OVER (
        PARTITION BY distinct_id, start_ms, {segment} ORDER BY steps DESC, ms_0
    ) = 1
)
SELECT label, start_ms, {numbers} FROM best GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class StepCount:
    """Who took one step.

    Attributes:
        users: How many did.
        since_before_ms: How long they took from the step before, all together.
        since_start_ms: How long they took from the first step, all together.
    """

    users: int
    since_before_ms: int
    since_start_ms: int


# By segment (None for everything together) and first instant of the bucket.
Steps: TypeAlias = dict[tuple[str | None, int], list[StepCount]]


def count_steps(
    engine: Engine, choices: Sequence[Choice], buckets: TimeBuckets, length_ms: int
) -> Steps:
    """Count who took the steps of a funnel; what nobody began is left out.

    Args:
        engine: The store.
        choices: The events of each step, those of the first with segments or none.
        buckets: When the first step was taken.
        length_ms: How long all steps may take, which still counts.

    Raises:
        RequestRefusedError: If a condition has the wrong type for an event.
    """
    with asking(engine) as cursor:
        alike = steps_alike(choices)
        for number, choice in enumerate(choices):
            with_ids = any(number in pair for pair in alike)
            keep_chosen(cursor, choice, f"step_{number}", with_ids=with_ids)
        cursor.execute(BEGUN, {"starts": as_list(buckets.starts_ms)})
        for number in range(1, len(choices)):
            before = number - 1
            taken = " OR ".join(
                f"ms_{earlier} = ms_{before}"
                for earlier, later in alike
                if later == number
            )
            asked = {"k": number, "before": before, "length": length_ms}
            cursor.execute(NEXT.format(**asked, taken=taken or "FALSE"))
        rest_on_guesses(cursor, len(choices), alike, length_ms)
        steps = counted(cursor, "NULL::VARCHAR", len(choices))
        if choices[0].on is not None:
            steps |= counted(cursor, "segment", len(choices))
    return steps


def steps_alike(choices: Sequence[Choice]) -> list[tuple[int, int]]:
    """Return the numbers of an earlier and a later step of the same name, of all."""
    return [
        (earlier, later)
        for earlier, later in combinations(range(len(choices)), 2)
        if choices[earlier].names == choices[later].names
    ]


def rest_on_guesses(
    cursor: duckdb.DuckDBPyConnection,
    count: int,
    alike: Sequence[tuple[int, int]],
    length_ms: int,
) -> None:
    """Name the rules that decided: of one moment, of beginning again, of the end."""

    def is_there(sql: str) -> bool:
        return bool(cursor.execute(sql).fetchall())

    pairs = " OR ".join(f"ms_{k} = ms_{k - 1}" for k in range(1, count))
    at_once = [AT_ONCE.format(pairs=pairs)]
    for earlier, k in alike:
        asked = {"earlier": earlier, "k": k, "before": k - 1}
        at_once.append(ALIKE_AT_ONCE.format(**asked))
    if any(map(is_there, at_once)):
        rests_on("events-of-one-moment")
    if is_there(BEGUN_AGAIN):
        rests_on("funnel-reentry")
    ends = " OR ".join(f"ms_{k} - ms_0 = {length_ms}" for k in range(1, count))
    if is_there(AT_THE_END.format(ends=ends)):
        rests_on("funnel-last-moment")


def counted(cursor: duckdb.DuckDBPyConnection, segment: str, count: int) -> Steps:
    """Count the best attempts of all users by segment and bucket."""
    numbers = [
        f"count(ms_{k}), coalesce(sum(ms_{k} - ms_{max(k - 1, 0)}), 0)::BIGINT, "
        f"coalesce(sum(ms_{k} - ms_0), 0)::BIGINT"
        for k in range(count)
    ]
    sql = COUNTED.format(segment=segment, numbers=", ".join(numbers))
    return {
        (label, start_ms): [
            StepCount(*found[at : at + 3]) for at in range(0, 3 * count, 3)
        ]
        for label, start_ms, *found in cursor.execute(sql).fetchall()
    }
