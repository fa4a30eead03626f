"""Loading files of events or profiles: JSON Lines, gzipped or not, and Parquet.

DuckDB reads events, as files hold millions of them. Only when it refuses one are the
rows read once more in Python, to say which of them is wrong and why.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from mixpanel_query.local.engine.event_tables import (
    LAX,
    check_columns,
    check_rows,
    is_parquet,
)
from mixpanel_query.local.engine.export_folders import files_of
from mixpanel_query.local.engine.kept_profiles import save_profiles
from mixpanel_query.local.engine.line_files import check_lines, is_gzipped, read_lines
from mixpanel_query.local.engine.project_files import HeldFile
from mixpanel_query.local.engine.repeats import look_for_repeats
from mixpanel_query.local.engine.row_problems import event_problem, profile_problem
from mixpanel_query.local.engine.sample_data import sample_events, write_events
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError

__all__ = ["load", "load_file", "load_sample"]

# What a line or a row says; the first character of a JSON text tells its type.
LINES: Final = """
SELECT
    CASE WHEN (event::VARCHAR)[1] = '"' THEN nullif(event->>'$', '') END AS event,
    CASE WHEN (properties::VARCHAR)[1] = '{' THEN properties END AS properties
FROM read_ndjson($path, compression = $compression,
    columns = {'event': 'JSON', 'properties': 'JSON'})
"""
ROWS: Final = """
SELECT nullif(event, '') AS event,
    CASE WHEN json_type(properties::JSON) = 'OBJECT'
        THEN properties::JSON END AS properties
FROM read_parquet($path, hive_partitioning = false)
"""

# Inserted is what a row says; where it says nothing, or nonsense, NULL is refused by
# the table, but for distinct_id and $insert_id, which may be missing. A row is taken
# apart once, as this is where loading spends its time, and most events need nothing
# but the removal of their time.
LOAD_EVENTS: Final = """
INSERT INTO events (event, distinct_id, time_ms, insert_id, properties)
SELECT event, distinct_id, time_ms, insert_id,
    json_merge_patch(properties, CASE
        WHEN user_id <> 'null' AND given_id IS NOT NULL THEN '{"time":null}'::JSON
        ELSE json_object(
            'time', NULL,
            'distinct_id', CASE WHEN user_id <> 'null' THEN user_id::JSON
                ELSE '""'::JSON END,
            '$insert_id', CASE WHEN given_id IS NULL THEN to_json(insert_id)
                ELSE own[3]::JSON END
        ) END)
FROM (
    SELECT event, properties,
        json_extract(properties, ['/distinct_id', '/time', '/$insert_id'])::VARCHAR[]
            AS own,
        coalesce(own[1], 'null') AS user_id,
        CASE user_id[1] WHEN '"' THEN user_id::JSON->>'$' WHEN 'n' THEN ''
            WHEN '[' THEN NULL WHEN '{' THEN NULL ELSE user_id END AS distinct_id,
        TRY_CAST(own[2] AS DOUBLE) AS given_time,
        CASE WHEN given_time >= 0 AND given_time < 253402300800000
            THEN floor(CASE WHEN given_time >= 100000000000 THEN given_time
                ELSE given_time * 1000 END + 0.001)::BIGINT END AS time_ms,
        nullif(own[3]::JSON->>'$', '') AS given_id,
        coalesce(given_id, replace(uuid()::VARCHAR, '-', '')) AS insert_id
    FROM (SOURCE)
)
"""


def load(engine: Engine, path: Path) -> int:
    """Load a file, or the files of a folder, all of it or nothing.

    Returns:
        How many events or profiles were loaded.

    Raises:
        LocalProjectError: If one cannot be read, or a folder has none.
    """
    return load_files(engine, files_of(path))


def load_file(engine: Engine, path: Path) -> int:
    """Load a file, all of it or nothing, and return how many rows were loaded.

    A first line with ``$distinct_id`` makes it a file of profiles, which replace those
    with the same id; any other makes it one of events, as the raw export gives them.
    ``time`` may be in epoch seconds or milliseconds. Parquet has events, as
    `Client.export_to` writes them.

    Raises:
        LocalProjectError: If the file cannot be read, or a line is not what it should
            be; the message names the file and the line.
    """
    return load_files(engine, [path])


def load_files(engine: Engine, files: Iterable[Path]) -> int:
    """Load files, all of them or nothing, and return how many rows were loaded."""
    with engine.writing() as cursor:
        count = sum(load_into(cursor, file) for file in files)
        look_for_repeats(cursor)
        return count


def load_sample(engine: Engine, today: date, *, timezone: str) -> int:
    """Load the events of a made-up shop, and return how many they are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sample.jsonl")
        write_events(path, sample_events(today, timezone=timezone))
        return load_file(engine, path)


def load_into(cursor: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Load a file by a cursor, whose changes nobody keeps if this fails."""
    HeldFile.refuse_held(path)
    try:
        if is_parquet(path):
            return load_table(cursor, path)
        packed = is_gzipped(path)
        first = next(read_lines(path, packed), None)
        if first is None:
            return 0
        if isinstance(first[1], dict) and "$distinct_id" in first[1]:
            return load_profiles(cursor, path, packed)
        return load_lines(cursor, path, packed)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LocalProjectError(
            f"cannot read {path}: {reason}; name a file of events or profiles"
        ) from error
    except (EOFError, zlib.error) as error:
        raise LocalProjectError(
            f"cannot unpack {path}: {error}; pack it with gzip again"
        ) from error


def load_lines(cursor: duckdb.DuckDBPyConnection, path: Path, packed: bool) -> int:
    """Load the events of a file of lines."""
    compression = "gzip" if packed else "uncompressed"
    try:
        return insert(cursor, LINES, path, compression=compression)
    except duckdb.Error as error:
        check_lines(path, packed, event_problem)
        raise unexplained(path, error) from error


def load_table(cursor: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Load the events of a table in Parquet."""
    pattern = exact_pattern(path)
    check_columns(path, pattern)
    check_rows(path, pattern, LAX)
    try:
        return insert(cursor, ROWS, path)
    except duckdb.Error as error:
        check_rows(path, pattern)
        raise unexplained(path, error) from error


def insert(
    cursor: duckdb.DuckDBPyConnection, source: str, path: Path, **values: str
) -> int:
    """Insert the events that a source has, and return how many they are."""
    given = {"path": exact_pattern(path), **values}
    found = cursor.execute(LOAD_EVENTS.replace("SOURCE", source), given)
    [(count,)] = found.fetchall()
    return int(count)


def unexplained(path: Path, error: duckdb.Error) -> LocalProjectError:
    """Return the error for what only DuckDB refuses, in its words."""
    return LocalProjectError(f"cannot load {path}: {str(error).splitlines()[0]}")


def exact_pattern(path: Path) -> str:
    """Return the pattern that only this file matches, as DuckDB expands patterns.

    >>> exact_pattern(Path("events*.jsonl"))
    'events[*].jsonl'
    """
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def load_profiles(cursor: duckdb.DuckDBPyConnection, path: Path, packed: bool) -> int:
    """Load a file of profiles."""
    check_lines(path, packed, profile_problem)
    profiles = {}
    count = 0
    for count, (_, row) in enumerate(read_lines(path, packed), start=1):  # noqa: B007 - returned
        profiles[row["$distinct_id"]] = row["$properties"]
    save_profiles(cursor, profiles)
    return count
