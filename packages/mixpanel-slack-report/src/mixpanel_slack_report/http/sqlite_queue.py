"""The queue of ``serve``: a table in the file of the ledger.

An item that was taken and not done, because its worker was killed, is given out again
after a while. The ledger makes a repeat harmless.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.http.work import TakenWork, WorkItem, read_item, write_item
from mixpanel_slack_report.ledger.sqlite_file import make_private

__all__ = ["SqliteWorkQueue"]

# Slack waits three seconds for an answer, which waits for the file; a worker may wait.
BUSY_SECONDS = 1.5
PATIENCE_SECONDS = 30.0
TABLE = """
CREATE TABLE IF NOT EXISTS slack_work (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    free_at REAL NOT NULL
)
"""
FREE = "SELECT id, body, tries FROM slack_work WHERE free_at <= ? ORDER BY id LIMIT 1"
TAKE = "UPDATE slack_work SET tries = tries + 1, free_at = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class SqliteWorkQueue:
    """Work in a SQLite file; threads and processes may share it.

    Attributes:
        path: The file; made when it is first used, readable to its owner only.
        clock: Gives the current time, aware.
        kept_for: How long a worker has before its item is given out again.
    """

    path: Path
    clock: Callable[[], datetime]
    kept_for: timedelta = timedelta(minutes=5)

    def put(self, item: WorkItem) -> None:
        """Keep an item until it is done; it is on disk when this returns."""
        with self.opened(BUSY_SECONDS) as base:
            base.execute(
                "INSERT INTO slack_work (body, free_at) VALUES (?, ?)",
                (write_item(item), self.clock().timestamp()),
            )

    def take(self) -> TakenWork | None:
        """Take the oldest item that nobody works on.

        Raises:
            LedgerError: If the file cannot be used.
        """
        now = self.clock()
        with self.opened() as base:
            if base.execute(FREE, (now.timestamp(),)).fetchone() is None:
                return None
            base.execute("BEGIN IMMEDIATE")
            row = base.execute(FREE, (now.timestamp(),)).fetchone()
            if row is not None:
                base.execute(TAKE, ((now + self.kept_for).timestamp(), row[0]))
            base.execute("COMMIT")
        return None if row is None else self.taken(*row)

    def taken(self, number: int, body: str, tries: int) -> TakenWork:
        """Make the item of a row, or drop a row that holds none."""
        try:
            item = read_item(body)
        except ValueError as error:
            self.drop(number)
            raise LedgerError(f"{error}; it was dropped") from error
        return TakenWork(item, tries + 1, partial(self.drop, number))

    def drop(self, number: int) -> None:
        """Take an item out of the queue, and its address out of the file."""
        with self.opened() as base:
            base.execute("DELETE FROM slack_work WHERE id = ?", (number,))

    @contextmanager
    def opened(self, timeout: float = PATIENCE_SECONDS) -> Iterator[sqlite3.Connection]:
        """Open the file for a moment; a connection belongs to one thread.

        Args:
            timeout: Seconds to wait for others who use it.

        Raises:
            LedgerError: If it cannot be used.
        """
        try:
            make_private(self.path)
            connection = sqlite3.connect(
                self.path, timeout=timeout, isolation_level=None
            )
            with closing(connection) as base:
                base.execute("PRAGMA secure_delete = ON")
                base.execute(TABLE)
                yield base
        except (sqlite3.Error, OSError) as error:
            said = f"the queue in the ledger cannot be used: {error}"
            raise LedgerError(f"{said}; check REPORT_LEDGER") from error
