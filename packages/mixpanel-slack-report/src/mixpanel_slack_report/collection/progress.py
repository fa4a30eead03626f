"""How far the questions of a report are, for whoever waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

__all__ = ["Tell", "tell_nobody"]

# Called by the thread that collects: what is being asked for, how many answers there
# are, and how many are planned. What it raises ends the report.
Tell: TypeAlias = Callable[[str, int, int], None]


def tell_nobody(purpose: str, done: int, planned: int) -> None:
    """Tell nobody."""
