"""The people of a workspace and their events in the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

import duckdb

from mixpanel_query.local.customerio.actions import Done, Workspace, apply_operation
from mixpanel_query.local.customerio.event_changes import EventChanges
from mixpanel_query.local.customerio.identifiers import Identifier
from mixpanel_query.local.customerio.operations import Operation
from mixpanel_query.local.customerio.people import People, Person
from mixpanel_query.local.engine.kept_json import read_kept
from mixpanel_query.local.engine.store import Engine, as_list

__all__ = ["apply_operations", "read_person"]

LISTED: Final = """(SELECT unnest(from_json(${}, '["VARCHAR"]')))"""
FIND: Final = f"""
SELECT cio_id, document FROM customers
WHERE cio_id IN {LISTED.format("cio_id")} OR id IN {LISTED.format("id")}
OR email IN {LISTED.format("email")}
"""  # noqa: S608 - constants
SUPPRESSED: Final = f"""
SELECT identifier, suppression FROM suppressed_customers WHERE suppression IN (
SELECT suppression FROM suppressed_customers
WHERE identifier IN {LISTED.format("identifiers")})
"""  # noqa: S608 - constants
ULIDS: Final = f"""
SELECT ulid FROM customer_events WHERE ulid IN {LISTED.format("ulids")}
"""  # noqa: S608 - constants
FORGET: Final = f"""
DELETE FROM customers WHERE cio_id IN {LISTED.format("cio_id")}
"""  # noqa: S608 - constants
KEEP: Final = """
INSERT INTO customers SELECT unnest(from_json($cio_id, '["VARCHAR"]')),
    unnest(from_json($id, '["VARCHAR"]')), unnest(from_json($email, '["VARCHAR"]')),
    unnest(from_json($document, '["VARCHAR"]'))
"""
KEEP_EVENTS: Final = """
INSERT INTO customer_events SELECT unnest(from_json($number, '["BIGINT"]')),
    unnest(from_json($cio_id, '["VARCHAR"]')),
    unnest(from_json($anonymous_id, '["VARCHAR"]')),
    unnest(from_json($ulid, '["VARCHAR"]')),
    unnest(from_json($time_ms, '["BIGINT"]')),
    unnest(from_json($document, '["VARCHAR"]'))
"""
LIFT: Final = f"""
DELETE FROM suppressed_customers
WHERE identifier IN {LISTED.format("identifiers")}
"""  # noqa: S608 - constants
SUPPRESS: Final = """
INSERT INTO suppressed_customers SELECT unnest(from_json($identifiers, '["VARCHAR"]')),
    unnest(from_json($suppressions, '["VARCHAR"]'))
"""
# Ids of Customer.io look like this.
FIRST_ID: Final = 0x03000000


def apply_operations(
    engine: Engine, operations: Sequence[Operation], now_ms: int
) -> list[Done]:
    """Do operations in their order, all or none, and say what became of each."""
    with engine.writing() as cursor:
        space = load(cursor, operations, now_ms)
        before = dict(space.people.suppressed)
        done = [apply_operation(space, each) for each in operations]
        save_people(cursor, space.people)
        if space.people.suppressed != before:
            save_suppressed(cursor, before, space.people.suppressed)
        save_events(cursor, space.events)
    return done


def load(
    cursor: duckdb.DuckDBPyConnection, operations: Sequence[Operation], now_ms: int
) -> Workspace:
    """Return what the operations work on."""
    named = {each.key for operation in operations for each in operation.identifiers}
    values = {
        kind: as_list(each.value for each in named if each.kind == kind)
        for kind in ("cio_id", "id", "email")
    }
    found = cursor.execute(FIND, values).fetchall()
    listed = {"identifiers": as_list(map(written, named))}
    suppressed = cursor.execute(SUPPRESSED, listed).fetchall()
    ulids = [each.event.ulid for each in operations if each.event and each.event.ulid]
    kept = cursor.execute(ULIDS, {"ulids": as_list(ulids)}).fetchall() if ulids else []

    def new_cio_id() -> str:
        [(number,)] = cursor.execute("SELECT nextval('customer_ids')").fetchall()
        return f"{FIRST_ID + number:08x}"

    people = People(
        [read_person(*row) for row in found],
        {read_identifier(text): number for text, number in suppressed},
        new_cio_id,
    )
    events = EventChanges({ulid for (ulid,) in kept}, now_ms)
    return Workspace(people, events, now_ms)


def save_people(cursor: duckdb.DuckDBPyConnection, people: People) -> None:
    """Put people in place of what they were."""
    changed = people.changed
    if not (changed or people.removed):
        return
    cursor.execute(FORGET, {"cio_id": as_list([*changed, *people.removed])})
    persons = list(changed.values())
    values = {
        "cio_id": [each.cio_id for each in persons],
        "id": [each.id for each in persons],
        "email": [each.email.lower() for each in persons],
        "document": [json.dumps(asdict(each)) for each in persons],
    }
    cursor.execute(KEEP, {name: as_list(each) for name, each in values.items()})


def save_events(cursor: duckdb.DuckDBPyConnection, events: EventChanges) -> None:
    """Change the events that are kept, and add those that are new."""
    for statement, given in events.statements:
        cursor.execute(statement, given)
    rows = events.rows
    if not rows:
        return
    [(last,)] = cursor.execute(
        "SELECT coalesce(max(number), 0) FROM customer_events"
    ).fetchall()
    values = {
        "number": range(last + 1, last + 1 + len(rows)),
        "cio_id": [each.cio_id for each in rows],
        "anonymous_id": [each.anonymous_id for each in rows],
        "ulid": [each.ulid for each in rows],
        "time_ms": [each.time_ms for each in rows],
        "document": [
            json.dumps({"type": each.type, "name": each.name, "data": each.data})
            for each in rows
        ],
    }
    cursor.execute(KEEP_EVENTS, {name: as_list(each) for name, each in values.items()})


def save_suppressed(
    cursor: duckdb.DuckDBPyConnection,
    before: dict[Identifier, str],
    after: dict[Identifier, str],
) -> None:
    """Put identifiers that must not be used in place of those that must not yet."""
    touched: Iterable[Identifier] = before.keys() | after.keys()
    cursor.execute(LIFT, {"identifiers": as_list(map(written, touched))})
    if after:
        values = {
            "identifiers": as_list(map(written, after)),
            "suppressions": as_list(after.values()),
        }
        cursor.execute(SUPPRESS, values)


def written(who: Identifier) -> str:
    """Return how the store writes an identifier.

    >>> written(Identifier("id", "42"))
    'id:42'
    """
    return f"{who.kind}:{who.value}"


def read_identifier(text: str) -> Identifier:
    """Return an identifier that the store has written."""
    kind, _, value = text.partition(":")
    return Identifier(kind, value)


def read_person(cio_id: str, document: str) -> Person:
    """Return a person of the store."""
    return Person(**{**read_kept(document), "cio_id": cio_id})
