"""The store of a local project: events, profiles and annotations in DuckDB.

Any thread may read and write: each reading has a cursor of its own and sees what was
there when it began; writings happen one after the other, each whole or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb

from mixpanel_query.local.engine.columns import as_list
from mixpanel_query.local.engine.merges import MERGES, keep_merges
from mixpanel_query.local.engine.project_files import (
    HeldFile,
    check_store,
    check_tables,
    why_closed,
)
from mixpanel_query.local.engine.repeats import forget_repeats
from mixpanel_query.local.engine.tables import TABLES
from mixpanel_query.local.exceptions import LocalProjectError

__all__ = ["Engine", "StoredEvent", "as_list"]

# This is a hundred times as fast as executemany(), and JSON text is much faster than
# Python lists in DuckDB 1.
INSERT_EVENTS = """
INSERT INTO events BY NAME
SELECT * EXCLUDE device_id, device_id <> '' AND distinct_id = device_id AS of_device
FROM (
    SELECT unnest(from_json($event, '["VARCHAR"]')) AS event,
        unnest(from_json($distinct_id, '["VARCHAR"]')) AS distinct_id,
        unnest(from_json($time_ms, '["BIGINT"]')) AS time_ms,
        unnest(from_json($insert_id, '["VARCHAR"]')) AS insert_id,
        unnest(from_json($properties, '["VARCHAR"]')) AS properties,
        unnest(from_json($device_id, '["VARCHAR"]')) AS device_id
)
"""


OWN_TABLES: Final = frozenset(re.findall(r"TABLE IF NOT EXISTS (\w+)", TABLES + MERGES))


class StoredEvent(NamedTuple):
    """An event as the store keeps it.

    Attributes:
        event: Name of the event.
        distinct_id: Who did it; empty for nobody.
        time_ms: When, in epoch milliseconds.
        insert_id: What tells it from a repeat of itself.
        properties: JSON text of its properties, without ``time``.
        device_id: The distinct_id of the device that it came from: its own if nobody
            is named beside it; empty if it names no device, or is not to be merged.
    """

    event: str
    distinct_id: str
    time_ms: int
    insert_id: str
    properties: str
    device_id: str = ""


class Engine:
    """An open store, in memory or in a file; threads may share it."""

    def __init__(self, path: str | Path | None = None) -> None:
        """Open the store, and make it if it is new.

        Args:
            path: File of the store, which one store at a time can use; None keeps
                everything in memory.

        Raises:
            LocalProjectError: If the file cannot be opened, is no DuckDB file, or is
                in use.
        """
        self._file = None if path is None else HeldFile(Path(path))
        self._spill = spilling_folder(path)
        try:
            self._connection = opened(path, self._spill)
        except BaseException:
            self._release()
            raise
        self._writing = threading.Lock()
        self._opening = threading.Lock()

    def close(self) -> None:
        """Close the store; one in memory is gone."""
        self._connection.close()
        self._release()
        shutil.rmtree(self._spill, ignore_errors=True)

    def _release(self) -> None:
        """Let others have the file."""
        if self._file:
            self._file.release()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a new cursor, for one thread at a time; the caller closes it."""
        with self._opening:
            return self._connection.cursor()

    def rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Return everything that a query finds."""
        cursor = self.cursor()
        try:
            return cursor.execute(sql, values).fetchall()
        finally:
            cursor.close()

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor whose changes are kept together, or not at all on an error."""
        with self._writing:
            cursor = self.cursor()
            try:
                cursor.begin()
                yield cursor
                cursor.commit()
            except RuntimeError as error:
                # This is what DuckDB makes of Ctrl-C.
                if str(error) == "Query interrupted":
                    raise KeyboardInterrupt from error
                raise
            # Closing a cursor rolls back what it has not committed.
            finally:
                cursor.close()

    def insert_events(self, events: Sequence[StoredEvent]) -> None:
        """Add events, all or none, and merge the devices of those that name a user."""
        if not events:
            return
        columns = zip(StoredEvent._fields, zip(*events, strict=True), strict=True)
        with self.writing() as cursor:
            forget_repeats(cursor)
            cursor.execute(
                INSERT_EVENTS, {name: as_list(values) for name, values in columns}
            )
            keep_merges(
                cursor,
                (
                    (event.device_id, event.distinct_id)
                    for event in events
                    if event.device_id and event.device_id != event.distinct_id
                ),
            )

    def clear(self) -> None:
        """Delete everything, and number from 1 again."""
        with self.writing() as cursor:
            for (table,) in cursor.execute(
                "SELECT table_name FROM duckdb_tables()"
            ).fetchall():
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - of TABLES
            for (sequence,) in cursor.execute(
                "SELECT sequence_name FROM duckdb_sequences()"
            ).fetchall():
                cursor.execute(f'CREATE OR REPLACE SEQUENCE "{sequence}"')

    def save_copy(self, path: Path) -> None:
        """Write everything into a new store, which appears when it is complete.

        Raises:
            LocalProjectError: If the file is there already, or cannot be written.
        """
        if path.exists():
            raise LocalProjectError(f"{path} is there already; name another file")
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            with self._writing, closing(self.cursor()) as cursor:
                copy_into(cursor, part)
            part.replace(path)
        except (duckdb.Error, OSError) as error:
            reason = str(error).splitlines()[0]
            raise LocalProjectError(f"cannot write {path}: {reason}") from error
        finally:
            part.unlink(missing_ok=True)
            # This is left where the disk was full.
            part.with_name(f"{part.name}.wal").unlink(missing_ok=True)


def opened(path: str | Path | None, spill: str) -> duckdb.DuckDBPyConnection:
    """Return the connection to a file that keeps a project, or to one in memory.

    Raises:
        LocalProjectError: If the file cannot be opened, is something else, or is in
            use.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit(),
        "temp_directory": spill,
        # Without these, some names would make DuckDB ask the network.
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    try:
        if path is not None:
            check_store(Path(path))
        # As it is absolute, no beginning of a name is one of another database.
        place = ":memory:" if path is None else str(Path(path).absolute())
        connection = duckdb.connect(place, config=config)
        try:
            check_tables(connection, path, OWN_TABLES)
            connection.execute(TABLES + MERGES)
            # At its first parameter DuckDB 1 imports pandas, if it is installed. The
            # seconds that this takes are no part of somebody's first question.
            connection.execute("SELECT $1", [1])
        except BaseException:
            connection.close()
            raise
    except duckdb.Error as error:
        raise LocalProjectError(
            f"cannot open the project file {path}: {why_closed(error)}"
        ) from error
    return connection


def copy_into(cursor: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the database of a cursor into a file, whose name is not taken."""
    file = str(path).replace("'", "''")
    [(own,)] = cursor.execute("SELECT current_database()").fetchall()
    cursor.execute(f"ATTACH '{file}' AS copied")
    try:
        cursor.execute(f'COPY FROM DATABASE "{own}" TO copied')
    finally:
        cursor.execute("DETACH copied")


def memory_limit() -> str:
    """Return how much memory the store may take; what is more goes to the disk.

    A million events load within it, and each thread of DuckDB needs some of it.
    """
    return f"{512 + 64 * (os.cpu_count() or 1)}MB"


def spilling_folder(path: str | Path | None) -> str:
    """Return the folder for what memory does not hold, which is made when needed."""
    if path is not None:
        return f"{path}.tmp"
    return str(Path(tempfile.gettempdir(), f"mixpanel-local-{uuid.uuid4().hex}"))
