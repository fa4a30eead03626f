"""A sink over TLS for the benchmarks: it answers after a while, and counts on demand.

A process of its own, which ``Sink`` starts, commands and ends. It imitates Mixpanel,
Customer.io, PostHog and Segment as far as their clients look at answers.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import ssl
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import certifi
import trustme

from benchmarks.measuring import ROOT, pin

# What each of the clients looks for in an answer.
BODY = b'{"status": 1, "error": null, "code": 200, "success": true}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
)


class Sink:
    """A sink in a process of its own, on the second core if there is one.

    Args:
        folder: Where its certificates are put.
    """

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.tracking.sink", str(folder)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True
        )
        self.url = f"https://localhost:{self.ask()}"
        # As large as what clients read where they trust everybody.
        bundle = str(folder / "bundle.pem")
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.lower().endswith("proxy")},
            "REQUESTS_CA_BUNDLE": bundle,
            "SSL_CERT_FILE": bundle,
        }

    def ask(self, *command: object) -> Any:  # noqa: ANN401  # what JSON holds
        """Give a command, and get its answer."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the sink has no pipes")
        if command:
            print(*command, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def __enter__(self) -> Sink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.communicate()


class Server:
    """What the sink's process does."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        self.port = 0
        self.delay = 0.0
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.connections: set[Exchange] = set()
        self.listener: asyncio.Server | None = None

    async def up(self) -> None:
        """Listen, always on the same port."""
        if self.listener is None:
            loop = asyncio.get_running_loop()
            self.listener = await loop.create_server(
                lambda: Exchange(self), "localhost", self.port, ssl=self.context
            )
            self.port = self.listener.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Refuse connections, and cut those that are open."""
        if self.listener is not None:
            self.listener.close()
            self.listener = None
        for connection in list(self.connections):
            connection.transport.abort()

    async def obey(self, command: str) -> object:
        """Do as a command says, and give the answer to it."""
        word, _, value = command.partition(" ")
        if word == "delay":
            self.delay = float(value)
        elif word == "up":
            await self.up()
        elif word == "down":
            await self.down()
        elif word == "reset":
            self.posts.clear()
        elif word == "count":
            return self.count()
        return self.port

    def count(self) -> dict[str, int]:
        """Count posts, and messages by their ids."""
        found: Counter[str] = Counter()
        for path, headers, body in self.posts:
            found["posts"] += 1
            found[f"posts to {path}"] += 1
            for message in messages_of(headers, body):
                found["messages"] += 1
                found["event"] += "event" in message
                self_id = identity(message)
                if self_id:
                    found[self_id] += 1
        ids = [key for key in found if key.startswith("id:")]
        kept = {key: found[key] for key in found if not key.startswith("id:")}
        return {**kept, "unique": len(ids)}


class Exchange(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport

    def __init__(self, server: Server) -> None:
        self.server = server
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection."""
        self.transport = transport  # type: ignore[assignment]
        self.server.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection."""
        self.server.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Answer each whole post."""
        self.buffer += data
        while True:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            first, *lines = head.decode().split("\r\n")
            headers = {}
            for line in lines:
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            path = urlsplit(first.split(" ")[1]).path
            self.server.posts.append((path, headers, rest[:length]))
            loop = asyncio.get_running_loop()
            loop.call_later(self.server.delay, self.transport.write, ANSWER)


def messages_of(headers: dict[str, str], body: bytes) -> list[dict[str, Any]]:
    """Read the messages of a post."""
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    if "form" in headers.get("content-type", ""):
        body = parse_qs(body.decode())["data"][0].encode()
    given = json.loads(body) if body else []
    if isinstance(given, dict):
        given = given.get("batch", [given])
    return list(given)


def identity(message: dict[str, Any]) -> str:
    """Give what a service knows a message again by."""
    properties = message.get("properties") or {}
    keys = (properties.get("$insert_id"), message.get("messageId"), message.get("uuid"))
    return next((f"id:{key}" for key in keys if key), "")


def certified(folder: Path) -> ssl.SSLContext:
    """Make certificates, and a bundle that trusts them beside all others."""
    authority = trustme.CA()
    bundle = Path(certifi.where()).read_bytes() + authority.cert_pem.bytes()
    (folder / "bundle.pem").write_bytes(bundle)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


async def main(folder: Path) -> None:
    """Serve, and obey what comes on standard input, until that ends."""
    server = Server(certified(folder))
    await server.up()
    print(server.port, flush=True)
    commands: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(commands.put_nowait, line.strip())

    threading.Thread(target=listen, daemon=True).start()
    while True:
        print(json.dumps(await server.obey(await commands.get())), flush=True)


if __name__ == "__main__":
    pin(1)
    asyncio.run(main(Path(sys.argv[1])))
