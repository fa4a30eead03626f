"""The first day of a bucket, which an answer has as a key."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = ["first_day", "is_day"]

# A day, alone or with its midnight, in whichever offset.
DAY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"([T ]00:00(:00(\.0+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


def first_day(answer: Answer, key: object) -> date:
    """Return the day that a key of an answer stands for.

    Mixpanel's documents show days alone; one with its midnight is the same day.

    Raises:
        UnreadableAnswerError: If it is no day.
    """
    found = DAY.fullmatch(key) if isinstance(key, str) else None
    try:
        if found:
            return date.fromisoformat(found[1])
    except ValueError:
        pass
    raise answer.unreadable(f"{key!r} is no day")


def is_day(key: str) -> bool:
    """Tell whether a key looks like a day.

    >>> is_day("2026-11-09"), is_day("$overall")
    (True, False)
    """
    return DAY.fullmatch(key) is not None
