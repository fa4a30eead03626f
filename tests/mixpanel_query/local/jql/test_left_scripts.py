"""No process is left of a script: when it is done, fails, or its client has gone."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode

import httpx
import pytest

Post: TypeAlias = Callable[..., httpx.Response]
Run: TypeAlias = Callable[..., list[Any]]

EVENTS = "Events({from_date: '2026-11-09', to_date: '2026-11-17'})"
# Those with events come first, so the answer has two pieces that no pipe holds.
LARGE = (
    "function main() "
    f"{{ return join({EVENTS}, People()).map(e => 'x'.repeat(3000000)); }}"
)
SOON = 20

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="needs /proc"
)


def children() -> set[str]:
    """List the processes that run scripts for this one."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"javascript/child.py" in command and parent == str(os.getpid()):
            found.add(folder.name)
    return found


def wait_for(condition: Callable[[], bool]) -> bool:
    """Tell whether something becomes true soon."""
    deadline = time.monotonic() + SOON
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


@pytest.fixture
def ask(post: Post) -> Iterator[Callable[[str], socket.socket]]:
    """Give what sends a script, and does not wait for the answer."""
    url = post("function main() { return People(); }").request.url
    opened = []

    def send(script: str) -> socket.socket:
        stream = socket.create_connection((url.host, url.port or 0), timeout=SOON)
        opened.append(stream)
        body = urlencode({"script": script}).encode()
        head = f"POST {url.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}"
        stream.sendall(head.encode() + b"\r\n\r\n" + body)
        return stream

    yield send
    for stream in opened:
        stream.close()


def test_no_process_is_left_of_answers(post: Post, run: Run) -> None:
    """Neither after an answer nor after an error."""
    assert run(".reduce(mixpanel.reducer.count())") == [7]
    post("throw 1")
    post(f"function main() {{ return {EVENTS}.map(e => e.a.b); }}")

    assert wait_for(lambda: not children())


def test_no_process_is_left_of_clients_that_leave(
    ask: Callable[[str], socket.socket],
) -> None:
    """Whoever has begun to read the answer, and goes, leaves nothing behind."""
    with closing(ask(LARGE)) as stream:
        assert stream.recv(100).startswith(b"HTTP/1.1 200")
        assert len(children()) == 1

    assert wait_for(lambda: not children())


def test_no_process_is_left_of_those_that_leave_at_once(
    ask: Callable[[str], socket.socket], run: Run
) -> None:
    """Nor those that go while it runs; who goes before it runs does not begin it."""
    for _ in range(12):
        ask(LARGE).close()
    assert run(".reduce(mixpanel.reducer.count())") == [7]

    assert wait_for(lambda: not children())
