"""Tests of the command mixpanel-query, in this process and in its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from mixpanel_query.command import main
from mixpanel_query.command.program import COMMANDS, program, run

SCRIPT = str(Path(sys.executable).with_name("mixpanel-query"))
WEEK = ["--from", "2026-11-09", "--to", "2026-11-15"]
Make = Callable[..., Any]
COUNTS = json.dumps(
    {
        "data": {
            "series": ["2026-11-10", "2026-11-09"],
            "values": {
                "Sign Up": {"2026-11-09": 3, "2026-11-10": 40},
                "Purchase": {"2026-11-09": 1},
            },
        }
    }
).encode()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Variables of a service account, set in this process."""
    for name in os.environ:
        if name.startswith("MIXPANEL_"):
            monkeypatch.delenv(name)
    variables = {
        "MIXPANEL_USERNAME": "reports.1a2b3c",
        "MIXPANEL_SECRET": "hunter2-hunter2",
        "MIXPANEL_PROJECT_ID": "12345",
    }
    for name, value in {**variables, "MIXPANEL_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture
def answering(
    scripted: Make, reply: Make, environment: object, monkeypatch: pytest.MonkeyPatch
) -> Make:
    """Start a server that answers with a body, and point the environment at it."""

    def start(body: bytes, **options: Any) -> Any:  # noqa: ANN401 - conftest's own
        server = scripted(reply(body, **options))
        monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)
        return server

    return start


