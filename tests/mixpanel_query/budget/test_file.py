"""Tests of the file of a budget: made, shared, damaged, taken away."""

from __future__ import annotations

import os
import stat
import struct
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from mixpanel_query import Budget, ServiceAccount
from mixpanel_query.budget import ProjectGate
from mixpanel_query.budget.book import HEADER
from mixpanel_query.budget.file_book import FileBook
from mixpanel_query.budget.places import default_path
from mixpanel_query.exceptions import MixpanelQueryError, RateLimitedError
from mixpanel_query.wire import Destination, QueryRequest

QUERY = QueryRequest("/api/query/events")
PAGE = 8192
# A page begins with 16 bytes for the project and 4 * 24 for the limits; records follow.
FIRST_RECORD = 128


def gate_at(
    path: Path, number: int = 12345, clock: Callable[[], float] = lambda: 1e9
) -> ProjectGate:
    """Make the gate of a project, in a budget with a file."""
    account = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", number)
    return Budget(path, clock=clock).gate(Destination(account))


def answered(gate: ProjectGate, number: int) -> None:
    """Let queries through, one after another, with answers at once."""
    for _ in range(number):
        turn = gate.enter(QUERY)
        assert not isinstance(turn, float)
        turn.end()


def used(gate: ProjectGate) -> int:
    """How many queries count."""
    return gate.status().allowance("query").used


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a budget, in a folder that is not there yet."""
    return tmp_path / "state" / "budget"


def test_file_is_for_its_owner_only(path: Path) -> None:
    """The file, and the folder it is in, are closed to other users."""
    gate_at(path).enter(QUERY)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_budget_makes_no_file_before_it_is_used(path: Path) -> None:
    """A budget that lets nothing through leaves no trace."""
    gate_at(path)

    assert not path.parent.exists()


def test_file_remembers(path: Path) -> None:
    """What was asked is known to a budget that is made later."""
    gate_at(path).enter(QUERY)

    assert used(gate_at(path)) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"my shopping list: eggs\n", "it is something else"),
        (HEADER.replace(b"budget 1", b"budget 2"), "another version wrote it"),
        (HEADER[:20], "it is something else"),
        (HEADER + b"\xff" * PAGE, "damaged"),
    ],
    ids=["something else", "newer", "cut", "garbage"],
)
def test_file_that_is_no_budget(path: Path, content: bytes, problem: str) -> None:
    """A file that cannot be read is warned of once, left alone, and not used."""
    path.parent.mkdir()
    path.write_bytes(content)
    gate = gate_at(path)
    with pytest.warns(UserWarning, match=problem) as told:
        answered(gate, 60)

    assert len(told) == 1
    assert f"budget file {path} cannot be used" in str(told[0].message)
    assert path.read_bytes() == content
    assert gate.status().file is None
    with pytest.raises(RateLimitedError):
        gate.enter(QUERY)


@pytest.mark.parametrize(
    "record",
    [
        struct.pack("<ddII", float("nan"), 0.0, 1, 1),
        struct.pack("<ddII", 1e9, -1.0, 1, 1),
        struct.pack("<ddII", 1e9, 1e300, 1, 1),
        struct.pack("<ddII", 1e9, 0.0, 1, 99),
    ],
    ids=["no number", "negative", "endless", "unknown limit"],
)
def test_damaged_record(path: Path, record: bytes) -> None:
    """A record that makes no sense is no reason to trust the others."""
    gate = gate_at(path)
    gate.enter(QUERY)
    with path.open("r+b") as file:
        file.seek(len(HEADER) + FIRST_RECORD)
        file.write(record)

    with pytest.warns(UserWarning, match="a call in it is damaged"):
        gate.enter(QUERY)


def test_damaged_limits(path: Path) -> None:
    """A page whose limits make no sense is not used."""
    gate = gate_at(path)
    gate.enter(QUERY)
    with path.open("r+b") as file:
        file.seek(len(HEADER) + 16)
        file.write(struct.pack("<d", float("inf")))

    with pytest.warns(UserWarning, match="what it says of limits is damaged"):
        gate.enter(QUERY)


def test_file_that_was_emptied(path: Path) -> None:
    """A file that somebody emptied begins again."""
    gate = gate_at(path)
    gate.enter(QUERY)
    os.truncate(path, 0)

    assert used(gate_at(path)) == 0
    gate.enter(QUERY)
    assert used(gate_at(path)) == 1


@pytest.mark.parametrize("kept", [1, 64, 80, 100, 200, 8255])
def test_file_that_was_cut(path: Path, kept: int) -> None:
    """A file that somebody cut, or a full disk, is filled up or given up."""
    answered(gate_at(path), 3)
    os.truncate(path, kept)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gate = gate_at(path)
        answered(gate, 2)

    assert 2 <= used(gate) <= 5
    assert path.stat().st_size in {1, len(HEADER) + PAGE}


def test_file_that_was_taken_away(path: Path) -> None:
    """Where the file was removed, those who used it use the new one."""
    gate = gate_at(path)
    turn = gate.enter(QUERY)
    path.unlink()
    newer = gate_at(path)
    newer.enter(QUERY)
    gate.enter(QUERY)

    assert used(newer) == 2
    assert not isinstance(turn, float)
    turn.end()
    assert used(newer) == 2


@pytest.mark.parametrize("kind", ["folder", "fifo", "below a file"])
def test_place_that_cannot_be_used(tmp_path: Path, kind: str) -> None:
    """What is no file, or cannot be one, is warned of; then this process is counted."""
    path = tmp_path / "budget"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.write_text("")
        path = path / "budget"
    gate = gate_at(path)

    with pytest.warns(UserWarning, match="only this process is counted; mend it, or n"):
        gate.enter(QUERY)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gate.enter(QUERY)
    assert used(gate) == 2


def test_folder_that_may_not_be_written() -> None:
    """A folder where nobody may write, not even root, is warned of."""
    with pytest.warns(UserWarning, match="budget file /proc/budget cannot be used"):
        gate_at(Path("/proc/budget")).enter(QUERY)


def test_pages_of_forgotten_projects_are_used_again(path: Path) -> None:
    """The file does not grow with every project that was ever asked."""
    now = [1e9]
    for number in range(1, 6):
        turn = gate_at(path, number, lambda: now[0]).enter(QUERY)
        assert not isinstance(turn, float)
        turn.end()
    size = path.stat().st_size
    now[0] += 3601
    for number in range(11, 16):
        gate_at(path, number, lambda: now[0]).enter(QUERY)

    assert path.stat().st_size == size == len(HEADER) + 5 * PAGE
    old = gate_at(path, 1, lambda: now[0])
    assert used(old) == 0


def test_page_that_became_another_project_s(path: Path) -> None:
    """Who comes back after an hour finds a page of its own, and no other's calls."""
    now = [1e9]
    first = gate_at(path, 1, lambda: now[0])
    turn = first.enter(QUERY)
    assert not isinstance(turn, float)
    turn.end()
    now[0] += 3601
    other = gate_at(path, 2, lambda: now[0])
    other.enter(QUERY)
    first.enter(QUERY)
    first.enter(QUERY)

    assert (used(first), used(other)) == (2, 1)


