"""The background consumer: takes what was released, and delivers it in a thread.

Any thread may put messages; the delivery itself is one thread's, in each process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from mixpanel_pyramid.delivery_counts import DeliveryStats
from mixpanel_pyramid.delivery_loop import DeliveryLoop
from mixpanel_pyramid.destination import Destination
from mixpanel_pyramid.disk_lanes import DISK_ERRORS
from mixpanel_pyramid.lanes import Backoff
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox, OutboxRow
from mixpanel_pyramid.process_watch import watch
from mixpanel_pyramid.services import Service
from mixpanel_pyramid.shelves import MemoryShelf

__all__ = ["BackgroundConsumer"]


class BackgroundConsumer(DeliveryLoop):
    """Takes released messages and delivers them in a thread of its own.

    The thread is started with the first message; a forked child starts its own and
    leaves what waited to its parent.

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
        super().__init__(
            destination, outbox, backoff=backoff, service=service, clock=clock
        )
        watch(self)

    def begin(self) -> None:
        """Start empty, as a new process does."""
        super().begin()
        self.thread: threading.Thread | None = None

    def put(self, messages: Sequence[Message]) -> None:
        """Take messages into memory; what finds no room is counted and dropped."""
        with self.lock:  # that of ``changed``, whose own ``with`` takes four calls
            self.take(messages)
            if self.is_idle or self.thread is None:
                self.wake()

    def notice(self) -> None:
        """Hear that there is something new in the outbox."""
        with self.changed:
            self.wake()

    def wake(self) -> None:
        """See that somebody delivers; the caller holds the lock."""
        if self.is_idle:
            self.is_idle = False
            self.changed.notify_all()
        elif self.thread is None:
            self.ensure_thread()

    def work(self) -> None:
        """Deliver until told to stop; then somebody else may be started."""
        try:
            self.deliver()
        finally:
            # Not so in a child that this thread forked: it began with none.
            if self.thread is threading.current_thread():
                self.thread = None

    def ensure_thread(self) -> bool:
        """Start the thread unless it runs; tell whether one does."""
        if self.thread is not None and self.thread.is_alive():
            return True
        if not (self.queued() or self.disk):
            return False
        self.is_stopping = False
        thread = threading.Thread(
            target=self.work,
            name=f"{self.service.address.key.partition('-')[0]}-delivery",
            daemon=True,
        )
        self.thread = thread
        try:
            thread.start()
        except RuntimeError:  # the interpreter is shutting down, or out of threads
            self.thread = None
            return False
        return True

    def stats(self) -> DeliveryStats:
        """Tell what became of the messages so far."""
        on_disk = 0
        if self.outbox is not None and not self.outbox.problem:
            try:
                on_disk = self.outbox.count(self.service.address)
            except DISK_ERRORS:
                on_disk = 0
        with self.changed:
            unknown = self.counts["unknown"] + (self.disk.unknown if self.disk else 0)
            return DeliveryStats(
                queued=self.queued() + on_disk,
                sent=self.counts["sent"],
                retried=self.counts["retried"],
                refused=self.counts["refused"],
                unknown=unknown,
                dropped=dict(self.dropped),
            )

    def flush(self, timeout: float, *, leaving: bool = False) -> bool:
        """Wait until what this process released before the call is settled.

        Args:
            timeout: Seconds to wait at most.
            leaving: Whether the process ends. Then what another process will send is
                not waited for; but what waits in an outbox that only this one sends
                from is, while that goes well.

        Returns:
            Whether nothing of it waits any more.
        """
        deadline = self.clock() + timeout
        # First, because what leaves it is in one of the others from then on.
        spilled = self.spilled()
        targets, last = self.released()
        with self.changed:
            is_threaded = self.ensure_thread()
            self.flushes += 1
            self.hurry()
        newest = self.newest_of_all() if leaving else 0

        def is_done() -> bool:
            nonlocal spilled, targets, last
            if spilled:
                present = set(map(id, self.spilled()))
                if any(id(row) in present for row in spilled):
                    return False
                spilled, (targets, last) = [], self.released()
            if any(shelf.settled < target for shelf, target in targets):
                return False
            if self.waits_on_disk(last, leaving) or self.has_backlog(newest):
                return False
            return not self.is_settling

        try:
            if not is_threaded and not is_done():
                # At shutdown, Python 3.12 and later start no thread any more.
                self.deliver(deadline)
            return self.wait_until(is_done, deadline)
        finally:
            with self.changed:
                self.flushes -= 1

    def spilled(self) -> list[OutboxRow]:
        """Give what waits in memory because the outbox could not take it."""
        if self.outbox is None:
            return []
        address = self.service.address
        return [row for row in list(self.outbox.spill) if row.address == address]

    def released(self) -> tuple[list[tuple[MemoryShelf, int]], int]:
        """Tell how much was released so far: to each shelf, and to the outbox."""
        with self.changed:
            targets = [(shelf, shelf.accepted) for shelf in self.in_memory]
        if self.outbox is None:
            return targets, 0
        return targets, self.outbox.last_rows.get(self.service.address, 0)

    def wait_until(self, is_done: Callable[[], bool], deadline: float) -> bool:
        """Wait for something that ends with an attempt, here or in another process."""
        pause = 0.01
        while not is_done():
            now = self.clock()
            if now >= deadline:
                return False
            with self.changed:
                self.changed.wait(min(pause, deadline - now))
            pause = min(pause * 1.5, 0.25)
        return True

    def waits_on_disk(self, last: int, leaving: bool) -> bool:
        """Tell whether the outbox still holds what this process wrote to it."""
        outbox, disk = self.outbox, self.disk
        if outbox is None or disk is None or not last:
            return False
        if leaving and disk.has_stood and not disk.elected:
            return False
        try:
            return outbox.waits_for(self.service.address, last)
        except DISK_ERRORS:
            return True

    def newest_of_all(self) -> int:
        """Give the number of the newest message in the outbox; 0 where that fails."""
        if self.outbox is None or self.outbox.problem:
            return 0
        try:
            return self.outbox.newest()
        except DISK_ERRORS:
            return 0

    def has_backlog(self, newest: int) -> bool:
        """Tell whether messages up to one wait that only this process would send now.

        Without it, a script that ends at once would never send what one before it,
        which was killed, has left behind.
        """
        outbox, disk = self.outbox, self.disk
        if not newest or outbox is None or disk is None:
            return False
        is_out = disk.has_stood and not disk.elected
        if is_out or any(lane.failures for lane in disk.lanes):
            return False
        try:
            return 0 < outbox.first(self.service.address) <= newest
        except DISK_ERRORS:
            return False

    def stop(self, timeout: float) -> bool:
        """Let the batch that is under way end, and begin no other.

        A post that is cut would leave it unclear whether what counts was applied. What
        waits in an outbox stays there for whoever sends next.

        Args:
            timeout: Seconds to wait at most.

        Returns:
            Whether nothing is under way any more.
        """
        with self.changed:
            self.is_stopping, thread = True, self.thread
            self.changed.notify_all()
        if thread is not None:
            thread.join(timeout)
            if thread.is_alive():
                return False
        self.disconnect()
        if self.disk is not None:
            self.disk.resign()
        return True
