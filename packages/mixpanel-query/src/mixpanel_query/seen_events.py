"""Which events of an export were there before: in the same fetch, or in an earlier one.

Mixpanel promises neither an order nor that a row comes once, so what tells rows apart
is kept of all of them: packed, about 30 bytes each, where a set would take 110.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from struct import Struct
from typing import Final

from mixpanel_query.event_rows import EventRows, properties_of
from mixpanel_query.packed_table import PackedTable

__all__ = ["SeenEvents"]

# Name, time and insert id in 128 bits, twice hashed; and whose event it is, or how
# often it came. Python's hashes of texts cannot be foreseen, and are 64 bits long.
ENTRY: Final = Struct("<qqq")
KEY: Final = 16
TEXT: Final = frozenset({str})
# What a merge of two ids changes in the rows of a user.
IDENTITY: Final = ("distinct_id", "$distinct_id_before_identity")


class SeenEvents:
    """The events of all fetches of one export.

    Within a fetch, rows are copies of one event if name, distinct_id, time and insert
    id agree, as Mixpanel documents it. A row that an earlier fetch had is known by
    name, time and insert id alone, as ids of users may have been merged in between.
    Rows without an insert id are never copies of each other within a fetch; a later
    fetch has new ones where it has more of the same row than any fetch before it, ids
    of users left out.

    https://developer.mixpanel.com/reference/event-deduplication

    Attributes:
        repeats: How many rows of the present fetch were copies of others in it.
    """

    def __init__(self) -> None:
        self.repeats = 0
        self._here = PackedTable(ENTRY.size)
        self._before: PackedTable | None = None
        self._counts_here = PackedTable(ENTRY.size)
        self._counts_before: PackedTable | None = None

    def begin_fetch(self) -> None:
        """Take all events so far for those of earlier fetches."""
        self.repeats = 0
        if self._before is None:
            self._before, self._counts_before = self._here, self._counts_here
        else:
            for entry in self._here:
                self._before.add(ENTRY.unpack(entry)[0], entry)
            for entry in self._counts_here:
                raise_count(self._counts_before, *ENTRY.unpack(entry))
        self._here, self._counts_here = PackedTable(ENTRY.size), PackedTable(ENTRY.size)

    def are_new(self, rows: EventRows) -> Sequence[bool]:
        """Tell of each row whether it is to be handed over, and keep it in mind."""
        names, times = rows.names, moments(rows.times)
        if None in rows.insert_ids:
            return self._one_by_one(rows)
        users, insert_ids = told_apart(rows.users), told_apart(rows.insert_ids)
        first = list(map(hash, zip(names, times, insert_ids, strict=True)))
        second = map(hash, zip(insert_ids, names, times, strict=True))
        entries = list(map(ENTRY.pack, first, second, map(hash, users)))
        added = self._here.add_all(first, entries)
        self.repeats += added.count(False)
        before = self._before
        if not before:
            return added
        known = zip(added, first, entries, strict=True)
        return [
            is_added and not before.find(number, entry[:KEY])
            for is_added, number, entry in known
        ]

    def _one_by_one(self, rows: EventRows) -> list[bool]:
        """Tell the same of rows some of which have no insert id."""
        are_new: list[bool] = []
        for line, row in zip(rows.lines, rows.rows, strict=True):
            if row.properties.insert_id is None:
                are_new.append(self._is_one_more(row.event, line))
            else:
                are_new.extend(self.are_new(EventRows.of([line], [row])))
        return are_new

    def _is_one_more(self, event: str, line: bytes) -> bool:
        """Tell whether no fetch before had as many of the same row."""
        properties = properties_of(line)
        for name in IDENTITY:
            properties.pop(name, None)
        text = json.dumps([event, properties], sort_keys=True)
        key = hash(text), hash(text[::-1])
        count = count_of(self._counts_here, *key) + 1
        raise_count(self._counts_here, *key, count)
        return count_of(self._counts_before, *key) < count


def told_apart(ids: Sequence[object]) -> Sequence[object]:
    """Return what stands for ids, hashed: as good as random, also for numbers.

    Python's hashes of -1 and -2 are equal, and those of 1, 1.0 and True.

    >>> told_apart(["7", 7, 7.0])
    ['7', ('int', '7'), ('float', '7.0')]
    """
    if TEXT.issuperset(map(type, ids)):
        return ids
    return [
        each if type(each) is str else (type(each).__name__, repr(each)) for each in ids
    ]


def moments(times: Sequence[float]) -> Sequence[object]:
    """Return what stands for times, hashed; -1 and -2 are two of them.

    >>> moments([5, -1])
    [5, ('before 1970', 1)]
    """
    if min(times, default=0) >= 0:
        return times
    return [("before 1970", -time) if time < 0 else time for time in times]


def count_of(counts: PackedTable | None, first: int, second: int) -> int:
    """Return how often a row came; 0 if it did not."""
    if not counts:
        return 0
    entry = counts.find(first, ENTRY.pack(first, second, 0)[:KEY])
    count: int = ENTRY.unpack(entry)[2] if entry else 0
    return count


def raise_count(
    counts: PackedTable | None, first: int, second: int, count: int
) -> None:
    """Let a row have come at least ``count`` times."""
    before = count_of(counts, first, second)
    if counts is None or before >= count:
        return
    entry = ENTRY.pack(first, second, count)
    if before:
        counts.replace(first, ENTRY.pack(first, second, before), entry)
    else:
        counts.add(first, entry)
