"""Tests of what the command tells those who type it wrong, or half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from mixpanel_query.command.program import program, run
from mixpanel_query.command.usage_hints import hint_at_place

PAGE = Path(__file__).parents[3] / "docs/query/command-line.md"


def refused(typed: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the last line that a command typed wrong writes."""
    assert run(typed) == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_nearest_command(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip in the name of a command is answered with the nearest one."""
    last = refused(["evnts"], capsys)

    assert last.startswith("Error: No such command 'evnts'.")
    assert last.count("Did you mean 'events'?") == 1


def test_no_near_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no command is near, none is named."""
    assert refused(["xyzzy"], capsys) == "Error: No such command 'xyzzy'."


def test_option_in_the_wrong_place(capsys: pytest.CaptureFixture[str]) -> None:
    """An option that stands before the command is not called unknown after it."""
    expected = (
        "Error: --region stands before the command: "
        "mixpanel-query --region … event-names …"
    )

    assert refused(["event-names", "--region", "eu"], capsys) == expected
    assert refused(["event-names", "--region=eu"], capsys) == expected


def test_secret_in_the_wrong_place(capsys: pytest.CaptureFixture[str]) -> None:
    """A secret that was typed in the wrong place is not repeated."""
    assert run(["lexicon", "list", "--secret=hunter2"]) == 2
    told = capsys.readouterr().err
    assert "mixpanel-query --secret … lexicon list …" in told
    assert "hunter2" not in told


def test_unknown_option(capsys: pytest.CaptureFixture[str]) -> None:
    """An option that is nowhere is unknown, before and after the command."""
    assert "No such option" in refused(["event-names", "--bogus"], capsys)
    assert "No such option" in refused(["--bogus"], capsys)


def test_hint_without_context() -> None:
    """An error that knows no command stays as it is."""
    error = click.NoSuchOption("--region")

    assert hint_at_place(error, program) is error


def test_data_view_is_asked_through(
    scripted: Callable[..., Any],
    reply: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``--workspace-id`` reaches the server."""
    server = scripted(reply(json.dumps(["Sign Up"]).encode()))
    account = ["--username", "u", "--secret", "s", "--project-id", "1"]
    monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)

    assert run([*account, "--workspace-id", "77", "event-names"]) == 0
    assert "workspace_id=77" in server.requests[0]


def printed(variables: dict[str, str]) -> str:
    """Return what the command prints in a process of its own, with more variables."""
    done = subprocess.run(
        [sys.executable, "-m", "mixpanel_query"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    """The line of the docs gives a script for each shell, and it completes."""
    variable = "_MIXPANEL_QUERY_COMPLETE"
    assert f"{variable}={shell}_source mixpanel-query" in PAGE.read_text("utf-8")

    assert f"{variable}={shell}_complete" in printed({variable: f"{shell}_source"})

    word = "frequ" if shell == "fish" else "1"
    typed = {"COMP_WORDS": "mixpanel-query frequ", "COMP_CWORD": word}
    completed = printed({variable: f"{shell}_complete", **typed})
    assert "frequency" in completed
    assert "events" not in completed


def test_one_row(
    scripted: Callable[..., Any],
    reply: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """One row is not called rows."""
    monkeypatch.setenv("MIXPANEL_BASE_URL", scripted(reply(b"[1]")).base_url)
    account = ["--username", "u", "--secret", "s", "--project-id", "1"]
    script = tmp_path / "one.js"
    script.write_text("function main() { return [1]; }")

    assert run([*account, "jql", str(script)]) == 0
    assert capsys.readouterr().err == "1 row\n"
