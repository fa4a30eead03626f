"""The book of ledgers, as bytes: one page for each project.

A book begins with a line that says what it is. Its pages are of one size. A page has
the digest of host and project, what Mixpanel's last 429 said of each limit, and a
record a call. Each record stays where it is, so that the end of a call can be
written without a lock: nobody else writes there while its process lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, takewhile
from operator import itemgetter
from struct import Struct
from typing import Final, Protocol

from mixpanel_query.budget.ledger import Call, Hold
from mixpanel_query.budget.rules import RULES
from mixpanel_query.wire import Limit

__all__ = [
    "HEADER",
    "Book",
    "BrokenBookError",
    "MemoryBook",
    "Page",
    "check_header",
    "end_call",
    "find_page",
    "read_page",
    "write_call",
    "write_hold",
]

HEADER: Final = b"mixpanel-query budget 1\n".ljust(64)
PAGE_SIZE: Final = 8192
KEY_SIZE: Final = 16
FIRST_RECORD: Final = 128
HOLD: Final = Struct("<ddd")
RECORD: Final = Struct("<ddII")
ENDED: Final = Struct("<d")
# Where, in a record, the time of the answer is.
ENDED_AT: Final = 8
RECORDS: Final = (PAGE_SIZE - FIRST_RECORD) // RECORD.size
HOLDS_AT: Final[dict[Limit, int]] = {
    name: KEY_SIZE + HOLD.size * place for place, name in enumerate(RULES)
}
# The year 5138; what is later is no time but damage.
LATEST: Final = 1e11
LARGEST_MASK: Final = (1 << len(RULES)) - 1
# How many records are read together; a divisor of their number.
AT_ONCE: Final = 8
MASK_OF: Final = itemgetter(Call._fields.index("mask"))


class BrokenBookError(Exception):
    """A file that is not a book, or not one that this version can read."""


class Book(Protocol):
    """Where the bytes are; one thread at a time uses it, but for `write`.

    Attributes:
        holder: Number that calls from here carry.
        is_open: Whether it can be written to still.
    """

    holder: int
    is_open: bool

    def lock(self) -> bool:
        """Keep other processes from changing it; False if one does so just now."""

    def unlock(self) -> None:
        """Let others change it again."""

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes; fewer at the end."""

    def write(self, offset: int, data: bytes) -> None:
        """Write bytes."""

    def is_alive(self, holder: int) -> bool:
        """Tell whether the process that holds a number is still there."""

    def close(self) -> None:
        """Let go of it; calls under way from here count as ended then."""

    def forget(self) -> None:
        """Let go of what `fork` copied, without a change to the original."""


