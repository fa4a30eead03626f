"""A process that serves a project, and is attacked.

How soon it answers is measured in processor time, because a busy machine is no attack.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

MOST_SECONDS = 5
EVENT = b'[{"event":"A","properties":{"token":"t","time":%d}}]'
SERVE = "from mixpanel_query.command import main; main()"


@dataclass(frozen=True)
class Server:
    """A process that serves a project, and its folders."""

    process: subprocess.Popen[str]
    url: str
    root: Path
    http: httpx.Client

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    def is_alive(self) -> bool:
        """Tell whether it takes an event and answers a question."""
        taken = self.http.post("/track", content=EVENT % int(time.time())).text
        names = self.http.get("/api/query/events/names?type=general").json()
        return self.process.poll() is None and taken == "1" and "A" in names

    def processor_seconds(self) -> float:
        """Return the processor time that it has used so far, where that is known."""
        status = Path(f"/proc/{self.process.pid}/stat")
        if not status.exists():
            return 0
        fields = status.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def raw(self, request: bytes) -> bytes:
        """Send bytes, and return the first line of the answer; empty if none comes."""
        with closing(socket.create_connection(self.address, timeout=20)) as stream:
            with suppress(OSError):  # it may hang up while we send
                stream.sendall(request)
            with suppress(OSError):
                return stream.recv(400).split(b"\r\n")[0]
        return b""


def tree(root: Path) -> list[str]:
    """Return everything below a folder, but the files of the project itself."""
    return sorted(
        f"{path.relative_to(root)} {path.stat().st_size}"
        for path in root.rglob("*")
        if path.parent.name != "project"
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server whose home, temporary and working folder are watched."""
    root = tmp_path_factory.mktemp("machine")
    for name in ("home", "tmp", "work", "project"):
        (root / name).mkdir()
    (root / "secret.txt").write_text("the secret")
    before = tree(root)
    arguments = ["local", "serve", "--port", "0", "--db", "../project/shop.duckdb"]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=root / "work",
        env={**os.environ, "HOME": str(root / "home"), "TMPDIR": str(root / "tmp")},
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    found = re.search(r"http://[\d.]+:\d+", said)
    assert found
    with httpx.Client(base_url=found[0], trust_env=False, timeout=120) as http:
        yield Server(process, found[0], root, http)
        # Nothing is written but the project, by none of the tests.
        assert tree(root) == before
    process.kill()
    process.communicate()


@pytest.fixture(autouse=True)
def soon(server: Server) -> Iterator[None]:
    """Let each test end with a server that is alive and was not busy for long."""
    before = server.processor_seconds()
    yield
    assert server.processor_seconds() - before < MOST_SECONDS
    assert server.is_alive()
