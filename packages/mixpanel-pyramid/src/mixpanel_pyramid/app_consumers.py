"""The application's own consumers: one for each thread, and none that breaks a request.

A consumer in the sense of the official ``mixpanel`` library is anything with
``send(endpoint, json_message)``. It may have ``flush()``, and ``lost``: how many
messages it has given up so far.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import WeakSet

from mixpanel_pyramid.forks import at_fork
from mixpanel_pyramid.message import IMPORTS, Message, wire_text
from mixpanel_pyramid.settings import TrackingSettings

if TYPE_CHECKING:
    from mixpanel_pyramid.polite_consumer import PoliteBufferedConsumer

__all__ = ["AppConsumer", "ConsumerCounts", "ConsumerPerThread", "buffered_consumer"]

logger = logging.getLogger(__name__)

# A consumer that posts each message by itself would keep a request's end waiting for
# as many timeouts as there are messages.
MOST_FAILURES = 3


class AppConsumer(Protocol):
    """What the application's own consumer has to have."""

    def send(self, endpoint: str, json_message: str, /) -> object:
        """Take a message; an import comes with its credentials, third."""


class ConsumerCounts(NamedTuple):
    """What became of the messages.

    Attributes:
        sent: Messages that the consumers took.
        dropped: Messages that they did not take, by reason. What was buffered when a
            flush failed is among them, though some of it may have arrived.
    """

    sent: int = 0
    dropped: Mapping[str, int] = MappingProxyType({})


class ThreadsConsumer(threading.local):
    """The consumer of a thread.

    Attributes:
        consumer: The consumer, when there is one.
        unflushed: How many messages it has taken since it was last flushed.
        lost: How many messages it had given up when last asked.
    """

    consumer: AppConsumer | None = None
    unflushed: int = 0
    lost: int = 0


