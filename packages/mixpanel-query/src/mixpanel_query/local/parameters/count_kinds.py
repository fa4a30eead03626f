"""What questions count of events: all of them, their users, or both by division."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, cast

from mixpanel_query.local.parameters import reading as read

__all__ = ["Kind", "read_kind"]

Kind: TypeAlias = Literal["general", "unique", "average"]

KINDS: Final = ("general", "unique", "average")


def read_kind(word: str, name: str = "type") -> Kind:
    """Return what is to be counted; ``name`` says which parameter it was."""
    return cast("Kind", read.one_of(name, word, KINDS))
