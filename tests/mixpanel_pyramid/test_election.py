"""One sender per destination: the kernel's locks, with real processes."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.election import Candidate, Holder, find_holder, lock_path

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Until

OTHER = """
import sys, time
from pathlib import Path
from mixpanel_pyramid.election import Candidate
candidate = Candidate(Path(sys.argv[1]))
while True:
    print(candidate.is_elected(), flush=True)
    sys.stdin.readline()
"""

Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the lock file is to be."""
    return lock_path(tmp_path / "outbox.sqlite", "mixpanel-1")


@pytest.fixture
def start(path: Path) -> Iterator[Start]:
    """Start another process that stands for election each time it is asked."""
    started = []

    def begin() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-Wignore", "-c", OTHER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    """Read whether the other process is elected."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(process: subprocess.Popen[str]) -> str:
    """Let the other process stand again."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return said(process)


def test_of_two_processes_one_is_elected(path: Path, start: Start) -> None:
    """The other is told no, as often as it asks."""
    mine, other = Candidate(path), start()

    assert said(other) == "True"
    assert not mine.is_elected()
    assert not mine.is_elected()
    assert find_holder(path) == Holder(other.pid)


def test_a_killed_sender_is_replaced_at_once(
    path: Path, start: Start, until: Until
) -> None:
    """The kernel frees the lock, nobody has to clean up."""
    mine, other = Candidate(path), start()
    assert said(other) == "True"

    other.kill()

    until(mine.is_elected)
    assert find_holder(path) == Holder(os.getpid())
    mine.resign()


def test_asking_who_is_elected_elects_nobody(path: Path, start: Start) -> None:
    """Nor does it take the lock from this process, which closing the file would."""
    assert find_holder(path) is None
    mine = Candidate(path)
    assert mine.is_elected()
    assert find_holder(path) == Holder(os.getpid())

    assert said(start()) == "False"

    mine.resign()
    assert find_holder(path) is None


@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; others may run beside this test.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_a_forked_child_does_not_inherit_the_lock(path: Path) -> None:
    """It is told no while its parent is the sender."""
    mine = Candidate(path)
    assert mine.is_elected()

    child = os.fork()
    if child == 0:
        os._exit(3 if mine.is_elected() else 0)

    assert os.waitpid(child, 0)[1] == 0
    mine.resign()


@pytest.mark.filterwarnings(
    # Since Python 3.12 a fork beside threads warns; others may run beside this test.
    "ignore:.*use of fork:DeprecationWarning"
)
def test_a_child_that_ends_leaves_the_lock_to_its_parent(
    path: Path, start: Start
) -> None:
    """Although it closes the file that it inherited."""
    mine = Candidate(path)
    assert mine.is_elected()
    child = os.fork()
    if child == 0:
        mine.resign()
        os._exit(0)
    os.waitpid(child, 0)

    assert said(start()) == "False"
    mine.resign()


def test_of_two_candidates_in_one_process_one_is_elected(
    path: Path, start: Start
) -> None:
    """For the kernel they are the same, so both would send.

    The one that is told no takes the lock from nobody.
    """
    first, second = Candidate(path), Candidate(path)

    assert first.is_elected()
    assert not second.is_elected()
    assert said(start()) == "False"

    first.resign()
    assert second.is_elected()
    second.resign()


def test_two_names_of_one_lock_file_are_one_lock(tmp_path: Path, path: Path) -> None:
    """A folder may be reached by a link."""
    (tmp_path / "link").symlink_to(tmp_path)
    first, second = Candidate(path), Candidate(tmp_path / "link" / path.name)

    assert first.is_elected()
    assert not second.is_elected()
    first.resign()


def test_a_lock_file_that_was_deleted_is_made_again(path: Path, start: Start) -> None:
    """So that two processes never hold the locks of two files for long."""
    mine, other = Candidate(path), start()
    assert said(other) == "True"
    path.unlink()
    assert mine.is_elected()

    assert ask(other) == "False"
    assert mine.is_elected()
    assert mine.terms == 1
    mine.resign()


def test_the_lock_file_is_private_and_holds_a_number_only(path: Path) -> None:
    """Its owner alone may read it."""
    mine = Candidate(path)
    assert mine.is_elected()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == f"{os.getpid()}\n"
    mine.resign()


def test_a_link_in_place_of_the_lock_file_is_not_followed(
    path: Path, tmp_path: Path
) -> None:
    """Or somebody else's file would be emptied."""
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    path.symlink_to(precious)

    with pytest.raises(OSError, match="symbolic links"):
        Candidate(path).is_elected()

    assert precious.read_text() == "keep me"


def test_who_was_elected_by_a_file_that_was_deleted_stands_again(path: Path) -> None:
    """It holds the lock of a file that nobody else will ever ask for."""
    mine = Candidate(path)
    assert mine.is_elected()
    path.unlink()

    assert mine.is_elected()

    assert mine.terms == 2
    assert find_holder(path) == Holder(os.getpid())
    mine.resign()


def test_a_disk_without_locks_is_an_error_and_leaves_no_file_open(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As some network file systems: nobody may take that for an election."""

    def refuse(file: int, kind: int) -> None:
        asked.append(file)
        raise OSError(errno.ENOLCK, "No locks available")

    asked: list[int] = []
    monkeypatch.setattr(fcntl, "lockf", refuse)
    mine = Candidate(path)

    with pytest.raises(OSError, match="No locks available"):
        mine.is_elected()

    assert not mine.holds()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(asked[0])


@pytest.mark.parametrize(
    ("user", "times"), [(0, 1), (1000, 0)], ids=["root", "the app"]
)
def test_only_root_gives_the_lock_file_to_the_apps_user(
    path: Path, monkeypatch: pytest.MonkeyPatch, user: int, times: int
) -> None:
    """Nobody else may, and nobody else has to."""
    folder = path.parent.stat()
    owners: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(os, "fchown", lambda file, *owner: owners.append(owner))
    mine = Candidate(path)
    assert mine.is_elected()

    assert owners == [(folder.st_uid, folder.st_gid)] * times
    mine.resign()
