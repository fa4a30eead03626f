"""The background consumer: a bounded queue, and one thread that delivers it."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from random import SystemRandom
from types import MappingProxyType
from urllib.parse import urlsplit
from weakref import WeakSet

from mixpanel_pyramid.consumer import Message
from mixpanel_pyramid.delivery import Attempt, Outcome, Sender, import_everything
from mixpanel_pyramid.destination import Destination
from mixpanel_pyramid.lanes import Backoff, Lane
from mixpanel_pyramid.outage_log import OutageLog
from mixpanel_schema.messages import library_version

__all__ = ["BackgroundConsumer", "DeliveryStats", "shared_consumer"]

logger = logging.getLogger(__name__)

# https://developer.mixpanel.com/reference/import-events and .../profile-batch-update
LARGEST_EVENT_BATCH = 2000
LARGEST_PROFILE_BATCH = 200


@dataclass(frozen=True, slots=True)
class DeliveryStats:
    """What became of the messages that this process released.

    Attributes:
        queued: Messages that wait now.
        sent: Messages that Mixpanel took.
        retried: Messages in batches that were put off, counted at each attempt.
        refused: Messages that Mixpanel read and did not want.
        unknown: Counting updates whose batch ended unclear; they are not repeated.
        dropped: Messages that found no room, by reason.
    """

    queued: int = 0
    sent: int = 0
    retried: int = 0
    refused: int = 0
    unknown: int = 0
    dropped: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


class BackgroundConsumer:
    """Takes released messages and delivers them in a thread of its own.

    The thread is started with the first message; a forked child starts its own and
    leaves what waited to its parent.

    Args:
        destination: Where messages go.
        backoff: How long to wait after a failure.
        make_sender: Makes what posts batches, in the thread that uses it.
        clock: Monotonic time, in seconds.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        backoff: Backoff = Backoff(),  # noqa: B008  # frozen
        make_sender: Callable[[str, float], Sender] = Sender,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.destination = destination
        self.backoff = backoff
        self.make_sender = make_sender
        self.clock = clock
        self.jitter = SystemRandom().random
        self.inherited: list[Sender] = []
        self.sender: Sender | None = None
        self.begin()
        watch(self)

    def begin(self) -> None:
        """Start empty, as a new process does."""
        # A child must not close the connection that its parent still uses.
        if self.sender is not None:
            self.inherited.append(self.sender)
        self.sender = None
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None
        self.events = Lane(LARGEST_EVENT_BATCH, self.backoff)
        self.profiles = Lane(LARGEST_PROFILE_BATCH, self.backoff)
        self.lanes = {"events": self.events, "profiles": self.profiles}
        self.counts = {"sent": 0, "retried": 0, "refused": 0, "unknown": 0}
        self.dropped = 0
        host = urlsplit(self.destination.base_url).netloc
        self.outage = OutageLog(host)

    def put(self, messages: list[Message]) -> None:
        """Take released messages; those that find no room are counted and dropped."""
        with self.changed:
            room = max(self.destination.queue_size - self.queued(), 0)
            taken = messages[:room]
            self.events.extend(m for m in taken if m.endpoint == "events")
            self.profiles.extend(m for m in taken if m.endpoint != "events")
            self.dropped += len(messages) - len(taken)
            self.outage.dropped(len(messages) - len(taken), self.destination.queue_size)
            self.ensure_thread()
            self.changed.notify_all()

    def queued(self) -> int:
        """Count the messages that wait."""
        return len(self.events.waiting) + len(self.profiles.waiting)

    def stats(self) -> DeliveryStats:
        """Tell what became of the messages so far."""
        with self.changed:
            dropped = {"queue full": self.dropped} if self.dropped else {}
            return DeliveryStats(
                queued=self.queued(), dropped=MappingProxyType(dropped), **self.counts
            )

    def flush(self, timeout: float) -> bool:
        """Wait until what was put before this call is settled.

        Args:
            timeout: Seconds to wait at most.

        Returns:
            Whether nothing of it waits any more.
        """
        deadline = self.clock() + timeout
        with self.changed:
            targets = [(lane, lane.accepted) for lane in self.lanes.values()]
            for lane in self.lanes.values():
                lane.hurry(self.clock())
            is_threaded = self.ensure_thread()
            self.changed.notify_all()

            def is_done() -> bool:
                return all(lane.settled >= target for lane, target in targets)

            if is_threaded or is_done():
                return self.changed.wait_for(is_done, timeout)
        # At shutdown, Python 3.12 and later start no thread any more.
        self.deliver(deadline)
        return is_done()

    def ensure_thread(self) -> bool:
        """Start the thread unless it runs; tell whether one does."""
        if self.thread is not None and self.thread.is_alive():
            return True
        if not self.queued():
            return False
        thread = threading.Thread(
            target=self.deliver, name="mixpanel-delivery", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # the interpreter is shutting down, or out of threads
            return False
        self.thread = thread
        return True

    def deliver(self, deadline: float | None = None) -> None:
        """Deliver for ever; with a deadline, until it, or until nothing waits."""
        while (name := self.next_lane(deadline)) is not None:
            self.attempt(name)

    def next_lane(self, deadline: float | None) -> str | None:
        """Wait until a lane has something to send, and name it."""
        with self.changed:
            while True:
                now = self.clock()
                busy = {n: lane for n, lane in self.lanes.items() if lane.waiting}
                due = [name for name, lane in busy.items() if lane.retry_at <= now]
                if deadline is not None and (now >= deadline or not busy):
                    return None
                if due:
                    return min(due, key=lambda name: busy[name].attempted_at)
                moments = [lane.retry_at for lane in busy.values()]
                if deadline is not None:
                    moments.append(deadline)
                self.changed.wait(min(moments) - now if moments else None)

    def attempt(self, name: str) -> None:
        """Send the next batch of a lane, and draw the consequence."""
        lane = self.lanes[name]
        with self.changed:
            batch = lane.next_batch()
        attempt = self.post(batch)
        with self.changed:
            result = lane.settle(batch, attempt, now=self.clock(), jitter=self.jitter())
            self.counts[result] += len(batch)
            self.outage.attempted(
                name, result, len(batch), attempt.reason, self.queued()
            )
            self.changed.notify_all()

    def post(self, batch: list[Message]) -> Attempt:
        """Send a batch, over the connection of this process."""
        sender = self.sender
        if sender is None:
            bounds = self.destination
            try:
                sender = self.make_sender(bounds.base_url, bounds.request_timeout)
            except (OSError, ValueError) as error:  # certificates, proxies
                reason = f"{type(error).__name__}: {error}"
                return Attempt(Outcome.NOT_APPLIED, reason)
            self.sender = sender
        return sender.post(batch)

    def disconnect(self) -> None:
        """Close the connection; the next message opens another."""
        sender, self.sender = self.sender, None
        if sender is not None:
            sender.close()


shared: dict[Destination, BackgroundConsumer] = {}
shared_lock = threading.Lock()
watched: WeakSet[BackgroundConsumer] = WeakSet()


def shared_consumer(destination: Destination) -> BackgroundConsumer:
    """Give this process's consumer for a destination, made on first use."""
    with shared_lock:
        consumer = shared.get(destination)
        if consumer is None:
            consumer = shared[destination] = BackgroundConsumer(destination)
        return consumer


def watch(consumer: BackgroundConsumer) -> None:
    """See to a consumer when the process forks and when it exits."""
    watch_process()
    watched.add(consumer)


@lru_cache(maxsize=1)
def watch_process() -> None:
    """Ask, once, to be told of forks and of the exit."""
    import_everything()
    library_version()  # it imports too, with the first event
    atexit.register(flush_at_exit)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=begin_again)


def begin_again() -> None:
    """Give a forked child queues and locks of its own."""
    global shared_lock  # the parent may have held it
    shared_lock = threading.Lock()
    for consumer in list(watched):
        consumer.begin()


def flush_at_exit() -> None:
    """Wait, within bounds, for what the process released before it ends."""
    for consumer in list(watched):
        if consumer.flush(consumer.destination.flush_timeout):
            consumer.disconnect()
        else:
            left = consumer.stats().queued
            text = "%d messages for %s were not delivered before the process ended"
            logger.warning(text, left, consumer.outage.host)
