"""The events that a question is about: by name, time, condition and segment.

A condition's value depends on the properties that it looks at, and on nothing else.
So DuckDB takes those out of the events, and each combination of them that occurs is
evaluated once, in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import duckdb

from mixpanel_query.local.engine.merges import REWRITTEN, events_asked
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.expressions import (
    UNDEFINED,
    Accessor,
    Expression,
    Value,
    is_met,
    value_text,
)
from mixpanel_query.local.expressions.values import kind_of
from mixpanel_query.local.questions.seen_properties import (
    seeing_parameters,
    seeing_sql,
    seen_values,
)
from mixpanel_query.local.questions.time_buckets import TimeBuckets
from mixpanel_query.local.rules.basis import rests_on

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
        arg_max({of_event}, rowid) AS of_event
    FROM {events}
    WHERE ($every OR event IN (SELECT unnest(from_json($names, '["VARCHAR"]'))))
      AND time_ms >= $begin AND time_ms < $end
    GROUP BY event, distinct_id, time_ms, insert_id
)
SELECT happened.* EXCLUDE of_event, {seen} AS seen FROM happened {profiles}
"""
FOUND = """
CREATE TEMP TABLE found AS SELECT
    unnest(from_json($seen, '["VARCHAR"]')) AS seen,
    unnest(from_json($segment, '["VARCHAR"]')) AS segment,
    unnest(from_json($number, '["DOUBLE"]')) AS number
"""
CHOSEN = """
CREATE TEMP VIEW chosen AS SELECT looked.* EXCLUDE seen, found.segment, found.number
FROM looked JOIN found ON looked.seen = found.seen
"""
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
CREATE TEMP TABLE {table} AS SELECT event, distinct_id, time_ms, segment
FROM chosen WHERE distinct_id <> ''
"""
LEFT_BEHIND = """
DROP VIEW chosen; DROP TABLE IF EXISTS asked;
DROP TABLE IF EXISTS looked; DROP TABLE IF EXISTS found;
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


def keep_chosen(cursor: duckdb.DuckDBPyConnection, choice: Choice, table: str) -> None:
    """Make a table of the events of users that a choice is about.

    It has the columns ``event``, ``distinct_id``, ``time_ms`` and ``segment``.

    Raises:
        RequestRefusedError: If a condition has the wrong type for an event.
    """
    choose(cursor, choice, named_by_text)
    cursor.execute(KEPT.format(table=table))
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
        look(cursor, choice)
        find(cursor, choice, naming)


def look(cursor: duckdb.DuckDBPyConnection, choice: Choice) -> None:
    """Take what the expressions look at out of each event, without repeats."""
    looked_at = accessors_of(choice)
    asked = {
        **seeing_parameters(looked_at),
        "every": choice.names is None,
        "names": as_list(choice.names or ()),
        "begin": choice.begin_ms,
        "end": choice.end_ms,
    }
    names = {each.name for each in looked_at if each.subject == "properties"}
    span = choice.begin_ms, choice.end_ms
    events = events_asked(cursor, *span, rewritten=bool(names & REWRITTEN))
    cursor.execute(LOOKED.format(events=events, **seeing_sql(looked_at)), asked)


def find(cursor: duckdb.DuckDBPyConnection, choice: Choice, naming: Naming) -> None:
    """Evaluate the expressions for each combination, and keep what they choose."""
    looked_at = accessors_of(choice)
    rows = cursor.execute("SELECT DISTINCT seen FROM looked").fetchall()
    kept: list[str] = []
    values: list[Value] = []
    for (seen,) in rows:
        given = seen_values(looked_at, seen)
        if choice.where is None or is_met(choice.where, given):
            kept.append(seen)
            values.append(UNDEFINED if choice.on is None else choice.on.value(given))
    numbers = [value if kind_of(value) == "number" else 0.0 for value in values]
    names = [None] * len(values) if choice.on is None else naming(values)
    columns = {"seen": kept, "segment": names, "number": numbers}
    cursor.execute(FOUND, {name: as_list(column) for name, column in columns.items()})
    cursor.execute(CHOSEN)


def accessors_of(choice: Choice) -> tuple[Accessor, ...]:
    """Return what the expressions look at, each once."""
    given = [each for each in (choice.where, choice.on) if each is not None]
    return tuple(dict.fromkeys(one for each in given for one in each.accessors))
