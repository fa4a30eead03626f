"""The outbox as its sender uses it: batches are taken, marked, settled.

A batch is marked on disk before it is posted. Whoever becomes the sender after a crash
finds the mark: what may be repeated is sent again, what counts is kept as ``unknown``.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing

from mixpanel_pyramid.message import REPEATABLE, Message
from mixpanel_pyramid.outbox_file import OutboxFile, destination_number
from mixpanel_pyramid.outbox_rows import Address, patience, transaction
from mixpanel_pyramid.shelves import Dead, batch_of

__all__ = ["OutboxReader", "OutboxShelf"]

PATIENCE = 5.0
KEPT_FOR = 30 * 86_400  # seconds that dead letters are kept
BETWEEN_CHECKPOINTS = 0.5  # seconds
BETWEEN_CLEANINGS = 600.0  # seconds
LONG_LOG, LONGEST_LOG = 8_000_000, 64_000_000  # bytes
SPARE_MB = 64  # a full outbox must be emptied, and keep what is refused meanwhile
SPARSE = 4  # of so many messages that lie between, one is of the batch
AT_ONCE = 500  # old letters in one write, for which requests wait
CRASHED = "the process that sent it ended before an answer came"
WHERE = "destination = ? AND lane = ?"
DEAD_COLUMNS = (
    "destination, lane, endpoint, traits, moment, body, state, reason, died_at"
)


class OutboxReader:
    """A sender's connection to an outbox; used by one thread at a time.

    Args:
        file: The outbox.
        address: The destination that it sends to.
        clock: Epoch seconds, for the dates of dead letters.
    """

    def __init__(
        self,
        file: OutboxFile,
        address: Address,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.file = file
        self.address = address
        self.clock = clock
        self.connection: sqlite3.Connection | None = None
        self.number = self.inode = 0
        self.version = -1
        self.checkpoint_at = self.clean_at = 0.0

    def opened(self) -> sqlite3.Connection:
        """Give the connection, opened on first use and after each fork.

        Raises:
            OutboxUnusableError: If the file cannot be used.
            sqlite3.Error: The same.
            OSError: The same.
        """
        if self.connection is None:
            connection = self.file.connect(PATIENCE, spare_mb=SPARE_MB)
            try:
                self.number = destination_number(connection, *self.address)
                self.inode = self.file.inode()
            except BaseException:
                connection.close()
                raise
            self.connection, self.version = connection, -1
        return self.connection

    def has_changed(self) -> bool:
        """Tell whether somebody else wrote to the file since this was last asked."""
        with closing(self.opened().execute("PRAGMA data_version")) as cursor:
            version = int(cursor.fetchone()[0])
        changed, self.version = version != self.version, version
        return changed

    def is_current(self) -> bool:
        """Tell whether the open file is still the one at its path."""
        return self.connection is None or self.file.inode() == self.inode

    def recover(self) -> int:
        """Settle what a sender had under way when it died; count what is unknown."""
        now, connection = self.clock(), self.opened()
        with transaction(connection):
            counting = (
                "id IN (SELECT m.id FROM messages m JOIN in_flight f "
                "ON m.destination = f.destination AND m.lane = f.lane "
                "AND m.id BETWEEN f.first AND f.last "
                f"WHERE m.destination = ? AND NOT m.traits & {REPEATABLE})"
            )
            with closing(
                connection.execute(
                    f"INSERT INTO dead_letters ({DEAD_COLUMNS}) SELECT destination, "
                    "lane, endpoint, traits, moment, body, 'unknown', ?, ? "
                    f"FROM messages WHERE {counting} ORDER BY id",
                    (CRASHED, now, self.number),
                )
            ) as cursor:
                unknown = cursor.rowcount
            for statement in (
                f"DELETE FROM messages WHERE {counting}",
                "DELETE FROM in_flight WHERE destination = ?",
            ):
                connection.execute(statement, (self.number,)).close()
        return unknown

    def keep_house(self) -> None:
        """Bring the log back into the file, now and then, and forget old letters."""
        now = time.monotonic()
        if now >= self.checkpoint_at:
            self.checkpoint_at = now + BETWEEN_CHECKPOINTS
            self.shorten_log()
        if now >= self.clean_at:
            self.clean_at = now + BETWEEN_CLEANINGS
            while self.forget_old_letters() == AT_ONCE:
                pass

    def shorten_log(self) -> None:
        """Bring what is in the log into the file.

        Where others write all the time, the log would never begin anew of itself; they
        are held up for a moment then, but wait no longer than they would anyhow.
        """
        connection = self.opened()
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
        size = self.file.log_bytes()
        if size > LONG_LOG:
            is_urgent = size > LONGEST_LOG
            mode = "TRUNCATE" if is_urgent else "RESTART"
            with patience(connection, 0.1 if is_urgent else 0.01, PATIENCE):
                connection.execute(f"PRAGMA wal_checkpoint({mode})").close()

    def forget_old_letters(self) -> int:
        """Delete some dead letters that were kept long enough; tell how many."""
        connection, oldest = self.opened(), self.clock() - KEPT_FOR
        statement = "SELECT id FROM dead_letters WHERE died_at < ? LIMIT ?"
        with closing(connection.execute(statement, (oldest, AT_ONCE))) as cursor:
            numbers = cursor.fetchall()
        if numbers:  # else nobody has to wait for a write
            with transaction(connection):
                for row in numbers:
                    delete = "DELETE FROM dead_letters WHERE id = ?"
                    connection.execute(delete, row).close()
        return len(numbers)

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()


class OutboxShelf:
    """The messages of one lane that wait in an outbox.

    Args:
        reader: The sender's connection.
        lane: Which lane.
    """

    def __init__(self, reader: OutboxReader, lane: int) -> None:
        self.reader = reader
        self.lane = lane
        self.passed = 0  # no message of this lane has a smaller number
        self.numbers: list[int] = []
        self.counts = False  # whether some of the batch may not be repeated
        self.known_empty = False
        self.has_more = False
        self.unsettled: tuple[Sequence[Dead], Collection[int]] | None = None

    def rows(self, most: int) -> Iterator[Message]:
        """Read the oldest messages, and remember their numbers."""
        self.numbers = []
        statement = (
            "SELECT id, endpoint, body, traits, moment FROM messages "
            f"WHERE id > ? AND {WHERE} ORDER BY id LIMIT ?"
        )
        connection = self.reader.opened()
        values = (self.passed, self.reader.number, self.lane, most)
        with closing(connection.execute(statement, values)) as cursor:
            for number, endpoint, body, traits, moment in cursor:
                self.numbers.append(number)
                yield Message(endpoint, body, traits, moment)

    def batch(
        self, most: int, most_bytes: int, *, mixed: bool = False
    ) -> list[Message]:
        """Give the oldest messages that may travel together; they stay."""
        if self.unsettled is not None:  # a batch that is over, but not on disk
            self.settle(*self.unsettled)
        newest = self.newest()
        rows = self.rows(most)
        batch = batch_of(rows, most, most_bytes, mixed=mixed)
        rows.close()  # type: ignore[attr-defined]  # a generator
        self.has_more = len(self.numbers) > len(batch)
        del self.numbers[len(batch) :]
        self.known_empty = not batch
        if batch:
            self.counts = not all(message.repeatable for message in batch)
        else:  # what other destinations have before it is not read again
            self.passed = max(self.passed, newest)
        return batch

    def newest(self) -> int:
        """Give the number of the newest message; later ones have larger numbers."""
        statement = "SELECT max(id) FROM messages"
        with closing(self.reader.opened().execute(statement)) as cursor:
            return int(cursor.fetchone()[0] or 0)

    def begin(self) -> None:
        """Note on disk that the batch given last is about to be posted."""
        self.reader.opened().execute(
            "INSERT OR REPLACE INTO in_flight VALUES (?, ?, ?, ?)",
            (self.reader.number, self.lane, self.numbers[0], self.numbers[-1]),
        ).close()

    def put_back(self) -> None:
        """Note on disk that the batch given last was not applied.

        Otherwise, if the process ends before the next attempt, what counts would have
        to be taken for ``unknown``.
        """
        if self.counts:
            where = (self.reader.number, self.lane)
            self.reader.opened().execute(
                f"DELETE FROM in_flight WHERE {WHERE}", where
            ).close()

    def settle(self, dead: Sequence[Dead] = (), kept: Collection[int] = ()) -> None:
        """Take out the batch given last; what died of it becomes dead letters."""
        self.unsettled = (dead, kept)
        connection = self.reader.opened()
        where = (self.reader.number, self.lane)
        now = self.reader.clock()
        with transaction(connection):
            for letter in dead:
                connection.execute(
                    f"INSERT INTO dead_letters ({DEAD_COLUMNS}) SELECT destination, "
                    "lane, endpoint, traits, moment, body, ?, ?, ? "
                    "FROM messages WHERE id = ?",
                    (letter.state, letter.reason, now, self.numbers[letter.index]),
                ).close()
            self.delete_batch(connection, kept)
            connection.execute(f"DELETE FROM in_flight WHERE {WHERE}", where).close()
        if not kept:
            self.passed = self.numbers[-1]
        self.unsettled, self.numbers = None, []

    def delete_batch(
        self, connection: sqlite3.Connection, kept: Collection[int]
    ) -> None:
        """Delete the batch given last; requests wait for that."""
        first, last = self.numbers[0], self.numbers[-1]
        if not kept and last - first < SPARSE * len(self.numbers):
            connection.execute(
                f"DELETE FROM messages WHERE id BETWEEN ? AND ? AND {WHERE}",
                (first, last, self.reader.number, self.lane),
            ).close()
            return
        # A million messages of another destination may lie between.
        places = set(range(len(self.numbers))).difference(kept)
        numbers = [(self.numbers[place],) for place in sorted(places)]
        statement = "DELETE FROM messages WHERE id = ?"
        connection.executemany(statement, numbers).close()

    def is_empty(self) -> bool:
        """Tell whether nothing waits, as far as is known."""
        return self.known_empty and self.unsettled is None
