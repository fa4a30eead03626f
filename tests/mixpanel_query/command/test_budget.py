"""Tests of ``mixpanel-query budget``, of ``--max-wait``, and of the countdown."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query import Budget, ServiceAccount
from mixpanel_query.command.countdown import Countdown
from mixpanel_query.command.program import run
from mixpanel_query.wire import Destination, QueryRequest

Make = Callable[..., Any]
MODULE = [sys.executable, "-m", "mixpanel_query"]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Variables of a service account and of a budget file, whose path this is."""
    file = tmp_path / "budget"
    monkeypatch.setenv("MIXPANEL_USERNAME", "reports.1a2b3c")
    monkeypatch.setenv("MIXPANEL_SECRET", "hunter2-hunter2")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "12345")
    monkeypatch.setenv("MIXPANEL_BUDGET_FILE", str(file))
    return file


def use_up(number: int, base_url: str | None = None) -> None:
    """Let queries through that are answered at once."""
    account = ServiceAccount("someone-else", "hunter3-hunter3", 12345)
    gate = Budget().gate(Destination(account, base_url=base_url))
    for _ in range(number):
        turn = gate.enter(QueryRequest("/api/query/events"))
        assert not isinstance(turn, float)
        turn.end()


def test_table(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table says what is used and left of each limit, and where that is counted."""
    use_up(3)

    assert run(["--timezone", "UTC", "budget"]) == 0
    shown = capsys.readouterr()
    lines = [line.split() for line in shown.out.splitlines()]
    assert lines[0] == (
        "limit used allowed left under_way next_freed held_until".split()
    )
    assert lines[1][:5] == ["query", "3", "60", "57", "0"]
    assert lines[1][5].endswith("+00:00")
    assert [line[0] for line in lines[2:]] == ["jql", "export", "lexicon"]
    assert lines[4] == ["lexicon", "0", "5", "5", "0"]
    assert shown.err == f"Counted in {environment}; other machines cannot be seen.\n"


def test_json(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON it is all that is known."""
    use_up(60)

    assert run(["budget", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["left"] for row in rows] == [0, 0, 60, 5]
    assert rows[0]["seconds"] == 3600
    assert rows[0]["at_once"] == 5


def test_no_limits(
    environment: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A local project has no limits, and the command says so."""
    monkeypatch.delenv("MIXPANEL_BUDGET_FILE")

    assert run(["--base-url", "http://127.0.0.1:1", "budget"]) == 0
    shown = capsys.readouterr()
    assert shown.err == "There are no limits: this machine is asked.\n"
    assert len(shown.out.splitlines()) == 1


def test_used_up(
    environment: Path, capsys: pytest.CaptureFixture[str], scripted: Make
) -> None:
    """A question that would wait too long fails at once, with the time."""
    server = scripted()
    use_up(60, server.base_url)

    assert run(["--base-url", server.base_url, "event-names"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("Error: 127.0.0.1:")
    assert "60 of 60 queries of the last hour are used" in err
    assert "may wait 60 seconds; nothing was sent; ask again in 3" in err
    assert err.count("\n") == 1


def test_max_wait_from_the_environment(
    environment: Path,
    capsys: pytest.CaptureFixture[str],
    scripted: Make,
    reply: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``MIXPANEL_MAX_WAIT`` is how long Mixpanel may ask to wait."""
    monkeypatch.setenv("MIXPANEL_MAX_WAIT", "0.5")
    monkeypatch.setenv("MIXPANEL_ATTEMPTS", "2")
    server = scripted(reply(b"no", "Retry-After: 1", status="429 Slow"))

    assert run(["--base-url", server.base_url, "event-names"]) == 1
    assert "ask again in 1 seconds" in capsys.readouterr().err
    assert len(server.requests) == 1


@pytest.mark.parametrize("given", ["-1", "soon", "nan"])
def test_max_wait_that_cannot_be(
    environment: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    """A wait that is no length of time is a mistake in what was typed."""
    assert run(["--max-wait", given, "budget"]) in (1, 2)

    err = capsys.readouterr().err
    assert "max" in err
    assert given in err


def slow_then_good(scripted: Make, reply: Make) -> Any:  # noqa: ANN401 - conftest's own
    """Start a server that wants to be asked again after two seconds."""
    slow = reply(b"no", "Retry-After: 2", status="429 Slow")
    return scripted(slow, reply(b'["Sign Up"]'))


def test_wait_in_a_pipe(environment: Path, scripted: Make, reply: Make) -> None:
    """Where nobody watches, a wait is one line on standard error."""
    server = slow_then_good(scripted, reply)
    arguments = ["--attempts", "2", "--base-url", server.base_url, "event-names"]
    done = subprocess.run(
        [*MODULE, *arguments], capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout == "event\nSign Up\n"
    assert done.stderr == "Waiting 2 seconds: the last attempt failed\n"


def test_wait_on_a_terminal(environment: Path, scripted: Make, reply: Make) -> None:
    """On a terminal a wait counts down in one line, which is gone afterwards."""
    server = slow_then_good(scripted, reply)
    arguments = ["--attempts", "2", "--base-url", server.base_url, "event-names"]
    ours, theirs = pty.openpty()
    process = subprocess.run(
        [*MODULE, *arguments],
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=30,
        check=True,
    )
    os.close(theirs)
    seen = os.read(ours, 65536).decode()
    os.close(ours)

    line = "Waiting 2 seconds: the last attempt failed"
    erase = "\r\x1b[K"
    assert seen == f"{erase}{line}{erase}{line.replace('2', '1')}{erase}"
    assert process.stdout == b"event\nSign Up\n"


class Terminal(StringIO):
    """A terminal that only takes notes."""

    def isatty(self) -> bool:
        """Say that somebody watches."""
        return True


def test_place_that_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait of which nobody knows the end shows no seconds."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    show = Countdown()
    show(0.1, "5 of 5 queries are under way")
    show(0.0, "")

    line = "Waiting: 5 of 5 queries are under way"
    # What was longer on the line, as a bar of progress, goes too.
    assert terminal.getvalue() == f"\r\x1b[K{line}\r\x1b[K"


def test_nothing_to_take_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a wait that was not shown writes nothing."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    Countdown()(0.0, "")

    assert terminal.getvalue() == ""


def test_standard_error_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program without standard error waits all the same."""
    monkeypatch.setattr(sys, "stderr", None)

    Countdown()(5.0, "Mixpanel asked to wait")
