"""Lists of values, as SQL takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

__all__ = ["as_list"]


def as_list(values: Iterable[object]) -> str:
    """Return values as the list that ``from_json(…, '["VARCHAR"]')`` reads in SQL."""
    each = list(values)
    try:
        return msgspec.json.encode(each).decode()
    except UnicodeEncodeError:
        # DuckDB refuses half a character, and says so.
        return json.dumps(each, ensure_ascii=False)
