"""Threads, flushes and processes."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.dispatch import dispatch_for
from mixpanel_pyramid.lanes import Lane, Result
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import OutboxRow
from mixpanel_pyramid.settings import read_settings

from .sample_messages import SET, event_names, events

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mixpanel_pyramid.conftest import MakeConsumer, Reply, Sink, Until


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


def test_after_a_silence_the_thread_is_woken(sink: Sink, until: Until) -> None:
    """While messages come it looks by itself; then it sleeps until there is one."""
    ahead = 0.0
    consumer = BackgroundConsumer(
        MixpanelDestination(sink.base_url), clock=lambda: time.monotonic() + ahead
    )
    consumer.put(events(1))
    until(lambda: consumer.stats().sent == 1)
    ahead = 60.0
    until(lambda: consumer.is_idle)

    consumer.put(events(1, first=1))

    sink.wait_for(2)
    assert sink.event_names() == ["E0", "E1"]
    assert consumer.stop(10)


def test_a_file_that_was_spoilt_is_waited_for_and_counts_for_nothing(
    sink: Sink, tmp_path: Path
) -> None:
    """What was in it may come back with it, so nobody says that it was sent."""
    path = tmp_path / "outbox.sqlite"
    outbox = Outbox(OutboxFile(path))
    consumer = BackgroundConsumer(MixpanelDestination(sink.base_url), outbox)
    address = consumer.service.address
    assert outbox.put([OutboxRow(address, message) for message in events(1)])
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE messages")

    assert consumer.stats().queued == 0
    assert not consumer.flush(0.1, leaving=True)
    assert consumer.stop(10)
    outbox.close()
