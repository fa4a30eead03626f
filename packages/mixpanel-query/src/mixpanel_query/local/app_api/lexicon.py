"""Lexicon: the schemas of events and profiles, in the store.

https://developer.mixpanel.com/reference/lexicon-schemas-api
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mixpanel_query.local.app_api.lexicon_limits import (
    check_deletions,
    check_request,
    check_size,
)
from mixpanel_query.local.app_api.lexicon_schemas import (
    Entry,
    check_entity,
    merged,
    read_entries,
    read_schema,
)
from mixpanel_query.local.app_api.requests import AppRequest
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.ingestion.arrivals import Answer
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.settings import ProjectSettings

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "delete_schema",
    "delete_schemas",
    "get_schema",
    "list_schemas",
    "upload_schema",
    "upload_schemas",
]

LIST = """
SELECT entity_type, name, schema FROM lexicon
WHERE ($kind = '' OR entity_type = $kind) AND ($name = '' OR name = $name)
ORDER BY entity_type, name
"""
FORGET = """
DELETE FROM lexicon
WHERE ($kind = '' OR entity_type = $kind) AND ($name = '' OR name = $name)
"""
FORGET_EACH = """
DELETE FROM lexicon WHERE (entity_type, name) IN (SELECT
    unnest(from_json($kinds, '["VARCHAR"]')), unnest(from_json($names, '["VARCHAR"]'))
)
"""
KEEP = """
INSERT INTO lexicon SELECT unnest(from_json($kinds, '["VARCHAR"]')),
    unnest(from_json($names, '["VARCHAR"]')), unnest(from_json($schemas, '["VARCHAR"]'))
"""

EVERYTHING = {"kind": "", "name": ""}


def list_schemas(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """List schemas by type and name: all, those of a type, or one of a name.

    https://developer.mixpanel.com/reference/list-all-schemas-for-project
    https://developer.mixpanel.com/reference/list-schemas-for-entity

    Raises:
        RequestRefusedError: If there is no such type, or too much was asked.
    """
    chosen = entities_of(request)
    check_request(settings)
    rows = engine.rows(LIST, chosen)
    return ok(
        [
            {"entityType": kind, "name": name, "schemaJson": json.loads(schema)}
            for kind, name, schema in rows
        ]
    )


def get_schema(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Give the schema of one entity, bare.

    https://developer.mixpanel.com/reference/list-schemas-by-entity-and-name

    Raises:
        RequestRefusedError: 404, if it has none.
    """
    chosen = entity_of(request)
    check_request(settings)
    rows = engine.rows(LIST, chosen)
    if not rows:
        problem = f"{request.kind} {request.item[:255]!r} has no schema"
        raise RequestRefusedError(404, problem)
    return Answer(200, json.loads(rows[0][2]))


def upload_schemas(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Take several schemas, all or none, perhaps in place of all there are.

    https://developer.mixpanel.com/reference/upload-schemas-for-project

    Raises:
        RequestRefusedError: If something of it is wrong, or it is too much.
    """
    entries, truncate = read_entries(request.document)
    check_size(entries)
    check_request(settings, entries)
    deleted = 0
    with engine.writing() as cursor:
        if truncate:
            deleted = forget(cursor, EVERYTHING)
        keep(cursor, entries)
    return ok({"added": len(entries), "deleted": deleted})


def upload_schema(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Take the schema of one entity.

    https://developer.mixpanel.com/reference/upload-schema-by-entity-and-name

    Raises:
        RequestRefusedError: If something of it is wrong, or it is too much.
    """
    chosen = entity_of(request)
    entry = Entry(chosen["kind"], chosen["name"], read_schema(request.document))
    check_size([entry])
    check_request(settings, [entry])
    with engine.writing() as cursor:
        keep(cursor, [entry])
    return Answer(200, {"status": "ok"})


def delete_schema(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Delete the schema of one entity, which need not have one.

    https://developer.mixpanel.com/reference/delete-schema-by-entity-and-name
    """
    return delete(engine, settings, entity_of(request))


def delete_schemas(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Delete all schemas, those of a type, or one of a name.

    https://developer.mixpanel.com/reference/delete-all-schemas-in-project
    https://developer.mixpanel.com/reference/delete-schemas-for-entity

    Raises:
        RequestRefusedError: If there is no such type, or these are too many.
    """
    return delete(engine, settings, entities_of(request))


def delete(
    engine: Engine, settings: ProjectSettings, chosen: Mapping[str, str]
) -> Answer:
    """Delete the schemas that were chosen, and say how many there were."""
    check_request(settings)
    with engine.writing() as cursor:
        return ok({"delete_count": forget(cursor, chosen)})


def entities_of(request: AppRequest) -> dict[str, str]:
    """Return which entities are asked for; empty is any."""
    name = request.params.get("entity_name", "")
    if request.kind:
        check_entity(request.kind, name)
    elif name:
        # Mixpanel documents no such parameter, and without it these are all schemas.
        raise RequestRefusedError(400, "entity_name without an entityType in the path")
    return {"kind": request.kind, "name": read.storable("entity_name", name)}


def entity_of(request: AppRequest) -> dict[str, str]:
    """Return which entity the path names."""
    if not request.item:
        raise RequestRefusedError(400, "the path ends with a slash, and names nothing")
    check_entity(request.kind, request.item)
    return {"kind": request.kind, "name": read.storable("name", request.item)}


def keep(cursor: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> None:
    """Put schemas in place of those that their entities have, one after the other."""
    kept: dict[tuple[str, str], Mapping[str, Any]] = {
        (kind, name): json.loads(schema)
        for kind, name, schema in cursor.execute(LIST, EVERYTHING).fetchall()
    }
    for entry in entries:
        key = entry.kind, entry.name
        kept[key] = merged(kept.get(key, {}), entry.schema)
    keys = dict.fromkeys((entry.kind, entry.name) for entry in entries)
    each = {
        "kinds": as_list(kind for kind, _ in keys),
        "names": as_list(name for _, name in keys),
    }
    texts = [json.dumps(kept[key], ensure_ascii=False) for key in keys]
    cursor.execute(FORGET_EACH, each)
    cursor.execute(KEEP, {**each, "schemas": as_list(texts)})


def forget(cursor: duckdb.DuckDBPyConnection, chosen: Mapping[str, str]) -> int:
    """Delete schemas, and return how many there were."""
    count = len(cursor.execute(LIST, chosen).fetchall())
    check_deletions(count)
    cursor.execute(FORGET, chosen)
    return count


def ok(results: object) -> Answer:
    """Return the answer that holds results."""
    return Answer(200, {"status": "ok", "results": results})
