"""A server that says what a script tells it to, and both clients to ask it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import re
import socket
import struct
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mixpanel_query import AsyncClient, Client, RetryPolicy, ServiceAccount
from mixpanel_query.exceptions import MixpanelQueryError

ONCE = RetryPolicy(attempts=1)
ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)


class ScriptedServer:
    """Answers on a real socket: one connection, one reply, byte for byte."""

    def __init__(self, *replies: bytes, reset: bool = False) -> None:
        self.requests: list[str] = []
        self._replies = list(replies)
        self._reset = reset
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and wait for the thread."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        for reply in self._replies:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.requests.append(self._read(connection))
                with contextlib.suppress(ConnectionError):  # the client may leave
                    connection.sendall(reply)
                if self._reset:
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def _read(self, connection: socket.socket) -> str:
        data = b""
        while not is_whole(data):  # what is left unread resets the connection
            data += connection.recv(65536)
        return data.decode("latin-1")


def is_whole(request: bytes) -> bool:
    """Tell whether a request has arrived with its body."""
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return bool(end) and len(body) >= int(length[1] if length else 0)


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedServer]]:
    """Start servers that give the given replies; stop them afterwards."""
    servers: list[ScriptedServer] = []

    def start(*replies: bytes, reset: bool = False) -> ScriptedServer:
        servers.append(ScriptedServer(*replies, reset=reset))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def read_request(server: ScriptedServer) -> tuple[str, dict[str, str], Any]:
    """The first request: method and path, parameters, and the JSON of its body."""
    line, _, rest = server.requests[0].partition("\r\n")
    method, target, _ = line.split(" ")
    parts = urlsplit(target)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    params = dict(pairs)
    assert len(params) == len(pairs)
    body = rest.partition("\r\n\r\n")[2].encode("latin-1")
    return f"{method} {parts.path}", params, json.loads(body) if body else None


@pytest.fixture
def sent() -> Callable[..., Any]:
    """Read what was sent to a server first."""
    return read_request


@pytest.fixture
def account() -> ServiceAccount:
    """The service account that the tests ask with."""
    return ACCOUNT


def ask_and_wait(question: Callable[[Client], object], **options: object) -> object:
    """Put a question to a `Client`; exports come back as a list."""
    options = {"credentials": ACCOUNT, "retry": ONCE, **options}
    with Client(**options) as client:
        result = question(client)
        return list(result) if isinstance(result, Generator) else result


def ask_and_await(question: Callable[[AsyncClient], Any], **options: object) -> object:
    """Put a question to an `AsyncClient`; exports come back as a list."""

    async def ask() -> object:
        given = {"credentials": ACCOUNT, "retry": ONCE, **options}
        async with AsyncClient(**given) as client:
            result = question(client)
            if isinstance(result, AsyncGenerator):
                return [event async for event in result]
            return await result

    return asyncio.run(ask())


@pytest.fixture(params=[ask_and_wait, ask_and_await], ids=["sync", "async"])
def ask(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Ask a question, once through each client."""
    asker: Callable[..., Any] = request.param
    return asker


@pytest.fixture
def refused(ask: Callable[..., Any]) -> Callable[..., MixpanelQueryError]:
    """Ask a question that fails, once through each client, and return the error."""

    def ask_in_vain(
        question: Callable[..., object], **options: object
    ) -> MixpanelQueryError:
        with pytest.raises(MixpanelQueryError) as caught:
            ask(question, **options)
        return caught.value

    return ask_in_vain


def http_reply(
    body: bytes, *headers: str, status: str = "200 OK", length: int | None = None
) -> bytes:
    """Write an HTTP answer; ``length`` is what it says of the body's length."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


@pytest.fixture
def reply() -> Callable[..., bytes]:
    """Write an HTTP answer."""
    return http_reply


def export_row(number: int, **properties: object) -> bytes:
    """Write a line of an export, with its line end."""
    said = {
        "time": 1602611311 + number,
        "distinct_id": f"user-{number}",
        "$insert_id": f"insert-{number}",
        **properties,
    }
    return json.dumps({"event": "Sign Up", "properties": said}).encode() + b"\n"


@pytest.fixture
def row() -> Callable[..., bytes]:
    """Write a line of an export."""
    return export_row


@pytest.fixture
def zipped() -> Callable[[bytes], bytes]:
    """Compress bytes with gzip."""
    return gzip.compress


@pytest.fixture(autouse=True)
def asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command ask once only; tests of further attempts say so."""
    monkeypatch.setenv("MIXPANEL_ATTEMPTS", "1")


@pytest.fixture
def command_server(
    scripted: Callable[..., ScriptedServer], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., ScriptedServer]:
    """Start a server that gives JSON answers, and point the command at it."""
    for name in os.environ:
        if name.startswith("MIXPANEL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MIXPANEL_USERNAME", "reports.1a2b3c")
    monkeypatch.setenv("MIXPANEL_SECRET", "hunter2-hunter2")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "12345")
    monkeypatch.setenv("MIXPANEL_ATTEMPTS", "1")

    def start(*bodies: object) -> ScriptedServer:
        server = scripted(*(http_reply(json.dumps(body).encode()) for body in bodies))
        monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)
        return server

    return start
