"""The application's own consumers, on real sockets, in threads, and when they fail."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from mixpanel import BufferedConsumer, Consumer

from mixpanel_pyramid.app_consumers import (
    ConsumerCounts,
    ConsumerPerThread,
    buffered_consumer,
)
from mixpanel_pyramid.message import Message, mixpanel_message
from mixpanel_pyramid.settings import TrackingSettings, read_settings

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink


def event(name: str = "E") -> Message:
    """Make the message of an event."""
    properties: Any = {"token": "t", "$insert_id": name}
    return mixpanel_message("events", {"event": name, "properties": properties}, "t")


def increment() -> Message:
    """Make the message of a counting update."""
    return mixpanel_message("people", {"$token": "t", "$add": {"Count": 1}}, "t")


class Kept:
    """A consumer that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.flushed = 0

    def send(self, *arguments: object) -> None:
        """Keep a message."""
        self.taken.append(arguments)

    def flush(self) -> None:
        """Count."""
        self.flushed += 1


class Broken:
    """A consumer that fails where it is told to."""

    def __init__(self, fails: set[int]) -> None:
        self.fails = fails
        self.taken = 0

    def send(self, endpoint: str, json_message: str) -> None:
        """Take a message, or not."""
        self.taken += 1
        if self.taken in self.fails:
            raise ValueError("no room")


def urls(base_url: str) -> dict[str, Any]:
    """Name a sink to the official library, which repeats nothing."""
    paths = {"events": "track", "people": "engage", "import": "import"}
    found = {f"{name}_url": f"{base_url}/{path}" for name, path in paths.items()}
    return {**found, "retry_limit": 0}


def test_messages_are_sent_with_the_token_and_flushed() -> None:
    """In their order, as text that is ready for Mixpanel."""
    kept = Kept()
    consumers = ConsumerPerThread(lambda: kept)
    consumers.put([event("First"), increment()], "the-token")
    first, second = kept.taken

    assert first[0] == "events"
    assert json.loads(first[1])["properties"]["token"] == "the-token"
    assert second[0] == "people"
    assert json.loads(second[1])["$token"] == "the-token"
    assert (len(first), len(second), kept.flushed) == (2, 2, 1)
    assert consumers.counts() == ConsumerCounts(2, {})


def test_an_import_comes_with_its_credentials_third() -> None:
    """In a pair, as the official library does it; also where there are none."""
    kept = Kept()
    consumers = ConsumerPerThread(lambda: kept)
    bare = event()._replace(endpoint="imports")
    consumers.put([bare._replace(credentials=("key", "secret")), bare], "t")

    assert [arguments[2] for arguments in kept.taken] == [
        ("key", "secret"),
        (None, None),
    ]


@pytest.mark.parametrize("kind", [Consumer, BufferedConsumer])
def test_the_official_librarys_own_work(sink: Sink, kind: Callable[..., Any]) -> None:
    """One sends each message by itself, the other all with the flush."""
    consumers = ConsumerPerThread(lambda: kind(**urls(sink.base_url)))
    consumers.put([event(f"E{number}") for number in range(60)], "t")
    consumers.put([increment()], "t")

    assert sink.event_names() == [f"E{number}" for number in range(60)]
    assert len(sink.accepted("/engage")) == 1
    assert consumers.counts() == ConsumerCounts(61, {})


def test_each_thread_has_its_own() -> None:
    """Made in the thread that uses it, once."""
    made: list[tuple[int, Kept]] = []

    def make() -> Kept:
        made.append((threading.get_ident(), Kept()))
        return made[-1][1]

    consumers = ConsumerPerThread(make)
    together = threading.Barrier(4)

    def work() -> None:
        together.wait(10)
        for _ in range(50):
            consumers.put([event()], "t")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({ident for ident, _ in made}) == len(made) == 4
    assert [len(kept.taken) for _, kept in made] == [50] * 4
    assert consumers.counts() == ConsumerCounts(200, {})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
# Python 3.12 warns where threads of other tests still run; the child uses none.
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_forked_child_makes_its_own() -> None:
    """It shares no socket with its parent, nor repeats what the parent counted."""
    made: list[Kept] = []

    def make() -> Kept:
        made.append(Kept())
        return made[-1]

    consumers = ConsumerPerThread(make)
    consumers.put([event()], "t")
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        consumers.put([event()], "t")
        told = f"{len(made)} {len(made[0].taken)} {consumers.counts().sent}"
        os.write(writing, told.encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reading, 100) == b"2 1 1"
    assert (len(made), consumers.counts().sent) == (1, 1)
    os.close(reading)
    os.close(writing)


