"""Which user a device belongs to, and events as they look when that is known.

Events keep the id that they arrived with. Questions see those of a device that was
merged as events of its user, also those from before:
https://docs.mixpanel.com/docs/tracking-methods/id-management/identifying-users-simplified
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from mixpanel_query.local.engine.columns import as_list
from mixpanel_query.local.rules.basis import rests_on

if TYPE_CHECKING:
    import duckdb

__all__ = ["MERGES", "REWRITTEN", "events_asked", "keep_merges", "rest_on_merges"]

# ``device_id`` is the distinct_id of the device, which begins with "$device:". A
# device is contested if events with another user came from it later.
MERGES: Final = """
CREATE TABLE IF NOT EXISTS merges (
    device_id VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,
    contested BOOLEAN NOT NULL
);
ALTER TABLE events ADD COLUMN IF NOT EXISTS of_device BOOLEAN DEFAULT false;
"""

GIVEN = """
WITH given AS (
    SELECT unnest(from_json($devices, '["VARCHAR"]')) AS device_id,
        unnest(from_json($users, '["VARCHAR"]')) AS user_id
)
"""
NEW_MERGES = f"""
INSERT INTO merges {GIVEN}
SELECT device_id, user_id, false FROM given
WHERE device_id NOT IN (SELECT device_id FROM merges)
"""  # noqa: S608 - no part of it was sent by anybody
CONTEST = f"""
{GIVEN}
UPDATE merges SET contested = true FROM given
WHERE given.device_id = merges.device_id AND given.user_id <> merges.user_id
    AND NOT contested
"""  # noqa: S608 - here neither

# What a merge writes into the properties of events from before.
REWRITTEN: Final = frozenset(
    ("distinct_id", "$user_id", "$distinct_id_before_identity", "$is_reshuffled")
)
AS_REWRITTEN = """
CASE WHEN merges.user_id IS NULL THEN events.properties
ELSE json_merge_patch(events.properties, json_object(
    'distinct_id', merges.user_id,
    '$user_id', merges.user_id,
    '$distinct_id_before_identity', events.distinct_id,
    '$is_reshuffled', true
))::VARCHAR END
"""
MERGED = """(
    SELECT events.event, coalesce(merges.user_id, events.distinct_id) AS distinct_id,
        events.time_ms, events.insert_id, {properties} AS properties,
        events.rowid AS rowid
    FROM events LEFT JOIN merges
        ON merges.device_id = CASE WHEN events.of_device THEN events.distinct_id END
) AS events"""

ANY_MERGES = "SELECT 1 FROM merges LIMIT 1"
TOUCHED = """
SELECT 1 FROM events JOIN merges ON events.distinct_id = merges.device_id
WHERE events.of_device AND time_ms >= $begin AND time_ms < $end
    AND ($every OR contested) LIMIT 1
"""


def keep_merges(
    cursor: duckdb.DuckDBPyConnection, pairs: Iterable[tuple[str, str]]
) -> None:
    """Merge devices into users, unless they have one; for one writer at a time.

    Args:
        cursor: Writes.
        pairs: Device and user of each event that names both, in the order in which
            they arrived.
    """
    once = list(dict.fromkeys(pairs))
    if not once:
        return
    first = dict(reversed(once))
    cursor.execute(NEW_MERGES, columns_of(first.items()))
    cursor.execute(CONTEST, columns_of(once))


def columns_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return devices and users as the parameters that SQL reads."""
    devices, users = zip(*pairs, strict=True)
    return {"devices": as_list(devices), "users": as_list(users)}


def events_asked(
    cursor: duckdb.DuckDBPyConnection,
    begin_ms: int,
    end_ms: int,
    *,
    rewritten: bool = True,
) -> str:
    """Return what stands in place of ``FROM events`` in a question.

    It is the table itself where nothing was merged, so that this costs nothing then.

    Args:
        cursor: Asks the question, and sees what it sees.
        begin_ms: First instant that the question is about, in epoch milliseconds.
        end_ms: First instant that it is no longer about.
        rewritten: Whether the properties that a merge changes are looked at.

    Raises:
        RequestRefusedError: If the project must not assume what it rests on.
    """
    if not cursor.execute(ANY_MERGES).fetchone():
        return "events"
    span: Mapping[str, object] = {"begin": begin_ms, "end": end_ms, "every": False}
    if cursor.execute(TOUCHED, span).fetchone():
        rests_on("first-user-of-a-device")
    properties = AS_REWRITTEN if rewritten else "events.properties"
    return MERGED.format(properties=properties)


def rest_on_merges(
    cursor: duckdb.DuckDBPyConnection, rule_id: str, begin_ms: int, end_ms: int
) -> None:
    """Say that an answer rests on a rule, if events of merged devices are in it.

    Raises:
        RequestRefusedError: If the project must not assume that.
    """
    span: Mapping[str, object] = {"begin": begin_ms, "end": end_ms, "every": True}
    if cursor.execute(TOUCHED, span).fetchone():
        rests_on(rule_id)
