"""Outboxes that are full, deleted, or cannot be written."""

from __future__ import annotations

import logging
import os
import resource
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import OutboxRow
from mixpanel_pyramid.outbox_shelf import OutboxReader

from .rows import SHOP, MakeOutbox, bodies, names, rows

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


def mended(outbox: Outbox) -> bool:
    """Mend without the pause between two looks at a file."""
    outbox.mend_at = 0.0
    return outbox.mend()


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


def test_a_file_that_cannot_be_used_is_looked_at_again_within_two_seconds(
    make_outbox: MakeOutbox, path: Path
) -> None:
    """By whoever delivers, so that nothing waits in memory for long."""
    path.write_bytes(b"Dear diary, " * 1000)
    outbox = make_outbox()
    outbox.put(rows(1))

    assert outbox.mend_at <= time.monotonic() + 2.0


def test_a_sender_keeps_no_connection_to_a_file_that_it_cannot_use(path: Path) -> None:
    """It opens another at its next look, when the file may have been mended."""
    OutboxFile(path).connect(0.1).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE destinations")
    reader = OutboxReader(OutboxFile(path), SHOP)

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        reader.opened()

    assert reader.connection is None


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


@pytest.mark.imports  # a user without rights could not write what coverage found
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
