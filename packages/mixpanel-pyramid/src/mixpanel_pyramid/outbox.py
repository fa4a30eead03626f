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
from collections.abc import Sequence
from contextlib import closing

from mixpanel_pyramid.exceptions import OutboxUnusableError
from mixpanel_pyramid.outbox_file import (
    LANES,
    OutboxFile,
    destination_number,
    is_busy,
)
from mixpanel_pyramid.outbox_rows import (
    Address,
    OutboxRow,
    Values,
    insert_all,
    patience,
    prove_writable,
)

__all__ = ["MORE_PATIENCE", "Address", "Outbox", "OutboxRow"]

logger = logging.getLogger("mixpanel_pyramid.delivery")

PATIENCE = 0.02  # seconds that a request waits
A_MOMENT = 0.001  # seconds that nobody would call waiting
MORE_PATIENCE = 2.0  # seconds that a delivery thread waits
UNTIL_MENDED = 2.0  # seconds between looks at a file that cannot be used
MOST_EARLIER = 400  # messages in memory that a request takes along
NEGLECTED = 10.0  # seconds after which no thread seems to see to what is in memory
BETWEEN_LOOKS = 256  # writes between looks at how long the log is
OF_ADDRESS = "destination = (SELECT id FROM destinations WHERE key = ?)"


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
        self.reading = threading.Lock()  # of who counts, for whom no request waits
        self.spill_lock = threading.Lock()
        self.dropped = 0
        self.spill: list[OutboxRow] = []
        self.spilled: Counter[str] = Counter()
        self.problem = ""
        self.mend_at = 0.0
        self.tended_at = time.monotonic()
        self.origin = int.from_bytes(os.urandom(7), "big")
        self.inode = self.writes = 0
        self.delivered: dict[Address, int] = {}  # nothing of ours waits up to here
        self.last_rows: dict[Address, int] = {}

    def put(self, rows: Sequence[OutboxRow]) -> bool:
        """Keep messages; tell whether they are on disk already.

        Where they are not, they are in ``spill``.
        """
        if (self.problem or self.spill) and self.is_neglected():
            self.mend_some(MOST_EARLIER, PATIENCE)
        until = time.monotonic() + PATIENCE
        if not self.lock.acquire(timeout=PATIENCE):
            self.keep_in_memory(rows, "outbox busy")
            return False
        try:
            if self.problem or len(self.spill) > MOST_EARLIER:
                reason = "outbox unusable" if self.problem else "outbox busy"
            else:
                # In the order of their release, because the later update must win.
                earlier = list(self.spill)
                left = until - time.monotonic()
                reason = self.write([*earlier, *rows] if earlier else rows, left)
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
            is_first = not self.dropped and len(rows) > room
            self.dropped += len(rows[room:])
        if is_first:
            text = (
                "the memory beside the outbox %s is full with %d messages "
                "(mixpanel.queue_size); new ones are dropped and counted"
            )
            logger.error(text, self.file.path, self.most_in_memory)

    def forget(self, number: int) -> None:
        """Take the oldest out of memory; the caller holds the lock of the file."""
        if number:
            with self.spill_lock:
                del self.spill[:number]

    def write(self, rows: Sequence[OutboxRow], left: float = PATIENCE) -> str:
        """Write rows; say why not, where that fails. The caller holds the lock.

        Args:
            rows: The rows; none to see whether the file can be opened at all.
            left: How many seconds of the patience are left.
        """
        try:
            connection = self.opened()
            self.writes += 1
            if self.writes % BETWEEN_LOOKS == 0:
                self.file.check_log()
            if rows and left > PATIENCE - A_MOMENT:
                self.insert(connection, rows)
            elif rows:  # other threads were waited for already
                with patience(connection, max(left, A_MOMENT), PATIENCE):
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
        # A cursor that is kept costs a third less than one for each statement.
        if self.cursor is None:
            self.cursor = connection.cursor()
        last = insert_all(self.cursor, values)
        for address in {row.address for row in rows}:
            self.last_rows[address] = last
            self.delivered.setdefault(address, last - len(values))

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
            int(time.time()),
            self.origin,
            message.text,
        )

    def opened(self) -> sqlite3.Connection:
        """Give this process's connection, made on first use.

        Where the file was deleted or replaced, it is that to the file there is now.
        """
        if self.connection is not None and self.file.inode() != self.inode:
            logger.warning("the outbox %s was replaced", self.file.path)
            self.close()
            self.delivered, self.last_rows = {}, {}
        if self.connection is None:
            self.numbers, self.cursor = {}, None
            self.connection = self.file.connect(PATIENCE)
            self.inode = self.file.inode()
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

    def is_neglected(self) -> bool:
        """Tell whether no thread sees to the memory, as in uWSGI without threads."""
        return time.monotonic() > self.tended_at + NEGLECTED

    def mend(self) -> bool:
        """Write what waits in memory; tell whether nothing does any more.

        Called by delivery threads, again and again. Where the file cannot be used, it
        is looked at every few seconds.
        """
        self.tended_at = time.monotonic()
        return self.mend_some(MOST_EARLIER * 5, MORE_PATIENCE)

    def mend_some(self, most: int, seconds: float) -> bool:
        """Write some of what waits in memory; tell whether nothing does any more.

        Args:
            most: How many messages.
            seconds: How long to wait for another's write.
        """
        if not self.spill and not self.problem:
            return True
        if self.problem and time.monotonic() < self.mend_at:
            return False
        with self.lock:
            taken = self.spill[:most]
            try:
                connection = self.opened()
                with patience(connection, seconds, PATIENCE):
                    if self.problem:
                        self.file.check_log()
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

    def take_spill(self, address: Address, most: int, written: int) -> list[OutboxRow]:
        """Give what waits in memory for a destination to who can deliver it from there.

        Args:
            address: The destination.
            most: How many at most; the others stay.
            written: What was the last of its rows on disk, in ``last_rows``, when none
                waited there. If there is one since, that is older, and all stay.
        """
        with self.lock, self.spill_lock:
            if self.last_rows.get(address, 0) != written:
                return []
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
            number = destination_number(connection, *address)
            statement = (
                "SELECT id FROM messages WHERE id > ? AND id <= ? "
                "AND origin = ? AND destination = ? ORDER BY id LIMIT 1"
            )
            # A backlog of others may be long; what was passed once is not read again.
            passed = self.delivered.get(address, 0)
            values = (passed, last, self.origin, number)
            with closing(connection.execute(statement, values)) as cursor:
                found = cursor.fetchone()
            self.delivered[address] = max(found[0] - 1 if found else last, passed)
            return found is not None

    def count(self, address: Address) -> int:
        """Count the messages of a destination that wait on disk.

        It reads them all, so it takes no lock that requests wait for; but one that a
        fork waits for.
        """
        statement = f"SELECT count(*) FROM messages WHERE {OF_ADDRESS}"
        with self.reading, closing(self.file.connect(PATIENCE)) as connection:
            return int(connection.execute(statement, (address.key,)).fetchone()[0])

    def newest(self) -> int:
        """Give the number of the newest message on disk, whoever it is for, or 0."""
        statement = "SELECT max(id) FROM messages"
        with self.reading, closing(self.file.connect(PATIENCE)) as connection:
            return int(connection.execute(statement).fetchone()[0] or 0)

    def first(self, address: Address, seconds: float = PATIENCE) -> int:
        """Give the number of the oldest message of a destination on disk, or 0.

        Args:
            address: The destination.
            seconds: How long to wait for the file.
        """
        statement = f"SELECT id FROM messages WHERE {OF_ADDRESS} ORDER BY id LIMIT 1"
        with self.reading, closing(self.file.connect(seconds)) as connection:
            row = connection.execute(statement, (address.key,)).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close the connection; the next message opens another."""
        connection, self.connection = self.connection, None
        self.numbers, self.cursor = {}, None
        if connection is not None:
            connection.close()