class MemoryBook:
    """A book in the memory of one process."""

    def __init__(self) -> None:
        self.holder = 1
        self.is_open = True
        self._data = bytearray(HEADER)

    def lock(self) -> bool:
        """Do nothing; no other process sees it."""
        return True

    def unlock(self) -> None:
        """Do nothing."""

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes; fewer at the end."""
        return bytes(self._data[offset : offset + size])

    def write(self, offset: int, data: bytes) -> None:
        """Write bytes."""
        self._data[offset : offset + len(data)] = data

    def is_alive(self, holder: int) -> bool:
        """Tell whether the process that holds a number is still there."""
        return holder == self.holder

    def close(self) -> None:
        """Let go of it."""
        self.is_open = False

    def forget(self) -> None:
        """Let go of what `fork` copied."""
        self.is_open = False


class Page:
    """What was read of one page.

    Attributes:
        start: Where the page begins in the book.
        calls: Its records, up to the first that was never used.
        holds: What was said of each limit.
    """

    __slots__ = ("calls", "holds", "start")

    def __init__(self, start: int, data: bytes) -> None:
        self.start = start
        self.calls = read_calls(data)
        holds = read_holds(data[KEY_SIZE : KEY_SIZE + HOLD.size * len(RULES)])
        self.holds = dict(zip(RULES, holds, strict=True))


# Most of a page is as it was when it was read last, a call before: that is looked up,
# which takes a third of the time.
@lru_cache(maxsize=64)
def read_holds(data: bytes) -> tuple[Hold, ...]:
    """Return what was said of each limit, in their order."""
    holds = tuple(map(Hold._make, HOLD.iter_unpack(data)))
    if not are_times(tuple(chain.from_iterable(holds))):
        raise BrokenBookError("what it says of limits is damaged")
    return holds


def read_calls(data: bytes) -> list[Call]:
    """Return the records of a page, up to the first that was never used."""
    calls: list[Call] = []
    size = AT_ONCE * RECORD.size
    for start in range(FIRST_RECORD, FIRST_RECORD + RECORDS * RECORD.size, size):
        found = read_records(data[start : start + size])
        calls += found
        if len(found) < AT_ONCE:
            break
    return calls


@lru_cache(maxsize=512)
def read_records(data: bytes) -> tuple[Call, ...]:
    """Return a few records, up to the first that was never used."""
    used = tuple(takewhile(MASK_OF, map(Call._make, RECORD.iter_unpack(data))))
    if used:
        started, ended, _, masks = zip(*used, strict=True)
        if not (are_times(started) and are_times(ended) and max(masks) <= LARGEST_MASK):
            raise BrokenBookError("a call in it is damaged")
    return used


def are_times(seconds: Sequence[float]) -> bool:
    """Tell whether all are times; one that is no number at all makes the sum none.

    >>> are_times([0.0, 1.8e9]), are_times([0.0, float("nan")]), are_times([-1.0])
    (True, False, False)
    """
    return min(seconds) >= 0 and max(seconds) < LATEST and sum(seconds) >= 0


def check_header(book: Book) -> None:
    """Begin an empty book; refuse what is none.

    Raises:
        BrokenBookError: If it is something else, or of another version.
    """
    found = book.read(0, len(HEADER))
    if not found:
        book.write(0, HEADER)
    elif found != HEADER:
        known = found.startswith(HEADER.split(b" 1")[0])
        raise BrokenBookError(
            "another version wrote it" if known else "it is something else"
        )


def find_page(book: Book, key: bytes, now: float) -> int:
    """Return where the page of a project begins; a new one if it has none.

    A page whose calls are all over and forgotten may become that of another project.
    """
    start, idle = len(HEADER), None
    while data := book.read(start, PAGE_SIZE):
        if data[:KEY_SIZE] == key:
            if len(data) < PAGE_SIZE:  # somebody cut the file, or the disk was full
                book.write(start + len(data), bytes(PAGE_SIZE - len(data)))
            return start
        if idle is None and is_idle(data, now):
            idle = start
        start += PAGE_SIZE
    start = start if idle is None else idle
    book.write(start, key.ljust(PAGE_SIZE, b"\0"))
    return start


def is_idle(data: bytes, now: float) -> bool:
    """Tell whether nothing on a page counts any longer."""
    if len(data) < PAGE_SIZE:
        return True
    page, oldest = Page(0, data), now - max(rule.seconds for rule in RULES.values())
    return all(0 < call.ended < oldest for call in page.calls) and all(
        hold.since < oldest for hold in page.holds.values()
    )


def read_page(book: Book, key: bytes, start: int) -> Page | None:
    """Read the page that begins at ``start``; None if it is another project's."""
    data = book.read(start, PAGE_SIZE)
    if data[:KEY_SIZE] != key or len(data) < PAGE_SIZE:
        return None
    return Page(start, data)


def write_call(book: Book, page: Page, place: int, call: Call) -> int:
    """Write the record of a call; return where in the book it is."""
    offset = page.start + FIRST_RECORD + place * RECORD.size
    book.write(offset, RECORD.pack(*call))
    return offset


def end_call(book: Book, offset: int, ended: float) -> None:
    """Write when the answer to a call was there; needs no lock."""
    book.write(offset + ENDED_AT, ENDED.pack(ended))


def write_hold(book: Book, page: Page, limit: Limit, hold: Hold) -> None:
    """Write what Mixpanel said of a limit."""
    book.write(page.start + HOLDS_AT[limit], HOLD.pack(*hold))
