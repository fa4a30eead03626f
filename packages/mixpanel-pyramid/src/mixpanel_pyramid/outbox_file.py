"""The outbox's file: made, checked, opened.

SQLite in WAL mode, so that requests write while a sender reads:
https://www.sqlite.org/wal.html. Connections are made after a fork, never carried
across one: https://www.sqlite.org/howtocorrupt.html
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mixpanel_pyramid.exceptions import OutboxUnusableError
from mixpanel_pyramid.forks import at_fork

__all__ = ["LANES", "VERSION", "OutboxFile", "destination_number", "is_busy"]

VERSION = 1
APPLICATION = 0x4D50_4F58  # tells our files from others'
PAGE = 4096
LARGEST_LOG = 32_000_000  # bytes; a longer log is cut when it begins anew
LEAST_LOG_MB = 256
TRIES = 50

# What waits for what: two lanes never wait for one another.
LANES = {"events": 0, "imports": 0, "people": 1, "groups": 1, "customer.io": 2}

SCHEMA = """
CREATE TABLE IF NOT EXISTS destinations (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    destination INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    traits INTEGER NOT NULL,
    moment REAL NOT NULL,
    put_at INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS in_flight (
    destination INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (destination, lane)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    destination INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    traits INTEGER NOT NULL,
    moment REAL NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    died_at REAL NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class OutboxFile:
    """Where an outbox is, and how carefully it is written.

    Attributes:
        path: The file; others beside it begin with its name.
        sync: ``"normal"`` survives the death of processes, ``"full"`` a power cut
            as well.
        max_mb: How large the file may become, in MiB.
    """

    path: Path
    sync: str = "normal"
    max_mb: int = 1024

    def connect(
        self, timeout: float, *, create: bool = True, spare_mb: int = 0
    ) -> sqlite3.Connection:
        """Open a connection, for use in this process alone; any thread may use it.

        Args:
            timeout: Seconds to wait for another connection's write.
            create: Whether to make the outbox where there is none.
            spare_mb: Room beyond ``max_mb``, in MiB: of a full file, too, messages
                must be taken out.

        Raises:
            OutboxUnusableError: If it is no outbox, or one that a newer version made.
            sqlite3.Error: If it cannot be read or written now.
            OSError: The same.
        """
        make_private(self.path, create=create)
        connection = sqlite3.connect(
            self.path,
            timeout=timeout,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=64,
        )
        try:
            self.prepare(connection, self.max_mb + spare_mb, create=create)
        except BaseException:
            connection.close()
            raise
        return connection

    def prepare(
        self, connection: sqlite3.Connection, most_mb: int, *, create: bool
    ) -> None:
        """Check the file, make its tables where it is empty, and set the rules."""
        for name, value in (
            # Requests must not pay for checkpoints; the sender makes them.
            ("wal_autocheckpoint", 0),
            ("journal_size_limit", LARGEST_LOG),
            ("synchronous", self.sync.upper()),
            ("max_page_count", most_mb * 1024 * 1024 // PAGE),
        ):
            connection.execute(f"PRAGMA {name} = {value}").close()
        if self.is_checked(connection):
            return
        if not create:
            raise OutboxUnusableError(f"{self.path} is empty, and no outbox yet")
        tries = 1
        while True:
            try:
                # Not all of the locks that this takes wait their turn.
                connection.execute("PRAGMA journal_mode = WAL").close()
                self.make_tables(connection)
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or tries == TRIES:
                    raise
            tries += 1
            time.sleep(0.02)

    def inode(self) -> int:
        """Give the number of the file at the path; 0 where there is none."""
        try:
            return os.stat(self.path).st_ino  # noqa: PTH116  # for each request
        except OSError:
            return 0

    def log_bytes(self) -> int:
        """Tell how long SQLite's log beside the file is."""
        try:
            return self.path.with_name(f"{self.path.name}-wal").stat().st_size
        except OSError:
            return 0

    def check_log(self) -> None:
        """See that the log is no longer than the file may be; only senders cut it.

        Raises:
            OutboxUnusableError: If it is.
        """
        most_mb = max(self.max_mb, LEAST_LOG_MB)
        if self.log_bytes() > most_mb * 1024 * 1024:
            given = f"the log of the outbox {self.path} is over {most_mb} MiB"
            remedy = "no process sends; run `mixpanel-outbox send --follow`"
            raise OutboxUnusableError(f"{given}: {remedy}")

    def is_checked(self, connection: sqlite3.Connection) -> bool:
        """Tell whether the file is ready for use.

        Raises:
            OutboxUnusableError: If it is not ours to use.
        """
        # In one look: another process may be making the tables just now.
        is_alone = not connection.in_transaction
        if is_alone:
            connection.execute("BEGIN").close()
        try:
            with closing(connection.cursor()) as cursor:
                tables, version, application = (
                    cursor.execute(statement).fetchone()[0]
                    for statement in (
                        "SELECT count(*) FROM sqlite_master",
                        "PRAGMA user_version",
                        "PRAGMA application_id",
                    )
                )
        finally:
            if is_alone:
                connection.rollback()
        if version > VERSION and application == APPLICATION:
            given = f"the outbox {self.path} has format {version}"
            advice = (
                f"this version reads up to {VERSION}: upgrade, or name another file"
            )
            raise OutboxUnusableError(f"{given}; {advice}")
        if tables and application != APPLICATION:
            given = f"{self.path} is a database of something else"
            raise OutboxUnusableError(f"{given}; name another file as mixpanel.outbox")
        return bool(application == APPLICATION)

    def make_tables(self, connection: sqlite3.Connection) -> None:
        """Make the tables, unless another process did so meanwhile."""
        connection.execute("BEGIN IMMEDIATE").close()
        try:
            if not self.is_checked(connection):
                for statement in SCHEMA.split(";\n"):
                    connection.execute(statement).close()
                connection.execute(f"PRAGMA application_id = {APPLICATION}").close()
                connection.execute(f"PRAGMA user_version = {VERSION}").close()
            connection.execute("COMMIT").close()
        except BaseException:
            connection.rollback()
            raise


def make_private(path: Path, *, create: bool) -> None:
    """Make a file that only its owner reads, and refuse to follow a link to one.

    Raises:
        OutboxUnusableError: If it is a link, or no ordinary file.
        OSError: If it cannot be made.
    """
    # A file that exists is not opened: closing it would drop SQLite's locks on it.
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        if not create:
            message = f"there is no outbox {path}; name the file of mixpanel.outbox"
            raise OutboxUnusableError(message) from None
        make_empty(path)
        mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        kind = "a link" if stat.S_ISLNK(mode) else "no ordinary file"
        raise OutboxUnusableError(
            f"{path} is {kind}; name the file of an outbox itself"
        )


making = threading.Lock()


def begin_again() -> None:
    """Give a forked child a lock of its own."""
    global making
    making = threading.Lock()


at_fork(after_in_child=begin_again)


def make_empty(path: Path) -> None:
    """Make an empty file, unless another process has done so meanwhile.

    What a file that was deleted left behind goes first: SQLite would take its log, and
    share memory with processes that still have the deleted file open. Who removes that
    must be alone, or it removes what is in use again.
    """
    from fcntl import LOCK_EX, lockf

    how = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    with making:
        lock = os.open(path.with_name(f"{path.name}.new.lock"), how, 0o600)
        try:
            lockf(lock, LOCK_EX)
            if os.path.lexists(path):
                return
            for ending in ("-wal", "-shm", "-journal"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            os.close(os.open(path, how | os.O_EXCL, 0o600))
        finally:
            os.close(lock)


def destination_number(connection: sqlite3.Connection, key: str, label: str) -> int:
    """Give the number that a destination has in this file, made on first use.

    Args:
        connection: A connection to it.
        key: What tells the destination from others; it holds no credentials.
        label: What people are shown.
    """
    with closing(connection.cursor()) as cursor:
        statement = "SELECT id, label FROM destinations WHERE key = ?"
        row = cursor.execute(statement, (key,)).fetchone()
        if row is None or row[1] != label:
            cursor.execute(
                "INSERT INTO destinations (key, label) VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET label = excluded.label",
                (key, label),
            )
            row = cursor.execute(statement, (key,)).fetchone()
    return int(row[0])


def is_busy(error: BaseException) -> bool:
    """Tell whether a write failed only because another one goes on."""
    # Python 3.10 has no sqlite_errorcode.
    text = str(error)
    return isinstance(error, sqlite3.OperationalError) and (
        "locked" in text or "busy" in text or text == "locking protocol"
    )
