"""The raw export: events as they are, one JSON document a line.

Days and times are UTC, as in projects made since 2023, and repeats are not removed.
https://developer.mixpanel.com/reference/raw-event-export
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from mixpanel_query.local import parameters as read
from mixpanel_query.local.engine import Engine, as_list
from mixpanel_query.local.settings import ProjectSettings
from mixpanel_query.local.time_buckets import midnight_ms

__all__ = ["ExportQuestion", "export_lines", "gzipped", "read_export_question"]

ROWS_A_CHUNK = 2000
MOST_ROWS = 100_000

# https://developer.mixpanel.com/reference/raw-event-export: smaller bodies stay plain.
LEAST_GZIPPED = 1400

LINES = """
SELECT '{"event":' || to_json(event) || ',"properties":{"time":'
    || (CASE WHEN $in_ms THEN time_ms ELSE time_ms // 1000 END)
    || ',' || properties[2:] || '}'
FROM events
WHERE time_ms >= $begin AND time_ms < $end
  AND ($every OR event IN (SELECT unnest(from_json($names, '["VARCHAR"]'))))
LIMIT $rows
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
    """

    begin_ms: int
    end_ms: int
    events: tuple[str, ...] | None
    limit: int | None
    in_ms: bool


def read_export_question(
    given: Mapping[str, str], settings: ProjectSettings
) -> ExportQuestion:
    """Read ``GET /export``.

    Raises:
        RequestRefusedError: If a parameter is missing or wrong; 501 for ``where``.
    """
    read.refuse_unanswered(given, ("where",))
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
    )


def export_lines(engine: Engine, question: ExportQuestion) -> Iterator[bytes]:
    """Yield the events in chunks of whole lines, in the order of their arrival.

    The memory it takes does not grow with the number of events.
    """
    cursor = engine.cursor()
    try:
        cursor.execute(
            LINES,
            {
                "in_ms": question.in_ms,
                "begin": question.begin_ms,
                "end": question.end_ms,
                "every": question.events is None,
                "names": as_list(question.events or ()),
                "rows": question.limit or 2**62,
            },
        )
        while rows := cursor.fetchmany(ROWS_A_CHUNK):
            yield "".join(f"{line}\n" for (line,) in rows).encode()
    finally:
        cursor.close()


def gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks as one gzip stream."""
    packer = zlib.compressobj(level=6, wbits=31)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()
