"""A process that has imported what tests need, and forks for each run of pytest.

Run as ``python -m guarantees.nursery`` in a copy of the tree. It reads lines of JSON
with the arguments of pytest, and answers each with a line: pytest's exit code, or null
where a run had no end. Importing all of it anew would take longer than most tests.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
import traceback
import warnings
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import NoReturn

import pytest

__all__ = ["OUTPUT", "main", "run"]

OUTPUT = "GUARANTEES_OUTPUT"
LONGEST = 180.0  # seconds that the tests of a row may take
# Nothing of the repository itself, which is read anew by each run.
OURS = "mixpanel_"
HEAVY = ["duckdb", "httpx", "hypothesis", "pyramid.config", "slack_sdk", "webtest"]
HEAVY += ["customerio", "mixpanel", "rich.console", "starlette.routing", "uvicorn"]


def prepare() -> None:
    """Import what takes long."""
    plugins = [
        entry.module
        for entry in entry_points(group="pytest11")
        if not entry.module.startswith(OURS)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in [*plugins, *HEAVY]:
            with suppress(ImportError):
                importlib.import_module(name)


def run(arguments: list[str], output: Path, longest: float = LONGEST) -> int | None:
    """Run pytest in a fork; give its exit code, or None where it had no end."""
    child = os.fork()
    if not child:
        run_forked(arguments, output)
    try:
        return wait_for(child, longest)
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # with what its tests have left behind


def run_forked(arguments: list[str], output: Path) -> NoReturn:
    """Run pytest and end this process; what it prints goes to a file."""
    os.setsid()
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for given, number in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(given, number)
    code = 3
    try:
        code = int(pytest.main(arguments))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait_for(child: int, longest: float) -> int | None:
    """Give the exit code of a process, or None where it takes too long."""
    end = time.monotonic() + longest
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def main() -> None:
    """Answer each line, until there are no more."""
    prepare()
    for line in sys.stdin:
        code = run(json.loads(line), Path(os.environ[OUTPUT]))
        print(json.dumps(code), flush=True)


if __name__ == "__main__":
    main()
