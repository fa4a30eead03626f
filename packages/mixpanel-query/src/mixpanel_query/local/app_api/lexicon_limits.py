"""How much Lexicon takes in a request, and in a minute.

https://developer.mixpanel.com/reference/rate-limits
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mixpanel_query.local.app_api.lexicon_schemas import Entry
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.rate_limits import TOO_MANY_UPDATED
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["check_deletions", "check_request", "check_size"]

# "less than 3000" deletions a request.
TOO_MANY_DELETED: Final = 3000


def check_request(settings: ProjectSettings, entries: Sequence[Entry] = ()) -> None:
    """Count a request, and refuse one that is more than a minute allows.

    Raises:
        RequestRefusedError: 429.
    """
    problem = settings.limit_lexicon(sum(map(size_of, entries)))
    if problem:
        raise RequestRefusedError(429, problem)


def check_size(entries: Sequence[Entry]) -> None:
    """Refuse an upload that no minute allows.

    Raises:
        RequestRefusedError: 429.
    """
    size = sum(map(size_of, entries))
    if size >= TOO_MANY_UPDATED:
        problem = f"{size} events and properties in one request"
        allowed = f"Lexicon takes fewer than {TOO_MANY_UPDATED} a minute"
        raise RequestRefusedError(429, f"{problem}; {allowed}: send them in parts")


def check_deletions(count: int) -> None:
    """Refuse to delete too much at once.

    Raises:
        RequestRefusedError: 400.
    """
    if count >= TOO_MANY_DELETED:
        problem = f"{count} schemas would be deleted by one request"
        allowed = f"Lexicon deletes fewer than {TOO_MANY_DELETED}"
        raise RequestRefusedError(400, f"{problem}; {allowed}: delete single ones")


def size_of(entry: Entry) -> int:
    """Return how many events and properties an entry counts for."""
    return 1 + len(entry.schema.get("properties", {}))
