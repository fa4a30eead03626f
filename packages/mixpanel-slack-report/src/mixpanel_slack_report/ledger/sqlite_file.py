"""The file of the ledger, and the rows in it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.record import Record, read_record

__all__ = ["find_record", "forget_record", "keep_record", "opened"]

VERSION = 1
BUSY_SECONDS = 30
TABLES = """
CREATE TABLE IF NOT EXISTS entry (
    trigger TEXT NOT NULL,
    report TEXT NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    step TEXT NOT NULL,
    writer TEXT NOT NULL,
    settled TEXT NOT NULL,
    detail TEXT NOT NULL,
    changed TEXT,
    sent TEXT,
    PRIMARY KEY (trigger, report, from_date, to_date, channel, source)
);
CREATE TABLE IF NOT EXISTS memory (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    since TEXT NOT NULL
);
"""
FIELDS = ("step", "writer", "settled", "detail", "changed", "sent")
WHERE = (
    "trigger = ? AND report = ? AND from_date = ? AND to_date = ? AND channel = ?"
    " AND source = ?"
)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for one transaction, which is kept if the block ends well.

    The transaction is the only one that writes. What it wrote is on the disk when the
    block is over, so that it outlives a cut of the power.

    Raises:
        LedgerError: If the file cannot be used, or if the block raises a ValueError, as
            for a record that is damaged.
    """
    try:
        make_private(path)
        with closing(
            sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute("BEGIN IMMEDIATE")
            prepare_tables(connection)
            yield connection
            connection.execute("COMMIT")
    except (sqlite3.Error, OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        message = (
            f"ledger {path} cannot be used ({said}); mend it, or name another file in "
            "REPORT_LEDGER"
        )
        raise LedgerError(message) from error


def make_private(path: Path) -> None:
    """Make the file if it is not there, for its owner only."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def prepare_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file; refuse a file of a later version.

    Raises:
        DatabaseError: If another version wrote it.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return
    if version:
        message = f"version {version} of it is not known here"
        raise sqlite3.DatabaseError(message)
    for statement in filter(str.strip, TABLES.split(";")):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def find_record(connection: sqlite3.Connection, key: EntryKey) -> Record:
    """Read what is on record; an empty record if nothing is.

    Raises:
        ValueError: If it is damaged.
    """
    row = connection.execute(
        f"SELECT {', '.join(FIELDS)} FROM entry WHERE {WHERE}",  # noqa: S608 - constants
        key_values(key),
    ).fetchone()
    if row is None:
        return Record()
    try:
        return read_record(dict(zip(FIELDS, row, strict=True)))
    except ValueError as error:
        days = f"{key.from_date} to {key.to_date}"
        message = f"its record of the {key.report} report {days} is damaged: {error}"
        raise ValueError(message) from error


def keep_record(connection: sqlite3.Connection, key: EntryKey, record: Record) -> None:
    """Write what is on record."""
    connection.execute(
        "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key_values(key),
            record.step,
            record.writer,
            record.settled,
            record.detail,
            record.changed and record.changed.isoformat(),
            record.sent and record.sent.isoformat(),
        ),
    )


def forget_record(connection: sqlite3.Connection, key: EntryKey) -> None:
    """Take what is on record away."""
    connection.execute(f"DELETE FROM entry WHERE {WHERE}", key_values(key))  # noqa: S608 - a constant


def key_values(key: EntryKey) -> tuple[str, ...]:
    """Return the columns of a key."""
    return (
        key.trigger,
        key.report,
        key.from_date.isoformat(),
        key.to_date.isoformat(),
        key.channel,
        key.source,
    )
