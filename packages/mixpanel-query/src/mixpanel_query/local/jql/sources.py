"""The rows of a script in JQL: events and profiles, in batches of text.

A batch is columns and properties: a JSON array of lists, and the properties of each
row as JSON, separated by a character that JSON cannot hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from mixpanel_query.local.engine.merges import rest_on_merges
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.jql.selectors import (
    Item,
    Selectors,
    event_selectors,
    user_selectors,
)
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.questions.clock_changes import offset_at, offset_spans
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import midnight_ms

__all__ = ["Joined", "event_batches", "user_batches"]

# Time, name, distinct_id, insert id and properties of an event.
Row: TypeAlias = tuple[Any, ...]

decode = msgspec.json.Decoder(dict[str, Any]).decode

ROWS_A_BATCH = 2000
SEPARATOR = "\x1e"

# Repeats of an event stand beside each other, as these four tell events apart:
# https://developer.mixpanel.com/reference/event-deduplication
EVENTS = """
SELECT time_ms, event, distinct_id, insert_id, properties FROM events
WHERE time_ms >= $begin AND time_ms < $end
  AND ($every OR event IN (SELECT unnest(from_json($names, '["VARCHAR"]'))))
ORDER BY time_ms, event, distinct_id, insert_id, rowid DESC
"""
USERS = "SELECT distinct_id, properties FROM profiles ORDER BY distinct_id"


class Joined:
    """Tells which pairs of events and profiles a join keeps; for one thread.

    Attributes:
        selectors: What a pair must match.
    """

    def __init__(self, selectors: Selectors) -> None:
        self.selectors = selectors
        self._users: dict[str, Mapping[str, Any]] = {}

    def keep_user(self, distinct_id: str, properties: str) -> bool:
        """Tell whether somebody without events is kept, and remember the profile."""
        user = self._users[distinct_id] = decode(properties)
        return self.selectors.keep(Item(None, 0, {}, user))

    def keep_event(self, row: Row) -> bool:
        """Tell whether an event is kept, together with its user's profile if any."""
        user = self._users.get(row[2], {})
        return self.selectors.keep(Item(row[1], row[0], decode(row[4]), user))


def event_batches(
    engine: Engine,
    asked: Mapping[str, Any],
    settings: ProjectSettings,
    joined: Joined | None = None,
) -> Iterator[str]:
    """Yield the events of ``Events(…)``, each once, in the order of their times.

    Times are milliseconds since 1970 in the project's timezone, and ids as they were
    sent: https://docs.mixpanel.com/docs/reports/apps/jql

    Raises:
        RequestRefusedError: If the dates or the selectors are wrong.
    """
    zone = settings.timezone
    from_date, to_date = read.window(dates_of(asked), settings.today())
    selectors = event_selectors(asked.get("event_selectors"), zone)
    begin_ms = midnight_ms(from_date, zone)
    end_ms = midnight_ms(to_date + timedelta(days=1), zone)
    for start_ms, stop_ms, offset_ms in offset_spans(begin_ms, end_ms, zone):
        for rows in event_rows(engine, start_ms, stop_ms, selectors.names):
            kept = rows
            if selectors.has_conditions:
                kept = [row for row in rows if is_kept(row, selectors)]
            yield event_batch(kept, offset_ms, joined)


def dates_of(asked: Mapping[str, Any]) -> dict[str, str]:
    """Return the dates that a script gave."""
    dates = {name: asked.get(name) or "" for name in ("from_date", "to_date")}
    for name, value in dates.items():
        if not isinstance(value, str):
            raise RequestRefusedError(
                412, f'{name} of Events() is no text; write one like "2026-11-09"'
            )
    return dates


def is_kept(row: Row, selectors: Selectors) -> bool:
    """Tell whether an event matches selectors."""
    return selectors.keep(Item(row[1], row[0], decode(row[4]), {}))


def event_rows(
    engine: Engine, begin_ms: int, end_ms: int, names: Sequence[str] | None
) -> Iterator[list[Row]]:
    """Yield lists of events between two instants, without repeats."""
    given = {
        "begin": begin_ms,
        "end": end_ms,
        "every": names is None,
        "names": as_list(names or ()),
    }
    cursor = engine.cursor()
    try:
        rest_on_merges(cursor, "jql-ids-as-sent", begin_ms, end_ms)
        cursor.execute(EVENTS, given)
        last: Row = ()
        while rows := cursor.fetchmany(ROWS_A_BATCH):
            earlier = [last, *rows[:-1]]
            last = rows[-1]
            pairs = zip(rows, earlier, strict=True)
            yield [row for row, before in pairs if row[:4] != before[:4]]
    finally:
        cursor.close()


def event_batch(rows: Sequence[Row], offset_ms: int, joined: Joined | None) -> str:
    """Return rows of events as one batch."""
    ids = [row[2] or None for row in rows]
    if None in ids:
        rests_on("jql-nobody")
    columns: list[list[Any]] = [
        [row[1] for row in rows],
        ids,
        [row[0] + offset_ms for row in rows],
    ]
    if joined:
        columns.append([joined.keep_event(row) for row in rows])
    return batch(columns, [row[4] for row in rows])


def user_batches(
    engine: Engine,
    asked: Mapping[str, Any],
    settings: ProjectSettings,
    joined: Joined | None = None,
) -> Iterator[str]:
    """Yield the profiles of ``People(…)``, in the order of their ids.

    Raises:
        RequestRefusedError: If the selectors are wrong.
    """
    selectors = user_selectors(asked.get("user_selectors"), settings.timezone)
    cursor = engine.cursor()
    try:
        cursor.execute(USERS)
        while rows := cursor.fetchmany(ROWS_A_BATCH):
            if selectors.several:
                rows = [
                    row
                    for row in rows
                    if selectors.keep(Item(None, 0, {}, decode(row[1])))
                ]
            columns: list[list[Any]] = [
                [distinct_id for distinct_id, _ in rows],
                [last_seen_ms(text, settings.timezone) for _, text in rows],
            ]
            if joined:
                columns.append([joined.keep_user(*row) for row in rows])
            yield batch(columns, [text for _, text in rows])
    finally:
        cursor.close()


def batch(columns: list[list[Any]], properties: list[str]) -> str:
    """Return a batch of rows."""
    return SEPARATOR.join([json.dumps(columns, ensure_ascii=False), *properties])


def last_seen_ms(properties: str, zone: ZoneInfo) -> int | None:
    """Return when a profile was last seen, in milliseconds of the project's clock."""
    seen = decode(properties).get("$last_seen")
    try:
        utc = datetime.fromisoformat(str(seen)).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    utc_ms = int(utc.timestamp() * 1000)
    return utc_ms + offset_at(utc_ms, zone)
