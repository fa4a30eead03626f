"""JSON that the store keeps, read so that it can be answered as JSON again.

Files and apps may send numbers that no float holds; here they are null.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

__all__ = ["read_kept"]


def read_kept(text: str) -> dict[str, Any]:
    """Return an object that is kept.

    >>> read_kept('{"a": 7, "b": -0.5, "c": 1e999, "d": Infinity}')
    {'a': 7, 'b': -0.5, 'c': None, 'd': None}
    """
    found: dict[str, Any] = json.loads(
        text,
        parse_int=held_number,
        parse_float=held_number,
        parse_constant=lambda name: None,
    )
    return found


def held_number(text: str) -> int | float | None:
    """Return a number as it is written; None if no float can hold it."""
    value = float(text)
    if not isfinite(value):
        return None
    return int(text) if text.lstrip("-").isdigit() else value
