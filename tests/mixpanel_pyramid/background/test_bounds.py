"""Queues are bounded, and services that hang are given up."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest

from .sample_messages import event_names, events, log_of

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeConsumer, Reply, Sink


def test_lesson_9_the_queue_is_bounded(
    make_consumer: MakeConsumer,
    sink: Sink,
    reply: type[Reply],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The newest are dropped and counted, and the log says so once."""
    caplog.set_level(logging.INFO)
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    consumer = make_consumer(sink.base_url, queue_size=10)
    for number in range(15):
        consumer.put(events(1, first=number))
    consumer.put(events(3, first=15))

    assert consumer.stats().queued == 10
    assert consumer.stats().dropped == {"queue full": 8}
    hold.set()
    assert consumer.flush(10)
    assert sink.event_names() == event_names(10)
    full, *over = log_of(caplog)
    assert full == (
        f"ERROR the queue for {consumer.outage.host} is full with 10 messages "
        "(mixpanel.queue_size); new ones are dropped and counted"
    )
    assert len(over) == 1


def test_what_finds_room_is_kept_of_a_release_that_is_too_large(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """The newest of it are dropped and counted, and no more than those."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    consumer = make_consumer(sink.base_url, queue_size=10)
    consumer.put(events(8))
    consumer.put(events(5, first=8))

    assert consumer.stats().dropped == {"queue full": 3}
    hold.set()
    assert consumer.flush(10)
    assert sink.event_names() == event_names(10)


def test_lesson_9_a_service_that_hangs_is_given_up(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """The official library waits for ever by default."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    consumer = make_consumer(sink.base_url, request_timeout=0.1)
    consumer.put(events(1))

    assert consumer.flush(10)
    assert len(sink.posts) == 2
    hold.set()
