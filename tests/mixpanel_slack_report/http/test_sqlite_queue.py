"""The queue in the ledger's file: each item at least once, whoever is killed."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.http.orders import ReportOrder
from mixpanel_slack_report.http.sqlite_queue import SqliteWorkQueue
from mixpanel_slack_report.http.work import TakenWork, WorkItem
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger

from .conftest import NOW, RESPONSE_URL


class Clock:
    """A clock that is set by hand.

    Attributes:
        now: What it shows.
    """

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Show the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 2026-11-18 09:30 UTC."""
    return Clock()


@pytest.fixture
def queue(tmp_path: Path, clock: Clock) -> SqliteWorkQueue:
    """A queue in a folder that is not there yet."""
    return SqliteWorkQueue(tmp_path / "state" / "ledger.sqlite", clock)


def item(trigger: str = "1.2", days: int | None = None) -> WorkItem:
    """Make an item."""
    order = ReportOrder("weekly" if days is None else "custom", last_days=days)
    return WorkItem(order, NOW, trigger, RESPONSE_URL)


def taken(queue: SqliteWorkQueue) -> TakenWork:
    """Take an item that must be there."""
    found = queue.take()
    assert found is not None
    return found


@pytest.mark.parametrize("days", [None, 7])
def test_what_was_put_is_taken_as_it_was(
    queue: SqliteWorkQueue, days: int | None
) -> None:
    """Every field of it."""
    queue.put(item(days=days))

    assert (taken(queue).item, queue.take()) == (item(days=days), None)


def test_the_oldest_is_taken_first(queue: SqliteWorkQueue) -> None:
    """In the order in which people asked."""
    for trigger in ("first", "second", "third"):
        queue.put(item(trigger))

    found = [taken(queue).item.trigger_id for _ in range(3)]

    assert found == ["first", "second", "third"]


def test_what_is_not_done_is_given_out_again(
    queue: SqliteWorkQueue, clock: Clock
) -> None:
    """After five minutes, and with the number of the try."""
    queue.put(item())
    assert taken(queue).tries == 1

    clock.now += timedelta(minutes=4, seconds=59)
    assert queue.take() is None
    clock.now += timedelta(seconds=1)

    assert taken(queue).tries == 2


def test_what_is_done_is_gone(queue: SqliteWorkQueue, clock: Clock) -> None:
    """And with it the address, also out of the bytes of the file."""
    queue.put(item())
    assert b"reply-s3cret" in queue.path.read_bytes()

    taken(queue).done()

    clock.now += timedelta(days=1)
    assert queue.take() is None
    assert b"reply-s3cret" not in queue.path.read_bytes()


def test_two_workers_never_take_the_same(queue: SqliteWorkQueue) -> None:
    """Eight threads at once, forty items: each once."""
    for number in range(40):
        queue.put(item(str(number)))

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: taken(queue).item.trigger_id, range(40)))

    assert sorted(map(int, found)) == list(range(40))


def test_the_queue_and_the_ledger_share_a_file(
    queue: SqliteWorkQueue, clock: Clock
) -> None:
    """Whichever of them makes it."""
    queue.put(item())

    assert SqliteLedger(queue.path, clock=clock).last_sent() == {}
    assert taken(queue).item == item()


def test_the_file_is_its_owners_only(queue: SqliteWorkQueue) -> None:
    """Who reads it could reply to whoever asked."""
    queue.put(item())

    assert stat.S_IMODE(queue.path.stat().st_mode) == 0o600


def test_what_is_no_work_is_dropped_and_told(queue: SqliteWorkQueue) -> None:
    """Once: it does not stand in the way of what comes after it."""
    queue.put(item("good"))
    with sqlite3.connect(queue.path) as base:
        base.execute("UPDATE slack_work SET body = '{\"s3cret\": 1}'")
    base.close()
    queue.put(item("better"))

    with pytest.raises(LedgerError, match="it was dropped") as told:
        queue.take()

    assert "s3cret" not in str(told.value)
    assert taken(queue).item.trigger_id == "better"


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path, clock: Clock) -> None:
    """With the setting to look at."""
    path = tmp_path / "ledger.sqlite"
    path.write_text("no database, but a text that is longer than a header" * 20)

    with pytest.raises(LedgerError, match="REPORT_LEDGER"):
        SqliteWorkQueue(path, clock).put(item())


def test_a_file_that_is_locked_does_not_hold_up_slack(
    queue: SqliteWorkQueue,
) -> None:
    """Slack waits three seconds; the queue gives up before that."""
    import time

    queue.put(item())
    with sqlite3.connect(queue.path, isolation_level=None) as base:
        base.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        with pytest.raises(LedgerError, match="locked"):
            queue.put(item())
        waited = time.monotonic() - begun
        base.execute("ROLLBACK")
    base.close()

    assert waited < 3
