"""The outbox as requests use it: on disk at once, or in memory and counted."""

from __future__ import annotations

import logging
import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address, OutboxRow
from mixpanel_pyramid.outbox_shelf import OutboxReader

SHOP = Address("mixpanel-1", "Mixpanel, https://one.example")
BLOG = Address("mixpanel-2", "Mixpanel, https://two.example")

MakeOutbox = Callable[..., Outbox]

CRAMPED = """
import resource, sys
from pathlib import Path
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address, OutboxRow
outbox = Outbox(OutboxFile(Path(sys.argv[1])))
row = OutboxRow(Address("m", "M"), Message("events", "x" * 1000, 1))
outbox.put([row])
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
while outbox.put([row]):
    pass
print(outbox.problem, len(outbox.spill))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
outbox.mend_at = 0.0
print(outbox.mend(), outbox.problem == "", len(outbox.spill))
"""

NOBODY = 65534 if os.getuid() == 0 else os.getuid()
READ_ONLY = """
import os
from pathlib import Path
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address, OutboxRow
os.getuid() or os.setuid(65534)
outbox = Outbox(OutboxFile(Path("outbox.sqlite")))
row = OutboxRow(Address("m", "M"), Message("events", '{"event":"E0"}', 1))
written = [outbox.put([row]) for _ in range(3)]
print(any(written), len(outbox.spill))
os.chmod(".", 0o700)
os.chmod("outbox.sqlite", 0o600)
outbox.mend_at = 0.0
print(outbox.mend(), len(outbox.spill))
"""


