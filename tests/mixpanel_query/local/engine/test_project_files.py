"""Files that keep a project: one project at a time, and nothing of anybody else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError

OPEN = """
import sys
from mixpanel_query.local.engine.store import Engine
Engine(sys.argv[1]).close()
"""
SNAPSHOT = """
import resource, sys
from pathlib import Path
from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import LocalProjectError
engine = Engine()
text = '{"note": "%s"}' % ("x" * 200)
engine.insert_events([StoredEvent("A", "u", 0, str(n), text) for n in range(5000)])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    engine.save_copy(Path(sys.argv[1]))
except LocalProjectError:
    sys.exit(0)
sys.exit("it was not full")
"""


def test_memory_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name that databases have for it leaves nothing behind."""
    monkeypatch.chdir(tmp_path)

    with LocalProject(":memory:") as project:
        project.load_sample()

    assert list(tmp_path.iterdir()) == []


def other_process_opens(path: Path) -> str:
    """Let another process open a file, and return its last words if it cannot."""
    ended = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stderr


@pytest.mark.skipif(os.name != "posix", reason="locks of a process are those of POSIX")
def test_no_second_project_gives_the_lock_up(tmp_path: Path) -> None:
    """Whoever closes a file gives up its process's lock, so nobody opens it twice."""
    path, link = tmp_path / "shop.duckdb", tmp_path / "link.duckdb"
    link.symlink_to(path)
    with LocalProject(path) as project:
        for name in (path, link):
            with (
                pytest.raises(LocalProjectError, match="of this process has it open"),
                LocalProject(name),
            ):
                pass
            with pytest.raises(LocalProjectError, match="of this process has it open"):
                project.load(name)
        said = other_process_opens(path)

    assert f"process {os.getpid()} has it open" in said
    assert other_process_opens(path) == ""


def test_a_file_that_could_not_be_opened_may_be_tried_again(tmp_path: Path) -> None:
    """A store that failed holds nothing."""
    path = tmp_path / "shop.duckdb"
    path.write_text("no store")
    with pytest.raises(LocalProjectError, match="no DuckDB file"):
        Engine(path)
    path.unlink()

    Engine(path).close()


@pytest.mark.parametrize(
    ("tables", "named"),
    [
        ("CREATE TABLE mine (a INT); INSERT INTO mine VALUES (1)", "mine"),
        ("CREATE TABLE events (a INT); INSERT INTO events VALUES (1)", "events"),
    ],
    ids=["another table", "another table of that name"],
)
def test_a_database_of_something_else_stays_as_it_is(
    tmp_path: Path, tables: str, named: str
) -> None:
    """A reset would delete its rows, so it is no project."""
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute(tables)
    with pytest.raises(LocalProjectError, match=f"with the table '{named}'"):
        Engine(path)
    with duckdb.connect(str(path)) as other:
        found = other.execute("SELECT table_name FROM duckdb_tables()").fetchall()

    assert found == [(named,)]


@pytest.mark.parametrize("name", ["md:shop", "sqlite:shop.db", "postgres:host=x"])
@pytest.mark.skipif(os.name != "posix", reason="elsewhere no name has a colon")
def test_a_name_is_that_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """No beginning of a name makes DuckDB ask the network for an extension."""
    monkeypatch.chdir(tmp_path)
    Engine(name).close()

    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_folder_is_no_project(tmp_path: Path) -> None:
    """What is no file is said to be none."""
    with pytest.raises(LocalProjectError, match="it is no file; name another one"):
        Engine(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere files have no limit")
def test_a_snapshot_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """What DuckDB had written until the disk was full is gone."""
    target = tmp_path / "copy.duckdb"
    subprocess.run([sys.executable, "-c", SNAPSHOT, str(target)], check=True)

    assert list(tmp_path.iterdir()) == []
