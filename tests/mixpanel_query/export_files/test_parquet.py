"""Tests of exports into Parquet files, read back by DuckDB and by pyarrow."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pytest

parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")

Make: TypeAlias = Callable[..., Any]
Server: TypeAlias = Any  # that of conftest.py

FIRST = date(2024, 11, 1)
WINDOW = ("2024-11-01", "2024-11-02")


@pytest.fixture
def exported(ask: Make, server: Server, folder: Path) -> Callable[[], Path]:
    """Export two days into Parquet files, and return the folder."""

    def export(**options: object) -> Path:
        ask(
            lambda client: client.export_to(folder, *WINDOW, format="parquet"),
            base_url=server.base_url,
            **options,
        )
        return folder

    return export


def test_columns(exported: Make, server: Server) -> None:
    """The file has the documented columns, with times in UTC."""
    server.fill(1, rows=1)

    table = parquet.read_table(exported() / "2024-11-01.parquet")

    assert [f"{field.name}: {field.type}" for field in table.schema] == [
        "event: string",
        "distinct_id: string",
        "time: timestamp[us, tz=UTC]",
        "insert_id: string",
        "properties: string",
    ]


def test_rows(exported: Make, server: Server) -> None:
    """Each row says what the event said; properties are its JSON."""
    server.fill(1, rows=2)

    rows = parquet.read_table(exported() / "2024-11-01.parquet").to_pylist()

    assert len(rows) == 2
    assert rows[1] == {
        "event": "Sign Up",
        "distinct_id": "user-1",
        "time": datetime(2024, 11, 1, 12, 0, 1, tzinfo=timezone.utc),
        "insert_id": "2024-11-01-1",
        "properties": rows[1]["properties"],
    }
    assert json.loads(rows[1]["properties"]) == {
        "time": 1730462401,
        "distinct_id": "user-1",
        "$insert_id": "2024-11-01-1",
        "note": "č\u2028 €",
    }


def test_duckdb_reads_the_folder(exported: Make, server: Server) -> None:
    """One pattern reads all days, those without events too."""
    server.fill(1, rows=20)

    found = duckdb.execute(
        "SELECT event, count(*), max(properties->>'note') "
        "FROM read_parquet($files) GROUP BY event ORDER BY event",
        {"files": f"{exported()}/*.parquet"},
    ).fetchall()

    assert found == [("Purchase", 10, "č\u2028 €"), ("Sign Up", 10, "č\u2028 €")]


def test_day_without_events(exported: Make) -> None:
    """A day on which nothing happened has the columns and no row."""
    table = parquet.read_table(exported() / "2024-11-02.parquet")

    assert (table.num_rows, table.num_columns) == (0, 5)


def test_what_is_missing(exported: Make, server: Server) -> None:
    """An event without distinct_id and insert id has NULL there."""
    server.days[FIRST] = [b'{"event":"A","properties":{"time":1730462400.25}}']

    (row,) = parquet.read_table(exported() / "2024-11-01.parquet").to_pylist()

    assert (row["distinct_id"], row["insert_id"]) == (None, None)
    assert row["time"] == datetime(2024, 11, 1, 12, 0, 0, 250_000, timezone.utc)


def test_half_characters(exported: Make, server: Server) -> None:
    """Half a character, which Parquet cannot hold, is a question mark outside JSON."""
    server.days[FIRST] = [
        rb'{"event":"a\ud83d","properties":{"time":1730462400,"p":"\ud83d"}}'
    ]

    (row,) = parquet.read_table(exported() / "2024-11-01.parquet").to_pylist()

    assert row["event"] == "a?"
    assert json.loads(row["properties"])["p"] == "\ud83d"


def test_groups(
    exported: Make, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long day is written in groups, so that not all of it is in memory."""
    monkeypatch.setattr("mixpanel_query.export_files.day_files.HELD_BYTES", 1 << 20)
    server.fill(1, rows=300)
    server.piece = 1 << 16
    server.days[FIRST] = [
        line.replace(b"}}", b', "long": "%s"}}' % (b"x" * 20_000))
        for line in server.days[FIRST]
    ]

    file = parquet.ParquetFile(exported() / "2024-11-01.parquet")

    assert file.metadata.num_rows == 300
    assert file.num_row_groups == 6
    names = {row["insert_id"] for row in file.read(["insert_id"]).to_pylist()}
    assert len(names) == 300


def test_time_of_a_project_that_stores_local_time(
    exported: Make, server: Server
) -> None:
    """The column of times is right; the properties have what is stored."""
    server.fill(1, rows=1)

    folder = exported(timezone="America/Los_Angeles", stores_local_time=True)

    (row,) = parquet.read_table(folder / "2024-11-01.parquet").to_pylist()
    assert row["time"] == datetime(2024, 11, 1, 19, tzinfo=timezone.utc)
    assert json.loads(row["properties"])["time"] == 1730462400
