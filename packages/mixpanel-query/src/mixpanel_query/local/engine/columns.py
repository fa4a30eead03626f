"""Lists of values, as SQL takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable

__all__ = ["as_list"]


def as_list(values: Iterable[object]) -> str:
    """Return values as the list that ``from_json(…, '["VARCHAR"]')`` reads in SQL."""
    return json.dumps(list(values), ensure_ascii=False)
