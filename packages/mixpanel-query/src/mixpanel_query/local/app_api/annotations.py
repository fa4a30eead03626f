"""Annotations in the store.

https://developer.mixpanel.com/reference/list-all-annotations-for-project
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mixpanel_query.local.app_api.annotation_tags import check_tags, tag_ids, tag_names
from mixpanel_query.local.app_api.requests import AppRequest, text_of
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.ingestion.arrivals import Answer
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "create_annotation",
    "delete_annotation",
    "get_annotation",
    "list_annotations",
    "update_annotation",
]

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")

LISTED = """
SELECT id, date, description, tags FROM annotations
WHERE ($first = '' OR date[:10] >= $first) AND ($last = '' OR date[:10] <= $last)
ORDER BY date, id
"""
ONE = "SELECT id, date, description, tags FROM annotations WHERE id = $id"
KEEP = """
INSERT INTO annotations
VALUES (nextval('annotation_ids'), $date, $description, $tags) RETURNING id
"""
CHANGE = """
UPDATE annotations SET description = coalesce($description, description),
    tags = coalesce($tags, tags)
WHERE id = $id
"""
FORGET = "DELETE FROM annotations WHERE id = $id"


def list_annotations(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """List annotations in order of time; both dates are optional, and count.

    https://developer.mixpanel.com/reference/list-all-annotations-for-project

    Raises:
        RequestRefusedError: If one is no date.
    """
    span = {
        name: read.day(request.params, name).isoformat()
        if request.params.get(name)
        else ""
        for name in ("fromDate", "toDate")
    }
    rows = engine.rows(LISTED, {"first": span["fromDate"], "last": span["toDate"]})
    names = tag_names(engine)
    return ok([entry(row, names, settings) for row in rows])


def get_annotation(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Give one annotation.

    https://developer.mixpanel.com/reference/get-annotation

    Raises:
        RequestRefusedError: 404, if there is none.
    """
    number = annotation_id(request)
    rows = engine.rows(ONE, {"id": number})
    if not rows:
        raise no_annotation(number)
    return ok(entry(rows[0], tag_names(engine), settings))


def create_annotation(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Make an annotation.

    https://developer.mixpanel.com/reference/create-annotation

    Raises:
        RequestRefusedError: If something of it is missing or wrong.
    """
    made = {
        "date": time_text(request.document.get("date")),
        "description": text_of(request.document, "description"),
    }
    tags = tag_ids(request.document.get("tags", []))
    with engine.writing() as cursor:
        check_tags(cursor, tags)
        rows = cursor.execute(KEEP, {**made, "tags": as_list(tags)}).fetchall()
    found = get_annotation(engine, settings, request.about(rows[0][0]))
    return Answer(201, found.body)


def update_annotation(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Change the description or the tags of an annotation.

    https://developer.mixpanel.com/reference/patch-annotation

    Raises:
        RequestRefusedError: 404 if there is none; 400 if nothing, or something wrong,
            would change.
    """
    document = request.document
    description = (
        text_of(document, "description") if "description" in document else None
    )
    tags = tag_ids(document["tags"]) if "tags" in document else None
    if description is None and tags is None:
        raise RequestRefusedError(400, "give a description or tags, nothing else")
    with engine.writing() as cursor:
        check_tags(cursor, tags or [])
        changed = {
            "id": annotation_id(request),
            "description": description,
            "tags": None if tags is None else as_list(tags),
        }
        cursor.execute(CHANGE, changed)
    return get_annotation(engine, settings, request)


def delete_annotation(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Delete an annotation.

    https://developer.mixpanel.com/reference/delete-annotation

    Raises:
        RequestRefusedError: 404, if there is none.
    """
    number = annotation_id(request)
    with engine.writing() as cursor:
        if not cursor.execute(ONE, {"id": number}).fetchall():
            raise no_annotation(number)
        cursor.execute(FORGET, {"id": number})
    return ok({"id": number})


def ok(results: object) -> Answer:
    """Return the answer that holds results."""
    return Answer(200, {"status": "ok", "results": results})


def entry(
    row: Sequence[Any], names: Mapping[int, str], settings: ProjectSettings
) -> dict[str, object]:
    """Return an annotation as documented; its maker is the service account."""
    number, date, description, tags = row
    return {
        "id": number,
        "date": date,
        "description": description,
        "user": {"id": 1, "first_name": settings.username or "local", "last_name": ""},
        "tags": [{"id": each, "name": names[each]} for each in json.loads(tags)],
    }


def annotation_id(request: AppRequest) -> int:
    """Return the number of the annotation that is asked for."""
    given = request.item
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise no_annotation(given[:40])
    return int(given)


def no_annotation(number: object) -> RequestRefusedError:
    """Return the error for an annotation that is not there."""
    return RequestRefusedError(404, f"there is no annotation {number}")


def time_text(given: object) -> str:
    """Return a time as annotations have it, without a timezone.

    Raises:
        RequestRefusedError: If it is written in another way, or does not exist.
    """
    try:
        if isinstance(given, str) and TIME.fullmatch(given):
            return datetime.fromisoformat(given).isoformat(sep=" ")
    except ValueError:
        pass
    raise RequestRefusedError(
        400, f"date {str(given)[:40]!r} is no time; write YYYY-MM-DD HH:mm:ss"
    )
