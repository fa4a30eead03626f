"""docs/reference/commands.md has every command, and its examples run."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import click
import httpx
import pytest
from tests.reference.command_page import PAGE, commands_page
from tests.reference.commands import PROGRAMS, commands_of, options_in
from tests.reference.conftest import program_of
from tests.reference.pages import page, rows, section

if TYPE_CHECKING:
    from tests.reference.conftest import Run

TEXT = page(PAGE)
OUTBOX = "/var/lib/shop/mixpanel.sqlite"
COMMANDS = [
    (names, command)
    for program in PROGRAMS
    for names, command in commands_of(PROGRAMS[program], program)
]
# They serve until they are stopped.
SERVING = ("local serve", "serve")


def example_on_page(names: tuple[str, ...]) -> list[str]:
    """Return the words of the example that stands in the section of a command."""
    shown = re.findall(
        r"```console\n\$ (.*?)\n```", section(TEXT, " ".join(names)), re.DOTALL
    )
    assert len(shown) == 1
    return shlex.split(shown[0].replace("\\\n", " "))


EXAMPLES = {
    " ".join(names): example_on_page(names)
    for names, command in COMMANDS
    if not isinstance(command, click.Group)
}
# Those that change what others show come last.
IN_ORDER = sorted(EXAMPLES, key=lambda name: "--yes" in EXAMPLES[name])


def test_the_page_says_what_the_commands_say() -> None:
    """Whoever changes a command writes the page anew; command_page.py says how."""
    assert commands_page() == TEXT


@pytest.mark.parametrize("names", [names for names, _ in COMMANDS], ids=" ".join)
def test_a_command_has_a_heading(names: tuple[str, ...]) -> None:
    """Other pages link to it."""
    assert re.findall(rf"^##+ {' '.join(names)}$", TEXT, re.MULTILINE) != []


@pytest.mark.parametrize(
    ("names", "command"), COMMANDS, ids=lambda each: str(each)[:60]
)
def test_every_option_of_a_command_is_named(
    names: tuple[str, ...], command: click.Command
) -> None:
    """In its own list, or among those of several commands."""
    told = section(TEXT, " ".join(names))

    assert [o.opts[0] for o in options_in(command) if f"`{o.opts[0]}" not in told] == []


@pytest.mark.parametrize(
    "name", [name for name in IN_ORDER if not name.endswith(SERVING)]
)
def test_the_example_of_a_command_runs(name: str, run: Run, shop: Path) -> None:
    """With a local project, a stand-in for Slack, and files of a shop."""
    example = [word.replace(OUTBOX, "mixpanel.sqlite") for word in EXAMPLES[name]]
    if "json" in " ".join(example):
        exported = run(
            "mixpanel-schema", "export", "shop.tracking:plan", "--format=lexicon"
        )
        for document in ("released.json", "lexicon.json"):
            (shop / document).write_text(exported.stdout, encoding="utf-8")

    done = run(*example)

    assert (done.returncode, done.stderr if done.returncode else "") == (0, "")
    assert done.stdout or done.stderr or "-o" in example


@pytest.mark.parametrize("name", [name for name in IN_ORDER if name.endswith(SERVING)])
def test_the_example_of_a_server_runs(
    name: str, shop: Path, environment: dict[str, str]
) -> None:
    """It says where it serves, and ends well on Ctrl-C."""
    words = (*EXAMPLES[name], "--port", "0")
    process = subprocess.Popen(
        program_of(words),
        cwd=shop,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stdout is not None
    stream = process.stdout if name.endswith("local serve") else process.stderr
    line = next(line for line in stream if "http://127.0.0.1:" in line)
    address = re.findall(r"http://127\.0\.0\.1:\d+", line)[0]
    answer = httpx.get(address, trust_env=False)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert answer.status_code in {200, 404}
    assert process.returncode == 0


CODES = {
    ("mixpanel-schema", 0): "mixpanel-schema lint shop.tracking:plan",
    ("mixpanel-schema", 1): "mixpanel-schema usage shop.tracking:plan shop",
    ("mixpanel-schema", 2): "mixpanel-schema lint shop.trakcing:plan",
    ("mixpanel-query", 0): "mixpanel-query budget",
    ("mixpanel-query", 1): "mixpanel-query profile-by-email ann@example.com",
    ("mixpanel-query", 2): "mixpanel-query evnets",
    ("mixpanel-query", 3): "mixpanel-query drift shop.tracking:plan --fail-on any",
    ("mixpanel-outbox", 0): "mixpanel-outbox status mixpanel.sqlite",
    ("mixpanel-outbox", 1): "mixpanel-outbox retry mixpanel.sqlite 4711",
    ("mixpanel-outbox", 2): "mixpanel-outbox status missing.sqlite",
    ("mixpanel-slack-report", 0): "mixpanel-slack-report preview weekly",
    (
        "mixpanel-slack-report",
        1,
    ): "REPORT_FILE=no.toml mixpanel-slack-report plan weekly",
    ("mixpanel-slack-report", 2): "mixpanel-slack-report preview wekly",
    (
        "mixpanel-slack-report",
        3,
    ): "REPORT_FILE=gaps.toml mixpanel-slack-report send weekly",
}


def test_the_page_has_every_exit_code() -> None:
    """Those that are tried below."""
    table = rows(section(TEXT, "Exit codes"))
    told = {
        (program, int(row[0]))
        for row in table
        for program, meaning in zip(PROGRAMS, row[1:], strict=True)
        if meaning
    }

    assert told == set(CODES)


@pytest.mark.parametrize(("program", "code"), CODES)
def test_a_command_exits_with_the_code(program: str, code: int, run: Run) -> None:
    """What the page says of it is what happened."""
    words = shlex.split(CODES[program, code])
    variables = dict(
        word.split("=") for word in words if word.startswith("REPORT_FILE")
    )

    done = run(*words[len(variables) :], **variables)

    assert (done.returncode, done.stderr if done.returncode != code else "") == (
        code,
        "",
    )
