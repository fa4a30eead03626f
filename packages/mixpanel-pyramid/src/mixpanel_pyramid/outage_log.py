"""One log line when something begins to go wrong, one when it is over."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field

from mixpanel_pyramid.lanes import Result

__all__ = ["OutageLog"]

logger = logging.getLogger("mixpanel_pyramid.delivery")


@dataclass(slots=True)
class OutageLog:
    """Keeps the log readable while a service is away.

    Attributes:
        host: The service, for the text.
        where: Where messages wait meanwhile, for the text.
        lanes_down: Lanes whose latest attempt failed.
        since: What has been counted since the trouble began.
    """

    host: str
    where: str = "in memory"
    lanes_down: set[str] = field(default_factory=set)
    since: Counter[str] = field(default_factory=Counter)

    def attempted(self, lane: str, result: Result, waiting: int | None) -> None:
        """Note how an attempt ended.

        Args:
            lane: The lane's name.
            result: What became of the batch.
            waiting: Messages that wait now, in all lanes; None where that is not
                known.
        """
        if result.refused:
            self.refused(result.refused, result.reason)
        if result.unknown or result.retried or result.dropped:
            self.failed(lane, result, waiting)
        elif result.sent:
            self.succeeded(lane, result.sent)

    def failed(self, lane: str, result: Result, waiting: int | None) -> None:
        """Note that a batch was not taken."""
        if not self.lanes_down:
            text = "%s takes no messages (%s); %s wait %s and are sent later"
            number = "they" if waiting is None else f"{waiting}"
            logger.warning(text, self.host, result.reason, number, self.where)
        self.lanes_down.add(lane)
        if result.dropped and not self.since["given up"]:
            text = (
                "%s is still away (%s); what waits in memory is given up and counted; "
                "with mixpanel.outbox it is kept"
            )
            logger.error(text, self.host, result.reason)
        self.since["given up"] += result.dropped
        self.since["unknown"] += result.unknown
        self.since["retried"] += result.retried

    def refused(self, number: int, reason: str) -> None:
        """Note that messages were not wanted."""
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

    def surprised(self) -> None:
        """Log the error of ours that is being handled, once until it is over."""
        if not self.since["errors"]:
            logger.exception("the delivery of Mixpanel messages goes on after")
        self.since["errors"] += 1

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
