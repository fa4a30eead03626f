"""The store: whole writings, separate readings, files that last."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import duckdb
import pytest

from mixpanel_query.local.engine import store
from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import LocalProjectError

EVENT = StoredEvent("Sign Up", "u1", 1795348800000, "i1", '{"$insert_id":"i1"}')
KEPT = "SELECT * EXCLUDE of_device, '' FROM events ORDER BY event"
COUNT = "SELECT count(*) FROM events"


def test_events_come_back(engine: Engine) -> None:
    """What was inserted is found, whatever signs it holds."""
    odd = EVENT._replace(event="a\x00'\"é😀", distinct_id="")
    engine.insert_events([EVENT, odd])

    assert engine.rows(KEPT, {}) == [EVENT, odd]


def test_first_question_imports_nothing() -> None:
    """What DuckDB needs for parameters it takes when the store is opened."""
    code = """
import sys
from mixpanel_query.local.engine.store import Engine
engine = Engine()
before = set(sys.modules)
engine.rows("SELECT $a", {"a": 1})
sys.exit(" ".join(set(sys.modules) - before))
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert ended.stderr.strip() == ""


def test_no_events_are_no_work(engine: Engine) -> None:
    """Inserting nothing is allowed."""
    engine.insert_events([])

    assert engine.rows(COUNT, {}) == [(0,)]


def test_writing_is_whole_or_nothing(engine: Engine) -> None:
    """An error in the middle of a writing leaves nothing of it."""

    def write() -> None:
        with engine.writing() as cursor:
            cursor.execute("INSERT INTO events VALUES ('a', 'u', 1, 'i', '{}', false)")
            raise KeyError

    with pytest.raises(KeyError):
        write()

    assert engine.rows(COUNT, {}) == [(0,)]


def test_writing_goes_on_after_an_error(engine: Engine) -> None:
    """A refused writing does not lock the store."""
    with pytest.raises(duckdb.Error):
        engine.insert_events([EVENT, EVENT._replace(event=None)])  # type: ignore[arg-type]
    engine.insert_events([EVENT])

    assert engine.rows(COUNT, {}) == [(1,)]


def test_ctrl_c_ends_a_long_writing(engine: Engine) -> None:
    """Ctrl-C is itself, and not an error of DuckDB; nothing is written."""
    row = "'a', 'u', range, 'i', '{}', false"
    long = f"INSERT INTO events SELECT {row} FROM range(5000000)"  # noqa: S608
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()

    with pytest.raises(KeyboardInterrupt), engine.writing() as cursor:
        cursor.execute(long)

    assert engine.rows(COUNT, {}) == [(0,)]


def test_other_errors_of_a_writing_stay_what_they_are(engine: Engine) -> None:
    """A RuntimeError that is not Ctrl-C is passed on."""
    with pytest.raises(RuntimeError, match="no disk"), engine.writing():
        raise RuntimeError("no disk")


def test_file_keeps_events(tmp_path: Path) -> None:
    """A store in a file has its events when it is opened again."""
    path = tmp_path / "project.duckdb"
    first = Engine(path)
    first.insert_events([EVENT])
    first.close()
    second = Engine(path)

    assert second.rows(KEPT, {}) == [EVENT]
    second.close()


def test_other_file_is_refused(tmp_path: Path) -> None:
    """A file that is no store gets one line that names it."""
    path = tmp_path / "notes.txt"
    path.write_text("just some notes\n" * 1000)

    with pytest.raises(LocalProjectError, match=r"cannot open the project file") as no:
        Engine(path)

    assert str(path) in str(no.value)
    assert "\n" not in str(no.value)


def test_file_in_use_names_the_process(tmp_path: Path) -> None:
    """Whoever starts a second project on one file learns which process to stop."""
    path = tmp_path / "shop.duckdb"
    first = Engine(path)
    code = (
        "import sys\n"
        "from mixpanel_query.local.engine.store import Engine\n"
        "Engine(sys.argv[1])"
    )

    second = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    first.close()
    said = second.stderr.splitlines()[-1]
    assert f"process {os.getpid()} has it open; stop that one" in said


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl"])
def test_file_of_data_is_no_store(tmp_path: Path, name: str) -> None:
    """DuckDB would open it as a view, and lose whatever is written."""
    path = tmp_path / name
    path.write_text('{"event":"A"}\n')

    with pytest.raises(LocalProjectError, match="it is no DuckDB file"):
        Engine(path)

    assert path.read_text() == '{"event":"A"}\n'


@pytest.mark.parametrize("name", [None, "kept.duckdb"])
def test_what_memory_does_not_hold_goes_to_the_disk(
    name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Much more than the limit is kept, and nothing of it is left behind."""
    monkeypatch.setattr(store, "memory_limit", lambda: "128MB")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = tmp_path / name if name else None
    engine = Engine(path)
    with engine.writing() as cursor:
        text = "repeat(md5(range::VARCHAR), 32)"
        cursor.execute(f"CREATE TABLE long AS SELECT {text} AS t FROM range(200_000)")  # noqa: S608
    lengths = engine.rows("SELECT sum(length(t)) FROM long", {})
    engine.close()

    assert lengths == [(200_000 * 1024,)]
    assert [each.name for each in tmp_path.iterdir()] == ([name] if name else [])
