"""Where the application's own consumers stand in place of the delivery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from mixpanel_pyramid.app_consumers import ConsumerPerThread, buffered_consumer
from mixpanel_pyramid.delivery_counts import DeliveryStats

if TYPE_CHECKING:
    from mixpanel_pyramid.app_consumers import AppConsumer
    from mixpanel_pyramid.message import Message
    from mixpanel_pyramid.settings import TrackingSettings

__all__ = ["AppTarget", "consumers_of"]


class AppTarget:
    """Gives messages to the application's own consumers.

    Args:
        consumers: The consumers.
        token: The project's token.
    """

    def __init__(self, consumers: ConsumerPerThread, token: str) -> None:
        self.consumers = consumers
        self.token = token

    def put(self, messages: Sequence[Message]) -> None:
        """Take messages; never raises."""
        self.consumers.put(list(messages), self.token)

    def flush(self, timeout: float) -> bool:
        """Flush this thread's consumer; tell whether it holds nothing any more."""
        return self.consumers.flush(timeout)

    def stats(self) -> DeliveryStats:
        """Tell what became of the messages so far."""
        sent, dropped = self.consumers.counts()
        return DeliveryStats(sent=sent, dropped=dropped)


def consumers_of(settings: TrackingSettings) -> ConsumerPerThread:
    """Make what ``mixpanel.consumer`` stands for."""
    if settings.consumer == "buffered":
        return buffered_consumer(settings)
    return ConsumerPerThread(cast("Callable[[], AppConsumer]", settings.consumer))
