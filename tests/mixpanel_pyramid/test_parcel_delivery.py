"""What a worker does with a parcel, over real sockets to a scripted Mixpanel."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.celery_claims import Claim
from mixpanel_pyramid.celery_sender import Parcel
from mixpanel_pyramid.dead_letter_box import DeadLetterBox
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.lanes import Backoff
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.mixpanel_sender import MixpanelSender
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address
from mixpanel_pyramid.parcel_delivery import NotEnqueuedError, ParcelDelivery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mixpanel_pyramid.conftest import Reply, Sink


EVENT = Message("events", '{"properties":{"time":1},"event":"E"}', True)
ADD = Message("people", '{"$distinct_id":"joe","$add":{"Logins":1}}', False)
ADDRESS = Address("mixpanel-1f", "Mixpanel, somewhere")
DOWN = Attempt(Outcome.NOT_APPLIED, "no broker")


@dataclass
class Shelf:
    """A broker that keeps what is enqueued, or answers as the test has it."""

    answer: Attempt = field(default_factory=lambda: Attempt(Outcome.ACCEPTED))
    kept: list[tuple[Parcel, float]] = field(default_factory=list)

    def enqueue(self, parcel: Parcel, *, countdown: float = 0.0) -> Attempt:
        """Keep a parcel, or do not."""
        if self.answer.outcome is Outcome.ACCEPTED:
            self.kept.append((parcel, countdown))
        return self.answer


@dataclass
class Bench:
    """A delivery, what it gives back, and where it keeps what died."""

    delivery: ParcelDelivery
    shelf: Shelf
    outbox: Path

    def deliver(self, *messages: Message, **more: float) -> None:
        """Deliver a parcel of the project."""
        self.delivery.deliver(Parcel("mixpanel-1f", messages, **more))  # type: ignore[arg-type]

    def dead(self) -> list[tuple[str, str]]:
        """Give state and reason of the dead letters."""
        if not self.outbox.exists():
            return []
        with closing(sqlite3.connect(self.outbox)) as connection:
            statement = "SELECT state, reason FROM dead_letters ORDER BY id"
            return [(state, why) for state, why in connection.execute(statement)]


@pytest.fixture
def bench(sink: Sink, tmp_path: Path) -> Iterator[Bench]:
    """A delivery to the sink, with an outbox."""
    shelf, path = Shelf(), tmp_path / "outbox.sqlite"
    destination = MixpanelDestination(sink.base_url, token="t")
    delivery = ParcelDelivery(
        "mixpanel-1f",
        "the sink",
        lambda: MixpanelSender(destination),
        lambda: shelf,
        box=DeadLetterBox(OutboxFile(path), ADDRESS),
        backoff=Backoff(first=4.0, longest=60.0),
    )
    yield Bench(delivery, shelf, path)
    if delivery.sender:
        delivery.sender.close()


def test_what_mixpanel_takes_is_over(bench: Bench, sink: Sink) -> None:
    """It is sent with the token, counted, and nothing of it is kept."""
    bench.deliver(EVENT, EVENT)
    bench.deliver(ADD)

    assert [message["properties"]["token"] for message in sink.accepted("/track")] == [
        "t",
        "t",
    ]
    assert bench.delivery.counts["sent"] == 3
    assert bench.shelf.kept == []
    assert bench.dead() == []


@pytest.mark.parametrize("status", [429, 500], ids=["not applied", "ambiguous"])
def test_what_may_be_repeated_goes_back(
    bench: Bench, sink: Sink, reply: type[Reply], status: int
) -> None:
    """With a pause that grows, and with what failed so far."""
    sink.otherwise = reply(status)
    bench.deliver(EVENT, failures=2)
    ((parcel, countdown),) = bench.shelf.kept

    assert parcel == Parcel("mixpanel-1f", (EVENT,), failures=3)
    assert 8.0 <= countdown <= 16.0  # half of 4 * 2 ** 2 and more, by chance
    assert bench.dead() == []


def test_a_counter_that_was_not_applied_goes_back(
    bench: Bench, sink: Sink, reply: type[Reply]
) -> None:
    """A 429 says that nobody read it, so that it is not unknown."""
    sink.otherwise = reply(429)
    bench.deliver(ADD)

    assert [parcel.messages for parcel, _ in bench.shelf.kept] == [(ADD,)]
    assert bench.dead() == []


def test_a_counter_that_may_have_been_applied_is_unknown(
    bench: Bench, sink: Sink, reply: type[Reply], caplog: pytest.LogCaptureFixture
) -> None:
    """It is kept, counted and logged, never repeated."""
    sink.otherwise = reply(500)
    bench.deliver(ADD, ADD)

    assert bench.shelf.kept == []
    assert bench.dead() == [("unknown", "status 500")] * 2
    assert bench.delivery.counts["unknown"] == 2
    text = "2 counting updates for the sink may have been applied, or not (status 500)"
    assert caplog.messages[0] == text


def test_a_counter_under_way_is_on_disk_as_unknown(
    bench: Bench, sink: Sink, reply: type[Reply]
) -> None:
    """So that a worker that is killed then has not hidden it; nobody else has it."""
    seen: list[list[tuple[str, str]]] = []

    def claim() -> Claim:
        seen.append(bench.dead())
        return Claim.NEW

    bench.delivery.deliver(Parcel("mixpanel-1f", (ADD,)), claim)

    assert seen == [
        [("unknown", "the worker that took it ended before an answer came")]
    ]
    assert bench.dead() == []


def test_a_counter_that_another_worker_began_is_unknown(
    bench: Bench, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of it is sent; one that is over is neither sent nor kept again."""
    parcel = Parcel("mixpanel-1f", (ADD,))
    bench.delivery.deliver(parcel, lambda: Claim.BEGUN)
    bench.delivery.deliver(parcel, lambda: Claim.SETTLED)

    reason = "the worker that took it ended before an answer came"
    assert bench.dead() == [("unknown", reason)]
    assert bench.delivery.counts["unknown"] == 1
    assert sink.posts == []
    assert len(caplog.messages) == 1


