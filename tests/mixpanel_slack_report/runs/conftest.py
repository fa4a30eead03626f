"""Processes that send a report, as a schedule starts them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import Answer, ScriptedServer, ServeWith

REPORT = """
[[metric]]
name = "Signups"
event = "Sign Up"
kind = "total"
"""
COMMAND = ["send", "weekly", "--date", "2026-11-16"]


@dataclass
class Sender:
    """Starts processes that send the report of one week with one ledger.

    Attributes:
        folder: Where they run.
        environ: Their variables.
        started: Those that may be running still.
    """

    folder: Path
    environ: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def ledger(self) -> Path:
        """The file of the ledger."""
        return self.folder / "ledger.sqlite"

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start a process."""
        process = subprocess.Popen(
            [sys.executable, "-m", "mixpanel_slack_report", *COMMAND, *options],
            cwd=self.folder,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *options: str) -> tuple[int, str, str]:
        """Run a process to its end; return its code, stdout and stderr."""
        return self.ended(self.start(*options))

    def ended(self, process: subprocess.Popen[str]) -> tuple[int, str, str]:
        """Wait for a process; return its code, stdout and stderr."""
        out, err = process.communicate(timeout=100)
        return process.returncode, out, err

    def on_record(self) -> tuple[str, str] | None:
        """Return the step and the outcome that the ledger has; None if nothing."""
        connection = sqlite3.connect(self.ledger)
        try:
            row: tuple[str, str] | None = connection.execute(
                "SELECT step, settled FROM entry WHERE report = 'weekly'"
            ).fetchone()
        finally:
            connection.close()
        return row

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so, for a minute at most."""
        for _ in range(3000):
            if is_so():
                return
            time.sleep(0.02)
        pytest.fail("it did not come to that within a minute")

    def wait_until_open(self, process: subprocess.Popen[str]) -> None:
        """Wait until a process has the ledger open; only Linux tells."""
        descriptors = Path(f"/proc/{process.pid}/fd")
        self.wait_until(
            lambda: any(leads_to(one, self.ledger) for one in listed(descriptors))
        )


def listed(folder: Path) -> list[Path]:
    """List a folder; nothing if it is not there."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def leads_to(link: Path, target: Path) -> bool:
    """Tell whether a link that may vanish leads to a file."""
    try:
        return link.readlink() == target
    except OSError:
        return False


@pytest.fixture
def make_sender(tmp_path: Path) -> Iterator[Callable[..., Sender]]:
    """Makes senders with a Mixpanel and a webhook; ends what they leave running."""
    (tmp_path / "report.toml").write_text(REPORT)
    senders: list[Sender] = []

    def make(mixpanel: str, webhook: str, timezone: str = "UTC") -> Sender:
        environ = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(os.path.abspath, filter(None, sys.path))),
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "right-s3cret",
            "MIXPANEL_PROJECT_ID": "1",
            "MIXPANEL_BASE_URL": mixpanel,
            "SLACK_WEBHOOK_URL": webhook,
            "REPORT_FILE": "report.toml",
            "TIMEZONE": timezone,
            "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
        }
        senders.append(Sender(tmp_path, environ))
        return senders[-1]

    yield make
    for process in (one for sender in senders for one in sender.started):
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=60)


@pytest.fixture
def serve_passage(serve_with: ServeWith) -> Callable[..., ScriptedServer]:
    """Serves what another server answers, and lets one request wait in vain."""

    def start(address: str, hang_at: int = 0) -> ScriptedServer:
        def answer(server: ScriptedServer, path: str, body: str) -> Answer | None:
            if len(server.requests) == hang_at:
                server.released.wait(60)
                return None
            with urllib.request.urlopen(f"{address}{path}", timeout=30) as found:  # noqa: S310
                return 200, {"Content-Type": "application/json"}, found.read().decode()

        return serve_with(answer)

    return start
