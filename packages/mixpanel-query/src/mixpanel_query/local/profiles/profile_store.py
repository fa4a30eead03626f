"""Profiles in the store: updating them, and finding them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

import duckdb

from mixpanel_query.local.engine.kept_json import read_kept
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import Expression, is_met
from mixpanel_query.local.profiles.profile_updates import (
    ProfileUpdate,
    Properties,
    apply_update,
)
from mixpanel_query.local.questions import parameters as read
from mixpanel_query.local.questions.seen_properties import pointer, property_value
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "find_profiles",
    "profile_condition",
    "profiles_that_meet",
    "save_profiles",
    "update_profiles",
]

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
IDS = """
SELECT distinct_id FROM profiles
WHERE $every OR distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""


def find_profiles(engine: Engine, ids: Sequence[str]) -> dict[str, Properties]:
    """Return the profiles with these ids; those that are not there are left out."""
    rows = engine.rows(FIND, {"ids": as_list(ids)})
    return {key: read_kept(text) for key, text in rows}


def profile_condition(
    given: Mapping[str, str], settings: ProjectSettings
) -> Expression | None:
    """Return the condition ``where``, which must look at profiles.

    Raises:
        RequestRefusedError: If it is no expression, or looks at events.
    """
    where = read.expression(selected(given), "where", settings.timezone)
    if where and any(each.subject != "properties" for each in where.accessors):
        raise RequestRefusedError(
            400, 'where of profiles looks at properties["…"], and at nothing else'
        )
    return where


def selected(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the parameters, with the condition under its own name."""
    if not given.get("selector"):
        return given
    rests_on("profile-selectors")
    if given.get("where"):
        raise RequestRefusedError(400, "selector and where are the same; give one")
    return {**given, "where": given["selector"]}


def profiles_that_meet(
    engine: Engine, where: Expression | None, ids: Collection[str] | None = None
) -> list[str]:
    """Return the ids of the profiles, of all or of some, that meet a condition."""
    chosen = {"every": ids is None, "ids": as_list(ids or ())}
    if where is None:
        return [key for (key,) in engine.rows(IDS, chosen)]
    pointers = [pointer(each.name) for each in where.accessors]
    rows = engine.rows(CONDITIONED, {**chosen, "properties": pointers})
    return [key for key, texts in rows if meets(where, texts)]


def meets(where: Expression, texts: Sequence[str | None]) -> bool:
    """Tell whether a profile meets a condition, by the JSON of what that looks at."""
    pairs = zip(where.accessors, texts, strict=True)
    return is_met(
        where, {each: property_value(text) for each, text in pairs if text is not None}
    )
