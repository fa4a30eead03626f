"""One log line when something begins to go wrong, one when it is over."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field

__all__ = ["OutageLog"]

logger = logging.getLogger("mixpanel_pyramid.delivery")


@dataclass(slots=True)
class OutageLog:
    """Keeps the log readable while a service is away.

    Attributes:
        host: The service, for the text.
        lanes_down: Lanes whose latest attempt failed.
        since: What has been counted since the trouble began.
    """

    host: str
    lanes_down: set[str] = field(default_factory=set)
    since: Counter[str] = field(default_factory=Counter)

    def attempted(
        self, lane: str, result: str, number: int, reason: str, waiting: int
    ) -> None:
        """Note how an attempt ended.

        Args:
            lane: The lane's name.
            result: ``"sent"``, ``"refused"``, ``"unknown"`` or ``"retried"``.
            number: Messages in the batch.
            reason: Why it failed.
            waiting: Messages that wait now, in all lanes.
        """
        if result == "sent":
            self.succeeded(lane, number)
            return
        if result == "refused":
            self.refused(number, reason)
            return
        if not self.lanes_down:
            text = "%s takes no messages (%s); %d wait in memory and are sent later"
            logger.warning(text, self.host, reason, waiting)
        self.lanes_down.add(lane)
        self.since[result] += number

    def refused(self, number: int, reason: str) -> None:
        """Note that a batch was not wanted."""
        if not self.since["refused"]:
            text = "%s refused %d messages (%s); they are not sent again"
            logger.error(text, self.host, number, reason)
        self.since["refused"] += number

    def dropped(self, number: int, limit: int) -> None:
        """Note that messages found no room."""
        if number and not self.since["dropped"]:
            text = (
                "the queue for %s is full with %d messages (mixpanel.queue_size); "
                "new ones are dropped and counted"
            )
            logger.error(text, self.host, limit)
        self.since["dropped"] += number

    def succeeded(self, lane: str, number: int) -> None:
        """Note that messages were taken, and that the trouble is over if it is."""
        self.lanes_down.discard(lane)
        if self.lanes_down:
            return
        counts = {what: count for what, count in self.since.items() if count}
        if counts:
            told = ", ".join(
                f"{count} {what}" for what, count in sorted(counts.items())
            )
            text = "%s takes messages again, %d just now; since the trouble began: %s"
            logger.info(text, self.host, number, told)
        self.since.clear()
