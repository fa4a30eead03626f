"""The events that a question is about: by name, time, condition and segment.

A condition's value depends on the properties that it looks at, and on nothing else.
So DuckDB takes those out of the events, and each combination of them that occurs is
evaluated once, in Python.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import duckdb

from mixpanel_query.local.engine import Engine, as_list
from mixpanel_query.local.expressions import (
    UNDEFINED,
    Accessor,
    Expression,
    Value,
    is_met,
    value_text,
)
from mixpanel_query.local.expressions.values import kind_of
from mixpanel_query.local.time_buckets import TimeBuckets

__all__ = ["Choice", "chosen_events", "in_seconds", "is_time", "named_by_text"]

# From the values of ``on`` to the names of their segments; None leaves events out.
Naming: TypeAlias = Callable[[Sequence[Value]], Sequence[str | None]]

# Of an event that arrived several times the latest counts. The four columns are
# Mixpanel's key: https://developer.mixpanel.com/reference/event-deduplication
LOOKED = """
CREATE TEMP TABLE looked AS
WITH happened AS (
    SELECT event, distinct_id, time_ms, insert_id, to_json(arg_max(
        list_prepend(
            CASE WHEN $with_time THEN time_ms::VARCHAR END,
            json_extract(properties, $properties)::VARCHAR[]
        ), rowid)) AS seen
    FROM events
    WHERE ($every OR event IN (SELECT unnest(from_json($names, '["VARCHAR"]'))))
      AND time_ms >= $begin AND time_ms < $end
    GROUP BY event, distinct_id, time_ms, insert_id
)
SELECT happened.* EXCLUDE seen, {seen} AS seen
FROM happened {profiles}
"""
WITH_PROFILES = {
    "seen": """json_array(happened.seen,
        json_extract(profiles.properties, $user)::VARCHAR[])::VARCHAR""",
    "profiles": "LEFT JOIN profiles ON profiles.distinct_id = happened.distinct_id",
}
WITHOUT_PROFILES = {
    "seen": "json_array(happened.seen, $user::VARCHAR[])::VARCHAR",
    "profiles": "",
}
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
FROM events
WHERE time_ms >= {begin} AND time_ms < {end}
  AND ({every} OR event IN (SELECT name FROM asked))
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
    return [value_text(value) for value in values]


@contextmanager
def chosen_events(
    engine: Engine, choice: Choice, naming: Naming = named_by_text
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a cursor that sees the events that were chosen, until the block ends.

    They are the table ``chosen``, with the columns ``event``, ``distinct_id``,
    ``time_ms`` and ``insert_id``, and two for what ``on`` gives: ``segment``, its
    name, and ``number``, which is 0 for what is none. Repeats of events may be
    among them.

    Raises:
        RequestRefusedError: If a condition has the wrong type for an event.
    """
    cursor = engine.cursor()
    try:
        if choice.where is None and choice.on is None:
            cursor.execute(NAMED, {"names": as_list(choice.names or ())})
            every = choice.names is None
            span = {"begin": choice.begin_ms, "end": choice.end_ms}
            cursor.execute(CHOSEN_BY_NAME.format(every=every, **span))
        else:
            look(cursor, choice)
            find(cursor, choice, naming)
        yield cursor
    finally:
        cursor.close()


def look(cursor: duckdb.DuckDBPyConnection, choice: Choice) -> None:
    """Take what the expressions look at out of each event, without repeats."""
    looked_at = accessors_of(choice)
    pointers = {
        subject: [pointer(each.name) for each in looked_at if each.subject == subject]
        for subject in ("properties", "user")
    }
    asked = {
        **pointers,
        "with_time": any(is_time(each) for each in looked_at),
        "every": choice.names is None,
        "names": as_list(choice.names or ()),
        "begin": choice.begin_ms,
        "end": choice.end_ms,
    }
    parts = WITH_PROFILES if pointers["user"] else WITHOUT_PROFILES
    cursor.execute(LOOKED.format(**parts), asked)


def find(cursor: duckdb.DuckDBPyConnection, choice: Choice, naming: Naming) -> None:
    """Evaluate the expressions for each combination, and keep what they choose."""
    rows = cursor.execute("SELECT DISTINCT seen FROM looked").fetchall()
    kept: list[str] = []
    values: list[Value] = []
    for (seen,) in rows:
        given = values_of(accessors_of(choice), seen)
        if choice.where is None or is_met(choice.where, given):
            kept.append(seen)
            values.append(UNDEFINED if choice.on is None else choice.on.value(given))
    numbers = [value if kind_of(value) == "number" else 0.0 for value in values]
    columns = {"seen": kept, "segment": naming(values), "number": numbers}
    cursor.execute(FOUND, {name: as_list(column) for name, column in columns.items()})
    cursor.execute(CHOSEN)


def accessors_of(choice: Choice) -> tuple[Accessor, ...]:
    """Return what the expressions look at, each once."""
    given = [each for each in (choice.where, choice.on) if each is not None]
    return tuple(dict.fromkeys(one for each in given for one in each.accessors))


def is_time(accessor: Accessor) -> bool:
    """Tell whether the time of an event is looked at, which has its own column."""
    return accessor.subject == "event" or accessor == ("properties", "time")


def pointer(name: str) -> str:
    """Return the JSON pointer to a member of an object, whatever its name.

    >>> pointer("a/b~c")
    '/a~1b~0c'
    """
    return "/" + name.replace("~", "~0").replace("/", "~1")


def values_of(looked_at: Sequence[Accessor], seen: str) -> dict[Accessor, Value]:
    """Return the values of accessors, as `LOOKED` took them out of an event."""
    [time_ms, *properties], user = json.loads(seen)
    values = {
        "properties": iter(properties),
        # Somebody without a profile has no properties.
        "user": iter(user or ()),
    }
    found: dict[Accessor, Value] = {}
    for accessor in looked_at:
        text = None
        if accessor.subject in values:
            text = next(values[accessor.subject], None)
        if is_time(accessor):
            found[accessor] = in_seconds(accessor, int(time_ms))
        elif text is not None:
            found[accessor] = json.loads(text)
    return found


def in_seconds(accessor: Accessor, time_ms: int) -> int | float:
    """Return the time of an event; as a property it is in whole seconds."""
    if accessor.subject == "properties" or time_ms % 1000 == 0:
        return time_ms // 1000
    return time_ms / 1000