class ConsumerPerThread:
    """Gives released messages to the application's own consumer.

    Each thread has one of its own, made when the thread first needs it; a forked child
    makes new ones. One that fails is replaced: what it still holds may have been sent.

    Args:
        make: Makes a consumer.
        name: What it is called in the log.
    """

    def __init__(self, make: Callable[[], AppConsumer], name: str = "") -> None:
        self.make = make
        self.name = name or getattr(make, "__qualname__", repr(make))
        self.here = ThreadsConsumer()
        self.inherited: list[object] = []
        self.begin()
        watch_forks()
        watched.add(self)

    def begin(self) -> None:
        """Start with no consumer, as a new process does."""
        if self.here.consumer is not None:
            # Kept, so that nothing that its end would do is done twice.
            self.inherited.append(self.here.consumer)
        self.here = ThreadsConsumer()
        self.lock = threading.Lock()
        self.sent = 0
        self.dropped: dict[str, int] = {}
        self.is_failing = False

    def put(self, messages: list[Message], token: str) -> None:
        """Give messages to this thread's consumer, and flush it; never raise.

        Args:
            messages: The messages, none of them for Customer.io.
            token: The project's token, which they carry from here on.
        """
        failures = 0
        for number, message in enumerate(messages):
            if failures == MOST_FAILURES:
                self.drop("not tried after failures", len(messages) - number)
                return
            consumer = self.consumer()
            if consumer is None:
                self.drop("no consumer", len(messages) - number)
                return
            failures = 0 if self.sends(consumer, message, token) else failures + 1
        self.flush()

    def consumer(self) -> AppConsumer | None:
        """Give this thread's consumer; None if it cannot be made."""
        here = self.here
        if here.consumer is None:
            try:
                here.consumer, here.unflushed, here.lost = self.make(), 0, 0
            except Exception as error:
                self.tell("cannot be made", error)
        return here.consumer

    def sends(self, consumer: AppConsumer, message: Message, token: str) -> bool:
        """Give a message to a consumer; tell whether it took it."""
        text = wire_text(message, token)
        try:
            if message.endpoint == IMPORTS:
                pair = message.credentials or (None, None)
                consumer.send(message.endpoint, text, pair)  # type: ignore[call-arg]
            else:
                consumer.send(message.endpoint, text)
        except Exception as error:
            self.replace("does not take a message", "send failed", error)
            return False
        if hasattr(consumer, "flush"):
            self.here.unflushed += 1
        else:
            self.took(1)
        return True

    def flush(self, timeout: float = 5.0) -> bool:
        """Flush this thread's consumer, if it can be; never raise.

        Args:
            timeout: Nothing: it is the consumer that knows how long it may take.

        Returns:
            Whether it has taken everything that this thread gave to it.
        """
        here = self.here
        consumer = here.consumer
        if consumer is None or not hasattr(consumer, "flush"):
            return True
        try:
            consumer.flush()
        except Exception as error:
            self.replace("cannot flush", "flush failed", error)
            return False
        left = whole(consumer, "waiting")
        lost = whole(consumer, "lost")
        newly_lost, here.lost = lost - here.lost, lost
        if newly_lost:
            self.drop("flush failed", newly_lost)
        self.took(here.unflushed - newly_lost - left)
        here.unflushed = left
        return not newly_lost and not left

    def replace(self, text: str, reason: str, error: Exception) -> None:
        """Let go of this thread's consumer, and of what it may hold."""
        here = self.here
        is_sending = reason == "send failed"
        self.drop(reason, here.unflushed + (1 if is_sending else 0))
        here.consumer, here.unflushed = None, 0
        self.tell(text, error)

    def took(self, number: int) -> None:
        """Count messages that a consumer took, and say that an outage is over."""
        if not number:
            return
        with self.lock:
            self.sent += number
            was_failing, self.is_failing = self.is_failing, False
            dropped = sum(self.dropped.values())
        if was_failing:
            text = "the consumer %s takes messages again; %d were dropped so far"
            logger.info(text, self.name, dropped)

    def drop(self, reason: str, number: int) -> None:
        """Count messages that are lost."""
        if number:
            with self.lock:
                self.dropped[reason] = self.dropped.get(reason, 0) + number

    def tell(self, text: str, error: Exception) -> None:
        """Log a failure, once until it is over."""
        with self.lock:
            was_failing, self.is_failing = self.is_failing, True
        if not was_failing:
            told = "the consumer %s %s (%s: %s); what is lost is counted"
            logger.error(told, self.name, text, type(error).__name__, error)

    def counts(self) -> ConsumerCounts:
        """Tell what became of the messages of all threads."""
        with self.lock:
            return ConsumerCounts(self.sent, MappingProxyType(dict(self.dropped)))


def whole(consumer: object, attribute: str) -> int:
    """Read a number that a consumer may have."""
    value = getattr(consumer, attribute, 0)
    return value if type(value) is int else 0


def buffered_consumer(settings: TrackingSettings) -> ConsumerPerThread:
    """Make what ``mixpanel.consumer = buffered`` stands for."""
    return ConsumerPerThread(partial(polite_consumer, settings), "buffered")


def polite_consumer(settings: TrackingSettings) -> PoliteBufferedConsumer:
    """Make a ``PoliteBufferedConsumer`` that posts where the settings say."""
    from mixpanel_pyramid.polite_consumer import PoliteBufferedConsumer

    url = settings.base_url
    consumer = PoliteBufferedConsumer(
        events_url=f"{url}/track",
        people_url=f"{url}/engage",
        groups_url=f"{url}/groups",
        import_url=f"{url}/import",
        request_timeout=settings.request_timeout,
        retry_limit=0,  # its repeats apply counters twice
    )
    consumer.most_waiting = settings.queue_size
    return consumer


watched: WeakSet[ConsumerPerThread] = WeakSet()


@lru_cache(maxsize=1)
def watch_forks() -> None:
    """Ask, once, to be told of forks."""
    at_fork(after_in_child=begin_again)


def begin_again() -> None:
    """Let a forked child make consumers of its own."""
    for consumer in list(watched):
        consumer.begin()
