"""The outbox's file: private, checked, made once however many processes begin."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from mixpanel_pyramid.exceptions import OutboxUnusableError
from mixpanel_pyramid.outbox_file import OutboxFile, destination_number, make_empty

CREATE = """
import sys, time
from pathlib import Path
from mixpanel_pyramid.outbox_file import OutboxFile, destination_number
time.sleep(max(0.0, float(sys.argv[2]) - time.time()))
connection = OutboxFile(Path(sys.argv[1])).connect(1.0)
number = destination_number(connection, "mixpanel-1", "Mixpanel")
for _ in range(20):
    connection.execute(
        "INSERT INTO messages (destination, lane, endpoint, traits, moment, put_at,"
        " origin, body) VALUES (?, 0, 'events', 1, 0, 0, 0, '{}')", (number,))
connection.close()
"""
HOLD = """
import sys
from pathlib import Path
from mixpanel_pyramid.outbox_file import OutboxFile, destination_number
connection = OutboxFile(Path(sys.argv[1])).connect(1.0)
destination_number(connection, "mixpanel-1", "old")
print("open", flush=True)
sys.stdin.readline()
for number in range(100):
    destination_number(connection, f"mixpanel-{number}", "old")
connection.close()
"""
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox is to be."""
    return tmp_path / "outbox.sqlite"


def refusal(path: Path, *, create: bool = True) -> str:
    """Give the text with which a file is refused."""
    with pytest.raises(OutboxUnusableError) as caught:
        OutboxFile(path).connect(0.1, create=create)
    return str(caught.value)


def test_all_of_its_files_are_its_owners_alone(path: Path) -> None:
    """Whatever the umask: what was tracked is in them."""
    before = os.umask(0)
    try:
        with closing(OutboxFile(path).connect(0.1)) as connection:
            destination_number(connection, "mixpanel-1", "Mixpanel")
            modes = {
                each.name: stat.S_IMODE(each.stat().st_mode)
                for each in path.parent.iterdir()
            }
    finally:
        os.umask(before)

    assert modes == {
        "outbox.sqlite": 0o600,
        "outbox.sqlite-wal": 0o600,
        "outbox.sqlite-shm": 0o600,
        "outbox.sqlite.new.lock": 0o600,
    }


def test_a_link_is_refused(path: Path, tmp_path: Path) -> None:
    """Somebody else may have put it there, to let us write to a file of theirs."""
    (tmp_path / "elsewhere").write_bytes(b"")
    path.symlink_to(tmp_path / "elsewhere")

    assert refusal(path) == f"{path} is a link; name the file of an outbox itself"
    assert (tmp_path / "elsewhere").read_bytes() == b""


def test_a_link_to_nowhere_is_refused(path: Path, tmp_path: Path) -> None:
    """Nothing is made where it points to."""
    path.symlink_to(tmp_path / "nowhere")

    assert "is a link" in refusal(path)
    assert not (tmp_path / "nowhere").exists()


def test_a_pipe_is_refused(path: Path) -> None:
    """Opening one would wait for ever."""
    os.mkfifo(path)

    assert "no ordinary file" in refusal(path)


