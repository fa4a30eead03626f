"""The outbox as requests use it: on disk at once, or in memory and counted."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from mixpanel_pyramid.outbox_rows import Address

from .rows import BLOG, SHOP, MakeOutbox, bodies, names, rows


def test_what_is_put_is_on_disk_when_put_returns(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """In order, one at a time or many."""
    outbox = make_outbox()

    assert outbox.put(rows(1))
    assert outbox.put(rows(1000, first=1))
    assert bodies(path) == names(1001)


def test_a_file_that_is_busy_costs_a_request_little(
    make_outbox: MakeOutbox, path: Path, writer: sqlite3.Connection
) -> None:
    """Messages wait in memory, are counted, and later on disk in order."""
    outbox = make_outbox()
    assert outbox.put(rows(1))
    writer.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    assert not outbox.put(rows(1, first=1))
    assert time.monotonic() - began < 2
    assert not outbox.put(rows(1, first=2))
    writer.execute("COMMIT")

    assert outbox.put(rows(1, first=3))
    assert bodies(path) == names(4)
    assert outbox.spilled == {"outbox busy": 2}
    assert outbox.spill == []


def test_another_thread_that_writes_costs_a_request_little(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """The connection is one for all threads of a process."""
    outbox = make_outbox()
    with outbox.lock:
        assert not outbox.put(rows(1))

    assert outbox.mend()
    assert bodies(path) == names(1)


def test_a_long_wait_is_written_by_threads_not_by_a_request(
    make_outbox: MakeOutbox, path: Path, writer: sqlite3.Connection
) -> None:
    """Of 3,000 messages none is lost, and the order stays."""
    outbox = make_outbox()
    writer.execute("BEGIN IMMEDIATE")
    assert not outbox.put(rows(3000))
    writer.execute("COMMIT")
    assert not outbox.put(rows(1, first=3000))

    assert not outbox.mend()
    assert outbox.mend()
    assert bodies(path) == names(3001)


def test_without_threads_requests_write_what_was_long_in_memory(
    make_outbox: MakeOutbox, path: Path, writer: sqlite3.Connection
) -> None:
    """Under uWSGI without threads nobody else would, ever."""
    outbox = make_outbox()
    writer.execute("BEGIN IMMEDIATE")
    assert not outbox.put(rows(900))
    writer.execute("COMMIT")
    outbox.tended_at -= 60

    assert not outbox.put(rows(1, first=900))
    assert outbox.put(rows(1, first=901))
    assert bodies(path) == names(902)


def test_the_outbox_waits_for_its_own_messages_only(
    make_outbox: MakeOutbox, path: Path, writer: sqlite3.Connection
) -> None:
    """Not for other destinations', nor for what other processes or it itself add."""
    outbox, other = make_outbox(), make_outbox()
    other.put(rows(3))
    outbox.put([*rows(2), *rows(2, to=BLOG)])
    last = outbox.last_rows[SHOP]
    outbox.put(rows(1, first=2))
    assert outbox.waits_for(SHOP, last)

    writer.execute("DELETE FROM messages WHERE id = 4")
    assert outbox.waits_for(SHOP, last)
    writer.execute("DELETE FROM messages WHERE id = 5")

    assert not outbox.waits_for(SHOP, last)
    assert outbox.waits_for(BLOG, last)
    assert outbox.waits_for(SHOP, outbox.last_rows[SHOP])
    assert (outbox.count(SHOP), outbox.count(BLOG)) == (4, 2)
    assert outbox.first(BLOG) == 6
    assert outbox.first(Address("mixpanel-3", "")) == 0


def test_who_waits_does_not_read_the_backlog_again_and_again(
    make_outbox: MakeOutbox,
) -> None:
    """A flush looks many times a second while requests wait for the same lock."""
    outbox, other = make_outbox(), make_outbox()
    outbox.put(rows(1))
    other.put(rows(30_000))
    outbox.put(rows(1))
    steps = []
    assert outbox.waits_for(SHOP, outbox.last_rows[SHOP])
    connection = outbox.opened()
    connection.execute("DELETE FROM messages WHERE id = 1").close()
    assert outbox.waits_for(SHOP, outbox.last_rows[SHOP])
    connection.set_progress_handler(lambda: steps.append(1), 100)

    assert outbox.waits_for(SHOP, outbox.last_rows[SHOP])

    connection.set_progress_handler(None, 0)
    assert len(steps) < 5
