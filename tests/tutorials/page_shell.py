"""The terminal of a reader: one bash, from the first command to the last."""

from __future__ import annotations

import os
import secrets
import selectors
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

# Pyramid 2 imports pkg_resources, and some versions of setuptools warn of it.
QUIET = "ignore:pkg_resources is deprecated:UserWarning"
FOREIGN = ("MIXPANEL_", "SLACK_", "REPORT_", "PYTEST_", "COV_", "COVERAGE_")


class ShellStoppedError(Exception):
    """The shell has ended, or was ended because a command took too long."""


def reader_environment(home: Path) -> dict[str, str]:
    """Make the environment of a reader who has activated this environment."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(FOREIGN)
    }
    here = str(Path(sys.executable).parent)
    path = os.pathsep.join([here, kept.get("PATH", os.defpath)])
    mine = {"PATH": path, "HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
    python = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": QUIET}
    return {**kept, **mine, **python, "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    output: str
    status: int


class PageShell:
    """A bash that runs one command after another, and keeps what they set."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.mark = secrets.token_hex(8)
        self.is_ended = False
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],  # noqa: S607  # the reader's own
            cwd=folder,
            env=reader_environment(home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what it says of jobs that it lost
            start_new_session=True,
        )

    def __enter__(self) -> PageShell:
        """Give the shell."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the shell and every job that it has left."""
        with suppress(ShellStoppedError):
            self.run('for job in $(jobs -p); do kill "$job"; done; wait', 5)
        self.end()

    def end(self) -> None:
        """Kill what is left of the shell and its jobs, once."""
        if self.is_ended:
            return
        self.is_ended = True
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                stream.close()  # type: ignore[union-attr]  # both are pipes

    def run(self, command: str, limit: float, output: Path | None = None) -> Ran:
        """Run a command to its end, or begin a job.

        Args:
            command: What is typed.
            limit: Seconds that it may take.
            output: A file for what it prints, for a job that prints later.

        Raises:
            ShellStoppedError: If it took longer, or ended the shell.
        """
        if self.is_ended:
            raise ShellStoppedError("the shell has ended")
        assert self.process.stdin is not None
        to = f">{shlex.quote(str(output))}" if output else ""
        asked = (
            f"eval {shlex.quote(command)} </dev/null {to} 2>&1; _status=$?\n"
            f"printf '\\n%s %s\\n' {self.mark} $_status; (exit $_status)\n"
        )
        try:
            self.process.stdin.write(asked.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            self.end()
            raise ShellStoppedError("the shell has ended") from None
        return self.answer(limit)

    def answer(self, limit: float) -> Ran:
        """Read what a command prints, up to the mark behind it."""
        assert self.process.stdout is not None
        until = time.monotonic() + limit
        mark = f"\n{self.mark} ".encode()
        got = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while mark not in got or not got.endswith(b"\n"):
                left = until - time.monotonic()
                if left <= 0 or not selector.select(left):
                    self.end()
                    text = got.decode(errors="replace")
                    raise ShellStoppedError(f"still runs after {limit} s; got:\n{text}")
                chunk = os.read(self.process.stdout.fileno(), 65_536)
                if not chunk:
                    self.end()
                    text = got.decode(errors="replace")
                    raise ShellStoppedError(f"it ended the shell; got:\n{text}")
                got += chunk
        printed, _, status = got.partition(mark)
        return Ran(printed.decode(errors="replace"), int(status))