def test_the_pause_that_mixpanel_asks_for_is_kept(
    bench: Bench, sink: Sink, reply: type[Reply]
) -> None:
    """Also where it is longer than a worker should hold a task: it looks again."""
    sink.otherwise = reply(429, headers={"Retry-After": "1000"})
    bench.deliver(EVENT)
    ((parcel, countdown),) = bench.shelf.kept
    assert countdown == 300.0
    bench.delivery.deliver(parcel)
    again, _ = bench.shelf.kept[1]

    assert again == parcel
    assert 990 < parcel.not_before - time.time() <= 1000
    assert len(sink.posts) == 1


def test_a_parcel_that_is_refused_is_split(
    bench: Bench, sink: Sink, reply: type[Reply]
) -> None:
    """A refusal of all may be that of one."""
    sink.script.extend([reply(400), reply(413), reply(413)])
    bench.deliver(EVENT, EVENT, EVENT)
    bench.deliver(ADD, ADD)

    sizes = [(len(parcel.messages), pause) for parcel, pause in bench.shelf.kept]
    assert sizes == [(1, 0.0), (2, 0.0), (1, 0.0), (1, 0.0)]
    assert bench.delivery.counts["retried"] == 5
    assert bench.dead() == []


def test_what_is_refused_alone_is_kept(
    bench: Bench, sink: Sink, reply: type[Reply]
) -> None:
    """And counters that are refused together: a repeat would put them at risk."""
    sink.otherwise = reply(400, b"bad")
    bench.deliver(EVENT)
    bench.deliver(ADD, ADD)

    assert bench.shelf.kept == []
    assert bench.dead() == [("refused", "status 400: bad")] * 3
    assert bench.delivery.counts["refused"] == 3


