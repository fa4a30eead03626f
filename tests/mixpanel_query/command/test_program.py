"""The program mixpanel-query, in this process and in its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import suppress

import click
import pytest
from click.testing import CliRunner

from mixpanel_query.command import main
from mixpanel_query.command.program import COMMANDS, program

from .typed_commands import WEEK, Make, start


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command(name: str) -> None:
    """Every command has help, begins with its line of the list, and has examples."""
    result = CliRunner().invoke(program, [name, "--help"])

    assert result.exit_code == 0
    assert "Usage: " in result.output
    if name != "local":
        assert f"\n  {COMMANDS[name]}\n" in result.output
        assert "Examples:\n    mixpanel-query" in result.output


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "local"])
def test_every_option_has_help(name: str) -> None:
    """No option is left without a word on what it does."""
    command = program.get_command(click.Context(program), name)

    assert command is not None
    options = [item for item in command.params if isinstance(item, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_list_of_commands() -> None:
    """The help lists every command, and so does whoever completes their names."""
    assert program.list_commands(click.Context(program)) == list(COMMANDS)

    result = CliRunner().invoke(program, ["--help"])

    assert result.exit_code == 0
    for name, line in COMMANDS.items():
        assert name in result.output
        assert line in result.output


def test_main_leaves_with_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The console script passes the exit code on."""
    monkeypatch.setattr(sys, "argv", ["mixpanel-query", "nonsense"])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 2


@pytest.mark.parametrize("module", ["click", "mixpanel_query.command.program"])
def test_main_without_a_module(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Only the absence of click is ours to explain; any other is an error of ours."""
    monkeypatch.delitem(sys.modules, "mixpanel_query.command.program")
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises((SystemExit, ModuleNotFoundError)) as left:
        main()

    assert ("needs click" in str(left.value)) is (module == "click")


def test_installed_command_says_its_version() -> None:
    """The console script is there and knows its version."""
    out, err = (process := start("--version")).communicate(timeout=60)

    assert (process.returncode, err) == (0, "")
    assert out.startswith("mixpanel-query, version ")


@pytest.mark.imports
def test_help_imports_no_command() -> None:
    """The list of commands costs no import of httpx, DuckDB or rich."""
    code = (
        "import sys; from mixpanel_query.command.program import run\n"
        "run(['--help']); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    modules = done.stdout.split()
    assert not {"httpx", "duckdb", "rich", "dataclasses", "asyncio"} & set(modules)


def test_installed_command_without_settings() -> None:
    """A user who has set nothing reads one line and no traceback."""
    out, err = (process := start("event-names")).communicate(timeout=60)

    assert (process.returncode, out) == (1, "")
    assert err.startswith("Error: --username / MIXPANEL_USERNAME is not set; give")
    assert err.count("\n") == 1


def interrupted(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Press Ctrl-C until the process ends.

    One that comes in the instant before Python begins to wait for an answer is only
    noticed when the answer comes; whoever sits there presses again.
    """
    for _ in range(10):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=3)
    raise AssertionError("Ctrl-C does not end the command")


def test_interrupt(environment: dict[str, str]) -> None:
    """Ctrl-C ends a waiting command with 130 and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        process = start("event-names", MIXPANEL_BASE_URL=url, **environment)
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            out, err = interrupted(process)

    assert (process.returncode, out.strip(), err.strip()) == (130, "", "")


def test_reader_that_goes_away(
    scripted: Make, reply: Make, row: Make, environment: dict[str, str]
) -> None:
    """``mixpanel-query export … | head`` ends without a traceback."""
    server = scripted(reply(b"".join(map(row, range(20_000)))))
    process = start("export", *WEEK, MIXPANEL_BASE_URL=server.base_url, **environment)
    assert process.stdout is not None
    assert process.stderr is not None

    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()

    assert (process.wait(timeout=60), err) == (1, "")


def test_without_the_extra() -> None:
    """Without click, the script that is there anyway says what to install."""
    code = (
        "import sys; sys.modules['click'] = None\n"
        "from mixpanel_query.command import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Error: the command mixpanel-query needs click; "
        "pip install 'mixpanel-query[cli]'\n"
    )
