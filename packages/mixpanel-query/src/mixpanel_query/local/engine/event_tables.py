"""Tables of events in Parquet, as `Client.export_to` writes them.

The columns event and properties, both texts, hold everything; the properties are JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import duckdb

from mixpanel_query.local.engine.line_files import parsed_row
from mixpanel_query.local.engine.row_problems import event_problem
from mixpanel_query.local.exceptions import LocalProjectError

__all__ = ["LAX", "check_columns", "check_rows", "is_parquet"]

PARQUET_MAGIC: Final = b"PAR1"
TABLE: Final = """
FROM read_parquet($path, hive_partitioning = false, file_row_number = true)
"""
# DuckDB takes NaN, Infinity and a comma before the end for JSON. Where this finds one
# in a text, the row is looked at, and is fine.
LAX: Final = r"(?i)[:\[,]\s*[-+]?(nan|inf)|,\s*[\]}]"
ROWS_AT_ONCE: Final = 1000


def is_parquet(path: Path) -> bool:
    """Tell whether a file is Parquet, or was to be: one that was cut may be empty."""
    with path.open("rb") as file:
        return file.read(4) == PARQUET_MAGIC or path.suffix == ".parquet"


def check_columns(path: Path, pattern: str) -> None:
    """Refuse a file that is no whole Parquet, or has not the columns of events.

    Args:
        path: The file.
        pattern: What matches it, and nothing else.

    Raises:
        LocalProjectError: If it is so.
    """
    with closing(duckdb.connect()) as own:
        try:
            found = own.execute(f"DESCRIBE SELECT * {TABLE}", {"path": pattern})
            columns = {row[0]: row[1] for row in found.fetchall()}
        except duckdb.Error as error:
            raise unreadable(path, error) from error
    if not {columns.get("event"), columns.get("properties")} <= {"VARCHAR", "JSON"}:
        raise LocalProjectError(
            f"{path} is no table of events: it needs the columns event and properties, "
            "which are texts, as an export writes them; give profiles as JSON Lines"
        )


def unreadable(path: Path, error: duckdb.Error) -> LocalProjectError:
    """Return the error for a file that DuckDB cannot read, in its words."""
    reason = str(error).splitlines()[0]
    return LocalProjectError(
        f"cannot read {path}: {reason}; give Parquet as an export writes it"
    )


def check_rows(path: Path, pattern: str, like: str = "") -> None:
    """Raise an error for the first row that is no event.

    Args:
        path: The file.
        pattern: What matches it, and nothing else.
        like: Regular expression that the properties of a row match that is looked at.

    Raises:
        LocalProjectError: If there is one; the message names the file and the row.
    """
    with closing(duckdb.connect()) as own:
        for number, event, text in chosen_rows(own, path, pattern, like):
            place = f"{path}, row {number}"
            properties = None if text is None else parsed_row(place, text.encode())
            problem = event_problem({"event": event, "properties": properties})
            if problem:
                raise LocalProjectError(f"{place}: {problem}")


def chosen_rows(
    own: duckdb.DuckDBPyConnection, path: Path, pattern: str, like: str
) -> Iterator[tuple[Any, ...]]:
    """Yield number, event and properties of the rows to look at.

    Raises:
        LocalProjectError: If the file is broken where its rows are.
    """
    chosen = f"""SELECT file_row_number + 1, event, properties {TABLE}
    WHERE $like = '' OR regexp_matches(properties, $like) ORDER BY 1"""
    try:
        yield from fetched(own.execute(chosen, {"path": pattern, "like": like}))
    except duckdb.Error as error:
        raise unreadable(path, error) from error


def fetched(rows: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an answer, some at a time."""
    while some := rows.fetchmany(ROWS_AT_ONCE):
        yield from some
