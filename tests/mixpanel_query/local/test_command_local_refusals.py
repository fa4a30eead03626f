"""What ``mixpanel-query local serve`` says when it cannot serve."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mixpanel_query.command.local import local

from .served_projects import LINE, run


def test_taken_port_is_one_line() -> None:
    """The port and the option are named, and the exit code is 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = run("--port", str(port))

    assert code == 1
    assert said == (
        f"Error: port {port} of 127.0.0.1 is taken; choose another one with --port, "
        "or 0 for any free one\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "/nope"], "cannot read /nope: No such file or directory"),
        (["--timezone", "Mars"], "timezone 'Mars' is not known; use an IANA name"),
        (["--db", "/"], "cannot open the project file /"),
    ],
)
def test_bad_setting_is_one_line(arguments: list[str], message: str) -> None:
    """What cannot be used is named, and the exit code is 1."""
    code, said = run(*arguments)

    assert code == 1
    assert said.startswith(f"Error: {message}")
    assert said.count("\n") == 1


def test_malformed_data_are_one_line(tmp_path: Path) -> None:
    """File and line are named."""
    path = tmp_path / "events.jsonl"
    path.write_text(f"{LINE}nonsense\n")

    code, said = run("--data", str(path))

    assert code == 1
    assert said.startswith(f"Error: {path}, line 2: the line is not JSON")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--username", "me"],
        ["--secret", "s"],
        ["--port", "70000"],
        ["--week-start", "someday"],
        ["--project-id", "x"],
        ["--project-id", "-1"],
        ["events.jsonl"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    """What was typed wrong has its own exit code."""
    assert run(*arguments)[0] == 2


def test_missing_extra_is_one_line() -> None:
    """Without the extra, the command says how to install it, in a new process."""
    code = (
        "import sys; sys.modules['duckdb'] = None\n"
        "from mixpanel_query.command import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "local", "serve"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Error: the local project needs duckdb, which is not installed; "
        "run: pip install 'mixpanel-query[local]'\n"
    )


def test_help_names_the_default_port() -> None:
    """The help is there without the engine."""
    result = CliRunner().invoke(local, ["serve", "--help"])

    assert result.exit_code == 0
    assert "[default: 8600;" in result.output
