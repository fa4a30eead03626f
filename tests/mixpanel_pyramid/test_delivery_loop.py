"""What the delivery does with an outbox that cannot be used."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.delivery_loop import DeliveryLoop
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.lanes import Backoff
from mixpanel_pyramid.message import Message, mixpanel_message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import OutboxRow

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink, Until

MakeConsumer = Callable[..., BackgroundConsumer]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The outbox."""
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def make(path: Path) -> Iterator[MakeConsumer]:
    """Make consumers with an outbox, stopped after the test."""
    made = []

    def make(base_url: str, max_mb: int = 1024) -> BackgroundConsumer:
        outbox = Outbox(OutboxFile(path, max_mb=max_mb))
        destination = MixpanelDestination(base_url, token="t")
        made.append(BackgroundConsumer(destination, outbox, backoff=Backoff(0.02)))
        return made[-1]

    yield make
    for consumer in made:
        assert consumer.stop(20)
        assert consumer.outbox is not None
        consumer.outbox.close()


@pytest.fixture
def loop(path: Path) -> Iterator[DeliveryLoop]:
    """A loop that a test goes through itself; two updates are on disk, and full it is.

    Nothing is sent, as nobody runs it.
    """
    outbox = Outbox(OutboxFile(path))
    loop = DeliveryLoop(MixpanelDestination("http://127.0.0.1:9", token="t"), outbox)
    assert outbox.put([OutboxRow(loop.service.address, update(n)) for n in range(2)])
    outbox.fail(sqlite3.OperationalError("database or disk is full"))
    yield loop
    assert loop.disk is not None
    loop.disk.resign()
    outbox.close()


def update(number: int, size: int = 0) -> Message:
    """Make an update that must not be applied before another one."""
    values = {"Step": number, "Filling": "x" * size}
    return mixpanel_message("people", {"$distinct_id": "joe", "$set": values}, "t")


def put(consumer: BackgroundConsumer, *messages: Message) -> None:
    """Release messages, as a request does."""
    assert consumer.outbox is not None
    address = consumer.service.address
    consumer.outbox.put([OutboxRow(address, message) for message in messages])
    consumer.notice()


def steps(sink: Sink) -> list[int]:
    """Give the updates that arrived, in order."""
    return [message["$set"]["Step"] for message in sink.accepted("/engage")]


def test_updates_stay_in_order_though_the_outbox_is_full(
    make: MakeConsumer,
    make_sink: Callable[[int], Sink],
    free_port: int,
    until: Until,
) -> None:
    """What found no room waits for what is on disk, and what comes later for both."""
    consumer = make(f"http://127.0.0.1:{free_port}", max_mb=1)
    outbox = consumer.outbox
    assert outbox is not None
    for number in range(300):
        put(consumer, update(number, 9000))
    assert "full" in outbox.problem
    assert len(outbox.spill) > 50
    until(lambda: consumer.stats().retried > 0)

    sink = make_sink(free_port)
    for number in range(300, 320):
        put(consumer, update(number, 9000))

    assert consumer.flush(30)
    until(lambda: len(steps(sink)) == 320)
    assert steps(sink) == list(range(320))


def test_what_is_just_being_refused_does_not_overtake_what_is_on_disk(
    loop: DeliveryLoop,
) -> None:
    """A loop that comes by between a write that fails and what follows takes none."""
    outbox, address = loop.outbox, loop.service.address
    assert outbox is not None
    passing = threading.Thread(target=loop.see_to_disk)
    with outbox.lock:  # as ``put`` does
        passing.start()
        passing.join(1)
        outbox.keep_in_memory([OutboxRow(address, update(2))], "outbox unusable")
    passing.join(10)

    assert loop.queued() == 0
    assert len(outbox.spill) == 1


