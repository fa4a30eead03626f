"""Activity: what some users did, one event after another.

https://developer.mixpanel.com/reference/activity-stream-query
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from mixpanel_query.local.engine.kept_json import read_kept
from mixpanel_query.local.engine.merges import events_asked
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.questions.chosen_events import asking
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import midnight_ms

__all__ = ["answer_activity"]

# Of an event that arrived several times the latest counts; the four columns are
# Mixpanel's key: https://developer.mixpanel.com/reference/event-deduplication
DONE = """
SELECT event, distinct_id, time_ms // 1000, arg_max(properties, rowid)
FROM {events}
WHERE distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    AND time_ms >= $begin AND time_ms < $end
GROUP BY event, distinct_id, time_ms, insert_id
ORDER BY time_ms, max(rowid)
"""


def answer_activity(
    engine: Engine, given: Mapping[str, str], settings: ProjectSettings
) -> dict[str, object]:
    """Answer ``GET /stream/query`` as documented, the oldest event first.

    A device that was merged has no events any more; they are its user's.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    ids = read.json_texts("distinct_ids", read.required(given, "distinct_ids"))
    if not ids or "" in ids:
        raise RequestRefusedError(400, "distinct_ids names nobody; give at least one")
    first, last = read.window(given, settings.today())
    begin_ms = midnight_ms(first, settings.timezone)
    end_ms = midnight_ms(last + timedelta(days=1), settings.timezone)
    asked = {"ids": as_list(ids), "begin": begin_ms, "end": end_ms}
    with asking(engine) as cursor:
        events = events_asked(cursor, begin_ms, end_ms)
        rows = cursor.execute(DONE.format(events=events), asked).fetchall()
    done = [feed_entry(*row) for row in rows]
    return {"status": "ok", "results": {"events": done}}


def feed_entry(
    event: str, distinct_id: str, seconds: int, properties: str
) -> dict[str, object]:
    """Return an event as documented, with its user under ``$distinct_id``."""
    given = read_kept(properties)
    given.pop("distinct_id", None)
    about = {"time": seconds, "$distinct_id": distinct_id, **given}
    return {"event": event, "properties": about}
