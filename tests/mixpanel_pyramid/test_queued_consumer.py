"""The class that an application's own queue begins with."""

from __future__ import annotations

import pytest
from mixpanel import Mixpanel

from mixpanel_pyramid import QueuedConsumer


class ListConsumer(QueuedConsumer):
    """A queue, of the shape that pyramid_mixpanel documents."""

    def __init__(self) -> None:
        self.queue: list[tuple[str, str]] = []

    def send(  # type: ignore[override]
        self, endpoint: str, json_message: str
    ) -> None:
        """Queue a message."""
        self.queue.append((endpoint, json_message))


def test_a_subclass_says_how() -> None:
    """And the official library can use it."""
    consumer = ListConsumer()
    Mixpanel("t", consumer=consumer).people_set("joe", {"Plan": "pro"})
    ((endpoint, text),) = consumer.queue

    assert endpoint == "people"
    assert '"$set":{"Plan":"pro"}' in text


def test_by_itself_it_is_nothing() -> None:
    """As in pyramid_mixpanel, with the reason."""

    class Unfinished(QueuedConsumer):
        """Forgets to say how."""

    with pytest.raises(NotImplementedError) as caught:
        Unfinished().send("events", "{}")

    assert str(caught.value) == "Unfinished has no send of its own; write one"
