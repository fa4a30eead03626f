"""The thread that takes orders from the queue."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.http.filled_orders import FilledOrder
from mixpanel_slack_report.http.orders import ReportOrder
from mixpanel_slack_report.http.slack_work import SlackWork
from mixpanel_slack_report.http.slack_worker import SlackWorker
from mixpanel_slack_report.http.sqlite_queue import SqliteWorkQueue
from mixpanel_slack_report.http.work import TakenWork, WorkItem

from .conftest import NOW, RESPONSE_URL


class Desk:
    """Sends nothing, and tells whoever waits which trigger it was for.

    Attributes:
        triggers: The triggers so far.
        enough: Set when two orders were sent.
    """

    def __init__(self) -> None:
        self.triggers: list[str] = []
        self.enough = threading.Event()

    def make(self, order: ReportOrder, *, asked_at: datetime) -> Mapping[str, object]:
        """Fail: a slash command is always sent."""
        raise AssertionError(order)

    def send(
        self, order: ReportOrder, *, asked_at: datetime, trigger: str
    ) -> FilledOrder:
        """Count the order; the first breaks in a way that nobody foresaw."""
        self.triggers.append(trigger)
        if len(self.triggers) == 2:
            self.enough.set()
            return FilledOrder({}, in_slack=True, lines=("Sent.",))
        raise KeyError(trigger)

    def hide(self, text: str) -> str:
        """Leave a text as it is."""
        return text


Working = Callable[..., SlackWorker]


@pytest.fixture
def desk() -> Desk:
    """Fills the orders."""
    return Desk()


def item(trigger: str) -> WorkItem:
    """Make an order."""
    return WorkItem(ReportOrder("daily"), NOW, trigger, RESPONSE_URL)


def test_orders_are_done_one_after_another_and_leave_the_queue(
    tmp_path: Path, desk: Desk
) -> None:
    """Also after one that broke."""
    queue = SqliteWorkQueue(tmp_path / "ledger.sqlite", lambda: NOW)
    work = SlackWork(desk, lambda url, message: None, lambda: NOW, lambda line: None)

    with SlackWorker(queue, work, log=pytest.fail) as worker:
        worker.put(item("first"))
        worker.put(item("second"))
        assert desk.enough.wait(60)

    assert desk.triggers == ["slack:first", "slack:second"]
    assert b"reply-s3cret" not in queue.path.read_bytes()


def test_what_an_earlier_process_left_is_done(tmp_path: Path, desk: Desk) -> None:
    """Without anything being handed in."""
    queue = SqliteWorkQueue(tmp_path / "ledger.sqlite", lambda: NOW)
    queue.put(item("left"))
    queue.put(item("left too"))
    work = SlackWork(desk, lambda url, message: None, lambda: NOW, lambda line: None)

    with SlackWorker(queue, work, log=pytest.fail):
        assert desk.enough.wait(60)

    assert desk.triggers == ["slack:left", "slack:left too"]


def test_a_log_that_breaks_does_not_end_the_thread(tmp_path: Path, desk: Desk) -> None:
    """The item stays in the queue, and the next one is taken up."""
    queue = SqliteWorkQueue(tmp_path / "ledger.sqlite", lambda: NOW)
    log: list[str] = []

    def broken(line: str) -> None:
        raise OSError("no log")

    work = SlackWork(desk, lambda url, message: None, lambda: NOW, broken)
    with SlackWorker(queue, work, log=log.append, pause=0.01) as worker:
        worker.put(item("first"))
        worker.put(item("second"))
        assert desk.enough.wait(60)

    assert log[0].startswith("slash command: went wrong at test_slack_worker.py:")
    assert log[0].endswith("OSError: no log")


class BrokenQueue:
    """Cannot be used.

    Attributes:
        asked: Set when it was asked three times.
    """

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.times = 0

    def put(self, item: WorkItem) -> None:
        """Fail."""
        raise LedgerError("the disk is full")

    def take(self) -> TakenWork | None:
        """Fail."""
        self.times += 1
        if self.times >= 3:
            self.asked.set()
        raise LedgerError("the disk is full")


def test_a_queue_that_cannot_be_used_is_told_once(desk: Desk) -> None:
    """And not with each try; the thread goes on trying."""
    log: list[str] = []
    queue = BrokenQueue()
    work = SlackWork(desk, lambda url, message: None, lambda: NOW, log.append)

    with SlackWorker(queue, work, log=log.append, pause=0.01) as worker:
        assert queue.asked.wait(60)
        with suppress(LedgerError):
            worker.put(item("lost"))

    assert log == ["slash command: the disk is full"]
