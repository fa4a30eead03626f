"""The official library's buffered consumer, made to break nothing.

It is imported on first use only, because the library costs 0.2 s.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mixpanel import BufferedConsumer  # type: ignore[import-untyped]

from mixpanel_pyramid.message import IDENTITY_EVENTS, message_from_text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PoliteBufferedConsumer"]

# The name that pyramid_mixpanel's had, but for the package's.
LOGGER = "mixpanel_pyramid.consumer"
# As in https://developer.mixpanel.com/reference/track-event
LARGEST_BATCH = 50

Batch = list[str]
Place = tuple[str, object]  # endpoint and credentials


class PoliteBufferedConsumer(BufferedConsumer):  # type: ignore[misc]  # has no hints
    """Buffers messages until ``flush``, and logs what fails instead of raising.

    Unlike its base it never sends before ``flush``, holds at most ``most_waiting``
    messages, keeps the credentials of imports apart, and never sends a batch again
    that counts. What the network lost is sent with the next flush, if a repeat of it
    changes nothing; the rest is lost, and counted.

    Args:
        use_structlog: Whether to log through structlog.
        args: As of ``mixpanel.BufferedConsumer``.
        kwargs: The same.

    Attributes:
        most_waiting: How many messages may wait; the newest beyond that are lost.
        lost: How many messages were lost so far.
    """

    most_waiting = 100_000

    def __init__(
        self, use_structlog: bool = False, *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.use_structlog = use_structlog
        self.lost = 0
        self.is_down = False
        self.places: dict[Place, Batch] = {}

    @property
    def waiting(self) -> int:
        """How many messages wait."""
        return sum(map(len, self.places.values()))

    def send(
        self,
        endpoint: str,
        json_message: str,
        api_key: object = None,
        api_secret: str | None = None,
    ) -> None:
        """Let a message wait for ``flush``.

        Args:
            endpoint: Where it goes.
            json_message: The message.
            api_key: What an import came with; key and secret in a pair, or the key.
            api_secret: The secret, where the key is not in a pair.
        """
        if self.waiting >= self.most_waiting:
            self.lost += 1
            self.tell(f"{self.most_waiting} messages wait already; new ones are lost")
            return
        credentials = api_key if isinstance(api_key, tuple) else (api_key, api_secret)
        self.places.setdefault((endpoint, credentials), []).append(json_message)

    def flush(self, *args: object, **kwargs: object) -> None:
        """Send what waits, in batches; never raise.

        The first batch that fails ends it: with Mixpanel down, each would take as long
        as ``request_timeout``.
        """
        has_sent = False
        for place, batch in self.batches():
            if not self.sends(place, batch):
                return
            has_sent = True
        if self.is_down and has_sent:
            self.is_down = False
            self.logger().info("Mixpanel takes messages again.")

    def batches(self) -> Iterator[tuple[Place, Batch]]:
        """Take out what waits, batch by batch."""
        for place in list(self.places):
            while waiting := self.places.get(place):
                size = batch_size(waiting, min(self._max_size, LARGEST_BATCH))
                batch, self.places[place] = waiting[:size], waiting[size:]
                yield place, batch
            self.places.pop(place, None)

    def sends(self, place: Place, batch: Batch) -> bool:
        """Send a batch; tell whether it arrived."""
        endpoint, credentials = place
        try:
            self._consumer.send(endpoint, f"[{','.join(batch)}]", credentials)
        except Exception as error:
            # The library raises out of something only where no answer came.
            kept = repeatable(endpoint, batch) if error.__cause__ else []
            self.places[place] = kept + self.places[place]
            self.lost += len(batch) - len(kept)
            self.tell("It seems like Mixpanel is down.", error)
            return False
        return True

    def tell(self, text: str, error: Exception | None = None) -> None:
        """Log that something goes wrong, once until it is over."""
        if not self.is_down:
            self.is_down = True
            self.logger().error(text, exc_info=error)

    def logger(self) -> logging.Logger:
        """Give what to log with."""
        if not self.use_structlog:
            return logging.getLogger(LOGGER)
        import structlog

        logger: logging.Logger = structlog.get_logger(LOGGER)
        return logger


def batch_size(waiting: Batch, most: int) -> int:
    """Count the messages of the next batch: those of identity travel alone."""
    for number, text in enumerate(waiting[:most]):
        if any(f'"{name}"' in text for name in IDENTITY_EVENTS):
            return max(number, 1)
    return most


def repeatable(endpoint: str, batch: Batch) -> Batch:
    """Give the messages of a batch that may be sent again."""
    return [text for text in batch if message_from_text(endpoint, text, "").repeatable]
