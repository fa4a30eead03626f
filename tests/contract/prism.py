"""Prism, which knows what an OpenAPI document allows.

As a mock server it answers what the document says; as a proxy it lets requests and
answers through that the document allows, and refuses the others.
https://docs.stoplight.io/docs/prism
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["mocked", "passed_on", "proxied"]

SECONDS_TO_START = 60
PASSED_ON = ("authorization", "accept", "content-type", "accept-encoding")


@contextmanager
def mocked(prism: str, file: Path, log: Path) -> Iterator[int]:
    """Answer what a document says; give the port."""
    with running([prism, "mock"], [str(file)], log) as port:
        yield port


@contextmanager
def proxied(prism: str, file: Path, base_url: str, log: Path) -> Iterator[int]:
    """Stand between a client and a server that keep to a document; give the port."""
    with running([prism, "proxy"], [str(file), base_url], log) as port:
        yield port


@contextmanager
def running(command: list[str], about: list[str], log: Path) -> Iterator[int]:
    """Start Prism, and end it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--errors", "-h", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *options, *about], stdout=output, stderr=output
        )
        try:
            wait_for(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait(60)


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


def passed_on(
    request: Any,  # noqa: ANN401 - a Recorded
    port: int,
) -> tuple[int, dict[str, str], bytes]:
    """Ask Prism what was asked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {k: v for k, v in request.headers.items() if k in PASSED_ON}
        connection.request(
            request.method, request.target, request.body or None, headers
        )
        response = connection.getresponse()
        kept = {"Content-Type": response.headers.get("Content-Type", "text/plain")}
        return response.status, kept, response.read()
    finally:
        connection.close()
