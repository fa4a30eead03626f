"""A Mixpanel, or a Customer.io, on a raw socket: it misbehaves as it is told to."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from io import BufferedReader
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["OK", "Fault", "Holdings", "ScriptedSink", "answer"]


def answer(status: str, body: str = "", *headers: str) -> bytes:
    """Write a whole HTTP answer, such as ``answer("503 Service Unavailable")``."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


# https://developer.mixpanel.com/reference/track-event, with verbose=1
OK = answer("200 OK", '{"status": 1, "error": null}')


@dataclass(frozen=True, slots=True)
class Fault:
    """What the sink does with a post.

    Attributes:
        reads: How much of the post is read: ``nothing``, ``head`` or ``all``.
        applies: Whether what was read counts, whatever the answer is.
        answer: What is written, which may be cut short.
        pause: Seconds until it is written.
        hangs: Whether the connection stays open unanswered until the sink is mended.
        only_above: Posts of at most so many messages are taken without a fault.
        only_at: Posts to other paths are taken without a fault; empty for all paths.
    """

    reads: str = "all"
    applies: bool = False
    answer: bytes = b""
    pause: float = 0.0
    hangs: bool = False
    only_above: int = 0
    only_at: str = ""


TAKEN = Fault(answer=OK, applies=True)
TAKEN_AT = {
    # https://developer.mixpanel.com/reference/import-events
    "/import": Fault(
        answer=answer("200 OK", '{"code": 200, "status": "OK"}'), applies=True
    ),
    # https://docs.customer.io/integrations/api/track/#operation/batch
    "/api/v2/batch": Fault(answer=answer("200 OK", "{}"), applies=True),
}


@dataclass
class Holdings:
    """What a project holds: each event once by its insert id, and profiles.

    Attributes:
        events: How often each insert id was applied.
        names: The ``$name`` of each profile.
        sums: What was added to each profile's counters, together.
        items: What was appended to each profile's lists, in order.
        mirrored: How often each event was applied at Customer.io, by its id there.
    """

    events: Counter[str] = field(default_factory=Counter)
    names: dict[str, Any] = field(default_factory=dict)
    sums: Counter[str] = field(default_factory=Counter)
    items: defaultdict[str, list[Any]] = field(
        default_factory=lambda: defaultdict(list)
    )

    mirrored: Counter[str] = field(default_factory=Counter)

    def apply(self, message: dict[str, Any]) -> None:
        """Take in a message."""
        if "event" in message:
            self.events[message["properties"]["$insert_id"]] += 1
            return
        if "action" in message:
            if message["action"] == "event":
                self.mirrored[message["id"]] += 1
            return
        who = message["$distinct_id"]
        if "$set" in message:
            self.names[who] = message["$set"]["$name"]
        for value in message.get("$add", {}).values():
            self.sums[who] += value
        for value in message.get("$append", {}).values():
            self.items[who].append(value)


class ScriptedSink:
    """Listens on a port of its own that refuses connections until ``listen``.

    Attributes:
        choose: Says what is done with the next post; None takes it.
        tls: How connections are secured; None for plain ones.
        holdings: What was applied.
        posts: When each post came, and its path; those not read have none.
    """

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.choose: Callable[[], Fault | None] = lambda: None
        self.tls: ssl.SSLContext | None = None
        self.holdings = Holdings()
        self.posts: list[tuple[float, str]] = []
        self.lock = threading.Lock()
        self.mended = threading.Event()
        self.open: set[socket.socket] = set()
        self.threads: list[threading.Thread] = []

    def listen(self) -> None:
        """Take connections from now on."""
        self.socket.listen(64)
        self.start(self.accept)

    def fail(self, fault: Fault) -> None:
        """Treat every post in this way from now on."""
        self.choose = lambda: fault

    def mend(self) -> None:
        """Take every post from now on; what hangs is cut."""
        self.choose = lambda: None
        self.mended.set()

    def close(self) -> None:
        """Stop, and wait until all is over."""
        self.mend()
        with self.lock:
            connections = [self.socket, *self.open]
        for each in connections:
            with suppress(OSError):  # it has ended
                each.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(10)

    def keep(self, connection: socket.socket) -> None:
        """Remember a connection, to end it when the sink is closed."""
        with self.lock:
            self.open.add(connection)

    def start(self, work: Callable[..., None], *arguments: object) -> None:
        """Do some work in a thread."""
        thread = threading.Thread(target=work, args=arguments)
        self.threads.append(thread)
        thread.start()

    def accept(self) -> None:
        """Serve connections, each in a thread, until the sink is closed."""
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.keep(connection)
            self.start(self.serve, connection)

    def serve(self, connection: socket.socket) -> None:
        """Answer the posts of a connection; what its other end does is no error."""
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self.keep(connection)
            with connection.makefile("rb") as reader:
                while self.exchange(connection, reader):
                    pass
        except OSError:
            pass
        finally:
            connection.close()

    def exchange(self, connection: socket.socket, reader: BufferedReader) -> bool:
        """Read a post and answer it; tell whether there may be another one."""
        first = reader.peek(1)
        if not first:
            return False
        fault = self.choose() or TAKEN
        if first[:1] == b"\x16":  # a greeting in TLS, on a plain connection
            fault = Fault(reads="nothing", answer=answer("400 Bad Request"))
        if fault.reads != "nothing":
            fault = self.read(reader, fault)
        if fault.hangs or fault.pause:
            self.mended.wait(None if fault.hangs else fault.pause)
        connection.sendall(fault.answer)
        return is_whole(fault.answer)

    def read(self, reader: BufferedReader, fault: Fault) -> Fault:
        """Read a post, or its head, apply it if it is to be, and say how it ends."""
        path, headers = read_head(reader)
        with self.lock:
            self.posts.append((time.monotonic(), path))
        if fault.only_at not in {"", path}:
            fault = TAKEN
        if fault.reads == "head":
            return fault
        messages = read_messages(reader, headers)
        if fault is TAKEN or len(messages) <= fault.only_above:
            fault = TAKEN_AT.get(path, TAKEN)
        if fault.applies:
            self.apply(messages)
        return fault

    mirrored: Counter[str] = field(default_factory=Counter)

    def apply(self, messages: list[dict[str, Any]]) -> None:
        """Take in messages."""
        with self.lock:
            for message in messages:
                self.holdings.apply(message)


def read_head(reader: BufferedReader) -> tuple[str, dict[str, str]]:
    """Read request line and headers, and give the path and the headers."""
    request_line = reader.readline().decode()
    headers = {}
    while line := reader.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return urlsplit(request_line.split(" ")[1]).path, headers


def read_messages(
    reader: BufferedReader, headers: dict[str, str]
) -> list[dict[str, Any]]:
    """Read the messages of a post: a form, or JSON, packed or not."""
    body = reader.read(int(headers["content-length"]))
    if len(body) < int(headers["content-length"]):
        raise ConnectionResetError("the client left")
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    if "form" in headers.get("content-type", ""):
        body = parse_qs(body.decode())["data"][0].encode()
    given = json.loads(body)
    messages: list[dict[str, Any]] = given["batch"] if type(given) is dict else given
    return messages


def is_whole(written: bytes) -> bool:
    """Tell whether an answer is complete, so that the connection may be kept."""
    head, separator, body = written.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
    return bool(separator) and length.isdigit() and len(body) == int(length)
