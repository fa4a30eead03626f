"""What travels together, wherever it waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mixpanel_pyramid.message import ALONE, REPEATABLE, Message
from mixpanel_pyramid.shelves import MemoryShelf, batch_of

EVENT = Message("events", "12345", REPEATABLE)
IDENTITY = Message("events", "12345", REPEATABLE | ALONE)
IMPORT = Message("imports", "12345", REPEATABLE)
SET = Message("people", "12345", REPEATABLE)
ADD = Message("people", "12345", 0)
GROUP = Message("groups", "12345", REPEATABLE)
KEYED = Message("imports", "12345", REPEATABLE, 0.0, ("key", None))


@pytest.mark.parametrize(
    ("waiting", "number"),
    [
        ([], 0),
        ([EVENT], 1),
        ([EVENT, EVENT, EVENT], 3),
        ([EVENT, IMPORT, EVENT], 1),
        ([SET, SET, GROUP], 2),
        ([SET, ADD, SET], 1),
        ([ADD, ADD, SET], 2),
        ([EVENT, EVENT, IDENTITY], 2),
        ([IDENTITY, EVENT], 1),
        ([IDENTITY, IDENTITY], 1),
        ([IMPORT, KEYED], 1),
        ([KEYED, KEYED], 2),
    ],
)
def test_what_cannot_share_a_fate_does_not_travel_together(
    waiting: list[Message], number: int
) -> None:
    """Endpoint, credentials, whether it counts, and identities alone; in order."""
    assert batch_of(waiting, 100, 1000) == waiting[:number]


@pytest.mark.parametrize(
    ("most", "most_bytes", "number"),
    [(1, 1000, 1), (2, 1000, 2), (9, 18, 3), (9, 17, 2), (9, 6, 1), (9, 1, 1)],
)
def test_batches_are_bounded(most: int, most_bytes: int, number: int) -> None:
    """By number and by size; a single message may be larger."""
    assert len(batch_of([EVENT] * 5, most, most_bytes)) == number


def test_no_more_is_read_than_needed() -> None:
    """There may be a million on disk."""
    read = []

    def rows() -> Iterator[Message]:
        for number in range(100):
            read.append(number)
            yield EVENT

    batch_of(rows(), 10, 1000)

    assert len(read) == 10


def test_a_shelf_in_memory_keeps_a_batch_until_it_is_settled() -> None:
    """What comes meanwhile stays behind it."""
    shelf = MemoryShelf()
    shelf.extend([SET, SET])
    assert shelf.batch(1, 1000) == [SET]
    assert shelf.has_more
    shelf.begin()
    shelf.put_back()
    assert shelf.batch(10, 1000) == [SET, SET]
    assert not shelf.has_more
    shelf.extend([ADD])

    shelf.settle()

    assert (shelf.accepted, shelf.settled) == (3, 2)
    assert shelf.batch(10, 1000) == [ADD]
    assert not shelf.is_empty()
    shelf.settle()
    assert shelf.is_empty()
