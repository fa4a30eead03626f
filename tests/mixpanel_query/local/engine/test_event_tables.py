"""Tables in Parquet that are no export, or a spoilt one."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from mixpanel_query.local.engine.loading import load_file
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError

GOOD = """('A', '{"time": 1795348800, "distinct_id": "u1"}')"""


def table(tmp_path: Path, rows: str, columns: str = "event, properties") -> Path:
    """Write rows of SQL into a file of Parquet."""
    path = tmp_path / "events*.parquet"
    with duckdb.connect() as own:
        found = own.sql(f"FROM (VALUES {rows}) AS found({columns})")
        found.write_parquet(str(path))
    return path


def test_rows_are_loaded(engine: Engine, tmp_path: Path) -> None:
    """A star in a name is a star, a folder with "=" no column; others do not matter."""
    folder = tmp_path / "event=B"
    folder.mkdir()
    values = {"time": 1600000000.5, "distinct_id": 17, "n": 1.0, "t": "[nan"}
    rows = f"('A', '{json.dumps(values)}', 8)"

    assert load_file(engine, table(folder, rows, "event, properties, more")) == 1
    [(event, user, time, properties)] = engine.rows(
        "SELECT event, distinct_id, time_ms, properties FROM events", {}
    )
    assert (event, user, time) == ("A", "17", 1600000000500)
    assert '"n":1.0' in properties
    assert '"distinct_id":17' in properties


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("(NULL, '{\"time\":1}')", "no event: it needs an 'event', which is a text"),
        ("('', '{\"time\":1}')", "the name of the event is empty"),
        ("('A', NULL)", "no event: it needs 'properties', which are an object"),
        ("('A', '[]')", "no event: it needs 'properties', which are an object"),
        ("('A', '{')", "the line is not JSON"),
        ("('A', '{}')", "'properties.time' must be epoch seconds"),
        ("('A', '{\"time\": \"1\"}')", "'properties.time' must be epoch seconds"),
        ("('A', '{\"time\":1,\"a\":NaN}')", "the line is not JSON: NaN"),
        ("('A', '{\"time\":1,\"a\":[2, -inf]}')", "the line is not JSON"),
        ("('A', '{\"time\":1,\"a\":[2 , ]}')", "the line is not JSON"),
    ],
)
def test_a_row_that_is_no_event_is_named(
    engine: Engine, tmp_path: Path, bad: str, problem: str
) -> None:
    """The error names file, row and problem, and nothing is loaded."""
    path = table(tmp_path, f"{GOOD}, {GOOD}, {bad}, {GOOD}")

    with pytest.raises(LocalProjectError) as caught:
        load_file(engine, path)

    assert str(caught.value).startswith(f"{path}, row 3: {problem}")
    assert "\n" not in str(caught.value)
    assert engine.rows("SELECT count(*) FROM events", {}) == [(0,)]


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ("('u1', 'x')", "distinct_id, plan"),
        ("('A', {'time': 1795348800})", "event, properties"),
        ("(7, '{}')", "event, properties"),
    ],
    ids=["no events", "structures", "numbers"],
)
def test_another_table_is_refused(
    engine: Engine, tmp_path: Path, rows: str, columns: str
) -> None:
    """It is said which columns are needed."""
    with pytest.raises(LocalProjectError, match="needs the columns event and "):
        load_file(engine, table(tmp_path, rows, columns))


@pytest.mark.parametrize("size", [0, 4, 200, -1])
def test_a_cut_file_is_refused(engine: Engine, tmp_path: Path, size: int) -> None:
    """Parquet that is not whole loads nothing; the file is named, in one line."""
    path = table(tmp_path, GOOD)
    path.write_bytes(path.read_bytes()[:size])

    with pytest.raises(LocalProjectError) as caught:
        load_file(engine, path)

    assert str(caught.value).startswith(f"cannot read {path}: ")
    assert "\n" not in str(caught.value)


def test_an_empty_table_is_nothing(engine: Engine, tmp_path: Path) -> None:
    """A day without events loads none."""
    path = tmp_path / "none.parquet"
    with duckdb.connect() as own:
        own.execute(f"COPY (SELECT '' AS event, '' AS properties LIMIT 0) TO '{path}'")

    assert load_file(engine, path) == 0


def test_table_that_is_broken_within_is_named(engine: Engine, tmp_path: Path) -> None:
    """Its end may say what columns there are, where its rows cannot be read."""
    path = table(tmp_path, GOOD)
    whole = path.read_bytes()
    path.write_bytes(
        whole[:30] + bytes(byte ^ 0x55 for byte in whole[30:60]) + whole[60:]
    )

    with pytest.raises(LocalProjectError, match=r"cannot read .*events"):
        load_file(engine, path)
    assert engine.rows("SELECT count(*) FROM events", {}) == [(0,)]
