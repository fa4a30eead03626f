"""Prism, which answers as OpenAPI files say, and refuses what they do not allow.

https://docs.stoplight.io/docs/prism
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

SECONDS_TO_START = 60
PASSED_ON = ("authorization", "accept", "content-type", "accept-encoding")


@contextmanager
def mocked(prism: str, file: Path, log: Path) -> Iterator[int]:
    """Serve the paths of one file, without those of its server; give the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["mock", "--errors", "-h", "127.0.0.1", "-p", str(port), str(file)]
    with log.open("wb") as output:
        process = subprocess.Popen([prism, *options], stdout=output, stderr=output)
        try:
            wait_for(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server listens."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Prism did not start: {log.read_text()[-2000:]}")


@contextmanager
def all_mocked(
    prism: str, files: Mapping[str, Path], logs: Path
) -> Iterator[Callable[[str], int]]:
    """Serve all files; give the port of each by its name."""
    with ExitStack() as stack:
        ports = {
            name: stack.enter_context(mocked(prism, file, logs / f"{name}.log"))
            for name, file in files.items()
        }
        yield ports.__getitem__


def passed_on(
    request: Any,  # noqa: ANN401 - a Recorded
    prefix: str,
    port: int,
) -> tuple[int, dict[str, str], bytes]:
    """Ask Prism what was asked, at the path that it has it at."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {k: v for k, v in request.headers.items() if k in PASSED_ON}
        target = request.target.removeprefix(prefix)
        connection.request(request.method, target, request.body or None, headers)
        response = connection.getresponse()
        kept = {"Content-Type": response.headers.get("Content-Type", "text/plain")}
        return response.status, kept, response.read()
    finally:
        connection.close()
