"""Tests of ``mixpanel-query export --folder``."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mixpanel_query import ExportProgress, Window
from mixpanel_query.budget.rules import RULES
from mixpanel_query.command.export_progress import lines
from mixpanel_query.command.program import run

Server: TypeAlias = Any  # that of conftest.py

WINDOW = ["--from", "2024-11-01", "--to", "2024-11-03"]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """Let the command ask the server."""
    monkeypatch.setenv("MIXPANEL_USERNAME", "reports.1a2b3c")
    monkeypatch.setenv("MIXPANEL_SECRET", "hunter2-hunter2")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "12345")
    monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)


def test_folder(
    server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder is filled, and a line on standard error says with what."""
    server.fill(3)

    assert run(["export", *WINDOW, "--folder", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"60 events of 3 days are in {folder} (3 calls)\n")
    assert (folder / "2024-11-02.jsonl").read_bytes() == server.truth(
        sorted(server.days)[1]
    )


def test_format(server: Server, folder: Path) -> None:
    """The files have the format that was typed."""
    server.fill(3)

    assert (
        run(["export", *WINDOW, "--folder", str(folder), "--format", "jsonl.gz"]) == 0
    )
    assert len(list(folder.glob("*.jsonl.gz"))) == 3


def test_late_events_are_fetched_by_default(server: Server, folder: Path) -> None:
    """Days that were fetched within five days of their end are fetched again."""
    export = ["export", *WINDOW, "--folder", str(folder)]
    assert run(export) == 0
    manifest = folder / "manifest.json"
    text = re.sub(
        r'(fetched_at": ")[^"]+',
        r"\g<1>2024-11-06T12:00:00+00:00",
        manifest.read_text(),
    )
    manifest.write_text(text)
    server.asked.clear()

    assert run([*export, "--refresh-days", "0"]) == 0
    assert server.asked == []
    assert run(export) == 0
    assert [first for first, _ in server.asked] == [
        "2024-11-01",
        "2024-11-02",
        "2024-11-03",
    ]


def test_dry_run(
    server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run says which calls would be made, and makes none."""
    assert run(["export", *WINDOW, "--folder", str(folder), "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split() == ["2024-11-01", "2024-11-01", "1"]
    assert err == (
        f"{folder}: 0 of 3 days are there, 3 are missing, 0 may have late events: "
        "3 calls\n"
    )
    assert server.asked == []
    assert not folder.exists()


def test_dry_run_says_what_is_left(
    server: Server,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where there is a budget, a dry run tells what others left of it."""
    monkeypatch.setenv("MIXPANEL_BUDGET_FILE", str(tmp_path / "budget"))
    assert run(["export", "--from", "2024-11-01", "--to", "2024-11-01"]) == 0
    capsys.readouterr()

    assert run(["export", *WINDOW, "--folder", str(folder), "--dry-run"]) == 0

    err = capsys.readouterr().err
    assert err.endswith(": 3 calls, and 59 of 60 are left this hour\n")


def test_milliseconds(server: Server, folder: Path) -> None:
    """``--time-in-ms`` is sent, and goes on only with itself."""
    typed = ["export", *WINDOW, "--folder", str(folder)]

    assert run([*typed, "--time-in-ms"]) == 0
    assert server.params[0]["time_in_ms"] == "true"
    assert run(typed) == 1


def test_limit(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """``--limit`` is sent, and holds."""
    server.fill(3)

    assert run(["export", *WINDOW, "--limit", "2"]) == 0
    assert server.params[0]["limit"] == "2"
    assert capsys.readouterr().out.count("\n") == 2


def test_used_up_hour(
    server: Server,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where the hour is used up, the line names the option that waits for the next."""
    monkeypatch.setenv("MIXPANEL_BUDGET_FILE", str(tmp_path / "budget"))
    monkeypatch.setitem(RULES, "export", replace(RULES["export"], count=2))

    assert run(["export", *WINDOW, "--folder", str(folder)]) == 1

    err = capsys.readouterr().err
    assert "2 of 2 exports of the last hour are used" in err
    assert err.endswith(
        f"(2 of 3 days are in {folder}; repeat the command to go on, with more time as "
        "in mixpanel-query --max-wait 3600 export …)\n"
    )
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["--dry-run"], "are for --folder DIR; add it"),
        (["--format", "parquet"], "are for --folder DIR; add it"),
        (["--folder", "x", "-o", "y"], "do not go together; give one"),
        (["--folder", "x", "--limit", "5"], "do not go together; give one"),
    ],
)
def test_options_that_do_not_go_together(
    typed: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was typed wrong is said, and the exit code is 2."""
    assert run(["export", *WINDOW, *typed]) == 2
    assert message in capsys.readouterr().err


def test_folder_with_one_event(
    server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One is told as one."""
    server.fill(1, rows=1)

    assert run(["export", *WINDOW, "--folder", str(folder)]) == 0
    assert capsys.readouterr().err.startswith("1 event of 3 days is in ")


@pytest.mark.parametrize("name", ["week.csv", "week.Parquet", "week.jsonl.gz"])
def test_ending_that_promises_another_format(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of lines is not named as if it were something else."""
    assert run(["export", *WINDOW, "-o", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.endswith(
        f"Error: Invalid value for '-o': '{name}' would hold JSON Lines; let its name "
        "end in .jsonl, or take --folder DIR with --format jsonl.gz or parquet\n"
    )


def test_error_says_how_to_go_on(
    server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a failure one line says what is there, and that repeating goes on."""
    server.fill(3)
    server.cut = lambda first, last, call: 50 if call == 2 else None

    assert run(["export", *WINDOW, "--folder", str(folder)]) == 1
    err = capsys.readouterr().err
    assert err.startswith("Error: export of 2024-11-02 to 2024-11-02 from")
    assert err.endswith(f"(2 of 3 days are in {folder}; repeat the command to go on)\n")
    assert err.count("\n") == 1


def test_folder_of_another_export(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with something else in it is an error in one line."""
    assert run(["export", *WINDOW, "--folder", str(folder)]) == 0
    capsys.readouterr()

    assert run(["export", *WINDOW, "--folder", str(folder), "--event", "A"]) == 1
    assert capsys.readouterr().err == (
        f"Error: {folder} holds another export: events none, not 'A'; "
        "choose another folder\n"
    )


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_stopped(signal_number: signal.Signals, server: Server, folder: Path) -> None:
    """Ctrl-C leaves what is complete and says how to go on, with exit code 130."""
    server.fill(3, rows=200)
    server.piece = 100
    typed = ["export", *WINDOW, "--folder", str(folder)]
    processes: list[subprocess.Popen[str]] = []
    pieces = 0

    def stop() -> None:
        nonlocal pieces
        pieces += 1
        if len(server.asked) == 2 and pieces > 0:
            pieces = -1_000_000
            os.kill(processes[0].pid, signal_number)

    processes.append(
        subprocess.Popen(
            [sys.executable, "-m", "mixpanel_query", *typed],
            stderr=subprocess.PIPE,
            text=True,
        )
    )
    server.before_piece = stop
    _, err = processes[0].communicate(timeout=60)

    assert processes[0].returncode == 130
    assert err == (
        f"stopped; 1 of 3 days are in {folder}; repeat the command to go on\n"
    )
    assert [path.name for path in folder.glob("*.jsonl")] == ["2024-11-01.jsonl"]
    assert list(folder.glob(".*.part")) == []
    assert run(typed) == 0


def test_days_of_a_project_that_stores_local_time(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its export counts days in its own timezone, words such as today included."""
    monkeypatch.setenv("MIXPANEL_TIMEZONE", "Pacific/Kiritimati")
    now = "mixpanel_query.command.options.now"
    monkeypatch.setattr(now, lambda: datetime(2024, 11, 3, 12, tzinfo=timezone.utc))
    typed = ["export", "--from", "today", "--to", "today", "--folder", str(folder)]

    assert run(typed) == 0
    monkeypatch.setenv("MIXPANEL_STORES_LOCAL_TIME", "1")
    assert run([*typed[:-1], str(folder) + "-local"]) == 0
    assert server.asked == [("2024-11-03", "2024-11-03"), ("2024-11-04", "2024-11-04")]


def test_lines_now_and_then() -> None:
    """In a log, a line says days, events and their rate, but not too often."""
    said: list[str] = []
    seconds = [0.0]
    show = lines(said.append, every=30, clock=lambda: seconds[0])
    span = Window.of("2024-11-03", "2024-11-04")

    seconds[0] = 40.0
    show(ExportProgress(days=365, days_done=12, rows=60000, calls=2, span=span))
    show(ExportProgress(days=365, days_done=12, rows=60001, calls=2, span=span))

    assert said == [
        "12 of 365 days, 60,000 events, 1,500 a second, at 2024-11-03",
    ]
