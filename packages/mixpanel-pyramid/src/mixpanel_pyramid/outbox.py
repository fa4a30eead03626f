"""The outbox as requests use it: what was released is on disk before the answer leaves.

A request waits at most 20 ms for the file. What it cannot write waits in memory: for a
moment, where another write went on, and for the file to be mended, where it is full or
cannot be used. The delivery threads see to both.

One ``Outbox`` serves all threads of a process; each process has its own.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import NamedTuple

from mixpanel_pyramid.exceptions import OutboxUnusableError
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox_file import (
    LANES,
    VERSION,
    OutboxFile,
    destination_number,
    is_busy,
)

__all__ = ["Address", "Outbox", "OutboxRow"]

logger = logging.getLogger("mixpanel_pyramid.delivery")

PATIENCE = 0.02  # seconds that a request waits
MORE_PATIENCE = 2.0  # seconds that a delivery thread waits
UNTIL_MENDED = 2.0  # seconds between looks at a file that cannot be used
AT_ONCE = 400  # rows in one statement
LEAST_ROOM = 64  # pages; with less, a file is full
COLUMNS = "destination, lane, endpoint, traits, moment, origin, body"

Values = tuple[int, int, str, int, float, int, str]


class Address(NamedTuple):
    """A destination as an outbox knows it.

    Attributes:
        key: What tells it from others; it holds no credentials.
        label: What people are shown.
    """

    key: str
    label: str


class OutboxRow(NamedTuple):
    """A message and where it goes."""

    address: Address
    message: Message


class Outbox:
    """Keeps released messages on disk, or for a while in memory.

    Args:
        file: Where they are kept.
        most_in_memory: How many messages may wait in memory; the newest beyond that
            are dropped and counted.

    Attributes:
        spill: What could not be written yet.
        spilled: How many messages had to wait in memory, by reason.
        dropped: How many messages found no room there either.
        problem: Why the file cannot be used; empty while it can.
    """

    def __init__(self, file: OutboxFile, most_in_memory: int = 100_000) -> None:
        self.file = file
        self.most_in_memory = most_in_memory
        self.begin()

    def begin(self) -> None:
        """Start anew, as a forked child does; its parent closed the connection."""
        self.connection: sqlite3.Connection | None = None
        self.cursor: sqlite3.Cursor | None = None
        self.numbers: dict[Address, int] = {}
        self.lock = threading.Lock()
        self.spill_lock = threading.Lock()
        self.dropped = 0
        self.spill: list[OutboxRow] = []
        self.spilled: Counter[str] = Counter()
        self.problem = ""
        self.mend_at = 0.0
        self.origin = int.from_bytes(os.urandom(7), "big")
        self.last_rows: dict[Address, int] = {}

    def put(self, rows: Sequence[OutboxRow]) -> bool:
        """Keep messages; tell whether they are on disk already.

        Where they are not, they are in ``spill``.
        """
        if not self.lock.acquire(timeout=PATIENCE):
            self.keep_in_memory(rows, "outbox busy")
            return False
        try:
            if self.problem or len(self.spill) > AT_ONCE:
                reason = "outbox unusable" if self.problem else "outbox busy"
            else:
                # In the order of their release, because the later update must win.
                earlier = list(self.spill)
                reason = self.write([*earlier, *rows] if earlier else rows)
                if not reason:
                    self.forget(len(earlier))
                    return True
            self.keep_in_memory(rows, reason)
            return False
        finally:
            self.lock.release()

    def keep_in_memory(self, rows: Sequence[OutboxRow], reason: str) -> None:
        """Let messages wait in memory, if there is room, and count them."""
        with self.spill_lock:
            room = max(self.most_in_memory - len(self.spill), 0)
            self.spill.extend(rows[:room])
            self.spilled[reason] += len(rows[:room])
            self.dropped += len(rows[room:])

    def forget(self, number: int) -> None:
        """Take the oldest out of memory; the caller holds the lock of the file."""
        if number:
            with self.spill_lock:
                del self.spill[:number]

    def write(self, rows: Sequence[OutboxRow]) -> str:
        """Write rows; say why not, where that fails. The caller holds the lock."""
        try:
            connection = self.opened()
            if rows:  # none to see whether the file can be opened at all
                self.insert(connection, rows)
        except sqlite3.Error as error:
            if is_busy(error):
                return "outbox busy"
            self.fail(error)
        except (OSError, OutboxUnusableError) as error:
            self.fail(error)
        else:
            return ""
        return "outbox unusable"

    def insert(self, connection: sqlite3.Connection, rows: Sequence[OutboxRow]) -> None:
        """Insert rows in one transaction."""
        values = [self.values(connection, row) for row in rows]
        if len(values) <= AT_ONCE:
            last = self.insert_values(connection, values)
        else:
            with transaction(connection):
                for start in range(0, len(values), AT_ONCE):
                    part = values[start : start + AT_ONCE]
                    last = self.insert_values(connection, part)
        for row in rows:
            self.last_rows[row.address] = last

    def values(self, connection: sqlite3.Connection, row: OutboxRow) -> Values:
        """Give what a row has in its columns."""
        address, message = row
        number = self.numbers.get(address)
        if number is None:
            number = destination_number(connection, *address)
            self.numbers[address] = number
        endpoint = message.endpoint
        return (
            number,
            LANES[endpoint],
            endpoint,
            message.traits,
            message.moment,
            self.origin,
            message.text,
        )

    def insert_values(
        self, connection: sqlite3.Connection, values: list[Values]
    ) -> int:
        """Insert rows with one statement; give the number of the last."""
        flat: Sequence[object] = values[0]
        if len(values) > 1:
            flat = [item for row in values for item in row]
        # A cursor that is kept costs a third less than one for each statement.
        if self.cursor is None:
            self.cursor = connection.cursor()
        self.cursor.execute(insertion(len(values)), flat)
        return int(self.cursor.lastrowid or 0)

    def opened(self) -> sqlite3.Connection:
        """Give this process's connection, made on first use."""
        if self.connection is None:
            self.numbers, self.cursor = {}, None
            self.connection = self.file.connect(PATIENCE)
        return self.connection

    def fail(self, error: Exception) -> None:
        """Stop using the file for a while, and say so once."""
        problem = f"{type(error).__name__}: {error}"
        if not self.problem:
            text = (
                "the outbox %s cannot be used (%s); messages wait in memory until "
                "it can, and are lost if the process is killed"
            )
            logger.error(text, self.file.path, problem)
        self.problem = problem
        self.mend_at = time.monotonic() + UNTIL_MENDED
        self.close()

    def mend(self) -> bool:
        """Write what waits in memory; tell whether nothing does any more.

        Called by delivery threads, never by requests. Where the file cannot be used,
        it is looked at again every few seconds.
        """
        if not self.spill and not self.problem:
            return True
        if self.problem and time.monotonic() < self.mend_at:
            return False
        with self.lock:
            taken = self.spill[: AT_ONCE * 5]
            try:
                connection = self.opened()
                with patience(connection, MORE_PATIENCE):
                    if self.problem:
                        prove_writable(connection)
                    if taken:
                        self.insert(connection, taken)
            except (sqlite3.Error, OSError, OutboxUnusableError) as error:
                if not is_busy(error):
                    self.fail(error)
                return False
            self.forget(len(taken))
            if self.problem:
                logger.info("the outbox %s can be used again", self.file.path)
                self.problem = ""
            return not self.spill

    def take_spill(self, address: Address, most: int) -> list[OutboxRow]:
        """Give what waits in memory for a destination to who can deliver it from there.

        Args:
            address: The destination.
            most: How many at most; the others stay.
        """
        with self.lock, self.spill_lock:
            taken = [row for row in self.spill if row.address == address][
                : max(most, 0)
            ]
            chosen = set(map(id, taken))
            self.spill[:] = [row for row in self.spill if id(row) not in chosen]
        return taken

    def waits_for(self, address: Address, last: int) -> bool:
        """Tell whether rows of this process, up to one, are not delivered yet."""
        with self.lock:
            connection = self.opened()
            number = self.numbers.get(address)
            if number is None:
                return False
            with closing(connection.cursor()) as cursor:
                statement = (
                    "SELECT 1 FROM messages "
                    "WHERE id <= ? AND origin = ? AND destination = ? LIMIT 1"
                )
                found = cursor.execute(statement, (last, self.origin, number))
                return found.fetchone() is not None

    def count(self, address: Address) -> int:
        """Count the messages of a destination that wait on disk."""
        with self.lock, closing(self.opened().cursor()) as cursor:
            row = cursor.execute(
                "SELECT count(*) FROM messages WHERE destination = "
                "(SELECT id FROM destinations WHERE key = ?)",
                (address.key,),
            ).fetchone()
        return int(row[0])

    def close(self) -> None:
        """Close the connection; the next message opens another."""
        connection, self.connection = self.connection, None
        self.numbers, self.cursor = {}, None
        if connection is not None:
            connection.close()


@lru_cache(maxsize=AT_ONCE)
def insertion(number: int) -> str:
    """Write the statement that inserts so many rows."""
    each = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * number)
    return f"INSERT INTO messages ({COLUMNS}) VALUES {each}"


def prove_writable(connection: sqlite3.Connection) -> None:
    """Write a page, as only that shows that there is room.

    Raises:
        sqlite3.Error: If there is none.
    """
    pages, free, most = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "max_page_count")
    )
    if pages - free + LEAST_ROOM > most:
        raise sqlite3.OperationalError("database or disk is full")
    connection.execute(f"PRAGMA user_version = {VERSION}").close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of a block, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE").close()
    try:
        yield
        connection.execute("COMMIT").close()
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK").close()
        raise


@contextmanager
def patience(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Let a connection wait longer for others' writes, for the time of a block."""
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}").close()
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}").close()