def test_a_file_that_is_busy_is_not_overtaken(loop: DeliveryLoop, path: Path) -> None:
    """Neither where a request's look fails for it, nor where the sender's does."""
    outbox, disk = loop.outbox, loop.disk
    assert outbox is not None
    assert disk is not None
    outbox.put([OutboxRow(loop.service.address, update(2))])
    disk.fail(sqlite3.OperationalError("database is locked"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")

        loop.take_over(outbox)

        assert disk.problem == "OperationalError: database is locked"
        assert loop.queued() == 0
        assert len(outbox.spill) == 1


def test_what_another_thread_has_just_written_is_not_overtaken(
    loop: DeliveryLoop, path: Path
) -> None:
    """The thread of another service brings what waits in memory to disk as well."""
    outbox, address = loop.outbox, loop.service.address
    assert outbox is not None
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("DELETE FROM messages")
    written = outbox.last_rows[address]
    outbox.put([OutboxRow(address, update(2))])
    assert loop.may_take_over(outbox)

    outbox.mend_at = 0.0
    assert outbox.mend()
    outbox.fail(sqlite3.OperationalError("database or disk is full"))
    outbox.put([OutboxRow(address, update(3))])

    assert outbox.take_spill(address, 10, written) == []
    assert len(outbox.take_spill(address, 10, outbox.last_rows[address])) == 1


def test_messages_are_sent_from_memory_while_the_file_is_unusable(
    make: MakeConsumer, path: Path, sink: Sink, until: Until
) -> None:
    """In order; and from disk again when the file is mended."""
    path.write_bytes(b"Dear diary, " * 1000)
    consumer = make(sink.base_url)
    for number in range(50):
        put(consumer, update(number))
    until(lambda: len(steps(sink)) == 50)

    path.unlink()
    until(lambda: consumer.outbox is not None and not consumer.outbox.problem)
    for number in range(50, 60):
        put(consumer, update(number))

    until(lambda: len(steps(sink)) == 60)
    assert steps(sink) == list(range(60))
    with closing(sqlite3.connect(path)) as connection:
        statement = "SELECT seq FROM sqlite_sequence WHERE name = 'messages'"
        assert connection.execute(statement).fetchone() == (10,)


def test_updates_stay_in_order_though_the_file_is_mended_in_an_outage(
    make: MakeConsumer,
    make_sink: Callable[[int], Sink],
    path: Path,
    free_port: int,
    until: Until,
) -> None:
    """What waits in memory then is older than what goes to the file."""
    path.write_bytes(b"Dear diary, " * 1000)
    consumer = make(f"http://127.0.0.1:{free_port}")
    for number in range(300):
        put(consumer, update(number))
    until(lambda: consumer.queued() == 300)
    path.unlink()
    until(lambda: consumer.outbox is not None and not consumer.outbox.problem)
    for number in range(300, 310):
        put(consumer, update(number))

    sink = make_sink(free_port)

    until(lambda: len(steps(sink)) == 310)
    assert steps(sink) == list(range(310))


def test_what_was_released_to_a_file_that_is_deleted_is_not_waited_for(
    make: MakeConsumer, path: Path, sink: Sink, until: Until
) -> None:
    """What comes after it arrives."""
    consumer = make(sink.base_url)
    put(consumer, update(1))
    until(lambda: steps(sink) == [1])
    path.unlink()

    put(consumer, update(2))

    until(lambda: steps(sink) == [1, 2])
    assert consumer.flush(10)


@pytest.mark.parametrize("trouble", ["busy", "unusable", "full"])
def test_flush_waits_for_what_the_file_did_not_take(
    make: MakeConsumer, path: Path, sink: Sink, reply: type[Reply], trouble: str
) -> None:
    """It goes to the file later, or from memory; it is not done by leaving there."""
    consumer, hold = make(sink.base_url, max_mb=1), threading.Event()
    sink.otherwise = reply(hold=hold)
    outbox, address = consumer.outbox, consumer.service.address
    assert outbox is not None
    if trouble == "unusable":
        path.write_bytes(b"Dear diary, " * 1000)
    size = 500_000 if trouble == "full" else 0
    with closing(outbox.file.connect(1.0) if trouble == "busy" else outbox) as other:
        if isinstance(other, sqlite3.Connection):
            other.execute("BEGIN EXCLUSIVE")
        for number in range(4):
            outbox.put([OutboxRow(address, update(number, size))])
    assert outbox.spill

    assert not consumer.flush(1.0)
    hold.set()

    assert consumer.flush(20)
    assert steps(sink) == [0, 1, 2, 3]


def test_stopping_lets_the_next_process_send(
    make: MakeConsumer, sink: Sink, until: Until
) -> None:
    """And what is put later starts the delivery again."""
    first = make(sink.base_url)
    put(first, update(1))
    until(lambda: steps(sink) == [1])
    assert first.stop(10)
    second = make(sink.base_url)
    put(second, update(2))
    until(lambda: steps(sink) == [1, 2])
    assert second.stop(10)

    put(first, update(3))

    until(lambda: steps(sink) == [1, 2, 3])


@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; this is what the test is about.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_forks_in_the_middle_of_a_delivery_double_nothing(
    make: MakeConsumer, sink: Sink, until: Until
) -> None:
    """While a thread takes, marks and settles; children release, too, and end."""
    consumer = make(sink.base_url)
    for number in range(20):
        put(consumer, *[update(number)] * 50)
        child = os.fork()
        if child == 0:
            put(consumer, update(1000 + number))
            assert consumer.outbox is not None
            os._exit(1 if consumer.outbox.spill else 0)
        assert os.waitpid(child, 0)[1] == 0

    assert consumer.flush(20)
    until(lambda: len(steps(sink)) == 1020)
    assert sorted(step for step in steps(sink) if step >= 1000) == list(
        range(1000, 1020)
    )


def test_a_table_that_has_gone_leaves_the_file_alone_for_a_while(
    loop: DeliveryLoop, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As any trouble with the disk: one line in the log, and another try later."""
    assert loop.disk is not None
    assert loop.disk.look()
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE messages")

    loop.attempt(loop.disk.lanes[1], deadline=None)

    assert loop.disk.problem == "OperationalError: no such table: messages"
    assert not loop.disk.elected
    assert "cannot be sent from (OperationalError: no such" in caplog.messages[-1]


def test_an_error_of_ours_ends_no_delivery(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and what waits is delivered after a pause."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    moments = iter([ValueError("a clock that is mad")])

    def clock() -> float:
        for error in moments:
            raise error
        return time.monotonic()

    loop = DeliveryLoop(MixpanelDestination(sink.base_url, token="t"), clock=clock)
    loop.take([update(1)])
    loop.deliver(deadline=time.monotonic() + 20)
    loop.disconnect()

    assert pauses == [1.0]
    assert steps(sink) == [1]
    assert caplog.messages == ["the delivery of Mixpanel messages goes on after"]
