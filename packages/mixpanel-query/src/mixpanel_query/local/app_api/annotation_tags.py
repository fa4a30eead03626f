"""The tags of annotations, in the store.

https://developer.mixpanel.com/reference/get-annotation-tags
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mixpanel_query.local.app_api.requests import AppRequest, text_of
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.ingestion.arrivals import Answer
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings

if TYPE_CHECKING:
    import duckdb

__all__ = ["check_tags", "create_tag", "list_tags", "tag_ids", "tag_names"]

# What DuckDB's numbers hold.
LARGEST_ID = 2**63 - 1

TAGS = "SELECT id, name FROM annotation_tags ORDER BY id"
TAG_OF_NAME = "SELECT id FROM annotation_tags WHERE name = $name"
KEEP_TAG = """
INSERT INTO annotation_tags VALUES (nextval('annotation_ids'), $name) RETURNING id
"""
KNOWN_TAGS = """
SELECT id FROM annotation_tags
WHERE id IN (SELECT unnest(from_json($tags, '["BIGINT"]')))
"""
USED_TAGS = """
SELECT DISTINCT unnest(from_json(tags, '["BIGINT"]')) FROM annotations
"""


def list_tags(engine: Engine, settings: ProjectSettings, request: AppRequest) -> Answer:
    """List all tags, also those that no annotation has.

    https://developer.mixpanel.com/reference/get-annotation-tags
    """
    used = {number for (number,) in engine.rows(USED_TAGS, {})}
    return Answer(
        200,
        [
            tag(number, name, request, has_annotations=number in used)
            for number, name in engine.rows(TAGS, {})
        ],
    )


def create_tag(
    engine: Engine, settings: ProjectSettings, request: AppRequest
) -> Answer:
    """Make a tag, or give the one that has this name already.

    https://developer.mixpanel.com/reference/create-annotation-tag

    Raises:
        RequestRefusedError: If the name is missing or no text.
    """
    name = text_of(request.document, "name")
    with engine.writing() as cursor:
        rows = cursor.execute(TAG_OF_NAME, {"name": name}).fetchall()
        if rows:
            rests_on("tags-of-one-name")
        else:
            rows = cursor.execute(KEEP_TAG, {"name": name}).fetchall()
    number = rows[0][0]
    used = (number,) in engine.rows(USED_TAGS, {})
    return Answer(200, tag(number, name, request, has_annotations=used))


def tag(
    number: int, name: str, request: AppRequest, *, has_annotations: bool
) -> dict[str, object]:
    """Return a tag as documented."""
    return {
        "id": number,
        "name": name,
        "project_id": request.project_id,
        "has_annotations": has_annotations,
    }


def tag_names(engine: Engine) -> dict[int, str]:
    """Return the names of tags by their numbers."""
    return dict(engine.rows(TAGS, {}))


def tag_ids(given: object) -> list[int]:
    """Return numbers of tags, each once.

    Raises:
        RequestRefusedError: If it is no list of numbers.
    """
    numbers = given if isinstance(given, list) else [None]
    if not all(type(each) is int and 0 < each <= LARGEST_ID for each in numbers):
        raise RequestRefusedError(400, "tags is no list of the numbers of tags")
    return list(dict.fromkeys(numbers))


def check_tags(cursor: duckdb.DuckDBPyConnection, tags: Sequence[int]) -> None:
    """Refuse tags that are not there."""
    rows = cursor.execute(KNOWN_TAGS, {"tags": as_list(tags)}).fetchall()
    missing = set(tags) - {number for (number,) in rows}
    if missing:
        raise RequestRefusedError(400, f"there is no tag {min(missing)}; make it first")
