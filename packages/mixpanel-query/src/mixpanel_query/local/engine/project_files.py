"""Files that keep a project, and why one cannot be opened."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import ClassVar, Final

import duckdb

from mixpanel_query.local.exceptions import LocalProjectError

__all__ = ["HeldFile", "check_store", "check_tables", "why_closed"]

HOLDER: Final = re.compile(r"Conflicting lock is held in .*\(PID (\d+)\)")

# Those of each version of a project's file.
EVENT_COLUMNS: Final = {"event", "distinct_id", "time_ms", "insert_id", "properties"}
COLUMNS: Final = (
    "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
)


class HeldFile:
    """A file that a store of this process keeps open, and no other one of it may.

    By the rules of POSIX, whoever opens the file once more and closes it gives up the
    lock of the whole process, and then another process could write it, too.
    """

    _held: ClassVar[set[str]] = set()
    _changing: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, path: Path) -> None:
        """Take a file.

        Raises:
            LocalProjectError: If a store has it already.
        """
        self._name = os.path.realpath(path)
        with self._changing:
            check_free(path, is_held=self._name in self._held)
            self._held.add(self._name)

    def release(self) -> None:
        """Let others take the file, which is closed."""
        with self._changing:
            self._held.discard(self._name)

    @classmethod
    def refuse_held(cls, path: Path) -> None:
        """Refuse a file that a store of this process has open.

        Raises:
            LocalProjectError: If it is one.
        """
        with cls._changing:
            check_free(path, is_held=os.path.realpath(path) in cls._held)


def check_free(path: Path, *, is_held: bool) -> None:
    """Raise the error for a file that is held, if it is."""
    if is_held:
        raise LocalProjectError(
            f"cannot open {path}: a local project of this process has it open; "
            "leave that one first, or name another file"
        )


def check_tables(
    connection: duckdb.DuckDBPyConnection, path: str | Path | None, own: frozenset[str]
) -> None:
    """Refuse a DuckDB file of something else, whose rows `reset` would delete.

    Args:
        connection: Has the file open, and changed nothing yet.
        path: The file.
        own: Names of the tables that a project may have.

    Raises:
        LocalProjectError: If it has other tables, or other columns of events.
    """
    columns: dict[str, set[str]] = {}
    for table, column in connection.execute(COLUMNS).fetchall():
        columns.setdefault(table, set()).add(column)
    others = sorted(columns.keys() - own)
    if columns and not columns.get("events", set()) >= EVENT_COLUMNS:
        others = others or sorted(columns)
    if others:
        raise LocalProjectError(
            f"cannot open the project file {path}: it is a DuckDB file of something "
            f"else, with the table {others[0]!r}; name another one"
        )


def check_store(path: Path) -> None:
    """Refuse a file that is there and is no store.

    DuckDB opens a file of data too, as a view of it in a store in memory, whose
    changes would be lost.
    """
    if path.exists() and not path.is_file():
        raise LocalProjectError(
            f"cannot open the project file {path}: it is no file; name another one"
        )
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        # There is none yet, or DuckDB says why it cannot be read.
        return
    if head and head[8:] != b"DUCK":
        raise LocalProjectError(
            f"cannot open the project file {path}: it is no DuckDB file; "
            "name another one, or load it as events or profiles"
        )


def why_closed(error: duckdb.Error) -> str:
    """Say in a line why DuckDB opens no file, and what to do if it is in use."""
    reason = str(error).splitlines()[0]
    holder = HOLDER.search(reason)
    if holder is None:
        return reason
    return f"process {holder[1]} has it open; stop that one, or name another file"