def test_what_is_refused_of_a_parcel_is_kept(bench: Bench, sink: Sink) -> None:
    """Here an event that is too old for ``/track``."""
    bench.deliver(EVENT, EVENT._replace(moment=1.0), EVENT)

    counts = bench.delivery.counts
    assert (len(sink.accepted("/track")), counts["sent"], counts["refused"]) == (
        2,
        2,
        1,
    )
    ((state, reason),) = bench.dead()
    assert state == "refused"
    assert reason.startswith("it is over 5 days old")


def test_a_parcel_for_another_project_goes_back_and_is_logged_once(
    bench: Bench, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of it is sent here."""
    stranger = Parcel("mixpanel-2e", (EVENT,))
    bench.delivery.deliver(stranger)
    bench.delivery.deliver(stranger)

    assert sink.posts == []
    assert [parcel.project for parcel, _ in bench.shelf.kept] == ["mixpanel-2e"] * 2
    (line,) = caplog.messages
    assert (
        "is for the project mixpanel-2e, and this worker sends to mixpanel-1f" in line
    )


def test_what_the_broker_does_not_take_back_is_not_done(
    bench: Bench, sink: Sink, reply: type[Reply]
) -> None:
    """The task is given back as it is; a counter's is over already, so it is kept."""
    sink.otherwise = reply(429)
    bench.shelf.answer = DOWN
    with pytest.raises(NotEnqueuedError, match="enqueued again: no broker"):
        bench.deliver(EVENT)
    bench.deliver(ADD)
    bench.shelf.answer = replace(DOWN, outcome=Outcome.AMBIGUOUS)
    bench.deliver(ADD)

    reason = "it could not be enqueued again: no broker"
    assert bench.dead() == [("refused", reason), ("unknown", reason)]


def test_an_error_in_the_middle_leaves_open_what_was_applied(bench: Bench) -> None:
    """As the soft time limit of a task, which interrupts wherever it is."""

    class Interrupted(MixpanelSender):
        def post(self, *_: object) -> Attempt:
            """Be interrupted."""
            raise TimeoutError("soft time limit")

    destination = MixpanelDestination("http://127.0.0.1:9", token="t")
    bench.delivery.make_sender = lambda: Interrupted(destination)
    bench.deliver(EVENT)
    bench.deliver(ADD)

    assert [parcel.messages for parcel, _ in bench.shelf.kept] == [(EVENT,)]
    assert bench.dead() == [("unknown", "TimeoutError: soft time limit")]


def test_what_cannot_even_begin_is_not_applied(bench: Bench) -> None:
    """As where no certificate can be read: a counter, too, is tried again."""

    def fail() -> MixpanelSender:
        raise OSError("no such certificate file")

    bench.delivery.make_sender = fail
    bench.deliver(ADD)

    assert [parcel.messages for parcel, _ in bench.shelf.kept] == [(ADD,)]
    assert bench.dead() == []


def test_an_outage_is_one_line(
    bench: Bench, sink: Sink, reply: type[Reply], caplog: pytest.LogCaptureFixture
) -> None:
    """And one when it is over."""
    sink.script.extend([reply(503)] * 5)
    with caplog.at_level(logging.INFO, "mixpanel_pyramid"):
        for _ in range(6):
            bench.deliver(EVENT)

    began, ended = caplog.messages
    assert began.startswith("the sink takes no messages (status 503); they wait with")
    assert ended.startswith("the sink takes messages again")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_forked_worker_has_connections_of_its_own(bench: Bench, sink: Sink) -> None:
    """The sender of the parent is left to it, not closed."""
    bench.deliver(EVENT)
    mine = bench.delivery.sender
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        bench.deliver(EVENT)
        os.write(write, b"same" if bench.delivery.sender is mine else b"own")
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as answer:
        assert answer.read() == "own"
    bench.deliver(EVENT)

    assert bench.delivery.sender is mine
    assert len(sink.accepted("/track")) == 3
    assert len({post.connection for post in sink.posts}) == 2
