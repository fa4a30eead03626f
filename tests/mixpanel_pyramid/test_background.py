"""The background thread delivers, over real sockets, through every kind of trouble."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.answers import Attempt
from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.dispatch import dispatch_for
from mixpanel_pyramid.lanes import Backoff, Lane, Result
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox, OutboxRow
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.services import Sender, service_of
from mixpanel_pyramid.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.mixpanel_pyramid.conftest import MakeConsumer, Reply, Sink, Until

SET = Message("people", '{"$distinct_id":"joe","$set":{"Plan":"pro"}}', True)
GROUP = Message("groups", '{"$group_key":"a","$group_id":"b","$set":{}}', True)
ADD = Message("people", '{"$distinct_id":"joe","$add":{"Logins":1}}', False)


def events(number: int, first: int = 0) -> list[Message]:
    """Make events that can be told apart."""
    return [
        Message("events", f'{{"event":"E{n}"}}', True)
        for n in range(first, first + number)
    ]


def event_names(number: int) -> list[str]:
    """Give the names of such events."""
    return [f"E{n}" for n in range(number)]


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def log_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what the delivery logged, level first."""
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.name == "mixpanel_pyramid.delivery"
    ]


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


def test_no_thread_is_started_before_there_is_a_message(
    make_consumer: MakeConsumer, sink: Sink, until: Until
) -> None:
    """An app that tracks nothing pays nothing."""
    consumer = make_consumer(sink.base_url)
    assert consumer.flush(0.1)
    assert consumer.thread is None
    consumer.put(events(1))
    until(lambda: len(sink.posts) == 1)

    assert consumer.thread is not None
    assert consumer.thread.daemon


def test_many_threads_may_release_at_once(
    make_consumer: MakeConsumer, sink: Sink
) -> None:
    """Every message arrives once."""
    consumer = make_consumer(sink.base_url)

    def release(first: int) -> None:
        for number in range(first, first + 200):
            consumer.put(events(1, first=number))

    threads = [threading.Thread(target=release, args=(n * 200,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert consumer.flush(10)
    assert sorted(sink.event_names()) == sorted(event_names(1600))


class SlowToCount(BackgroundConsumer):
    """Takes its time between settling a batch and counting it."""

    def note(self, lane: Lane, number: int, result: Result) -> None:
        """Count what became of a batch, later."""
        time.sleep(0.3)
        super().note(lane, number, result)


def test_what_a_flush_waited_for_is_counted(sink: Sink) -> None:
    """Who flushes and looks at the figures finds it there."""
    consumer = SlowToCount(MixpanelDestination(sink.base_url))
    consumer.put(events(1))

    assert consumer.flush(10)
    assert consumer.stats().sent == 1
    assert consumer.stop(10)


def test_flush_waits_for_what_came_before_it_only(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """And no longer than it may."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    consumer = make_consumer(sink.base_url)
    consumer.put(events(1))
    began = time.monotonic()

    assert not consumer.flush(0.1)
    assert time.monotonic() - began < 5
    hold.set()
    assert consumer.flush(10)


@pytest.fixture
def no_delivery_thread(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No thread of ours can be started, as while the interpreter ends."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "mixpanel-delivery":
            raise RuntimeError("can't create new thread at interpreter shutdown")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    return monkeypatch


@pytest.mark.usefixtures("no_delivery_thread")
def test_without_threads_flush_delivers_itself(
    make_consumer: MakeConsumer, sink: Sink
) -> None:
    """Since Python 3.12 no thread can be started while the interpreter ends."""
    consumer = make_consumer(sink.base_url)
    consumer.put([*events(3), SET])

    assert consumer.flush(10)
    assert len(sink.posts) == 2


def test_without_threads_flush_is_bounded_too(
    make_consumer: MakeConsumer,
    make_sink: Callable[[int], Sink],
    free_port: int,
    no_delivery_thread: pytest.MonkeyPatch,
) -> None:
    """The exit of a process does not wait for a service that is away."""
    consumer = make_consumer(f"http://127.0.0.1:{free_port}")
    consumer.put(events(1))
    began = time.monotonic()

    assert not consumer.flush(0.3)
    assert 0.3 <= time.monotonic() - began < 5
    no_delivery_thread.undo()
    make_sink(free_port)
    assert consumer.flush(10)


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


def test_one_destination_has_one_consumer(sink: Sink) -> None:
    """However many apps and trackers there are in the process."""

    def consumer_for(**more: object) -> object:
        settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url, **more}
        return dispatch_for(read_settings(settings)).mixpanel

    assert consumer_for() is consumer_for()
    assert consumer_for() is not consumer_for(**{"mixpanel.queue_size": "5"})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; this is what the test is about.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_lesson_11_a_forked_child_delivers_its_own_and_nothing_twice(
    make_consumer: MakeConsumer, sink: Sink, reply: type[Reply]
) -> None:
    """As under ``gunicorn --preload``: what waited belongs to the parent."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    consumer = make_consumer(sink.base_url)
    consumer.put(events(1))
    sink.wait_for(1)
    consumer.put(events(1, first=1))
    child = os.fork()
    if child == 0:
        consumer.put(events(1, first=2))
        fine = consumer.flush(10) and consumer.stats().sent == 1
        os._exit(0 if fine else 1)
    _, status = os.waitpid(child, 0)
    hold.set()

    assert os.waitstatus_to_exitcode(status) == 0
    assert consumer.flush(10)
    assert sorted(sink.event_names()) == ["E0", "E1", "E2"]
    assert consumer.stats().sent == 2