def test_a_constructor_that_raises_breaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is tried again, told of once, and what is lost is counted."""
    made: list[Kept] = []

    def make() -> Kept:
        made.append(Kept())
        if len(made) < 4:
            raise OSError("no broker")
        return made[-1]

    caplog.set_level(logging.INFO)
    consumers = ConsumerPerThread(make, "myapp.Consumer")
    for _ in range(5):
        consumers.put([event(), event()], "t")

    assert consumers.counts() == ConsumerCounts(4, {"no consumer": 6})
    assert caplog.messages == [
        "the consumer myapp.Consumer cannot be made (OSError: no broker); "
        "what is lost is counted",
        "the consumer myapp.Consumer takes messages again; 6 were dropped so far",
    ]


def test_a_message_that_fails_does_not_take_others_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The rest are sent, by a new consumer."""
    made: list[Broken] = []

    def make() -> Broken:
        made.append(Broken({2}))
        return made[-1]

    consumers = ConsumerPerThread(make)
    consumers.put([event(), event(), event()], "t")

    assert [broken.taken for broken in made] == [2, 1]
    assert consumers.counts() == ConsumerCounts(2, {"send failed": 1})
    assert len(caplog.messages) == 1


def test_a_request_does_not_wait_for_every_message_to_fail() -> None:
    """After three in a row nothing more is tried."""
    tried: list[int] = []

    class Dead:
        """Takes nothing, each time after a while."""

        def send(self, endpoint: str, json_message: str) -> None:
            """Fail."""
            tried.append(1)
            raise TimeoutError("timed out")

    consumers = ConsumerPerThread(Dead)
    consumers.put([event() for _ in range(60)], "t")

    assert len(tried) == 3
    assert consumers.counts() == ConsumerCounts(
        0, {"send failed": 3, "not tried after failures": 57}
    )


@pytest.mark.parametrize("number", [3, 120])
def test_lesson_08_a_buffer_whose_flush_failed_is_replaced(
    sink: Sink, reply: type[Reply], number: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The official one would send again what has arrived, here with the 50th."""
    sink.script.append(reply())
    sink.script.append(reply(0))
    consumers = ConsumerPerThread(lambda: BufferedConsumer(**urls(sink.base_url)))
    consumers.put([increment()], "t")
    consumers.put([increment() for _ in range(number)], "t")
    consumers.put([increment()], "t")
    arrived = len(sink.accepted("/engage"))

    assert arrived == (2 if number == 3 else 72)
    assert sum(consumers.counts().dropped.values()) + arrived == number + 2
    assert len(caplog.messages) == 1


def settings_for(base_url: str, **more: str) -> TrackingSettings:
    """Read the settings of an app that sends to a sink."""
    return read_settings(
        {
            "mixpanel.token": "t",
            "mixpanel.base_url": base_url,
            **{f"mixpanel.{name}": value for name, value in more.items()},
        }
    )


def test_buffered_posts_where_the_settings_say(sink: Sink) -> None:
    """All at once, after each request."""
    consumers = buffered_consumer(settings_for(sink.base_url))
    consumers.put([event("One"), event("Two"), increment()], "t")
    paths = [(post.path, len(post.messages)) for post in sink.posts]

    assert paths == [("/track", 2), ("/engage", 1)]
    assert consumers.counts() == ConsumerCounts(3, {})
    assert consumers.flush(1.0)


def test_buffered_waits_no_longer_than_the_timeout(
    sink: Sink, reply: type[Reply], caplog: pytest.LogCaptureFixture
) -> None:
    """Once for all of a request, and repeats what may be repeated with the next."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    consumers = buffered_consumer(settings_for(sink.base_url, request_timeout="0.1"))
    consumers.put([event("One"), increment()], "t")

    assert len(sink.posts) == 1
    assert consumers.counts() == ConsumerCounts(0, {})
    hold.set()
    consumers.put([event("Two")], "t")
    assert sink.event_names()[-2:] == ["One", "Two"]
    assert consumers.counts() == ConsumerCounts(3, {})
    assert len(caplog.records) == 1


def test_buffered_counts_what_it_gave_up(sink: Sink, reply: type[Reply]) -> None:
    """Counters that may have been applied."""
    sink.script.append(reply(0))
    consumers = buffered_consumer(settings_for(sink.base_url))
    consumers.put([increment(), increment()], "t")
    consumers.put([increment()], "t")

    assert len(sink.accepted("/engage")) == 1
    assert consumers.counts() == ConsumerCounts(1, {"flush failed": 2})


def test_buffered_is_bounded() -> None:
    """By ``mixpanel.queue_size``, in each thread."""
    consumers = buffered_consumer(settings_for("http://127.0.0.1:9", queue_size="10"))
    for _ in range(20):
        consumers.put([event()], "t")

    assert consumers.counts() == ConsumerCounts(0, {"flush failed": 10})
    assert not consumers.flush(1.0)


def test_a_flush_that_fails_with_nothing_in_hand_loses_nothing() -> None:
    """All that it was given had been flushed before."""

    class FailsLater(Kept):
        def flush(self) -> None:
            super().flush()
            if self.flushed == 2:
                raise OSError("gone")

    consumers = ConsumerPerThread(FailsLater)
    consumers.put([event()], "t")

    assert not consumers.flush()
    assert consumers.counts() == ConsumerCounts(1, {})
