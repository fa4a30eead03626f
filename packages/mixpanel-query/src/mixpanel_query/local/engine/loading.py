"""Loading files of events or profiles, a JSON document a line, gzipped or not.

DuckDB reads events, as files hold millions of them. Only when it refuses one are the
lines read once more in Python, to say which line is wrong and why.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

import duckdb

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.ingestion.bodies import parse_json
from mixpanel_query.local.ingestion.events import time_in_ms
from mixpanel_query.local.ingestion.judging import Refusal, check_storable
from mixpanel_query.local.profiles.profile_store import save_profiles

__all__ = ["load", "load_file"]

# What DuckDB takes; an event of Mixpanel has at most 1 MB.
LONGEST_LINE = 16 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
GZIP_MAGIC = b"\x1f\x8b"

Line: TypeAlias = tuple[int, Any]

# Inserted is what a row says; where it says nothing, or nonsense, NULL is refused by
# the table, but for distinct_id and $insert_id, which may be missing. A line is taken
# apart once, as this is where loading spends its time; the first character of a JSON
# text tells its type, and most events need nothing but the removal of their time.
LOAD_EVENTS = """
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
    SELECT
        CASE WHEN (event::VARCHAR)[1] = '"' THEN nullif(event->>'$', '') END AS event,
        CASE WHEN (properties::VARCHAR)[1] = '{' THEN properties END AS properties,
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
    FROM read_ndjson($path, compression = $compression,
        columns = {'event': 'JSON', 'properties': 'JSON'})
)
"""


def load(engine: Engine, path: Path) -> int:
    """Load a file, or the files of a folder, and return how many lines were loaded.

    Raises:
        LocalProjectError: If one cannot be read, or a folder has none.
    """
    if not path.is_dir():
        return load_file(engine, path)
    files = sorted([*path.glob("[!.]*.jsonl"), *path.glob("[!.]*.jsonl.gz")])
    if not files:
        problem = f"{path} has no file whose name ends with .jsonl or .jsonl.gz"
        raise LocalProjectError(f"{problem}; export into it as jsonl or jsonl.gz")
    return sum(load_file(engine, file) for file in files)


def load_file(engine: Engine, path: Path) -> int:
    """Load a file, all of it or nothing, and return how many lines were loaded.

    A first line with ``$distinct_id`` makes it a file of profiles, which replace those
    with the same id; any other makes it one of events, as the raw export gives them.
    ``time`` may be in epoch seconds or milliseconds.

    Raises:
        LocalProjectError: If the file cannot be read, or a line is not what it should
            be; the message names the file and the line.
    """
    try:
        packed = is_gzipped(path)
        first = next(read_lines(path, packed), None)
        if first is None:
            return 0
        if isinstance(first[1], dict) and "$distinct_id" in first[1]:
            return load_profiles(engine, path, packed)
        return load_events(engine, path, packed)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LocalProjectError(f"cannot read {path}: {reason}") from error
    except (EOFError, zlib.error) as error:
        raise LocalProjectError(f"cannot unpack {path}: {error}") from error


def is_gzipped(path: Path) -> bool:
    """Tell whether a file is gzipped, by its first bytes: its name says little."""
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


def load_events(engine: Engine, path: Path, packed: bool) -> int:
    """Load a file of events."""
    compression = "gzip" if packed else "uncompressed"
    try:
        with engine.writing() as cursor:
            found = cursor.execute(
                LOAD_EVENTS, {"path": exact_pattern(path), "compression": compression}
            )
            [(count,)] = found.fetchall()
            return int(count)
    except duckdb.Error as error:
        check_lines(path, packed, event_problem)
        reason = str(error).splitlines()[0]
        raise LocalProjectError(f"cannot load {path}: {reason}") from error


def exact_pattern(path: Path) -> str:
    """Return the pattern that only this file matches, as DuckDB expands patterns.

    >>> exact_pattern(Path("events*.jsonl"))
    'events[*].jsonl'
    """
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def load_profiles(engine: Engine, path: Path, packed: bool) -> int:
    """Load a file of profiles."""
    check_lines(path, packed, profile_problem)
    profiles = {}
    count = 0
    for count, (_, row) in enumerate(read_lines(path, packed), start=1):  # noqa: B007
        profiles[row["$distinct_id"]] = row["$properties"]
    with engine.writing() as cursor:
        save_profiles(cursor, profiles)
    return count


def check_lines(path: Path, packed: bool, problem_of: Callable[[Any], str]) -> None:
    """Raise an error for the first line that is not what it should be."""
    for number, row in read_lines(path, packed):
        problem = problem_of(row)
        if problem:
            raise LocalProjectError(f"{path}, line {number}: {problem}")


def read_lines(path: Path, packed: bool) -> Iterator[Line]:
    """Yield the number and the JSON value of each line that is not blank."""
    with open_binary(path, packed) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                refuse_line(path, number, line)
                try:
                    yield number, parse_json(line)
                except RequestRefusedError as error:
                    problem = error.message.replace("the body", "the line")
                    raise LocalProjectError(
                        f"{path}, line {number}: {problem}"
                    ) from error


def refuse_line(path: Path, number: int, line: bytes) -> None:
    """Refuse a line for what it is before it is JSON."""
    if len(line) > LONGEST_LINE:
        raise LocalProjectError(
            f"{path}, line {number}: the line is longer than {LONGEST_LINE >> 20} MB, "
            "and an event has at most 1 MB; leave it out"
        )
    if line.startswith(BYTE_ORDER_MARK):
        raise LocalProjectError(
            f"{path}, line {number}: the line begins with a byte order mark; "
            "save the file as UTF-8 without one"
        )


def open_binary(path: Path, packed: bool) -> IO[bytes]:
    """Open a file for reading what it holds when unpacked."""
    # A GzipFile reads like a file, though its class is none.
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def event_problem(row: object) -> str:
    """Say what keeps a row from being an event of the raw export; empty if nothing."""
    if not isinstance(row, dict) or not isinstance(row.get("event"), str):
        return "no event: it needs an 'event', which is a text"
    if not row["event"]:
        return "the name of the event is empty"
    properties = row.get("properties")
    if not isinstance(properties, dict):
        return "no event: it needs 'properties', which are an object"
    if time_in_ms(properties.get("time")) is None:
        return "'properties.time' must be epoch seconds or milliseconds"
    if isinstance(properties.get("distinct_id"), dict | list):
        return "'properties.distinct_id' must be a text"
    return storing_problem(row)


def profile_problem(row: object) -> str:
    """Say what keeps a row from being a profile; empty if nothing."""
    if not isinstance(row, dict) or not isinstance(row.get("$distinct_id"), str):
        return "no profile: it needs a '$distinct_id', which is a text"
    if not isinstance(row.get("$properties"), dict):
        return "no profile: it needs '$properties', which are an object"
    return storing_problem(row)


def storing_problem(row: dict[str, Any]) -> str:
    """Say what the store cannot hold of a row; empty if it can hold all."""
    try:
        check_storable("the line", row)
    except Refusal as refusal:
        return refusal.message
    return ""
