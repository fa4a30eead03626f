"""Profiles of users and groups in the store: updating them, and finding them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

import duckdb

from mixpanel_query.local.engine.kept_json import pointer, property_value, read_kept
from mixpanel_query.local.engine.kept_profiles import save_profiles
from mixpanel_query.local.engine.store import Engine, as_list
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import Expression, is_met
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.profiles.group_keys import number_group_key
from mixpanel_query.local.profiles.growing_lists import GrowingLists
from mixpanel_query.local.profiles.profile_operations import Properties
from mixpanel_query.local.profiles.profile_updates import ProfileUpdate, apply_update
from mixpanel_query.local.records.judging import Refusal
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "find_profiles",
    "profile_condition",
    "profiles_that_meet",
    "update_profiles",
]

# What is read of users is read of the groups with one key by other words for these.
USERS = "FROM profiles"
GROUPS = "FROM (SELECT * FROM group_profiles WHERE group_key = $group_key)"

FIND = """
SELECT distinct_id, properties FROM profiles
WHERE distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""
CONDITIONED = """
SELECT distinct_id, json_extract(properties, $properties)::VARCHAR[] FROM profiles
WHERE $every OR distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""
IDS = """
SELECT distinct_id FROM profiles
WHERE $every OR distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""


def update_profiles(
    engine: Engine, updates: Sequence[ProfileUpdate]
) -> dict[int, Refusal]:
    """Apply updates in their order, all that a profile can take, or none.

    Returns:
        Why some were not applied, by their place among the updates.
    """
    if not updates:
        return {}
    refused: dict[int, Refusal] = {}
    with engine.writing() as cursor:
        for group_key in dict.fromkeys(update.group_key for update in updates):
            those = {
                place: update
                for place, update in enumerate(updates)
                if update.group_key == group_key
            }
            number_group_key(cursor, group_key)
            refused |= update_some(cursor, those, group_key)
    return refused


def update_some(
    cursor: duckdb.DuckDBPyConnection,
    updates: Mapping[int, ProfileUpdate],
    group_key: str,
) -> dict[int, Refusal]:
    """Apply updates of users, or of the groups with one key."""
    ids = list(dict.fromkeys(update.distinct_id for update in updates.values()))
    sql, values = reading(FIND, group_key)
    rows = cursor.execute(sql, {"ids": as_list(ids), **values}).fetchall()
    profiles: dict[str, Properties | None] = {
        distinct_id: json.loads(text) for distinct_id, text in rows
    }
    refused: dict[int, Refusal] = {}
    lists = GrowingLists()
    for place, update in updates.items():
        profile = profiles.get(update.distinct_id)
        try:
            profiles[update.distinct_id] = apply_update(profile, update, lists)
        except Refusal as refusal:
            refused[place] = refusal
    save_profiles(cursor, profiles, group_key)
    return refused


def reading(sql: str, group_key: str) -> tuple[str, dict[str, object]]:
    """Return SQL that reads profiles of users, or of the groups with one key."""
    if group_key:
        return sql.replace(USERS, GROUPS), {"group_key": group_key}
    return sql, {}


def find_profiles(
    engine: Engine, ids: Sequence[str], group_key: str = ""
) -> dict[str, Properties]:
    """Return the profiles with these ids; those that are not there are left out."""
    sql, values = reading(FIND, group_key)
    rows = engine.rows(sql, {"ids": as_list(ids), **values})
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
    engine: Engine,
    where: Expression | None,
    ids: Collection[str] | None = None,
    group_key: str = "",
) -> list[str]:
    """Return the ids of the profiles, of all or of some, that meet a condition."""
    sql, values = reading(IDS if where is None else CONDITIONED, group_key)
    chosen = {"every": ids is None, "ids": as_list(ids or ()), **values}
    if where is None:
        return [key for (key,) in engine.rows(sql, chosen)]
    pointers = [pointer(each.name) for each in where.accessors]
    rows = engine.rows(sql, {**chosen, "properties": pointers})
    return [key for key, texts in rows if meets(where, texts)]


def meets(where: Expression, texts: Sequence[str | None]) -> bool:
    """Tell whether a profile meets a condition, by the JSON of what that looks at."""
    pairs = zip(where.accessors, texts, strict=True)
    return is_met(
        where, {each: property_value(text) for each, text in pairs if text is not None}
    )
