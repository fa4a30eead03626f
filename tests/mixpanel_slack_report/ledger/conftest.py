"""Both ledgers, one after the other: a SQLite file, and Blob storage in Azurite."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import IO, Any

import pytest

from mixpanel_slack_report.ledger.entries import EntryKey, Ledger

AZURITE = "3.35.0"
# The account that Azurite has for everybody:
# https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
ACCOUNT = "devstoreaccount1"
KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/"
    "KBHBeksoGMGw=="
)
RUN = Path(__file__).with_name("held_claim.py")


@dataclass
class Place:
    """Where a ledger is, for any number of processes.

    Attributes:
        kind: ``sqlite`` or ``blob``.
        where: The path of the file, or the name of the container.
        connection: The connection string of the storage account; empty for a file.
    """

    kind: str
    where: str
    connection: str = ""

    def open(
        self,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        longest_wait: float = 40,
    ) -> Ledger:
        """Open the ledger as another process would."""
        if self.kind == "sqlite":
            from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger

            path = Path(self.where)
            return SqliteLedger(path, clock=clock, longest_wait=longest_wait)
        from mixpanel_slack_report.ledger.blob_container import BlobContainer
        from mixpanel_slack_report.ledger.blob_ledger import BlobLedger

        return BlobLedger(
            BlobContainer.of_connection(self.connection, self.where),
            clock=clock,
            longest_wait=longest_wait,
            lease_seconds=15,
        )

    def held(self, report: str, step: str, *, force: bool = False) -> Held:
        """Start a process that holds the claim to a report, at a step."""
        asked = {
            "kind": self.kind,
            "where": self.where,
            "connection": self.connection,
            "report": report,
            "step": step,
            "force": force,
        }
        return Held(asked)


class Held:
    """A process that holds a claim until it is killed or told to settle."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(RUN), json.dumps(asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert stream(self.process.stdout).readline() == "here\n"

    def kill(self) -> None:
        """End it as nothing can be caught or cleaned up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)
        self.close()

    def settle(self, state: str) -> None:
        """Let it put on record what became of its posting, and end."""
        stream(self.process.stdin).write(f"{state}\n")
        stream(self.process.stdin).flush()
        assert self.process.wait(60) == 0
        self.close()

    def close(self) -> None:
        """Close its pipes."""
        stream(self.process.stdin).close()
        stream(self.process.stdout).close()


def stream(found: IO[str] | None) -> IO[str]:
    """Return a pipe that is there."""
    assert found is not None
    return found


@pytest.fixture(scope="session")
def azurite(npm_package: Callable[[str, str], Path]) -> Iterator[str]:
    """The connection string of a Blob storage on this machine."""
    pytest.importorskip("azure.storage.blob", reason="needs the extra azure")
    program = npm_package("azurite", AZURITE) / "azurite-blob"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program), "--silent", "--inMemoryPersistence", "--disableTelemetry"]
    # Azure's library speaks newer versions than Azurite has heard of.
    command += ["--skipApiVersionCheck", "--blobPort", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
        yield (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
            f"BlobEndpoint={endpoint};"
        )
    finally:
        process.terminate()
        process.wait(60)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server takes connections."""
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None
        time.sleep(0.1)
    pytest.fail("Azurite does not listen")


@pytest.fixture(params=["sqlite", "blob"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place for a ledger, where nothing is yet."""
    if request.param == "sqlite":
        return Place("sqlite", str(tmp_path / "ledger.sqlite"))
    found: Place = request.getfixturevalue("blob_place")
    return found


@pytest.fixture
def blob_place(azurite: str) -> Place:
    """A container that is not there yet."""
    return Place("blob", f"ledger-{uuid.uuid4().hex}", azurite)


@pytest.fixture
def key_of() -> Callable[..., EntryKey]:
    """Makes the key of a report of the week from 2026-11-09."""

    def make(
        report: str = "weekly",
        *,
        trigger: str = "schedule",
        channel: str = "#sales",
        source: str = "",
        from_date: date = date(2026, 11, 9),
    ) -> EntryKey:
        last = date(2026, 11, 15)
        return EntryKey(trigger, report, from_date, last, channel, source)

    return make


@pytest.fixture(autouse=True)
def own_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes that tests start find the packages as the tests do."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
