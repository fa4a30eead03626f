"""Putting profiles of users and groups into the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import duckdb

from mixpanel_query.local.engine.columns import as_list

__all__ = ["save_profiles"]

FORGET = """
DELETE FROM profiles
WHERE distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""
KEEP = """
INSERT INTO profiles SELECT unnest(from_json($ids, '["VARCHAR"]')),
    unnest(from_json($properties, '["VARCHAR"]'))
"""
FORGET_GROUPS = """
DELETE FROM group_profiles WHERE group_key = $group_key
AND distinct_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
"""
KEEP_GROUPS = """
INSERT INTO group_profiles SELECT $group_key,
    unnest(from_json($ids, '["VARCHAR"]')),
    unnest(from_json($properties, '["VARCHAR"]'))
"""


def save_profiles(
    cursor: duckdb.DuckDBPyConnection,
    profiles: Mapping[str, dict[str, Any] | None],
    group_key: str = "",
) -> None:
    """Put profiles in place of those with the same id; None removes one."""
    of_group = {"group_key": group_key} if group_key else {}
    forget, keep = (FORGET_GROUPS, KEEP_GROUPS) if group_key else (FORGET, KEEP)
    cursor.execute(forget, {"ids": as_list(profiles), **of_group})
    kept = {key: value for key, value in profiles.items() if value is not None}
    if kept:
        texts = [json.dumps(value, ensure_ascii=False) for value in kept.values()]
        values = {"ids": as_list(kept), "properties": as_list(texts)}
        cursor.execute(keep, {**values, **of_group})
