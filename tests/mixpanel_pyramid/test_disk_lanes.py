"""The lanes of an outbox: whose they are, and what is known of them."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.disk_lanes import DiskLanes
from mixpanel_pyramid.lanes import Backoff, Lane
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import OutboxRow
from mixpanel_pyramid.services import service_of

SERVICE = service_of(MixpanelDestination("https://api.mixpanel.com", token="t"))
EVENT = Message("events", '{"event":"A"}', 1)
ADD = Message("people", '{"$distinct_id":"joe","$add":{"Logins":1}}', 0)
TAKEN = Attempt(Outcome.ACCEPTED)

MakeLanes = Callable[[], DiskLanes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The outbox."""
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    """The outbox as requests use it."""
    outbox = Outbox(OutboxFile(path))
    yield outbox
    outbox.close()


@pytest.fixture
def make_lanes(path: Path) -> Iterator[MakeLanes]:
    """Make lanes of an outbox, given up after the test."""
    made = []

    def make() -> DiskLanes:
        made.append(DiskLanes(Outbox(OutboxFile(path)), SERVICE, Backoff()))
        return made[-1]

    yield make
    for lanes in made:
        lanes.resign()


def put(outbox: Outbox, *messages: Message) -> None:
    """Put messages into the outbox."""
    assert outbox.put([OutboxRow(SERVICE.address, message) for message in messages])


def looks(lanes: DiskLanes) -> bool:
    """Look at once, without the pause after the look before."""
    lanes.look_at = 0.0
    return lanes.look()


def names(lanes: DiskLanes) -> list[str]:
    """Give the lanes that may hold something."""
    return [lane.name for lane in lanes.waiting()]


def lane_of(lanes: DiskLanes, number: int) -> Lane:
    """Give a lane: 0 of events, 1 of profiles."""
    return lanes.lanes[number]


def dead(path: Path) -> list[tuple[str, str]]:
    """Give the dead letters."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT body, state FROM dead_letters").fetchall()


def test_only_the_elected_has_lanes(make_lanes: MakeLanes, outbox: Outbox) -> None:
    """The other has them when the first one resigns."""
    put(outbox, EVENT)
    first, second = make_lanes(), make_lanes()
    assert looks(first)
    assert not looks(second)
    assert names(first) == ["events on disk", "profiles on disk"]
    assert names(second) == []

    first.resign()

    assert looks(second)
    assert names(second) == ["events on disk", "profiles on disk"]
    assert not looks(first)


def test_a_lane_that_was_empty_is_looked_at_when_the_file_changed(
    make_lanes: MakeLanes, outbox: Outbox
) -> None:
    """And otherwise left alone."""
    lanes = make_lanes()
    assert looks(lanes)
    for lane in lanes.lanes:
        assert lane.next_batch() == []
    assert looks(lanes)
    assert names(lanes) == []

    put(outbox, ADD)
    assert looks(lanes)

    assert lane_of(lanes, 0).next_batch() == []
    assert lane_of(lanes, 1).next_batch() == [ADD]


def test_the_lanes_of_a_file_that_was_replaced_begin_anew(
    make_lanes: MakeLanes, outbox: Outbox, path: Path
) -> None:
    """Its rows are numbered from one again."""
    put(outbox, EVENT, EVENT, EVENT)
    lanes = make_lanes()
    assert looks(lanes)
    lane_of(lanes, 0).next_batch()
    lane_of(lanes, 0).shelf.begin()
    lane_of(lanes, 0).shelf.settle()
    path.unlink()
    put(outbox, EVENT)

    assert looks(lanes)

    assert lane_of(lanes, 0).next_batch() == [EVENT]


def test_who_cannot_use_the_file_lets_another_try(
    make_lanes: MakeLanes, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says it once."""
    first, second = make_lanes(), make_lanes()
    assert looks(first)
    first.fail(sqlite3.OperationalError("disk I/O error"))
    first.fail(sqlite3.OperationalError("disk I/O error"))

    assert looks(second)
    assert not looks(first)
    assert len(caplog.records) == 1
    assert "cannot be sent from (OperationalError: disk I/O error)" in caplog.text


def test_who_knows_what_was_taken_stays_until_it_is_on_disk(
    make_lanes: MakeLanes, outbox: Outbox, path: Path
) -> None:
    """Otherwise what counts would be unknown, though it was answered for."""
    put(outbox, ADD, ADD)
    first, second = make_lanes(), make_lanes()
    assert looks(first)
    lane = lane_of(first, 1)
    batch = lane.next_batch()
    lane.shelf.begin()
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        first.reader.opened().execute("PRAGMA busy_timeout = 10").close()
        with pytest.raises(sqlite3.OperationalError) as caught:
            lane.settle(batch, TAKEN, now=0.0, jitter=0.0)
        first.fail(caught.value)
    assert not looks(second)

    assert looks(first)
    assert lane_of(first, 1).next_batch() == []

    assert first.unknown == 0
    assert dead(path) == []
    assert outbox.count(SERVICE.address) == 0


def test_what_counts_is_unknown_when_its_sender_died(
    make_lanes: MakeLanes,
    outbox: Outbox,
    path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is counted, and the log says where it is."""
    put(outbox, EVENT, ADD)
    first = make_lanes()
    assert looks(first)
    for lane in first.lanes:
        lane.next_batch()
        lane.shelf.begin()
    first.resign()
    second = make_lanes()

    assert looks(second)

    assert second.unknown == 1
    assert dead(path) == [(ADD.text, "unknown")]
    assert lane_of(second, 0).next_batch() == [EVENT]
    (record,) = caplog.records
    assert (record.levelno, record.args[0]) == (logging.ERROR, 1)


def test_a_counter_that_was_not_applied_waits_for_the_next_sender(
    make_lanes: MakeLanes, outbox: Outbox, path: Path
) -> None:
    """So a deploy in the middle of an outage costs nothing."""
    put(outbox, ADD)
    first = make_lanes()
    assert looks(first)
    lane = lane_of(first, 1)
    batch = lane.next_batch()
    lane.shelf.begin()
    lane.settle(batch, Attempt(Outcome.NOT_APPLIED), now=0.0, jitter=0.0)
    first.resign()
    second = make_lanes()

    assert looks(second)

    assert second.unknown == 0
    assert lane_of(second, 1).next_batch() == [ADD]


def test_a_folder_that_has_gone_is_one_line_in_the_log(
    make_lanes: MakeLanes, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Once it is back, sending goes on."""
    lanes = make_lanes()
    away = path.parent.with_name("away")
    path.parent.rename(away)
    assert not looks(lanes)
    assert not looks(lanes)
    assert len(caplog.records) == 1

    away.rename(path.parent)

    assert looks(lanes)
