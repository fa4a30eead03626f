"""Profiles in the store: updating them, and paging through them.

https://developer.mixpanel.com/reference/engage-query
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from mixpanel_query.local import parameters as read
from mixpanel_query.local.engine import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import Expression, is_met
from mixpanel_query.local.profile_updates import (
    ProfileUpdate,
    Properties,
    apply_update,
)
from mixpanel_query.local.seen_properties import pointer, property_value
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "ProfilePage",
    "answer_page",
    "read_page",
    "save_profiles",
    "update_profiles",
]

PAGE_SIZE = 1000
UNANSWERED = (
    "selector",
    "behaviors",
    "as_of_timestamp",
    "data_group_id",
    "filter_by_cohort",
    "sort_key",
    "search",
)

FIND = """
SELECT distinct_id, properties FROM profiles
WHERE distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""
FORGET = """
DELETE FROM profiles
WHERE distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""
KEEP = """
INSERT INTO profiles SELECT unnest(from_json($ids, '["VARCHAR"]')),
    unnest(from_json($properties, '["VARCHAR"]'))
"""
PAGE = """
SELECT distinct_id, properties FROM profiles
WHERE $every OR distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
ORDER BY distinct_id LIMIT $size OFFSET $start
"""
TOTAL = """
SELECT count(*) FROM profiles
WHERE $every OR distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""


def update_profiles(engine: Engine, updates: Sequence[ProfileUpdate]) -> None:
    """Apply updates in their order, all or none."""
    if not updates:
        return
    ids = list(dict.fromkeys(update.distinct_id for update in updates))
    with engine.writing() as cursor:
        rows = cursor.execute(FIND, {"ids": as_list(ids)}).fetchall()
        profiles: dict[str, Properties | None] = {
            distinct_id: json.loads(text) for distinct_id, text in rows
        }
        for update in updates:
            profile = profiles.get(update.distinct_id)
            profiles[update.distinct_id] = apply_update(profile, update)
        save_profiles(cursor, profiles)


def save_profiles(
    cursor: duckdb.DuckDBPyConnection, profiles: Mapping[str, Properties | None]
) -> None:
    """Put profiles in place of those with the same id; None removes one."""
    cursor.execute(FORGET, {"ids": as_list(profiles)})
    kept = {key: value for key, value in profiles.items() if value is not None}
    if kept:
        texts = [json.dumps(value, ensure_ascii=False) for value in kept.values()]
        cursor.execute(KEEP, {"ids": as_list(kept), "properties": as_list(texts)})


CONDITIONED = """
SELECT distinct_id, json_extract(properties, $properties)::VARCHAR[] FROM profiles
WHERE $every OR distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """A page of profiles that was asked for.

    Attributes:
        ids: Whose profiles; empty for all.
        properties: Names of the properties to give; None for all.
        number: Number of the page, from 0.
        session_id: What the first page gave; empty on the first.
        where: What must hold of the profiles; None for nothing.
    """

    ids: tuple[str, ...]
    properties: tuple[str, ...] | None
    number: int
    session_id: str
    where: Expression | None


def read_page(given: Mapping[str, str], settings: ProjectSettings) -> ProfilePage:
    """Read ``POST /engage`` of the Query API.

    Raises:
        RequestRefusedError: If a parameter is wrong; 501 for filters but ``where``.
    """
    read.refuse_unanswered(given, UNANSWERED)
    ids: tuple[str, ...] = ()
    if given.get("distinct_ids"):
        ids = read.json_texts("distinct_ids", given["distinct_ids"])
    if given.get("distinct_id"):
        if ids:
            raise RequestRefusedError(
                400, "distinct_id and distinct_ids exclude each other; give one"
            )
        ids = (read.required(given, "distinct_id"),)
    names = None
    if given.get("output_properties"):
        names = read.json_texts("output_properties", given["output_properties"])
    number = read.number(given, "page", least=0, most=10_000_000) or 0
    session_id = given.get("session_id", "")
    if number and not session_id:
        raise RequestRefusedError(
            400, "session_id is missing; send the one that page 0 gave"
        )
    where = read.expression(given, "where", settings.timezone)
    if where is not None and any(
        each.subject != "properties" for each in where.accessors
    ):
        raise RequestRefusedError(
            400, 'where of profiles looks at properties["…"], and at nothing else'
        )
    return ProfilePage(ids, names, number, session_id, where)


def check_subjects(where: Expression) -> None:
    """Refuse a condition on profiles that looks at events."""
    if any(each.subject != "properties" for each in where.accessors):
        raise RequestRefusedError(
            400, 'where of profiles looks at properties["…"], and at nothing else'
        )


def answer_page(
    engine: Engine, page: ProfilePage, new_session_id: str
) -> dict[str, object]:
    """Return a page as documented; ``total`` counts the profiles of all pages."""
    chosen = {"every": not page.ids, "ids": as_list(page.ids)}
    if page.where is not None:
        met = profiles_that_meet(engine, page.where, chosen)
        chosen = {"every": False, "ids": as_list(met)}
    span = {"size": PAGE_SIZE, "start": page.number * PAGE_SIZE}
    rows = engine.rows(PAGE, {**chosen, **span})
    [(total,)] = engine.rows(TOTAL, chosen)
    results = [
        {"$distinct_id": key, "$properties": part_of(json.loads(text), page.properties)}
        for key, text in rows
    ]
    return {
        "page": page.number,
        "page_size": PAGE_SIZE,
        "session_id": page.session_id or new_session_id,
        "status": "ok",
        "total": total,
        "results": results,
    }


def profiles_that_meet(
    engine: Engine, where: Expression, chosen: Mapping[str, object]
) -> list[str]:
    """Return the ids of the profiles, among those chosen, that meet a condition."""
    pointers = [pointer(each.name) for each in where.accessors]
    rows = engine.rows(CONDITIONED, {**chosen, "properties": pointers})
    return [key for key, texts in rows if meets(where, texts)]


def meets(where: Expression, texts: Sequence[str | None]) -> bool:
    """Tell whether a profile meets a condition, by the JSON of what that looks at."""
    pairs = zip(where.accessors, texts, strict=True)
    return is_met(
        where, {each: property_value(text) for each, text in pairs if text is not None}
    )


def part_of(properties: Properties, names: Sequence[str] | None) -> Properties:
    """Return the properties that were asked for."""
    if names is None:
        return properties
    return {name: properties[name] for name in names if name in properties}