def test_a_database_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    """Also when it has a version number of its own."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE users (name TEXT)")
        other.execute("PRAGMA user_version = 1")
    before = path.read_bytes()

    assert refusal(path) == (
        f"{path} is a database of something else; name another file as mixpanel.outbox"
    )
    assert path.read_bytes() == before


def test_an_outbox_of_a_newer_version_is_refused(path: Path) -> None:
    """What it holds may mean something else there."""
    with closing(OutboxFile(path).connect(0.1)) as connection:
        connection.execute("PRAGMA user_version = 2")

    assert refusal(path) == (
        f"the outbox {path} has format 2; "
        "this version reads up to 1: upgrade, or name another file"
    )


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """And not written to."""
    path.write_bytes(b"Dear diary, " * 1000)

    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        OutboxFile(path).connect(0.1)
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_a_command_makes_no_outbox(path: Path) -> None:
    """A mistyped name stays without a file; an empty file stays empty."""
    text = f"there is no outbox {path}; name the file of mixpanel.outbox"
    assert refusal(path, create=False) == text
    assert not path.exists()

    path.touch()
    assert "is empty" in refusal(path, create=False)
    assert path.read_bytes() == b""


def test_eight_processes_that_begin_together_share_one_outbox(path: Path) -> None:
    """Each writes 20 rows, and all of them are there."""
    moment = str(time.time() + 1.5)
    processes = [
        subprocess.Popen(
            [sys.executable, "-Wignore", "-c", CREATE, str(path), moment],
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    errors = [process.communicate(timeout=60)[1] for process in processes]

    assert errors == [""] * 8
    with closing(OutboxFile(path).connect(0.1)) as connection:
        rows = connection.execute("SELECT count(*) FROM messages").fetchone()
        named = connection.execute("SELECT count(*) FROM destinations").fetchone()
        intact = connection.execute("PRAGMA integrity_check").fetchone()
    assert (rows, named, intact) == ((160,), (1,), ("ok",))


def test_a_folder_that_may_only_be_read_is_an_error(tmp_path: Path) -> None:
    """Asked by a user without rights, as root may write anywhere."""
    script = (
        "import os; from pathlib import Path\n"
        "from mixpanel_pyramid.outbox_file import OutboxFile\n"
        f"os.getuid() or os.setuid({NOBODY})\n"
        "try: OutboxFile(Path('o.sqlite')).connect(0.1)\n"
        "except OSError as error: print(type(error).__name__)\n"
    )
    tmp_path.chmod(0o555)
    try:
        said = subprocess.check_output(
            [sys.executable, "-Wignore", "-c", script], text=True, cwd=tmp_path
        )
    finally:
        tmp_path.chmod(0o755)

    assert said == "PermissionError\n"


def test_processes_that_still_have_a_deleted_outbox_spoil_no_new_one(
    path: Path,
) -> None:
    """They would share memory with it, if what the old one left were still there."""
    process = subprocess.Popen(
        [sys.executable, "-Wignore", "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    path.unlink()

    with closing(OutboxFile(path).connect(0.1)) as new:
        for number in range(50):
            destination_number(new, f"mixpanel-{number}", "new")
        process.communicate("write\n", timeout=60)
        with closing(OutboxFile(path).connect(0.1)) as another:
            destination_number(another, "mixpanel-50", "new")
        labels = new.execute("SELECT label, count(*) FROM destinations").fetchall()
        intact = new.execute("PRAGMA integrity_check").fetchone()

    assert process.returncode == 0
    assert labels == [("new", 51)]
    assert intact == ("ok",)


def test_a_file_is_no_larger_than_it_may_be(path: Path) -> None:
    """But senders have some room left, to empty it."""
    statement = "INSERT INTO destinations (key, label) VALUES (?, ?)"
    labels = [(str(number), "x" * 50_000) for number in range(40)]
    with closing(OutboxFile(path, max_mb=1).connect(0.1)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="full"):
            connection.executemany(statement, labels)
        with closing(OutboxFile(path, max_mb=1).connect(0.1, spare_mb=1)) as sender:
            sender.execute(statement, ("more", "x" * 50_000))


@pytest.mark.parametrize(("sync", "level"), [("normal", 1), ("full", 2)])
def test_how_carefully_is_written_is_a_setting(
    path: Path, sync: str, level: int
) -> None:
    """https://www.sqlite.org/pragma.html#pragma_synchronous."""
    with closing(OutboxFile(path, sync).connect(0.1)) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (level,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_requests_make_no_checkpoints(path: Path) -> None:
    """They would wait for the disk."""
    with closing(OutboxFile(path).connect(0.1)) as connection:
        assert connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)


def test_a_log_that_nobody_cuts_is_noticed(path: Path) -> None:
    """Without a sender it would grow until the disk is full."""
    file = OutboxFile(path, max_mb=1)
    path.with_name("outbox.sqlite-wal").touch()
    os.truncate(path.with_name("outbox.sqlite-wal"), 257 * 1024 * 1024)

    with pytest.raises(OutboxUnusableError, match=r"over 256 MiB: no process sends"):
        file.check_log()


def test_who_waits_for_the_file_to_be_made_tries_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some of the locks are refused at once, though the writer is soon done."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            writer.execute("COMMIT")

        monkeypatch.setattr(time, "sleep", pause)
        with closing(OutboxFile(path).connect(0.0)) as connection:
            number = destination_number(connection, "mixpanel-1", "Mixpanel")

    assert number == 1
    assert len(pauses) == 1


def test_a_file_that_stays_busy_is_given_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a second of 50 tries, and nothing is made in it."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            OutboxFile(path).connect(0.0)
        writer.execute("COMMIT")
        tables = writer.execute("SELECT count(*) FROM sqlite_master").fetchone()

    assert pauses == [0.02] * 49
    assert tables == (0,)


def test_tables_are_all_made_or_none(path: Path) -> None:
    """As when the disk is full in the middle; the next process begins anew."""

    def refuse_version(
        action: int, first: str | None, second: str | None, *_: object
    ) -> int:
        is_version = action == sqlite3.SQLITE_PRAGMA and first == "user_version"
        return sqlite3.SQLITE_DENY if is_version and second else sqlite3.SQLITE_OK

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_authorizer(refuse_version)
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            OutboxFile(path).make_tables(connection)

        assert not connection.in_transaction
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        assert tables == (0,)


def test_who_comes_second_leaves_the_file_that_the_first_made(path: Path) -> None:
    """And what belongs to it: its log may hold what was just released."""
    log = path.with_name("outbox.sqlite-wal")
    path.write_text("made")
    log.write_text("released")

    make_empty(path)

    assert (path.read_text(), log.read_text()) == ("made", "released")
