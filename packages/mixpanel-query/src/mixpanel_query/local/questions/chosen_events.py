"""The events that a question is about: by name, time, condition and segment.

An expression's value depends on what it looks at, and on nothing else. So DuckDB takes
that out of the events, and each combination of it that occurs is evaluated once, in
Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import duckdb

from mixpanel_query.local.engine.merges import REWRITTEN, events_asked
from mixpanel_query.local.engine.repeats import may_have_repeats
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.expressions import Expression, Value, is_met, value_text
from mixpanel_query.local.expressions.values import kind_of
from mixpanel_query.local.questions.looking import Looking, values_seen
from mixpanel_query.local.questions.seen_properties import is_time
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.time_buckets import TimeBuckets

__all__ = ["Choice", "asking", "chosen_events", "keep_chosen", "named_by_text"]

# From the values of ``on`` to the names of their segments; None leaves events out.
Naming: TypeAlias = Callable[[Sequence[Value]], Sequence[str | None]]

# Segments by other values have names that Mixpanel does not show.
PLAIN_KINDS = ("text", "number", "boolean")

# Of an event that arrived several times the latest counts. The four columns are
# Mixpanel's key: https://developer.mixpanel.com/reference/event-deduplication
LOOKED = """
CREATE TEMP TABLE looked AS
WITH happened AS (
    SELECT event, distinct_id, time_ms, insert_id,
        {own} AS own
    FROM {events}
    WHERE ($every OR event IN (SELECT unnest(from_json($names, '["VARCHAR"]'))))
      AND time_ms >= $begin AND time_ms < $end
    {once}
), known AS (
    SELECT happened.*, {theirs}::VARCHAR[] AS theirs FROM happened {profiles}
)
SELECT event, distinct_id, time_ms, insert_id,
    {of_where} AS of_where, {word} AS word,
    CASE WHEN word IS NULL THEN {of_on} END AS of_on
FROM known
"""
OWN = "json_extract(properties, $properties)::VARCHAR[]"
REPEATED = {
    "own": f"arg_max({OWN}, rowid)",
    "once": "GROUP BY event, distinct_id, time_ms, insert_id",
}
UNREPEATED = {"own": OWN, "once": ""}
WITHOUT_PROFILES = {"theirs": "$user", "profiles": ""}
WITH_PROFILES = {
    "theirs": "json_extract(profiles.properties, $user)",
    "profiles": "LEFT JOIN profiles ON profiles.distinct_id = happened.distinct_id",
}
MET = """
CREATE TEMP TABLE met AS SELECT unnest(from_json($seen, '["VARCHAR"]')) AS of_where
"""
FOUND = """
CREATE TEMP TABLE found AS SELECT
    unnest(from_json($seen, '["VARCHAR"]')) AS of_on,
    unnest(from_json($segment, '["VARCHAR"]')) AS segment,
    unnest(from_json($number, '["DOUBLE"]')) AS number
"""
CHOSEN = """
CREATE TEMP VIEW chosen AS
SELECT event, distinct_id, time_ms, insert_id,
    coalesce(looked.word, found.segment) AS segment,
    coalesce(found.number, 0) AS number
FROM looked {met} LEFT JOIN found ON looked.of_on = found.of_on
"""
ONLY_MET = "SEMI JOIN met ON looked.of_where = met.of_where"
# A view has no parameters.
NAMED = """
CREATE TEMP TABLE asked AS SELECT unnest(from_json($names, '["VARCHAR"]')) AS name
"""
CHOSEN_BY_NAME = """
CREATE TEMP VIEW chosen AS SELECT event, distinct_id, time_ms, insert_id,
    NULL::VARCHAR AS segment, NULL::DOUBLE AS number
FROM {events}
WHERE time_ms >= {begin} AND time_ms < {end}
  AND ({every} OR event IN (SELECT name FROM asked))
"""


# What a user did; repeats of events do not matter to questions about users.
KEPT = """
CREATE TEMP TABLE {table} AS SELECT event, distinct_id, time_ms, segment{ids}
FROM chosen WHERE distinct_id <> ''
"""
LEFT_BEHIND = """
DROP VIEW chosen; DROP TABLE IF EXISTS asked;
DROP TABLE IF EXISTS looked; DROP TABLE IF EXISTS met; DROP TABLE IF EXISTS found;
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which events a question is about.

    Attributes:
        names: Names of the events; None for all.
        begin_ms: First instant, in epoch milliseconds.
        end_ms: First instant that no longer counts.
        where: What must hold of them; None for nothing.
        on: What they are broken down by; None for nothing.
    """

    names: tuple[str, ...] | None
    begin_ms: int
    end_ms: int
    where: Expression | None = None
    on: Expression | None = None

    @classmethod
    def during(
        cls,
        buckets: TimeBuckets,
        names: tuple[str, ...] | None,
        *,
        where: Expression | None = None,
        on: Expression | None = None,
    ) -> Choice:
        """Return the choice of events that happened in the time of some buckets."""
        return cls(names, buckets.starts_ms[0], buckets.end_ms, where, on)


def named_by_text(values: Sequence[Value]) -> list[str | None]:
    """Name segments by the text of their value."""
    if any(kind_of(value) not in PLAIN_KINDS for value in values):
        rests_on("names-of-segments")
    return [value_text(value) for value in values]


@contextmanager
def chosen_events(
    engine: Engine, choice: Choice, naming: Naming = named_by_text
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a cursor that sees the events that were chosen, until the block ends.

    They are the table ``chosen``, with the columns ``event``, ``distinct_id``,
    ``time_ms`` and ``insert_id``, in which a device that was merged is its user; and
    two for what ``on`` gives: ``segment``, its
    name, and ``number``, which is 0 for what is none. Repeats of events may be
    among them.

    Raises:
        RequestRefusedError: If a condition has the wrong type for an event.
    """
    with asking(engine) as cursor:
        choose(cursor, choice, naming)
        yield cursor


