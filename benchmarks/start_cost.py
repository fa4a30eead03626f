"""Measure what imports and commands cost to start, beside others.

    python -m benchmarks.start_cost --peer pyramid=PYTHON --peer readers=PYTHON

The first has pyramid_mixpanel, the second mixpanel-headless and mixpanel-utils. Each
start is a process of its own, and they take turns, so that a busy machine slows all of
them alike. Compiled modules are kept, whatever the environment says.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import (
    Given,
    NotMeasuredError,
    Steadiness,
    alone,
    last_line,
    quiet_environment,
)
from benchmarks.rows import Beside, Row

AREA = "Start-up"
BARE = """\
import sys
import click

@click.group()
def program():
    "A program with nothing in it."

@program.command()
def nothing():
    "Do nothing."

sys.exit(program())
"""
CODE = "import sys; sys.argv[0] = {0!r}; from {1}.command import main; sys.exit(main())"
STANDARD = "import dataclasses, typing, datetime, enum"
WEB = "import pyramid.config, mixpanel"
OLD = "from pyramid_mixpanel.track import MixpanelTrack"


class Start(NamedTuple):
    """A start beside another: what it runs, where, and how much worse ours may be."""

    name: str
    code: str
    environment: str = ""
    distribution: str = ""
    at_most: float = 0.0


def imported(code: str, at_most: float = 0.0) -> Start:
    """Name a start that only imports, in our environment."""
    return Start(code, code, at_most=at_most)


HEADLESS = ("readers", "mixpanel-headless")
UTILS = ("readers", "mixpanel-utils")
PEER_COMMAND = "import sys; sys.argv[1:] = ['--help']; from mixpanel_headless.cli.main "
PEER_COMMAND += "import app; app()"
# What is ours, and what is beside it.
STARTS: dict[str, list[Start]] = {
    "import mixpanel_schema": [imported(STANDARD)],
    "import mixpanel_pyramid": [imported(WEB)],
    "from mixpanel_pyramid import MixpanelTrack, includeme": [
        Start(OLD, OLD, "pyramid", "pyramid_mixpanel"),
        imported(WEB),
    ],
    "import mixpanel_query": [imported("import httpx", 1.3)],
    "from mixpanel_query import Client": [
        Start("import mixpanel_headless", "import mixpanel_headless", *HEADLESS),
        Start("import mixpanel_utils", "import mixpanel_utils", *UTILS),
        imported("import httpx", 1.3),
    ],
    "from mixpanel_query import AsyncClient": [imported("import httpx", 1.3)],
    "from mixpanel_query.local import LocalProject": [imported("import duckdb, httpx")],
    "import mixpanel_slack_report": [imported("import httpx, slack_sdk")],
}
COMMANDS = {
    "mixpanel-schema": "mixpanel_schema",
    "mixpanel-outbox": "mixpanel_pyramid",
    "mixpanel-query": "mixpanel_query",
    "mixpanel-slack-report": "mixpanel_slack_report",
}
# How many times as long as a bare program a command may take.
HELD = dict.fromkeys(COMMANDS, 1.3)


class Turns:
    """Starts that take turns; one that fails once is left out.

    Args:
        commands: The arguments of processes, by name; the first is ours.
    """

    def __init__(self, commands: dict[str, Sequence[str]]) -> None:
        self.commands = commands
        self.seconds: dict[str, list[float]] = {name: [] for name in commands}
        self.reasons: dict[str, str] = {}
        self.steadiness = Steadiness()

    def take(self, runs: int) -> None:
        """Let each start so many times, and once more before, to fill the caches."""
        for turn in range(runs + 1):
            for name, command in self.commands.items():
                if name in self.reasons:
                    continue
                began = time.perf_counter()
                done = subprocess.run(
                    command,
                    env=quiet_environment(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                    check=False,
                )
                took = time.perf_counter() - began
                if done.returncode:
                    self.reasons[name] = last_line(done.stderr)
                elif turn:
                    self.seconds[name].append(took * 1000)
            self.steadiness.sample()


def import_row(code: str, others: Sequence[Start], given: Given, runs: int) -> Row:
    """Measure an import beside others."""
    commands: dict[str, Sequence[str]] = {"ours": python_of(sys.executable, code)}
    reasons = {}
    for other in others:
        try:
            python = sys.executable
            if other.environment:
                python = given.python(other.environment, other.distribution)
            commands[other.name] = python_of(python, other.code)
        except NotMeasuredError as error:
            reasons[other.name] = str(error)
    held = {other.name: other.at_most for other in others}
    return row_of(code, commands, reasons, held, runs)


def command_rows(given: Given, runs: int) -> list[Row]:
    """Measure ``--help`` of our commands, and of a peer's, beside a bare program."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.py")
        bare.write_text(BARE, encoding="utf-8")
        for name, module in COMMANDS.items():
            code = CODE.format(name, module)
            commands: dict[str, Sequence[str]] = {
                "ours": [*python_of(sys.executable, code), "--help"],
                "a bare click program": [sys.executable, str(bare), "--help"],
            }
            reasons = {}
            if name == "mixpanel-query":
                try:
                    python = given.python(*HEADLESS)
                    commands["mp of mixpanel-headless"] = python_of(
                        python, PEER_COMMAND
                    )
                except NotMeasuredError as error:
                    reasons["mp of mixpanel-headless"] = str(error)
            held = {"a bare click program": HELD[name]}
            rows.append(row_of(f"{name} --help", commands, reasons, held, runs))
    return rows


def python_of(python: str, code: str) -> list[str]:
    """Write how Python runs a statement."""
    return [python, "-Wignore", "-c", code]


def row_of(
    what: str,
    commands: dict[str, Sequence[str]],
    reasons: dict[str, str],
    held: dict[str, float],
    runs: int,
) -> Row:
    """Let processes take turns, and make a row of their times."""
    turns = Turns(commands)
    turns.take(runs)
    reasons = {**reasons, **turns.reasons}
    found = turns.seconds
    beside = [
        Beside(name, found.get(name, []), reasons.get(name, ""), held.get(name, 0.0))
        for name in [*list(commands)[1:], *(n for n in reasons if n not in commands)]
    ]
    reason = reasons.get("ours", "")
    noise = turns.steadiness.noise
    return Row(what, "ms", found["ours"], beside, noise, not_measured=reason)


def measure(given: Given) -> list[Row]:
    """Measure all imports, then all commands."""
    runs = 2 if given.quick else 15
    rows = [import_row(code, others, given, runs) for code, others in STARTS.items()]
    return [*rows, *command_rows(given, runs)]


if __name__ == "__main__":
    raise SystemExit(alone(AREA, __doc__, measure))
