"""How many of something there were, as a line of talk says it."""

from __future__ import annotations

__all__ = ["how_many"]


def how_many(count: int, nouns: str) -> str:
    """Return a number with its noun, which is given in the plural, with an s.

    >>> how_many(1, "events"), how_many(0, "events"), how_many(12000, "rows")
    ('1 event', '0 events', '12,000 rows')
    """
    return f"{count:,} {nouns.removesuffix('s') if count == 1 else nouns}"
