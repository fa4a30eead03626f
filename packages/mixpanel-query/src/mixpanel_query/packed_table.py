"""A hash table in little memory: its buckets are packed bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

__all__ = ["PackedTable"]

# Buckets grow fourfold, by two bits of the number that says which; these never lie
# in two bytes of it as long as their place is even.
FIRST_BITS: Final = 12
LOAD: Final = 16  # entries in a bucket, on average, when there are too few buckets


class PackedTable:
    """Entries of one length; each begins with its number, which finds it again.

    An entry costs its own length and 2 to 8 bytes more. Numbers must be as good as
    random, since a bucket is searched as the string of bytes that it is: that an entry
    is found across two others is as unlikely as that two entries are equal by chance.

    Args:
        length: Bytes of an entry. The first eight are its number, signed and with the
            lowest byte first.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._bits = FIRST_BITS
        self._buckets = [b""] * (1 << FIRST_BITS)
        self._size = 0

    def __len__(self) -> int:
        """How many entries there are."""
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        """All entries, in no order."""
        length = self._length
        for bucket in self._buckets:
            for at in range(0, len(bucket), length):
                yield bucket[at : at + length]

    def add(self, number: int, entry: bytes) -> bool:
        """Add an entry; tell whether it was not there."""
        return self.add_all([number], [entry])[0]

    def add_all(self, numbers: Sequence[int], entries: Sequence[bytes]) -> list[bool]:
        """Add entries; tell of each whether it was not there."""
        while self._size + len(entries) > LOAD << self._bits:
            self._grow()
        buckets, mask = self._buckets, (1 << self._bits) - 1
        added = []
        for number, entry in zip(numbers, entries, strict=True):
            place = number & mask
            bucket = buckets[place]
            if bucket.find(entry) < 0:  # faster than "in"
                buckets[place] = bucket + entry
                added.append(True)
            else:
                added.append(False)
        self._size += sum(added)
        return added

    def find(self, number: int, beginning: bytes) -> bytes:
        """Return an entry that begins so; nothing if there is none."""
        bucket = self._buckets[number & (1 << self._bits) - 1]
        at = bucket.find(beginning)
        return b"" if at < 0 else bucket[at : at + self._length]

    def replace(self, number: int, before: bytes, after: bytes) -> None:
        """Put an entry of the same number in the place of another one."""
        place = number & (1 << self._bits) - 1
        self._buckets[place] = self._buckets[place].replace(before, after, 1)

    def _grow(self) -> None:
        """Spread the entries over four times as many buckets."""
        buckets, length = self._buckets, self._length
        size, byte, shift = len(buckets), self._bits // 8, self._bits % 8
        self._bits += 2
        buckets.extend([b""] * (3 * size))
        for place in range(size):
            bucket = buckets[place]
            spread: tuple[list[bytes], ...] = ([], [], [], [])
            for at in range(0, len(bucket), length):
                quarter = bucket[at + byte] >> shift & 3
                spread[quarter].append(bucket[at : at + length])
            for quarter, entries in enumerate(spread):
                buckets[place + quarter * size] = b"".join(entries)
