"""Remembers which ids were seen, in about 20 bytes each."""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b
from struct import Struct
from typing import Final

__all__ = ["SeenIds"]

DIGEST_SIZE: Final = 16
FIRST_BITS: Final = Struct(">H")


class SeenIds:
    """A set of texts that keeps a digest of 16 bytes of each; used by one thread.

    A million take about 20 MB, where a set of text takes more than 100. That two texts
    have the same digest is less likely than a fault of the machine.

    >>> seen = SeenIds()
    >>> seen.add("joe"), seen.add("ann"), seen.add("joe")
    (True, True, False)
    """

    __slots__ = ("_shelves",)

    def __init__(self) -> None:
        # Digests that begin with the same 12 bits lie on one shelf, end to end.
        self._shelves: defaultdict[int, bytearray] = defaultdict(bytearray)

    def add(self, text: str) -> bool:
        """Remember a text; tell whether it is new."""
        data = text.encode("utf-8", "surrogatepass")
        digest = blake2b(data, digest_size=DIGEST_SIZE).digest()
        (first,) = FIRST_BITS.unpack_from(digest)
        shelf = self._shelves[first >> 4]
        if holds(shelf, digest):
            return False
        shelf += digest
        return True


def holds(shelf: bytes | bytearray, digest: bytes, start: int = 0) -> bool:
    """Tell whether a digest is one of those that lie end to end, from a place on.

    >>> holds(b"aabb", b"bb"), holds(b"aabb", b"ab")
    (True, False)
    """
    place = shelf.find(digest, start)
    if place == -1:
        return False
    # What begins inside one of them is none, and as unlikely as two equal digests.
    return place % len(digest) == 0 or holds(shelf, digest, place + 1)
