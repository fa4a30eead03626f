"""The raw export: events as they are, one JSON document a line.

Days and times are UTC, as in projects made since 2023, and repeats are not removed.
Events of a device that was merged have the id of its user, and tell what it was.
https://developer.mixpanel.com/reference/raw-event-export
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from mixpanel_query.local.engine.merges import events_asked
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.expressions import Accessor, Expression, is_met
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.questions.seen_properties import (
    seeing_parameters,
    seeing_sql,
    seen_values,
)
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import midnight_ms

__all__ = ["ExportQuestion", "export_lines", "gzipped", "read_export_question"]

ROWS_A_CHUNK = 2000
MOST_ROWS = 100_000

# https://developer.mixpanel.com/reference/raw-event-export: smaller bodies stay plain.
LEAST_GZIPPED = 1400

LINE = """
'{"event":' || to_json(event) || ',"properties":{"time":'
    || (CASE WHEN $in_ms THEN time_ms ELSE time_ms // 1000 END)
    || ',' || properties[2:] || '}'
"""
CHOSEN = """
FROM {events}
WHERE time_ms >= $begin AND time_ms < $end
  AND ($every OR event IN (SELECT unnest(from_json($names, '["VARCHAR"]'))))
"""


@dataclass(frozen=True, slots=True)
class ExportQuestion:
    """Which events to export.

    Attributes:
        begin_ms: First instant, in epoch milliseconds.
        end_ms: First instant that no longer counts.
        events: Names of the events; None for all.
        limit: The most events to give; None for no limit.
        in_ms: Give ``time`` in milliseconds instead of seconds.
        where: What must hold of the events; None for nothing.
    """

    begin_ms: int
    end_ms: int
    events: tuple[str, ...] | None
    limit: int | None
    in_ms: bool
    where: Expression | None


def read_export_question(
    given: Mapping[str, str], settings: ProjectSettings
) -> ExportQuestion:
    """Read ``GET /export``.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong.
    """
    # Mixpanel compares with the project's day, though the days of an export are UTC.
    from_date, to_date = read.window(given, settings.today())
    events = read.json_texts("event", given["event"]) if given.get("event") else None
    utc = ZoneInfo("UTC")
    return ExportQuestion(
        begin_ms=midnight_ms(from_date, utc),
        end_ms=midnight_ms(to_date + timedelta(days=1), utc),
        events=events,
        limit=read.number(given, "limit", most=MOST_ROWS),
        in_ms=read.flag(given, "time_in_ms"),
        where=read.expression(given, "where", settings.timezone),
    )


def export_lines(
    engine: Engine, question: ExportQuestion
) -> Generator[bytes, None, None]:
    """Yield the events in chunks of whole lines, in the order of their arrival.

    Where devices were merged, there may be another order, as Mixpanel promises none.
    The memory it takes does not grow with the number of events.

    Raises:
        RequestRefusedError: If a condition has the wrong type for an event.
    """
    asked = {
        "in_ms": question.in_ms,
        "begin": question.begin_ms,
        "end": question.end_ms,
        "every": question.events is None,
        "names": as_list(question.events or ()),
    }
    most = question.limit or 2**62
    cursor = engine.cursor()
    try:
        cursor.begin()
        events = events_asked(cursor, question.begin_ms, question.end_ms)
        if question.where is None:
            cursor.execute(lines_of(events), {**asked, "rows": most})
        else:
            looked_at = question.where.accessors
            seeing = seeing_parameters(looked_at)
            lines = lines_seen(looked_at, events)
            cursor.execute(lines, {**asked, **seeing})
        while most and (rows := cursor.fetchmany(ROWS_A_CHUNK)):
            chosen = [line for line, *seen in rows if is_chosen(question, seen)][:most]
            most -= len(chosen)
            if chosen:
                yield "".join(f"{line}\n" for line in chosen).encode()
    finally:
        cursor.close()


def lines_of(events: str) -> str:
    """Return the query of so many lines."""
    return f"SELECT {LINE} {CHOSEN.format(events=events)} LIMIT $rows"


def lines_seen(looked_at: Sequence[Accessor], events: str) -> str:
    """Return the query of lines, each with what an expression looks at."""
    parts = seeing_sql(looked_at)
    return f"""
    WITH happened AS (
        SELECT {LINE} AS line, distinct_id, {parts["of_event"]} AS of_event
        {CHOSEN.format(events=events)}
    )
    SELECT line, {parts["seen"]} FROM happened {parts["profiles"]}
    """  # noqa: S608 - no part of it was sent by anybody


def is_chosen(question: ExportQuestion, seen: Sequence[str]) -> bool:
    """Tell whether an event meets the condition, if there is one."""
    if question.where is None:
        return True
    return is_met(question.where, seen_values(question.where.accessors, seen[0]))


def gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks as one gzip stream."""
    packer = zlib.compressobj(level=6, wbits=31)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()
