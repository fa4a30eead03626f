"""The rows of a script in JQL: events and profiles, in batches of text.

A batch is columns and properties: a JSON array of lists, and the properties of each
row as JSON, separated by a character that JSON cannot hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from mixpanel_query.local import parameters as read
from mixpanel_query.local.engine import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import midnight_ms

__all__ = ["event_batches", "offset_spans", "unanswered", "user_batches"]

ROWS_A_BATCH = 2000
SEPARATOR = "\x1e"
HOUR_MS = 3_600_000

# Repeats of an event stand beside each other, as these four tell events apart:
# https://developer.mixpanel.com/reference/event-deduplication
EVENTS = """
SELECT time_ms, event, distinct_id, insert_id, properties FROM events
WHERE time_ms >= $begin AND time_ms < $end
  AND ($every OR event IN (SELECT unnest(from_json($names, '["VARCHAR"]'))))
ORDER BY time_ms, event, distinct_id, insert_id, rowid DESC
"""
USERS = "SELECT distinct_id, properties FROM profiles ORDER BY distinct_id"


def event_batches(
    engine: Engine, asked: Mapping[str, Any], settings: ProjectSettings
) -> Iterator[str]:
    """Yield the events of ``Events(…)``, each once, in the order of their times.

    Times are milliseconds since 1970 in the project's timezone, and ids as they were
    sent: https://docs.mixpanel.com/docs/reports/apps/jql

    Raises:
        RequestRefusedError: If the dates or the selectors are wrong; 501 for
            selectors with an expression.
    """
    dates = {
        name: text_of("Events", name, asked.get(name, ""))
        for name in ("from_date", "to_date")
    }
    from_date, to_date = read.window(dates, settings.today())
    names = selected_events(asked.get("event_selectors"))
    begin_ms = midnight_ms(from_date, settings.timezone)
    end_ms = midnight_ms(to_date + timedelta(days=1), settings.timezone)
    for span in offset_spans(begin_ms, end_ms, settings.timezone):
        yield from span_batches(engine, span, names)


def span_batches(
    engine: Engine, span: tuple[int, int, int], names: Sequence[str] | None
) -> Iterator[str]:
    """Yield the events of a span in which the clocks are not changed."""
    begin_ms, end_ms, offset_ms = span
    given = {
        "begin": begin_ms,
        "end": end_ms,
        "every": names is None,
        "names": as_list(names or ()),
    }
    cursor = engine.cursor()
    try:
        cursor.execute(EVENTS, given)
        last: tuple[Any, ...] = ()
        while rows := cursor.fetchmany(ROWS_A_BATCH):
            kept = [
                row
                for row, before in zip(rows, [last, *rows[:-1]], strict=True)
                if row[:4] != before[:4]
            ]
            last = rows[-1]
            yield event_batch(kept, offset_ms)
    finally:
        cursor.close()


def event_batch(rows: Sequence[tuple[Any, ...]], offset_ms: int) -> str:
    """Return rows of events as one batch."""
    columns = [
        [row[1] for row in rows],
        [row[2] or None for row in rows],
        [row[0] + offset_ms for row in rows],
    ]
    return batch(columns, [row[4] for row in rows])


def user_batches(
    engine: Engine, asked: Mapping[str, Any], settings: ProjectSettings
) -> Iterator[str]:
    """Yield the profiles of ``People(…)``, in the order of their ids.

    Raises:
        RequestRefusedError: 501 for selectors, which have an expression each.
    """
    if asked.get("user_selectors"):
        raise unanswered("user_selectors")
    cursor = engine.cursor()
    try:
        cursor.execute(USERS)
        while rows := cursor.fetchmany(ROWS_A_BATCH):
            seen = [last_seen_ms(text, settings.timezone) for _, text in rows]
            yield batch([[row[0] for row in rows], seen], [row[1] for row in rows])
    finally:
        cursor.close()


def batch(columns: list[list[Any]], properties: list[str]) -> str:
    """Return a batch of rows."""
    return SEPARATOR.join([json.dumps(columns, ensure_ascii=False), *properties])


def last_seen_ms(properties: str, zone: ZoneInfo) -> int | None:
    """Return when a profile was last seen, in milliseconds of the project's clock."""
    seen = json.loads(properties).get("$last_seen")
    try:
        utc = datetime.fromisoformat(seen).replace(tzinfo=timezone.utc)
    except (TypeError, ValueError):
        return None
    local = utc.astimezone(zone).replace(tzinfo=timezone.utc)
    return int(local.timestamp() * 1000)


def offset_spans(
    begin_ms: int, end_ms: int, zone: ZoneInfo
) -> Iterator[tuple[int, int, int]]:
    """Yield begin, end and UTC offset of the spans between changes of the clocks.

    All are milliseconds; together the spans are the time from begin to end.
    """
    start_ms = begin_ms
    while start_ms < end_ms:
        offset_ms = offset_at(start_ms, zone)
        stop_ms = next_change(start_ms, end_ms, zone)
        yield start_ms, stop_ms, offset_ms
        start_ms = stop_ms


def next_change(start_ms: int, end_ms: int, zone: ZoneInfo) -> int:
    """Return when the offset is first another one than at the start, or the end."""
    offset_ms = offset_at(start_ms, zone)
    before_ms = start_ms
    while offset_at(before_ms, zone) == offset_ms:
        if before_ms == end_ms:
            return end_ms
        # The clocks are not changed twice within a week.
        same_ms, before_ms = before_ms, min(before_ms + 7 * 24 * HOUR_MS, end_ms)
    while before_ms - same_ms > 1:
        middle_ms = (same_ms + before_ms) // 2
        if offset_at(middle_ms, zone) == offset_ms:
            same_ms = middle_ms
        else:
            before_ms = middle_ms
    return before_ms


def offset_at(instant_ms: int, zone: ZoneInfo) -> int:
    """Return the UTC offset of a timezone at an instant, in milliseconds."""
    utc = datetime.fromtimestamp(instant_ms / 1000, timezone.utc)
    offset = utc.astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds() * 1000)


def selected_events(given: object) -> tuple[str, ...] | None:
    """Return the names of the events that selectors keep; None for all.

    Raises:
        RequestRefusedError: If they are no selectors; 501 for expressions.
    """
    if given is None or given == []:
        return None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise RequestRefusedError(
            412, 'event_selectors are no list; write [{event: "Sign Up"}]'
        )
    names = []
    for one in given:
        if one.get("selector"):
            raise unanswered("selector")
        names.append(text_of("event_selectors", "event", one.get("event", "")))
    return None if "" in names else tuple(names)


def text_of(where: str, name: str, value: object) -> str:
    """Return a text that a script gave."""
    if value is not None and not isinstance(value, str):
        raise RequestRefusedError(412, f"{name} of {where} is no text; give one")
    return value or ""


def unanswered(name: str) -> RequestRefusedError:
    """Return the error for what the local project cannot do."""
    return RequestRefusedError(
        501, f"the local project does not answer scripts with {name!r} yet"
    )
