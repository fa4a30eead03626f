"""Tests of exports into a folder that are killed, at every step there is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Server: TypeAlias = Any  # that of conftest.py

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="processes are forked, as starting them is slow"
)

FIRST = date(2024, 11, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(3)]
KILLED = -signal.SIGKILL


class Exports:
    """Exports three days in processes of their own, which may be killed."""

    def __init__(self, base_url: str) -> None:
        script = str(Path(__file__).with_name("killed_exports.py"))
        self._program = subprocess.Popen(
            [sys.executable, script, base_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process = 0

    def run(self, folder: Path, *, step: int = 0) -> int:
        """Export, killed before a step on the folder's files; return the exit code."""
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(f"{folder} {step}\n")
        self._program.stdin.flush()
        self.process = int(self._program.stdout.readline())
        return int(self._program.stdout.readline())

    def close(self) -> None:
        """End the program."""
        self._program.communicate(timeout=60)


@pytest.fixture
def exports(server: Server) -> Iterator[Exports]:
    """Exports of the server's events."""
    exports = Exports(server.base_url)
    yield exports
    exports.close()


def check(folder: Path, *truths: dict[date, bytes]) -> None:
    """Check that no file is half written, and none that is complete is wrong."""
    for path in folder.glob("*.jsonl"):
        day = date.fromisoformat(path.stem)
        assert path.read_bytes() in [truth[day] for truth in truths]
    if (folder / "manifest.json").exists():
        days = json.loads((folder / "manifest.json").read_text())["days"]
        for name, entry in days.items():
            if entry["state"] == "complete":
                path = folder / f"{name}.jsonl"
                assert path.stat().st_size == entry["bytes"]


def files(folder: Path) -> dict[date, bytes]:
    """What is in the files of a folder."""
    return {
        date.fromisoformat(path.stem): path.read_bytes()
        for path in folder.glob("*.jsonl")
    }


def truth_of(server: Server) -> dict[date, bytes]:
    """What the files must hold in the end."""
    return {day: server.truth(day) for day in DAYS}


def test_killed_at_every_step(server: Server, exports: Exports, tmp_path: Path) -> None:
    """Wherever ``kill -9`` hits a first run, the next one brings all of the truth."""
    server.fill(3)
    truth = truth_of(server)
    step = 0
    while True:
        step += 1
        folder = tmp_path / f"run-{step}"
        ended = exports.run(folder, step=step)
        check(folder, truth)
        if ended != KILLED:
            break

        assert exports.run(folder) == 0
        assert files(folder) == truth
        assert list(folder.glob(".*.part")) == []
    assert step > 15
    assert files(folder) == truth


def test_killed_at_every_step_of_a_refresh(
    server: Server, exports: Exports, tmp_path: Path
) -> None:
    """While files are replaced, each is the old or the new one, and never unknown."""
    server.fill(3)
    old = tmp_path / "old"
    assert exports.run(old) == 0
    before = truth_of(server)
    make_old(old)
    for day in DAYS:
        server.days[day].append(server.days[day][0].replace(b'"20', b'"late-20'))
    truth = truth_of(server)
    step = 0
    while True:
        step += 1
        folder = tmp_path / f"run-{step}"
        shutil.copytree(old, folder)
        ended = exports.run(folder, step=step)
        check(folder, before, truth)
        if ended != KILLED:
            break

        assert exports.run(folder) == 0
        assert files(folder) == truth
    assert step > 15
    assert files(folder) == truth


def test_killed_in_the_middle_of_the_stream(
    server: Server, exports: Exports, tmp_path: Path
) -> None:
    """Killed again and again while events arrive, it comes to its end all the same."""
    server.fill(3, rows=300)
    server.piece = 500
    truth = truth_of(server)
    kills = 0
    pieces = 0

    def kill() -> None:
        nonlocal pieces
        pieces += 1
        if pieces == 1 + 4 * kills:  # each time a little later
            os.kill(exports.process, signal.SIGKILL)

    server.before_piece = kill
    while exports.run(tmp_path / "events") == KILLED:
        kills += 1
        pieces = 0
        check(tmp_path / "events", truth)

    assert kills > 2
    assert files(tmp_path / "events") == truth


def make_old(folder: Path) -> None:
    """Let all days look as if they had been fetched right after their end."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, entry in manifest["days"].items():
        after = date.fromisoformat(name) + timedelta(days=1)
        entry["fetched_at"] = f"{after.isoformat()}T01:00:00+00:00"
    (folder / "manifest.json").write_text(json.dumps(manifest))