def test_events_table(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts are a table with a column an event and a total."""
    answering(COUNTS)

    assert run(["events", "Sign Up", "Purchase", *WEEK]) == 0
    assert capsys.readouterr().out == (
        "day         Sign Up  Purchase\n"
        "2026-11-09        3         1\n"
        "2026-11-10       40         0\n"
        "total            43         1\n"
    )


def test_events_json(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON, counts are a list of rows."""
    answering(COUNTS)

    assert run(["events", "Sign Up", *WEEK, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "Sign Up", "date": "2026-11-09", "value": 3},
        {"name": "Sign Up", "date": "2026-11-10", "value": 40},
        {"name": "Purchase", "date": "2026-11-09", "value": 1},
        {"name": "Purchase", "date": "2026-11-10", "value": 0},
    ]


def test_events_csv(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """As CSV, counts are rows below their names."""
    answering(COUNTS)

    assert run(["events", "Purchase", *WEEK, "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "name,date,value",
        "Sign Up,2026-11-09,3",
    ]


def test_events_asks_what_was_typed(answering: Make) -> None:
    """Type, unit and days reach the server."""
    server = answering(COUNTS)
    typed = ["events", "Purchase", *WEEK, "--type", "unique", "--unit", "week"]

    assert run(typed) == 0
    request = server.requests[0]
    for part in ["type=unique", "unit=week", "from_date=2026-11-09", "id=12345"]:
        assert part in request


def test_segmentation(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Segments are asked for with all options."""
    server = answering(COUNTS)
    options = [
        "--on",
        'user["x"]',
        "--where",
        "y",
        "--type",
        "unique",
        "--interval",
        "7",
    ]

    assert run(["segmentation", "A", *WEEK, *options, "--limit", "5"]) == 0
    assert "/api/query/segmentation?event=A&" in server.requests[0]
    for part in [
        "on=user%5B%22x%22%5D",
        "where=y",
        "type=unique",
        "interval=7",
        "limit=5",
    ]:
        assert part in server.requests[0]
    assert "total" not in capsys.readouterr().out


def test_event_names(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Names are one a line, as JSON Lines too."""
    answering(b'["Sign Up", "\\u010d"]')

    assert run(["event-names", "--format", "jsonl"]) == 0
    assert capsys.readouterr().out == '{"event": "Sign Up"}\n{"event": "\\u010d"}\n'


def test_hours_of_a_project(
    answering: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hours without an offset are read in the timezone that was given."""
    answering(b'{"data":{"series":[],"values":{"A":{"2026-11-09 13:00:00":2}}}}')
    typed = ["--timezone", "Asia/Tokyo", "events", "A", *WEEK, "--unit", "hour"]

    assert run([*typed, "--format", "csv"]) == 0
    assert "A,2026-11-09T13:00:00+09:00,2" in capsys.readouterr().out


def test_export_to_standard_output(
    answering: Make, row: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a file, events are printed as the rows they are; talk goes to stderr."""
    answering(row(1) + row(2))

    assert run(["export", *WEEK, "--event", "Sign Up", "--where", "true"]) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [
        json.loads(row(1)),
        json.loads(row(2)),
    ]
    assert err == "2 events exported\n"


def test_export_to_a_file(answering: Make, row: Make, tmp_path: Path) -> None:
    """A file holds an event a line, and nothing else is left in its folder."""
    answering(row(1) + row(2))
    target = tmp_path / "week.jsonl"

    assert run(["export", *WEEK, "-o", str(target)]) == 0
    assert len(target.read_bytes().splitlines()) == 2
    assert list(tmp_path.iterdir()) == [target]


def test_cut_export_leaves_no_file(
    answering: Make, row: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cut export fails, and leaves neither a half file nor its remains."""
    answering(row(1) + b"export terminated early")

    assert run(["export", *WEEK, "-o", str(tmp_path / "week.jsonl")]) == 1
    assert list(tmp_path.iterdir()) == []
    assert "is not whole after 1 events" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "said"),
    [("401 Unauthorized", "check username"), ("500 Oops", "try again later")],
)
def test_refusals_are_one_line(
    answering: Make, status: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refusal is one line on stderr, without the secret, and exit code 1."""
    answering(b"hunter2-hunter2 is wrong", status=status)

    assert run(["event-names"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("Error: 127.0.0.1:")
    assert said in err
    assert "hunter2" not in err


def test_missing_settings(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Missing credentials are named together, and are no mistake in typing."""
    for name in environment:
        monkeypatch.setenv(name, "")

    assert run(["event-names"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert all(name in err for name in environment)


def test_options_stand_in_for_the_environment(
    scripted: Make, reply: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything about the connection can be typed."""
    server = scripted(reply(b'["a"]'))
    typed = ["--username", "u", "--secret", "s", "--project-id", "7", "--region", "eu"]

    assert run([*typed, "--base-url", server.base_url, "event-names"]) == 0
    assert capsys.readouterr().out == "event\na\n"
    assert "project_id=7" in server.requests[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["events", *WEEK], "Missing argument"),
        (["events", "A", "--from", "2026-11-09"], "to_date None"),
        (["events", "A", "--from", "x", "--to", "y"], "write it as YYYY-MM-DD"),
        (["events", "A", "--from", "2026-02-30", "--to", "1d"], "not in the calendar"),
        (["events", "A", "--from", "2026-11-15", "--to", "2026-11-09"], "swap the two"),
        (["events", "A", *WEEK, "--type", "unique", "--unit", "hour"], "by the hour"),
        (["segmentation", "A", *WEEK, "--limit", "5"], "give --on, or leave --limit"),
        (["--timezone", "Mars", "event-names"], "timezone 'Mars' is unknown"),
        (["event-names", "--limit", "0"], "use 1 to 5000"),
        (["event-names", "--format", "xml"], "'xml' is not one of"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_what_was_typed_wrong(
    arguments: list[str],
    said: str,
    environment: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A mistake in what was typed has exit code 2, and nothing is sent."""
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.filterwarnings("default:base_url")
def test_warning_is_one_line(
    environment: object, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning shows neither file nor line of our code."""
    assert run(["--base-url", "http://mixpanel.invalid", "event-names"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("Warning: base_url http://mixpanel.invalid sends the cred")
    assert second.startswith("Error: mixpanel.invalid did not answer")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command(name: str) -> None:
    """Every command has help, begins with its line of the list, and has examples."""
    result = CliRunner().invoke(program, [name, "--help"])

    assert result.exit_code == 0
    assert "Usage: " in result.output
    if name != "local":
        assert f"\n  {COMMANDS[name][2]}\n" in result.output
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
    for name, (_, _, line) in COMMANDS.items():
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


def start(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start the installed command."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MIXPANEL_")}
    return subprocess.Popen(
        [SCRIPT, *arguments],
        env={**kept, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_installed_command_says_its_version() -> None:
    """The console script is there and knows its version."""
    out, err = (process := start("--version")).communicate(timeout=30)

    assert (process.returncode, err) == (0, "")
    assert out.startswith("mixpanel-query, version ")


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
    out, err = (process := start("event-names")).communicate(timeout=30)

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

    assert (process.wait(timeout=30), err) == (1, "")


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
