"""Group keys: which ones a project has, and the numbers by which questions name them.

https://docs.mixpanel.com/docs/data-structure/group-analytics
"""

from __future__ import annotations

import re
from typing import Final

import duckdb

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.records.judging import Refusal
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["find_group_key", "number_group_key"]

# Of an enterprise; others have three.
MOST_KEYS: Final = 6

KEYS = "SELECT group_key FROM group_keys ORDER BY number"
NUMBER = """
INSERT INTO group_keys
SELECT count(*) + 1, $group_key FROM group_keys
HAVING count(*) FILTER (WHERE group_key = $group_key) = 0
"""


def number_group_key(cursor: duckdb.DuckDBPyConnection, group_key: str) -> None:
    """Give a group key the next number, unless it has one or is none."""
    if group_key:
        cursor.execute(NUMBER, {"group_key": group_key})


class GroupKeys:
    """The group keys that a project has; the first that come, if it was told none.

    Args:
        engine: The store.
        settings: Those of the project.
    """

    def __init__(self, engine: Engine, settings: ProjectSettings) -> None:
        self._is_open = not settings.group_keys
        self._keys = list(settings.group_keys)
        if self._is_open:
            self._keys = [key for (key,) in engine.rows(KEYS, {})]

    def check(self, key: str) -> None:
        """Refuse a key that is none of the project's.

        Raises:
            Refusal: If the project was told others, or has as many as it can have.
        """
        if key in self._keys:
            return
        if not self._is_open or len(self._keys) >= MOST_KEYS:
            known = ", ".join(each[:40] for each in self._keys)
            raise Refusal(
                "$group_key",
                f"'$group_key' {key[:40]!r} is none of the project's: {known}",
            )
        self._keys.append(key)


def find_group_key(engine: Engine, settings: ProjectSettings, text: str) -> str:
    """Return the group key that has a number, as ``data_group_id`` says it.

    A project that was told its numbers goes by them; else they count the keys in the
    order in which they first came.

    Raises:
        RequestRefusedError: 400, if no group key has it.
    """
    numbers = {number: key for key, number in settings.group_keys.items()}
    if not numbers:
        rests_on("numbers-of-group-keys")
        numbers = dict(engine.rows("SELECT number, group_key FROM group_keys", {}))
    number = int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None
    if number not in numbers:
        known = ", ".join(f"{each} ({key[:40]})" for each, key in numbers.items())
        raise RequestRefusedError(
            400,
            f"data_group_id {text[:40]!r} is no number of a group key; there are "
            f"{known or 'none yet'}",
        )
    return numbers[number]
