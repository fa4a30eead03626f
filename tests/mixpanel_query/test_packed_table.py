"""Tests of mixpanel_query.packed_table."""

from __future__ import annotations

import random
import tracemalloc
from struct import Struct

from mixpanel_query.packed_table import PackedTable

ENTRY = Struct("<qqq")
CHANCE = random.Random(5)  # noqa: S311  # the same in each run


def entries(count: int) -> dict[int, bytes]:
    """Entries by their numbers, which are as good as random."""
    numbers = [CHANCE.getrandbits(64) - 2**63 for _ in range(count)]
    return {number: ENTRY.pack(number, -number - 1, 7) for number in numbers}


def test_what_was_added_is_there() -> None:
    """However the table grew, it has each entry once."""
    table, added = PackedTable(ENTRY.size), entries(300_000)

    assert all(table.add_all(list(added), list(added.values())))
    assert not any(table.add_all(list(added), list(added.values())))
    assert len(table) == len(added)
    assert sorted(table) == sorted(added.values())


def test_growth_between() -> None:
    """Entries that came before and after growing are found by how they begin."""
    table, added = PackedTable(ENTRY.size), entries(100_000)

    for number, entry in added.items():
        assert table.add(number, entry)

    assert all(table.find(number, entry[:16]) for number, entry in added.items())
    assert not any(table.find(n, e[:16]) for n, e in entries(1000).items())


def test_twice_in_one_call() -> None:
    """An entry that is given twice is new once."""
    table, entry = PackedTable(ENTRY.size), ENTRY.pack(5, 6, 7)

    assert table.add_all([5, 5], [entry, entry]) == [True, False]


def test_replaced_entry() -> None:
    """An entry can take the place of another one of its number, and of no other."""
    table = PackedTable(ENTRY.size)
    table.add_all([5, 5], [ENTRY.pack(5, 6, 1), ENTRY.pack(5, 7, 1)])

    table.replace(5, ENTRY.pack(5, 6, 1), ENTRY.pack(5, 6, 2))

    assert sorted(table) == [ENTRY.pack(5, 6, 2), ENTRY.pack(5, 7, 1)]


def test_memory() -> None:
    """An entry of 24 bytes costs at most 45, whenever one looks."""
    table = PackedTable(ENTRY.size)
    tracemalloc.start()

    for count in range(20_000, 320_000, 20_000):
        more = entries(20_000)
        table.add_all(list(more), list(more.values()))
        del more
        used, _ = tracemalloc.get_traced_memory()
        assert used < 45 * count + 200_000
    tracemalloc.stop()
