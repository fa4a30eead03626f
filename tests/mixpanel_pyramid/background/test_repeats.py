"""Counters are applied once, everything else is repeated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.answers import Attempt
from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.lanes import Backoff
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox, OutboxRow
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.services import Sender, service_of

from .sample_messages import ADD, SET, events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.mixpanel_pyramid.conftest import MakeConsumer, Reply, Sink, Until


GROUP = Message("groups", '{"$group_key":"a","$group_id":"b","$set":{}}', True)


@pytest.mark.parametrize("status", [0, 500, 503])
def test_lesson_8_a_counter_is_never_applied_twice(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply], status: int
) -> None:
    """4 increments asked were 6 applied, with the official BufferedConsumer."""
    sink.script.append(reply(status=status))
    consumer = make_consumer(sink.base_url)
    consumer.put([ADD] * 4)

    assert consumer.flush(10)
    assert [len(post.messages) for post in sink.posts] == [4]
    assert consumer.stats().unknown == 4
    assert consumer.stats().queued == 0


def test_lesson_8_a_counter_that_was_not_applied_is_repeated(
    make_consumer: MakeConsumer, make_sink: Callable[[int], Sink], free_port: int
) -> None:
    """A refused connection leaves no doubt."""
    consumer = make_consumer(f"http://127.0.0.1:{free_port}")
    consumer.put([ADD] * 4)
    assert not consumer.flush(0.1)
    sink = make_sink(free_port)

    assert consumer.flush(10)
    assert len(sink.accepted("/engage")) == 4
    assert consumer.stats().unknown == 0


def test_what_cannot_even_begin_is_repeated(sink: Sink) -> None:
    """A broken certificate store, say: logged like an outage, and tried again."""
    destination = MixpanelDestination(sink.base_url)
    service = service_of(destination)
    failures = iter([OSError("no such certificate file")])

    def make_sender() -> Sender:
        for error in failures:
            raise error
        return service.make_sender()

    consumer = BackgroundConsumer(
        destination,
        backoff=Backoff(first=0.02),
        service=replace(service, make_sender=make_sender),
    )
    consumer.put(events(1))

    assert consumer.flush(10)
    assert (consumer.stats().sent, consumer.stats().retried) == (1, 1)
    consumer.disconnect()


class ForgetfulSender:
    """Posts, and then fails in a way that nobody thought of."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    def post(self, batch: Sequence[Message], within: float | None = None) -> Attempt:
        """Post, and raise."""
        self.sender.post(batch, within)
        raise ArithmeticError("too large")

    def close(self) -> None:
        """Close the connection."""
        self.sender.close()


def test_lesson_8_a_counter_is_posted_once_whatever_fails_after_it(
    sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """What raises while an answer is read leaves it unclear, like no answer."""
    destination = MixpanelDestination(sink.base_url)
    service = service_of(destination)
    consumer = BackgroundConsumer(
        destination,
        service=replace(
            service, make_sender=lambda: ForgetfulSender(service.make_sender())
        ),
    )
    consumer.put([ADD] * 4)

    assert consumer.flush(10)
    assert [len(post.messages) for post in sink.posts] == [4]
    assert consumer.stats().unknown == 4
    assert "unclear what became of a batch" in caplog.text
    consumer.disconnect()


@pytest.mark.parametrize("waits", ["in memory", "on disk"])
def test_what_cannot_travel_together_does_not_wait_for_more(
    sink: Sink, until: Until, tmp_path: Path, waits: str
) -> None:
    """A small batch rests only if it was all there was; here time stands still."""
    outbox = Outbox(OutboxFile(tmp_path / "outbox")) if waits == "on disk" else None
    consumer = BackgroundConsumer(
        MixpanelDestination(sink.base_url), outbox, clock=lambda: 0.0
    )
    messages = [SET, GROUP] * 10
    if outbox is None:
        consumer.put(messages)
    else:
        outbox.put([OutboxRow(consumer.service.address, each) for each in messages])
        consumer.notice()

    until(lambda: consumer.stats().sent == 20)
    assert len(sink.posts) == 20
    consumer.disconnect()


def test_an_app_that_counts_and_sets_in_turn_needs_few_posts(
    make_consumer: MakeConsumer, sink: Sink
) -> None:
    """Else it would have a post for each update, and fall behind for ever."""
    consumer = make_consumer(sink.base_url)
    consumer.put([ADD, SET] * 150)

    assert consumer.flush(10)
    assert [len(post.messages) for post in sink.posts] == [200, 100]


def test_in_trouble_what_counts_is_unknown_and_all_else_is_repeated(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """What travelled together is told apart, and keeps its order."""
    sink.script.extend([reply(503), reply(503)])
    consumer = make_consumer(sink.base_url)
    consumer.put([ADD, SET] * 10)
    sink.wait_for(1)
    consumer.put([ADD])

    assert consumer.flush(10)
    posts = [["ADD" if "$add" in m else "SET" for m in p.messages] for p in sink.posts]
    assert posts == [["ADD", "SET"] * 10, ["SET"] * 10, ["SET"] * 10, ["ADD"]]
    assert (consumer.stats().unknown, consumer.stats().sent) == (10, 11)
