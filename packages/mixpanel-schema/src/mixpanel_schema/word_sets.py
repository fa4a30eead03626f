"""Sets of words, written as text because hundreds of quoted words are hard to read."""

from __future__ import annotations

__all__ = ["word_set"]


def word_set(text: str) -> frozenset[str]:
    """Make a set of the words of a text.

    >>> sorted(word_set("signed logged"))
    ['logged', 'signed']
    """
    return frozenset(text.split())
