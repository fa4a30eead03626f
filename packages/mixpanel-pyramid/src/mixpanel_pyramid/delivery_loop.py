"""The delivery loop: which batch goes next, when, and what its end leads to.

One thread at a time runs it: the background consumer's own or, as a process ends, the
one that waits for the end.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from random import SystemRandom
from urllib.parse import urlsplit

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.destination import Destination
from mixpanel_pyramid.disk_lanes import DISK_ERRORS, DiskLanes
from mixpanel_pyramid.lanes import Backoff, Lane, Result
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outage_log import OutageLog
from mixpanel_pyramid.outbox import MORE_PATIENCE, Outbox
from mixpanel_pyramid.outbox_file import is_busy
from mixpanel_pyramid.services import Sender, Service, service_of
from mixpanel_pyramid.shelves import MemoryShelf

__all__ = ["DeliveryLoop"]

logger = logging.getLogger("mixpanel_pyramid.delivery")

LINGER = 0.2  # seconds that a small batch waits for more after the one before
ALERT = 10.0  # seconds after a batch for which more is expected
BROKER_DOWN = "broker down"  # nothing else is given up for being away
LOOK = 0.1  # seconds between looks at an outbox


class DeliveryLoop:
    """Delivers what waits for one service, in memory and on disk.

    Args:
        destination: Where messages go.
        outbox: Where they wait on disk; None for memory alone.
        backoff: How long to wait after a failure.
        service: How they are delivered; by default as the destination's kind is.
        clock: Monotonic time, in seconds.
    """

    def __init__(
        self,
        destination: Destination,
        outbox: Outbox | None = None,
        *,
        backoff: Backoff = Backoff(),  # noqa: B008  # frozen
        service: Service | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.destination = destination
        self.outbox = outbox
        self.backoff = backoff
        self.service = service or service_of(destination)
        self.clock = clock
        self.jitter = SystemRandom().random
        self.inherited: list[object] = []
        self.sender: Sender | None = None
        self.disk: DiskLanes | None = None
        self.begin()

    def begin(self) -> None:
        """Start empty, as a new process does."""
        # A child must not close the connection that its parent still uses.
        self.inherited += [self.sender, self.disk and self.disk.candidate]
        self.sender = None
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.is_idle = self.is_stopping = self.is_settling = False
        self.alert_until = 0.0
        self.flushes = 0
        self.lanes: dict[str, Lane] = {}
        self.in_memory: list[MemoryShelf] = []
        self.shelves: dict[str, MemoryShelf] = {}
        patience = None if self.outbox else self.service.patience
        for rule in self.service.lanes:
            shelf = MemoryShelf()
            self.lanes[rule.name] = Lane(
                rule.name,
                rule.largest,
                rule.most_bytes,
                self.backoff,
                shelf,
                patience,
                mixes=rule.mixes,
            )
            self.in_memory.append(shelf)
            self.shelves |= dict.fromkeys(rule.endpoints, shelf)
        self.disk = None
        if self.outbox is not None:
            self.disk = DiskLanes(self.outbox, self.service, self.backoff)
        self.counts = {"sent": 0, "retried": 0, "refused": 0, "unknown": 0}
        self.dropped: Counter[str] = Counter()
        self.outage = OutageLog(
            self.service.host or urlsplit(self.destination.base_url).netloc,
            "in the outbox" if self.disk else "in memory",
        )

    def take(self, messages: Sequence[Message]) -> None:
        """Take messages into memory; the caller holds the lock.

        What finds no room is counted and dropped: the newest, as what waits is older.
        """
        room = self.destination.queue_size
        for shelf in self.in_memory:
            room -= len(shelf.waiting)
        taken = messages if len(messages) <= room else messages[: max(room, 0)]
        for message in taken:
            shelf = self.shelves[message.endpoint]
            shelf.waiting.append(message)
            shelf.accepted += 1
        if taken is not messages:
            number = len(messages) - len(taken)
            self.dropped["queue full"] += number
            self.outage.dropped(number, self.destination.queue_size)

    def queued(self) -> int:
        """Count the messages that wait in memory."""
        number = 0
        for shelf in self.in_memory:
            number += len(shelf.waiting)
        return number

    def hurry(self) -> None:
        """Attempt at once what was put off; the caller holds the lock."""
        now = self.clock()
        for lane in self.all_lanes():
            lane.hurry(now)
        self.is_idle = False
        self.changed.notify_all()

    def all_lanes(self) -> list[Lane]:
        """Give all lanes, whatever is in them."""
        return [*self.lanes.values(), *(self.disk.lanes if self.disk else ())]

    def deliver(self, deadline: float | None = None) -> None:
        """Deliver for ever; with a deadline, until it, or until nothing waits."""
        while True:
            try:
                lane = self.next_lane(deadline)
                if lane is None:
                    return
                self.attempt(lane, deadline)
            except Exception:
                # Nothing may end this thread; without it messages wait for ever.
                self.outage.surprised()
                time.sleep(1.0)

    def next_lane(self, deadline: float | None) -> Lane | None:
        """Wait until a lane has something to send, and give it."""
        while True:
            self.see_to_disk()
            with self.changed:
                if self.is_stopping and deadline is None:
                    return None
                now = self.clock()
                busy = [
                    lane for lane in self.lanes.values() if not lane.shelf.is_empty()
                ]
                busy += self.newest_on_disk()
                if deadline is not None and (now >= deadline or not busy):
                    return None
                due = [lane for lane in busy if lane.retry_at <= now]
                if due:
                    return min(due, key=lambda lane: lane.attempted_at)
                moments = [lane.retry_at - now for lane in busy]
                moments += [] if deadline is None else [deadline - now]
                self.rest(moments, now, is_busy=bool(busy))

    def newest_on_disk(self) -> list[Lane]:
        """Give the lanes on disk that may be sent from; the caller holds the lock.

        What was taken into memory, when the file could not be used, is older.
        """
        if self.disk is None:
            return []
        older = [not lane.shelf.is_empty() for lane in self.lanes.values()]
        behind = {
            id(lane)
            for lane, is_behind in zip(self.disk.lanes, older, strict=True)
            if is_behind
        }
        return [lane for lane in self.disk.waiting() if id(lane) not in behind]

    def rest(self, moments: list[float], now: float, *, is_busy: bool) -> None:
        """Wait for something to send; the caller holds the lock.

        Waking a thread costs the request that does it more than all else here. So
        while messages come, this one looks by itself from time to time, and it is
        woken only after a silence; then it gives the request time to end.
        """
        if self.disk is not None:
            moments.append(LOOK)
        elif not is_busy and now < self.alert_until:
            moments.append(LINGER)
        self.is_idle = not is_busy and not moments
        was_idle = self.is_idle
        self.changed.wait(min(moments) if moments else None)
        self.is_idle = False
        if was_idle and not self.flushes and not self.is_stopping:
            self.changed.wait(LINGER)

    def see_to_disk(self) -> None:
        """Bring what waits in memory to disk, or the other way; stand for election."""
        if self.outbox is None or self.disk is None:
            return
        if not self.outbox.mend() and self.outbox.problem:
            self.take_over(self.outbox)
        self.disk.look()

    def may_take_over(self, outbox: Outbox) -> bool:
        """Tell whether what cannot be written is to be sent from memory.

        Where a full outbox still gives out what is in it, that is older, and goes
        first; then there is room again. Being busy is no reason: it passes.
        """
        if not outbox.spill:  # what comes in a moment may be younger than the file's
            return False
        if self.disk and self.disk.is_unusable:
            return True
        try:
            return outbox.first(self.service.address, MORE_PATIENCE) == 0
        except DISK_ERRORS as error:
            return not is_busy(error)

    def take_over(self, outbox: Outbox) -> None:
        """Deliver from memory what the outbox cannot hold, where it is the oldest."""
        address = self.service.address
        written = outbox.last_rows.get(address, 0)  # before the look, which takes time
        if not self.may_take_over(outbox):
            return
        # Without a moment in which a message is in neither place, for who looks then.
        with self.changed:
            room = self.destination.queue_size - self.queued()
            rows = outbox.take_spill(address, room, written)
            self.take([row.message for row in rows])

    def attempt(self, lane: Lane, deadline: float | None) -> None:
        """Send the next batch of a lane, and draw the consequence."""
        guard = self.guard(lane)
        try:
            with guard:
                batch = lane.next_batch()
                if batch:
                    lane.shelf.begin()
            if not batch:
                return
            within = None if deadline is None else max(deadline - self.clock(), 0.0)
            attempt = self.post(batch, within)
            self.is_settling = True  # until it is counted too, for those who wait
            with guard:
                now, jitter = self.clock(), self.jitter()
                result = lane.settle(batch, attempt, now=now, jitter=jitter)
        except DISK_ERRORS as error:
            self.is_settling = False
            lane.back_off(Attempt(Outcome.NOT_APPLIED), self.clock(), self.jitter())
            assert self.disk is not None  # else nothing raises these
            self.disk.fail(error)
            return
        self.note(lane, len(batch), result)

    def note(self, lane: Lane, number: int, result: Result) -> None:
        """Count what became of a batch."""
        with self.changed:
            for what in self.counts:
                self.counts[what] += getattr(result, what)
            if result.dropped:
                self.dropped[BROKER_DOWN] += result.dropped
            self.alert_until = self.clock() + ALERT
            waiting = None if self.disk else self.queued()
            self.outage.attempted(lane.name, result, waiting)
            is_all = number < lane.largest and not lane.shelf.has_more
            if result.sent and is_all and not self.flushes:
                lane.retry_at = max(lane.retry_at, self.clock() + LINGER)
            self.is_settling = False
            self.changed.notify_all()

    def guard(self, lane: Lane) -> AbstractContextManager[object]:
        """Give the lock of the place where a lane's messages wait."""
        if isinstance(lane.shelf, MemoryShelf) or self.disk is None:
            return self.changed
        return self.disk.lock

    def post(self, batch: list[Message], within: float | None) -> Attempt:
        """Send a batch, over the connection of this process."""
        sender = self.sender
        if sender is None:
            try:
                sender = self.service.make_sender()
            except Exception as error:  # certificates, proxies, a broker's settings
                reason = f"{type(error).__name__}: {error}"
                return Attempt(Outcome.NOT_APPLIED, reason)
            self.sender = sender
        try:
            return sender.post(batch, within)
        except Exception as error:
            # It may have been posted by then: what counts must not be posted again.
            logger.exception("it is unclear what became of a batch of messages")
            return Attempt(Outcome.AMBIGUOUS, type(error).__name__)

    def disconnect(self) -> None:
        """Close the connection; the next message opens another."""
        sender, self.sender = self.sender, None
        if sender is not None:
            sender.close()