def rows(number: int, first: int = 0, to: Address = SHOP) -> list[OutboxRow]:
    """Make rows that can be told apart."""
    return [
        OutboxRow(to, Message("events", f'{{"event":"E{n}"}}', 1))
        for n in range(first, first + number)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox is to be."""
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def make_outbox(path: Path) -> Iterator[MakeOutbox]:
    """Make outboxes, closed after the test."""
    made = []

    def make(most_in_memory: int = 100_000, **bounds: int) -> Outbox:
        made.append(Outbox(OutboxFile(path, **bounds), most_in_memory))
        return made[-1]

    yield make
    for outbox in made:
        outbox.close()


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Another connection, that a test lets write for long."""
    with closing(OutboxFile(path).connect(1.0)) as connection:
        yield connection


def bodies(path: Path) -> list[str]:
    """Read the names of the events on disk, in order."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT body FROM messages ORDER BY id")
        return [body[10:-2] for (body,) in found]


def names(number: int, first: int = 0) -> list[str]:
    """Give the names of such events."""
    return [f"E{n}" for n in range(first, first + number)]


def mended(outbox: Outbox) -> bool:
    """Mend without the pause between two looks at a file."""
    outbox.mend_at = 0.0
    return outbox.mend()


def test_what_is_put_is_on_disk_when_put_returns(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """In order, one at a time or many."""
    outbox = make_outbox()

    assert outbox.put(rows(1))
    assert outbox.put(rows(1000, first=1))
    assert bodies(path) == names(1001)


def test_a_file_that_is_busy_costs_a_request_little(
    make_outbox: MakeOutbox, path: Path, writer: sqlite3.Connection
) -> None:
    """Messages wait in memory, are counted, and later on disk in order."""
    outbox = make_outbox()
    assert outbox.put(rows(1))
    writer.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    assert not outbox.put(rows(1, first=1))
    assert time.monotonic() - began < 2
    assert not outbox.put(rows(1, first=2))
    writer.execute("COMMIT")

    assert outbox.put(rows(1, first=3))
    assert bodies(path) == names(4)
    assert outbox.spilled == {"outbox busy": 2}
    assert outbox.spill == []


def test_another_thread_that_writes_costs_a_request_little(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """The connection is one for all threads of a process."""
    outbox = make_outbox()
    with outbox.lock:
        assert not outbox.put(rows(1))

    assert outbox.mend()
    assert bodies(path) == names(1)


def test_a_long_wait_is_written_by_threads_not_by_a_request(
    make_outbox: MakeOutbox, path: Path, writer: sqlite3.Connection
) -> None:
    """Of 3,000 messages none is lost, and the order stays."""
    outbox = make_outbox()
    writer.execute("BEGIN IMMEDIATE")
    assert not outbox.put(rows(3000))
    writer.execute("COMMIT")
    assert not outbox.put(rows(1, first=3000))

    assert not outbox.mend()
    assert outbox.mend()
    assert bodies(path) == names(3001)


def test_without_threads_requests_write_what_was_long_in_memory(
    make_outbox: MakeOutbox, path: Path, writer: sqlite3.Connection
) -> None:
    """Under uWSGI without threads nobody else would, ever."""
    outbox = make_outbox()
    writer.execute("BEGIN IMMEDIATE")
    assert not outbox.put(rows(900))
    writer.execute("COMMIT")
    outbox.tended_at -= 60

    assert not outbox.put(rows(1, first=900))
    assert outbox.put(rows(1, first=901))
    assert bodies(path) == names(902)


def test_memory_beside_the_outbox_is_bounded(
    make_outbox: MakeOutbox,
    path: Path,
    writer: sqlite3.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The newest find no room; they are counted, and the log says so once."""
    outbox = make_outbox(most_in_memory=10)
    writer.execute("BEGIN IMMEDIATE")
    outbox.put(rows(8))
    outbox.put(rows(8, first=8))
    outbox.put(rows(8, first=16))
    writer.execute("COMMIT")

    assert outbox.mend()
    assert bodies(path) == names(10)
    assert outbox.dropped == 14
    assert [record.getMessage() for record in caplog.records] == [
        f"the memory beside the outbox {path} is full with 10 messages "
        "(mixpanel.queue_size); new ones are dropped and counted"
    ]


def test_a_full_outbox_is_one_line_in_the_log(
    make_outbox: MakeOutbox, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What comes then waits in memory, until there is room again."""
    caplog.set_level(logging.INFO)
    outbox = make_outbox(max_mb=1)
    big = OutboxRow(SHOP, Message("events", '{"event":"' + "x" * 9000 + '"}', 1))
    while outbox.put([big]):
        pass
    on_disk = len(bodies(path))
    outbox.put([big])
    assert not mended(outbox)
    assert on_disk > 80

    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM messages WHERE id < 60")
        connection.commit()
    assert mended(outbox)

    assert len(bodies(path)) == on_disk - 59 + 2
    full, again = (record.getMessage() for record in caplog.records)
    assert "cannot be used (OperationalError: database or disk is full)" in full
    assert again == f"the outbox {path} can be used again"


def test_a_disk_that_takes_no_more_stops_nobody(path: Path) -> None:
    """A real refusal of the system: no file of this process may grow."""
    said = subprocess.run(
        [sys.executable, "-Wignore", "-c", CRAMPED, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.splitlines()

    assert "OperationalError" in said[0]
    assert said[0].endswith(" 1")
    assert said[1] == "True True 0"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_file_that_cannot_be_read_stops_nobody(
    make_outbox: MakeOutbox, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One line in the log; once it is mended, what waited is on disk."""
    path.write_bytes(b"Dear diary, " * 1000)
    outbox = make_outbox()
    for number in range(5):
        assert not outbox.put(rows(1, first=number))
    assert not mended(outbox)
    assert outbox.spilled == {"outbox unusable": 5}
    assert len(caplog.records) == 1
    assert "file is not a database" in caplog.text

    path.unlink()

    assert mended(outbox)
    assert bodies(path) == names(5)


def test_a_log_that_nobody_shortens_fills_the_outbox(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """Without a sender the disk would be full one day; a sender mends it."""
    outbox = make_outbox(max_mb=1)
    assert outbox.put(rows(1))
    os.truncate(path.with_name("outbox.sqlite-wal"), 257 * 1024 * 1024)
    number = 1
    while outbox.put(rows(1, first=number)):
        number += 1
    assert number < 300
    assert "no process sends" in outbox.problem

    reader = OutboxReader(OutboxFile(path, max_mb=1), SHOP)
    reader.keep_house()
    reader.close()

    assert mended(outbox)
    assert outbox.file.log_bytes() < 1_000_000
    assert bodies(path) == names(number + 1)


def test_a_file_that_was_deleted_is_noticed_by_who_writes(
    make_outbox: MakeOutbox, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Else all that comes would go to a file that nobody ever reads."""
    outbox = make_outbox()
    assert outbox.put(rows(1))
    path.unlink()

    assert outbox.put(rows(1, first=1))

    assert bodies(path) == ["E1"]
    assert caplog.messages == [f"the outbox {path} was replaced"]


def test_the_outbox_waits_for_its_own_messages_only(
    make_outbox: MakeOutbox, path: Path, writer: sqlite3.Connection
) -> None:
    """Not for other destinations', nor for what other processes or it itself add."""
    outbox, other = make_outbox(), make_outbox()
    other.put(rows(3))
    outbox.put([*rows(2), *rows(2, to=BLOG)])
    last = outbox.last_rows[SHOP]
    outbox.put(rows(1, first=2))
    assert outbox.waits_for(SHOP, last)

    writer.execute("DELETE FROM messages WHERE id = 4")
    assert outbox.waits_for(SHOP, last)
    writer.execute("DELETE FROM messages WHERE id = 5")

    assert not outbox.waits_for(SHOP, last)
    assert outbox.waits_for(BLOG, last)
    assert outbox.waits_for(SHOP, outbox.last_rows[SHOP])
    assert (outbox.count(SHOP), outbox.count(BLOG)) == (4, 2)
    assert outbox.first(BLOG) == 6
    assert outbox.first(Address("mixpanel-3", "")) == 0


def test_who_waits_does_not_read_the_backlog_again_and_again(
    make_outbox: MakeOutbox,
) -> None:
    """A flush looks many times a second while requests wait for the same lock."""
    outbox, other = make_outbox(), make_outbox()
    outbox.put(rows(1))
    other.put(rows(30_000))
    outbox.put(rows(1))
    steps = []
    assert outbox.waits_for(SHOP, outbox.last_rows[SHOP])
    connection = outbox.opened()
    connection.execute("DELETE FROM messages WHERE id = 1").close()
    assert outbox.waits_for(SHOP, outbox.last_rows[SHOP])
    connection.set_progress_handler(lambda: steps.append(1), 100)

    assert outbox.waits_for(SHOP, outbox.last_rows[SHOP])

    connection.set_progress_handler(None, 0)
    assert len(steps) < 5


@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; others may run beside this test.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_a_forked_child_writes_through_a_connection_of_its_own(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """And takes nothing of what waited in its parent's memory."""
    from mixpanel_pyramid.process_watch import watch_outbox

    outbox = make_outbox()
    watch_outbox(outbox)
    outbox.put(rows(1))
    with outbox.lock:
        outbox.put(rows(1, first=1))
    child = os.fork()
    if child == 0:
        is_written = outbox.put(rows(1, first=2))
        os._exit(0 if is_written and not outbox.spill else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert outbox.mend()
    assert bodies(path) == ["E0", "E2", "E1"]


@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; others may run beside this test.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_forks_while_threads_are_busy_in_the_outbox_harm_nobody(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """20 children of a process with two writing threads write, and end."""
    from mixpanel_pyramid.process_watch import watch_outbox

    outbox = make_outbox()
    watch_outbox(outbox)
    stop, written = threading.Event(), [0, 0]

    def work(number: int) -> None:
        while not stop.is_set():
            outbox.put(rows(5))
            outbox.mend()
            outbox.first(SHOP)
            written[number] += 5

    threads = [threading.Thread(target=work, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    ended = []
    for _ in range(20):
        child = os.fork()
        if child == 0:
            outbox.put(rows(1, to=BLOG))
            os._exit(0 if outbox.mend() and outbox.first(BLOG) else 1)
        ended.append(os.waitpid(child, 0)[1])
    stop.set()
    for thread in threads:
        thread.join()

    assert ended == [0] * 20
    assert outbox.mend()
    assert outbox.count(BLOG) == 20
    assert outbox.count(SHOP) == sum(written)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_may_only_be_read_stops_nobody() -> None:
    """As on a disk that the system has made read-only; asked by a user without rights.

    Once it may be written again, nothing is lost.
    """
    with TemporaryDirectory() as name:  # every user may go there
        folder, path = Path(name), Path(name, "outbox.sqlite")
        OutboxFile(path).connect(0.1).close()
        for each in (folder, path):
            os.chown(each, NOBODY, NOBODY)
        path.chmod(0o400)
        folder.chmod(0o500)
        said = subprocess.run(
            [sys.executable, "-Wignore", "-c", READ_ONLY],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            cwd=folder,
        )

        assert said.stdout.splitlines() == ["False 3", "True 0"]
        assert len(said.stderr.splitlines()) == 1
        assert "cannot be used (OperationalError: " in said.stderr
        assert bodies(path) == ["E0"] * 3
