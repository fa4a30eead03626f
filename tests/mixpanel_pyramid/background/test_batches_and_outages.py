"""The background thread delivers in batches, through outages and pauses."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.message import Message

from .sample_messages import ADD, SET, event_names, events, log_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mixpanel_pyramid.conftest import MakeConsumer, Reply, Sink


def test_events_travel_in_batches_of_2000(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """In order, over one connection."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    consumer = make_consumer(sink.base_url)
    consumer.put(events(1))
    sink.wait_for(1)
    consumer.put(events(4500, first=1))
    hold.set()

    assert consumer.flush(10)
    assert [len(post.messages) for post in sink.posts] == [1, 2000, 2000, 500]
    assert sink.event_names() == event_names(4501)
    assert len({post.connection for post in sink.posts}) == 1


def test_profiles_travel_in_batches_of_200(
    make_consumer: MakeConsumer, sink: Sink
) -> None:
    """In order, events beside them."""
    consumer = make_consumer(sink.base_url)
    consumer.put([*[SET] * 450, *events(3)])

    assert consumer.flush(10)
    assert len(sink.accepted("/engage")) == 450
    assert max(len(post.messages) for post in sink.posts) == 200
    assert sink.event_names() == event_names(3)


def test_lesson_1_an_outage_stops_nobody(
    make_consumer: MakeConsumer,
    make_sink: Callable[[int], Sink],
    free_port: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing is raised, one line is logged, and all arrives when it is over."""
    caplog.set_level(logging.INFO)
    consumer = make_consumer(f"http://127.0.0.1:{free_port}")
    for number in range(20):
        consumer.put(events(1, first=number))
    assert not consumer.flush(0.3)
    assert consumer.stats().queued == 20
    retried = consumer.stats().retried
    assert retried > 0

    sink = make_sink(free_port)
    assert consumer.flush(10)

    assert sink.event_names() == event_names(20)
    assert consumer.stats().sent == 20
    began, ended = log_of(caplog)
    assert began.startswith(
        f"WARNING 127.0.0.1:{free_port} takes no messages (ConnectError: "
    )
    assert ended.startswith(f"INFO 127.0.0.1:{free_port} takes messages again, ")
    assert " retried" in ended


@pytest.mark.parametrize("status", [500, 502, 503])
def test_lesson_1_a_service_in_trouble_gets_its_events_later(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply], status: int
) -> None:
    """The same events, with the same insert ids, so that none counts twice."""
    sink.script.extend([reply(status=status)] * 3)
    consumer = make_consumer(sink.base_url)
    consumer.put(events(2))

    assert consumer.flush(10)
    assert len(sink.posts) == 4
    assert sink.event_names() == event_names(2)
    assert (consumer.stats().sent, consumer.stats().retried) == (2, 6)


def test_a_service_that_asks_for_a_pause_gets_it(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """429 with ``Retry-After``; flushing does not cut it short."""
    sink.script.append(reply(status=429, headers={"Retry-After": "1"}))
    consumer = make_consumer(sink.base_url)
    began = time.monotonic()
    consumer.put([ADD])
    sink.wait_for(1)

    assert consumer.flush(10)
    assert time.monotonic() - began >= 1.0
    assert len(sink.accepted("/engage")) == 1


def test_a_cut_connection_is_made_anew(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """Events are sent again: their insert ids make it harmless."""
    sink.script.append(reply(status=0))
    consumer = make_consumer(sink.base_url)
    consumer.put(events(1))

    assert consumer.flush(10)
    assert len(sink.posts) == 2


@pytest.mark.parametrize("status", [302, 401, 403, 404, 407])
def test_what_stands_before_mixpanel_loses_nothing(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply], status: int
) -> None:
    """A captive portal, a proxy or a wrong path answers; the batch is repeated."""
    sink.script.append(reply(status=status, body=b"<html>log in</html>"))
    consumer = make_consumer(sink.base_url)
    consumer.put([Message("people", '{"$add":{"Logins":1}}', 0)])

    assert consumer.flush(10)
    assert len(sink.accepted("/engage")) == 1
    assert consumer.stats().retried == 1
    assert consumer.stats().refused == 0


def test_a_refused_batch_is_counted_and_not_repeated(
    make_consumer: MakeConsumer,
    sink: Sink,
    reply: type[Reply],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One line for a refusal, one when messages are taken again."""
    caplog.set_level(logging.INFO)
    sink.script.append(reply(body=b'{"status": 0, "error": "no such token"}'))
    sink.script.append(reply(status=400, body=b"bad"))
    consumer = make_consumer(sink.base_url)
    for number in range(3):
        consumer.put(events(1, first=number))
        assert consumer.flush(10)

    host = consumer.outage.host
    assert consumer.stats().refused == 2
    assert sink.event_names() == ["E2"]
    assert log_of(caplog) == [
        f'ERROR {host} refused 1 messages (status 0: {{"status": 0, "error": '
        '"no such token"}); they are not sent again',
        f"INFO {host} takes messages again, 1 just now; "
        "since the trouble began: 2 refused",
    ]


def test_a_batch_that_is_too_large_is_halved(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """413, until it fits."""
    sink.script.extend([reply(status=413), reply(status=413)])
    consumer = make_consumer(sink.base_url)
    consumer.put(events(8))

    assert consumer.flush(10)
    assert [len(post.messages) for post in sink.posts] == [8, 4, 2, 6]
    assert sink.event_names() == event_names(8)


def test_trouble_with_profiles_does_not_stop_events(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """Each lane has a pause of its own."""
    pause = reply(status=429, headers={"Retry-After": "1"})
    sink.script.append(pause)
    consumer = make_consumer(sink.base_url)
    consumer.put([SET])
    sink.wait_for(1)
    consumer.put(events(3))
    posts = sink.wait_for(2)

    assert posts[1].path == "/track"
    assert consumer.flush(10)
