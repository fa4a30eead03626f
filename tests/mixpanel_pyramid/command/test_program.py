"""What holds of every command of mixpanel-outbox."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from mixpanel_pyramid.command.output import one_line, span
from mixpanel_pyramid.command.program import COMMANDS, program, run
from mixpanel_pyramid.customerio_mirror import event_item, profile_item
from mixpanel_pyramid.message import customerio_message
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf
from mixpanel_pyramid.shelves import Dead
from mixpanel_schema import Property

from .outboxes import MAIN, SHOP, TOKEN, Put, Start, ask, event, increment

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink


DOCUMENTATION = Path(__file__).parents[3] / "docs/pyramid/outbox.md"


def test_sections_may_build_upon_others(
    path: Path, put: Put, tmp_path: Path, sink: Sink, start: Start
) -> None:
    """As in PasteDeploy; what is nearer wins."""
    put(event("A"))
    (tmp_path / "base.ini").write_text(
        f"[DEFAULT]\nmixpanel.token = {TOKEN}\n"
        f"[app:main]\nuse = egg:shop\nmixpanel.base_url = {sink.base_url}\n"
        "mixpanel.outbox = /nowhere/outbox.sqlite\n"
    )
    ini = tmp_path / "production.ini"
    ini.write_text(
        f"[app:main]\nuse = config:base.ini\nmixpanel.outbox = {path}\n"
        "[app:other]\nuse = main\n"
    )

    process = start("send", "--ini", ini, "--section", "app:other")
    process.communicate(timeout=60)

    assert process.returncode == 0
    assert sink.event_names() == ["A"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[app:shop]\n", "has no [app:main]; it has app:shop: see --section"),
        ("[app:main]\n", "mixpanel.token of [app:main] in"),
        ("[app:main]\nmixpanel.token = off\n", "is missing or off"),
        ("[app:main]\nmixpanel.token = t\n", "has no mixpanel.outbox; set it, or name"),
        ("[app:main]\nmixpanel.token = t\nmixpanel.region = mars\n", "mixpanel.region"),
        ("[app:main]\nuse = main\n", "builds upon itself"),
        ("[app:main]\nx = %(nothing)s\n", "cannot be read"),
        ("no section\n", "cannot be read"),
    ],
)
def test_settings_that_cannot_work_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    """Exit code 2, and nothing of a secret."""
    (tmp_path / "app.ini").write_text(text)

    assert run(["send", "--ini", str(tmp_path / "app.ini")]) == 2

    told = capsys.readouterr().err.splitlines()
    assert problem in told[-1]
    assert told[-1].startswith("Error: ")


@pytest.mark.parametrize("name", ["status", "refused", "retry", "send"])
def test_a_file_that_is_no_outbox_is_one_line(
    name: str, path: Path, ini: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2; a file that is missing is not made, others are left alone."""
    arguments = {"retry": ["--all"], "send": ["--ini", str(ini)]}.get(name, [])

    def told() -> str:
        assert run([name, str(path), *arguments]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        (line,) = captured.err.splitlines()
        return line

    assert told() == (
        f"Error: there is no outbox {path}; name the file of mixpanel.outbox"
    )
    assert not path.exists()
    path.write_bytes(b"Dear diary, " * 1000)
    assert told().endswith("not a database); name the file of mixpanel.outbox")
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE users (name TEXT)")
    assert "is a database of something else" in told()
    path.unlink()
    with closing(OutboxFile(path).connect(1.0)) as newer:
        newer.execute("PRAGMA user_version = 99")
    assert "has format 99; this version reads up to 1" in told()


def test_nothing_but_its_own_words_is_told(path: Path, put: Put) -> None:
    """Not that Pyramid imports something that is out of date."""
    put(event("A"))
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONWARNINGS"}
    command = [sys.executable, "-c", MAIN, "refused", str(path)]
    told = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=60, check=True
    )

    assert (told.stdout, told.stderr) == ("", "no dead letters\n")


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_each_command_explains_itself_as_the_documentation_has_it(name: str) -> None:
    """With examples to copy."""
    arguments = [name, "--help"] if name else ["--help"]
    result = CliRunner().invoke(
        program, arguments, prog_name="mixpanel-outbox", terminal_width=80
    )

    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert result.stdout in DOCUMENTATION.read_text()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "-"),
        (0, "0 s"),
        (61, "1 min 1 s"),
        (3_720, "1 h 2 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_spans_of_time_are_for_people(seconds: int | None, text: str) -> None:
    """In two units."""
    assert span(seconds) == text


def test_cells_are_one_clean_line() -> None:
    """What comes from outside steers no terminal, and fits."""
    assert one_line("Order\a Completed", longest=10) == "Order\ufffd Co…"


def test_a_reader_that_has_gone_is_no_error(
    path: Path, letters: object, start: Start
) -> None:
    """As ``head`` is when it has seen enough."""
    process = start("refused", path, "--format", "json")
    assert process.stdout is not None
    process.stdout.close()

    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(60) in {0, 1}


@pytest.mark.parametrize(
    ("encoding", "output", "code", "told"),
    [
        ("utf-8", "/dev/full", 2, "Error: standard output cannot be used: "),
        ("utf-8", "&-", 0, "no process sends"),
        ("ascii", "/dev/null", 0, "no process sends"),
    ],
    ids=["full", "closed", "ascii"],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_output_that_takes_nothing_is_not_taken_for_the_outbox(  # noqa: PLR0917
    path: Path, put: Put, encoding: str, output: str, code: int, told: str
) -> None:
    """Nor is an encoding without our letters; none of them is a traceback."""
    put(event("Größe gewählt"))
    words = shlex.join([sys.executable, "-Wignore", "-c", MAIN, "status", str(path)])
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {words} >{output}"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_an_outbox_with_nothing_in_it_is_no_error(path: Path) -> None:
    """Everything says so."""
    OutboxFile(path).connect(1.0).close()

    status = ask("status", path)
    assert (status.exit_code, len(status.output.splitlines())) == (0, 1)
    refused = ask("refused", path)
    assert (refused.exit_code, refused.stderr) == (0, "no dead letters\n")
    assert ask("refused", path, "--format", "json").stdout == "[]\n"
    assert ask("retry", path, "--all").stdout == "0 messages put back\n"


def test_dead_letters_of_customerio_say_what_they_are(path: Path, put: Put) -> None:
    """Events by their name, people by what is done."""
    event = event_item("joe", "Paid", {}, unique="0" * 26, timestamp=1_800_000_000)
    person = profile_item("joe", {Property("$name"): "Joe"})
    put(customerio_message(event, 7.0), customerio_message(person, 7.0))
    reader = OutboxReader(OutboxFile(path), SHOP)
    shelf = OutboxShelf(reader, 2)
    shelf.batch(10, 10_000)
    shelf.settle([Dead(0, "refused", "no"), Dead(1, "refused", "no")])
    reader.close()

    found = json.loads(ask("refused", path, "--format", "json").stdout)

    assert [letter["what"] for letter in found] == ["Paid", "identify"]
    assert [letter["properties"] for letter in found] == [[], ["name"]]


def test_a_shell_completes_the_commands(start: Start) -> None:
    """As click does it."""
    process = start(
        _MIXPANEL_OUTBOX_COMPLETE="bash_complete",
        COMP_WORDS="mixpanel-outbox re",
        COMP_CWORD="1",
    )
    output, _ = process.communicate(timeout=60)

    assert output.split() == ["plain,refused", "plain,retry"]


def test_nothing_that_is_secret_is_in_the_outboxs_files(
    put: Put, ini: Path, sink: Sink, start: Start, reply: type[Reply]
) -> None:
    """Neither token nor credentials, in the file, its log, its memory, its lock."""
    secrets = ["hunter2-hunter2", "account.1a2b3c", TOKEN]
    ini.write_text(
        ini.read_text() + "mixpanel.service_account.username = account.1a2b3c\n"
        "mixpanel.service_account.secret = hunter2-hunter2\n"
        "mixpanel.service_account.project_id = 12345\n"
    )
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    put(increment(), event("A", token=TOKEN))
    process = start("send", "--ini", ini, "--follow")
    sink.wait_for(1)

    files = sorted(each for each in ini.parent.iterdir() if each != ini)
    found = {each.name: each.read_bytes() for each in files if each.is_file()}
    hold.set()
    process.kill()

    assert len(found) == 5
    assert b"joe@shop.example" in found["outbox.sqlite-wal"]
    for content in found.values():
        for secret in secrets:
            assert secret.encode() not in content


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("statsu", "Error: No such command 'statsu'. Did you mean 'status'?"),
        ("xyz", "Error: No such command 'xyz'."),
    ],
)
def test_a_command_that_there_is_not_is_a_usage_error(typed: str, told: str) -> None:
    """What was typed is named, and what is near to it."""
    asked = ask(typed)

    assert asked.exit_code == 2
    assert asked.output.splitlines()[-1] == told


@pytest.mark.imports
def test_help_imports_little() -> None:
    """So that it answers at once: neither Pyramid nor what reads or sends."""
    code = (
        "import sys; from mixpanel_pyramid.command.program import run\n"
        "run(['--help']); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    modules = {*done.stdout.split()}
    assert not {"pyramid", "httpx", "mixpanel", "json", "dataclasses"} & modules
