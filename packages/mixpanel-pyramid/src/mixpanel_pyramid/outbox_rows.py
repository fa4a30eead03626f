"""The rows of an outbox's file: what is in them, and how they are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox_file import VERSION

__all__ = [
    "Address",
    "OutboxRow",
    "Values",
    "insert_all",
    "patience",
    "prove_writable",
    "transaction",
]

AT_ONCE = 120  # rows in one statement; before 3.32 SQLite takes 999 values
LEAST_ROOM = 64  # pages; with less, a file is full
COLUMNS = "destination, lane, endpoint, traits, moment, put_at, origin, body"

Values = tuple[int, int, str, int, float, int, int, str]


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


def insert_all(cursor: sqlite3.Cursor, values: Sequence[Values]) -> int:
    """Insert rows, all or none of them; give the number of the last."""
    if len(values) <= AT_ONCE:
        return insert_values(cursor, values)
    with transaction(cursor.connection):
        for start in range(0, len(values), AT_ONCE):
            last = insert_values(cursor, values[start : start + AT_ONCE])
    return last


def insert_values(cursor: sqlite3.Cursor, values: Sequence[Values]) -> int:
    """Insert rows with one statement; give the number of the last."""
    flat: Sequence[object] = values[0]
    if len(values) > 1:
        flat = [item for row in values for item in row]
    cursor.execute(insertion(len(values)), flat)
    return int(cursor.lastrowid or 0)


@lru_cache(maxsize=AT_ONCE)
def insertion(number: int) -> str:
    """Write the statement that inserts so many rows."""
    each = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * number)
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
        connection.rollback()
        raise


@contextmanager
def patience(
    connection: sqlite3.Connection, seconds: float, otherwise: float
) -> Iterator[None]:
    """Let a connection wait longer for others' writes, or not as long, in a block.

    Args:
        connection: The connection.
        seconds: How long it waits in the block.
        otherwise: How long it waits after it.
    """
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}").close()
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(otherwise * 1000)}").close()
