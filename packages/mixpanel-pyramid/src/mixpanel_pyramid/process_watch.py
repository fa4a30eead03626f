"""What happens to consumers and outboxes when their process forks or exits."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakSet

from mixpanel_pyramid.delivery import import_everything
from mixpanel_pyramid.forks import at_fork
from mixpanel_schema.messages import library_version

if TYPE_CHECKING:
    from mixpanel_pyramid.background import BackgroundConsumer
    from mixpanel_pyramid.outbox import Outbox

__all__ = ["watch", "watch_outbox"]

logger = logging.getLogger(__name__)

IN_OUTAGE = 1.0  # seconds; what is on disk loses nothing by the end of a process

consumers: WeakSet[BackgroundConsumer] = WeakSet()
outboxes: WeakSet[Outbox] = WeakSet()
held: list[threading.Lock] = []
forking = threading.Lock()  # two threads may fork at once


def watch(consumer: BackgroundConsumer) -> None:
    """See to a consumer when the process forks and when it exits."""
    watch_process()
    consumers.add(consumer)


def watch_outbox(outbox: Outbox) -> None:
    """See to an outbox when the process forks."""
    watch_process()
    outboxes.add(outbox)


@lru_cache(maxsize=1)
def watch_process() -> None:
    """Ask, once, to be told of forks and of the exit."""
    import_everything()
    library_version()  # it imports too, with the first event
    atexit.register(flush_at_exit)
    at_fork(before=hold_still, after_in_parent=go_on, after_in_child=begin_again)


def hold_still() -> None:
    """Keep all threads out of SQLite, and its connections out of the child.

    A lock inside SQLite that another thread holds would stay held in the child, and a
    connection that both use would spoil the file.
    """
    forking.acquire()
    for consumer in list(consumers):
        if consumer.disk is not None:
            hold(consumer.disk.lock)
            consumer.disk.reader.close()
    for outbox in list(outboxes):
        hold(outbox.reading)
        hold(outbox.lock)
        outbox.close()


def hold(lock: threading.Lock) -> None:
    """Take a lock until the fork is over."""
    lock.acquire()
    held.append(lock)


def go_on() -> None:
    """Let the parent's threads work on."""
    while held:
        held.pop().release()
    forking.release()


def begin_again() -> None:
    """Give a forked child queues and locks of its own."""
    global forking
    forking = threading.Lock()
    held.clear()
    for outbox in list(outboxes):
        outbox.begin()
    for consumer in list(consumers):
        consumer.begin()


def flush_at_exit() -> None:
    """Wait, within bounds, for what the process released before it ends."""
    for consumer in list(consumers):
        if consumer.is_stopping:
            continue
        timeout = consumer.destination.flush_timeout
        deadline = time.monotonic() + timeout
        if consumer.outage.lanes_down and is_on_disk(consumer, deadline):
            timeout = IN_OUTAGE
        timeout = min(timeout, max(deadline - time.monotonic(), 0.0))
        is_done = consumer.flush(timeout, leaving=True)
        consumer.stop(max(deadline - time.monotonic(), 0.0))
        if is_done:
            continue
        left = consumer.stats().queued
        text = "%d messages for %s were not delivered before the process ended%s"
        later = ", and wait in the outbox" if consumer.disk else ""
        logger.warning(text, left, consumer.outage.host, later)


def is_on_disk(consumer: BackgroundConsumer, deadline: float) -> bool:
    """Bring what an outbox did not take yet to disk; tell whether all of it is."""
    outbox = consumer.outbox
    if outbox is None:
        return False
    consumer.wait_until(lambda: not consumer.spilled() or outbox.mend(), deadline)
    return not (consumer.spilled() or consumer.queued())
