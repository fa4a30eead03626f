"""A process that does nothing but send what waits in an outbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Event

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.disk_lanes import DISK_ERRORS
from mixpanel_pyramid.dispatch import dispatch_for
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.settings import TrackingSettings, read_settings
from mixpanel_pyramid.settings_table import SETTINGS

__all__ = ["OutboxSender", "sending_settings"]

LOOK = 0.1  # seconds between looks at what is left
BETWEEN_NEWS = 2.0  # seconds
# What a sender needs to know; the rest is the app's, and would import it.
NEEDED = frozenset(
    {
        "mixpanel.token",
        "mixpanel.region",
        "mixpanel.base_url",
        "mixpanel.api_secret",
        "mixpanel.outbox",
        "mixpanel.outbox_sync",
        "mixpanel.outbox_max_mb",
        "mixpanel.queue_size",
        "mixpanel.request_timeout",
        "mixpanel.flush_timeout",
    }
)
PREFIXES = ("mixpanel.service_account.", "customerio.tracking.")


def sending_settings(
    given: Mapping[str, object], environment: Mapping[str, str]
) -> TrackingSettings:
    """Read what a sender needs of an app's settings, without importing the app.

    Args:
        given: The settings of the app.
        environment: Says what the settings do not: ``MIXPANEL_TOKEN`` is
            ``mixpanel.token``.

    Raises:
        MixpanelSettingsError: If anything is wrong; it names every problem.
    """
    known = [setting.name for setting in SETTINGS]
    found: dict[str, object] = {}
    for name in known:
        if name in NEEDED or name.startswith(PREFIXES):
            variable = name.upper().replace(".", "_")
            value = given.get(name, environment.get(variable))
            if value is not None:
                found[name] = value
    return read_settings(found)


class OutboxSender:
    """Sends what waits in an outbox, or watches another process do so.

    Args:
        settings: The settings, with a token and an outbox.
    """

    def __init__(self, settings: TrackingSettings) -> None:
        dispatch = dispatch_for(settings)
        self.flush_timeout = settings.flush_timeout
        self.outbox = dispatch.outbox
        self.consumers = [
            target
            for target in dispatch.targets()
            if isinstance(target, BackgroundConsumer)
        ]

    def start(self) -> None:
        """Stand for election as a sender, and send if elected."""
        for consumer in self.consumers:
            consumer.notice()

    def follow(self, ended: Event) -> None:
        """Send whatever comes, until told that it is over."""
        ended.wait()

    def finish(
        self, ended: Event, patience: float, tell: Callable[[int], None]
    ) -> list[str]:
        """Wait until nothing waits that waits now.

        Args:
            ended: Set to give up early.
            patience: Seconds without any progress after which it gives up.
            tell: Told now and then how many messages are left.

        Returns:
            The destinations for which something still waits.
        """
        outbox, clock = self.outbox, time.monotonic
        if outbox is None:
            return []
        left = dict.fromkeys(self.consumers, -1)
        moved_at = clock()
        tell_at = moved_at + BETWEEN_NEWS
        while left and clock() < moved_at + patience:
            for consumer in list(left):
                first = first_of(outbox, consumer)
                if first == 0:
                    del left[consumer]
                elif first != left[consumer]:
                    left[consumer], moved_at = first, clock()
            if left and ended.wait(LOOK):
                break
            if left and clock() >= tell_at:
                tell(sum(count_of(outbox, consumer) for consumer in left))
                tell_at = clock() + BETWEEN_NEWS
        return [consumer.service.address.label for consumer in left]

    def stop(self) -> bool:
        """End what is under way, within bounds; tell whether it did end."""
        deadline = time.monotonic() + self.flush_timeout
        for consumer in self.consumers:
            consumer.stop(0.0)
        # All of them, also after one that did not end in time.
        ends = [c.stop(max(deadline - time.monotonic(), 0.0)) for c in self.consumers]
        return all(ends)

    def count(self, of: Callable[[BackgroundConsumer], int]) -> int:
        """Add up a number of all destinations."""
        return sum(of(consumer) for consumer in self.consumers)


def first_of(outbox: Outbox, consumer: BackgroundConsumer) -> int:
    """Give the oldest message for a destination; -1 where the file cannot be read."""
    try:
        return outbox.first(consumer.service.address)
    except DISK_ERRORS:
        return -1


def count_of(outbox: Outbox, consumer: BackgroundConsumer) -> int:
    """Count the messages for a destination; 0 where the file cannot be read."""
    try:
        return outbox.count(consumer.service.address)
    except DISK_ERRORS:
        return 0
