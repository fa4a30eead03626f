"""The page of one project in a book: calls begin, end, and are refused there.

Whoever calls has the lock of the book, but for the end of a turn.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Final

from mixpanel_query.budget.book import (
    Book,
    Page,
    end_call,
    find_page,
    read_page,
    write_call,
    write_hold,
)
from mixpanel_query.budget.ledger import (
    Call,
    Hold,
    Standing,
    Wait,
    first_wait,
    standing,
)
from mixpanel_query.budget.limit_texts import read_limit_text
from mixpanel_query.budget.rules import BITS, HOUR, RULES
from mixpanel_query.wire import Limit

__all__ = ["CallTurn", "ProjectLedger"]

# While Mixpanel says neither how long to wait nor what there is too much of.
USUAL_HOLD: Final = 5.0
# An end may be written a moment after the time was read here.
TOLERANCE: Final = 1.0
# A clock that starts at 0 must not write what stands for "under way".
EARLIEST: Final = 1e-3
ENDED_OF: Final = itemgetter(Call._fields.index("ended"))


class CallTurn:
    """A call that is under way; any thread may end it, once or several times."""

    __slots__ = ("_book", "_clock", "_offset")

    def __init__(self, book: Book, offset: int, clock: Callable[[], float]) -> None:
        self._book: Book | None = book
        self._offset = offset
        self._clock = clock

    def end(self) -> None:
        """Write that the answer is there.

        In a child that was forked it does nothing: the call is the parent's. Where the
        file cannot be written to any more, the call ends with the process.
        """
        book, self._book = self._book, None
        if book is not None and book.is_open:
            with contextlib.suppress(OSError):
                end_call(book, self._offset, max(self._clock(), EARLIEST))


class ProjectLedger:
    """The calls of one project, in one book.

    Args:
        book: Where they are written down.
        key: 16 bytes that stand for host and project.
        clock: Seconds since 1970; the same for all who share the book.
    """

    def __init__(self, book: Book, key: bytes, clock: Callable[[], float]) -> None:
        self.book = book
        self._key = key
        self._clock = clock
        self._start: int | None = None

    def begin(self, limits: tuple[Limit, ...]) -> CallTurn | Wait:
        """Write a call down, or say why it may not begin now."""
        now = self._now()
        page = self._read(now)
        calls = self._mended(page, now)
        waits = []
        for limit in limits:
            found = standing(limit, calls, page.holds[limit], now)
            if wait := first_wait(found, now):
                waits.append(wait)
        if waits:
            return max(waits, key=lambda wait: (wait.is_known, wait.seconds))
        mask = sum(BITS[limit] for limit in limits)
        call = Call(now, 0.0, self.book.holder, mask)
        offset = write_call(self.book, page, free_place(calls, now), call)
        return CallTurn(self.book, offset, self._clock)

    def refuse(
        self, limits: tuple[Limit, ...], retry_after: float | None, text: str
    ) -> bool:
        """Write down that Mixpanel refused a call, and what it said."""
        now = self._now()
        page = self._read(now)
        calls = self._mended(page, now)
        counted = read_limit_text(text)
        seconds = retry_after
        if seconds is None:
            is_full = counted is not None and counted.used >= counted.allowed
            seconds = 0.0 if is_full else USUAL_HOLD
        seconds = min(seconds, HOUR)
        named: Limit = "query" if "query" in limits else limits[0]
        for limit in limits:
            hold = Hold(now, seconds, page.holds[limit].outside)
            if counted and limit == named:
                ours = standing(limit, calls, Hold(), now)
                others = outside(ours, counted.used, counted.allowed)
                if retry_after is not None:
                    others = min(others, room_at(ours, now + seconds) - 1)
                hold = hold._replace(outside=float(max(0, others)))
            write_hold(self.book, page, limit, hold)
        return True

    def standings(self) -> list[Standing]:
        """Return how every limit stands."""
        now = self._now()
        page = self._read(now)
        calls = self._mended(page, now)
        return [standing(limit, calls, page.holds[limit], now) for limit in RULES]

    def _now(self) -> float:
        """Return the time, as records have it."""
        return max(self._clock(), EARLIEST)

    def _read(self, now: float) -> Page:
        """Read the page, which may be another one than last time."""
        page = None
        if self._start is not None:
            page = read_page(self.book, self._key, self._start)
        while page is None:
            self._start = find_page(self.book, self._key, now)
            page = read_page(self.book, self._key, self._start)
        return page

    def _mended(self, page: Page, now: float) -> list[Call]:
        """Return the calls, after correcting what time and death made wrong.

        A call whose process is gone ended at some moment before; from now on it counts
        as if that was now. What lies in the future was written before the clock was
        set back; it counts as if it was now, so that no call counts for days.
        """
        self._end_the_dead(page, now)
        latest = now + TOLERANCE
        for place, call in enumerate(page.calls):
            started, ended, _, _ = call
            if started <= latest and ended <= latest:
                continue
            mended = call._replace(
                started=min(call.started, now), ended=min(call.ended, now)
            )
            page.calls[place] = mended
            if mended.ended:  # else its own process may write its end just now
                write_call(self.book, page, place, mended)
        for limit, hold in page.holds.items():
            if hold.since > latest:
                page.holds[limit] = hold._replace(since=now)
                write_hold(self.book, page, limit, page.holds[limit])
        return page.calls

    def _end_the_dead(self, page: Page, now: float) -> None:
        """Write down the end of calls whose processes are gone."""
        alive: dict[int, bool] = {}
        if all(map(ENDED_OF, page.calls)):
            return
        for place, call in enumerate(page.calls):
            if call.ended:
                continue
            if call.holder not in alive:
                alive[call.holder] = self.book.is_alive(call.holder)
            if not alive[call.holder]:
                page.calls[place] = call._replace(ended=now)
                write_call(self.book, page, place, page.calls[place])


def free_place(calls: Iterable[Call], now: float) -> int:
    """Return the first record that is free: never used, or of a forgotten call."""
    place = -1
    for place, (_, ended, _, _) in enumerate(calls):
        if ended and ended + HOUR <= now:
            return place
    return place + 1


def outside(ours: Standing, used: int, allowed: int) -> int:
    """Return how many calls others made, if Mixpanel counted ``used``.

    What is left is what Mixpanel says, also where it allows the project another number
    than the usual one.
    """
    return RULES[ours.limit].count - ours.used - (allowed - used)


def room_at(ours: Standing, moment: float) -> int:
    """Return how many calls may count at a moment, beside those from here."""
    return RULES[ours.limit].count - sum(freed > moment for freed in ours.freed)
