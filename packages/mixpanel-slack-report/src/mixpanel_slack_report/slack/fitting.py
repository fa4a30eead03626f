"""Keeping a message within the size that Slack takes, whatever is in it.

Slack answers ``msg_blocks_too_long`` to blocks of more than about 13,200 characters
of JSON: https://github.com/slackapi/bolt-js/issues/2509
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["ROOM_FOR_BLOCKS", "JsonBlock", "Part", "allot", "fit", "more", "size"]

JsonBlock = dict[str, object]
Item = TypeVar("Item")

# Some room is left, as nobody but Slack knows how exactly Slack counts.
ROOM_FOR_BLOCKS = 12_800
# What each part may take at least: its heading, and how much was left out.
LEAST_FOR_PART = 450


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message that can be made shorter.

    Attributes:
        make: Makes the blocks for so many characters of JSON; none for nothing to
            say.
        most: The most characters to give it.
        rank: Its importance: the lowest gets its characters first.
    """

    make: Callable[[int], list[JsonBlock]]
    most: int
    rank: int


def allot(parts: Sequence[Part], *, room: int) -> list[JsonBlock]:
    """Make the blocks of all parts, in the order given, within ``room`` characters.

    >>> short = Part(lambda room: [{"type": "divider"}] if room > 20 else [], 99, 1)
    >>> allot([short], room=1000), allot([short], room=10)
    ([{'type': 'divider'}], [])
    """
    made: dict[int, list[JsonBlock]] = {}
    kept_back = LEAST_FOR_PART * len(parts)
    for index in sorted(range(len(parts)), key=lambda index: parts[index].rank):
        part = parts[index]
        kept_back -= LEAST_FOR_PART
        made[index] = part.make(min(part.most, room - kept_back))
        room -= sum(map(size, made[index]))
    return [block for index in range(len(parts)) for block in made[index]]


def fit(items: Iterable[Item], *, room: int) -> list[Item]:
    """Keep the first items whose JSON fits into ``room`` characters.

    >>> fit(["one", "two", "three"], room=14)
    ['one', 'two']
    """
    kept = []
    for item in items:
        room -= size(item)
        if room < 0:
            break
        kept.append(item)
    return kept


def size(item: object) -> int:
    """Count the characters of an item's JSON inside a list."""
    return len(json.dumps(item)) + len(", ")


def more(left_out: int, things: str = "") -> str:
    """Say how many things did not fit.

    >>> more(12), more(3, "metrics")
    ('and 12 more', 'and 3 more metrics')
    """
    return f"and {left_out} more {things}".rstrip()