def test_process_that_is_stopped_with_the_file(path: Path) -> None:
    """A file that nobody gives back is waited for, and then named in an error."""
    gate = gate_at(path)
    gate.enter(QUERY)
    other = FileBook(path)
    assert other.lock()

    seconds = gate.enter(QUERY)
    assert isinstance(seconds, float)
    assert 0 < seconds < 0.01
    with pytest.raises(RateLimitedError, match=f"a process keeps {path} to itself"):
        gate.enter(QUERY, waited=62.0)
    with pytest.raises(MixpanelQueryError, match="end it, or try again"):
        gate.status()
    other.unlock()
    assert not isinstance(gate.enter(QUERY), float)


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"MIXPANEL_BUDGET_FILE": "/srv/b"}, "linux", "/srv/b"),
        ({}, "linux", "/home/ada/.local/state/mixpanel-query/budget"),
        ({"XDG_STATE_HOME": "/var/s"}, "linux", "/var/s/mixpanel-query/budget"),
        (
            {"XDG_STATE_HOME": "relative", "MIXPANEL_BUDGET_FILE": " "},
            "linux",
            "/home/ada/.local/state/mixpanel-query/budget",
        ),
        (
            {},
            "darwin",
            "/home/ada/Library/Application Support/mixpanel-query/budget",
        ),
        ({}, "win32", "/home/ada/AppData/Local/mixpanel-query/budget"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/mixpanel-query/budget"),
    ],
)
def test_place(environ: dict[str, str], platform: str, expected: str) -> None:
    """Without a name, the file is where each system keeps the state of programs."""
    path = default_path(environ, platform=platform, home=Path("/home/ada"))

    assert path is not None
    assert path.as_posix() == expected


def test_nobody_s_home() -> None:
    """A user without a home has no file; only the process is counted then."""
    assert default_path({}, platform="linux", home=None) is None