@contextmanager
def asking(engine: Engine) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a cursor that sees what was there when it began, until the block ends."""
    cursor = engine.cursor()
    try:
        cursor.begin()
        yield cursor
    finally:
        cursor.close()


def keep_chosen(
    cursor: duckdb.DuckDBPyConnection,
    choice: Choice,
    table: str,
    *,
    with_ids: bool = False,
) -> None:
    """Make a table of the events of users that a choice is about.

    It has the columns ``event``, ``distinct_id``, ``time_ms`` and ``segment``, and
    ``insert_id`` if it is asked for, as it takes time.

    Raises:
        RequestRefusedError: If a condition has the wrong type for an event.
    """
    choose(cursor, choice, named_by_text)
    ids = ", insert_id" if with_ids else ""
    cursor.execute(KEPT.format(table=table, ids=ids))
    cursor.execute(LEFT_BEHIND)


def choose(cursor: duckdb.DuckDBPyConnection, choice: Choice, naming: Naming) -> None:
    """Make ``chosen``, as `chosen_events` says."""
    if choice.where is None and choice.on is None:
        cursor.execute(NAMED, {"names": as_list(choice.names or ())})
        every = choice.names is None
        span = {"begin": choice.begin_ms, "end": choice.end_ms}
        events = events_asked(cursor, *span.values(), rewritten=False)
        cursor.execute(CHOSEN_BY_NAME.format(every=every, events=events, **span))
    else:
        look(cursor, choice, has_words=naming is named_by_text)
        find(cursor, choice, naming)


def look(cursor: duckdb.DuckDBPyConnection, choice: Choice, *, has_words: bool) -> None:
    """Take what the expressions look at out of each event, without repeats.

    Where segments are named by their text, and ``on`` is a property, those that are
    texts need no looking at.
    """
    looking, on, word = Looking(), choice.on, "NULL::VARCHAR"
    is_text = on is not None and on.is_property and not is_time(on.accessors[0])
    if on is not None and is_text and has_words:
        text = looking.text(on.accessors[0])
        word = f"CASE WHEN {text}[1] = '\"' THEN {text}::JSON->>'$' END"
    parts = {
        "of_where": looking.column(choice.where.looks_at if choice.where else ()),
        "of_on": looking.column(on.looks_at if on else ()),
        "word": word,
        **(REPEATED if may_have_repeats(cursor) else UNREPEATED),
        **(WITH_PROFILES if looking.looks_at_users else WITHOUT_PROFILES),
        "events": events_of(cursor, choice),
    }
    asked = {
        **looking.parameters,
        "every": choice.names is None,
        "names": as_list(choice.names or ()),
        "begin": choice.begin_ms,
        "end": choice.end_ms,
    }
    cursor.execute(LOOKED.format(**parts), asked)


def events_of(cursor: duckdb.DuckDBPyConnection, choice: Choice) -> str:
    """Return the events that expressions look into."""
    given = [each for each in (choice.where, choice.on) if each is not None]
    looked_at = {one for each in given for one in each.accessors}
    names = {each.name for each in looked_at if each.subject == "properties"}
    span = choice.begin_ms, choice.end_ms
    return events_asked(cursor, *span, rewritten=bool(names & REWRITTEN))


def find(cursor: duckdb.DuckDBPyConnection, choice: Choice, naming: Naming) -> None:
    """Evaluate each expression for all that it looks at, and keep what they choose."""
    met = ""
    if (where := choice.where) is not None:
        rows = cursor.execute("SELECT DISTINCT of_where FROM looked").fetchall()
        kept = [
            seen
            for (seen,) in rows
            if is_met(where, values_seen(where.looks_at, seen), short=True)
        ]
        cursor.execute(MET, {"seen": as_list(kept)})
        met = ONLY_MET
    seen = values = numbers = []
    if (on := choice.on) is not None:
        sql = f"SELECT DISTINCT of_on FROM looked {met} WHERE of_on IS NOT NULL"  # noqa: S608 - constants
        seen = [text for (text,) in cursor.execute(sql).fetchall()]
        values = [on.short_value(values_seen(on.looks_at, text)) for text in seen]
        numbers = [value if kind_of(value) == "number" else 0.0 for value in values]
    columns = {"seen": seen, "segment": naming(values), "number": numbers}
    cursor.execute(FOUND, {name: as_list(column) for name, column in columns.items()})
    cursor.execute(CHOSEN.format(met=met))
