"""Bodies that are too large, too deep, packed too well, or no bodies at all."""

from __future__ import annotations

import gzip
import io
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any, TypeAlias

import pytest

Server: TypeAlias = Any  # of conftest.py

GZIP = {"Content-Encoding": "gzip"}


def wrapped(value: bytes) -> bytes:
    """Return an event with a property, and an update too."""
    return (
        b'[{"event":"A","$token":"t","$distinct_id":"u","$set":{"a":%b},'
        b'"properties":{"token":"t","distinct_id":"u","a":%b}}]' % (value, value)
    )


# Made when they are needed: together they are a hundred megabytes.
BODIES: dict[str, Callable[[], bytes]] = {
    "no more room": lambda: b"[" + b'{"event":"A"}' + b" " * (11 << 20) + b"]",
    "objects": lambda: b"[" + b"{}," * 3_400_000 + b"{}]",
    "lists": lambda: b"[" + b"[]," * 3_400_000 + b"[]]",
    "brackets": lambda: b"[" * (10 << 20),
    "deep": lambda: b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep property": lambda: wrapped(b"[" * 10_000 + b"]" * 10_000),
    "digits": lambda: b"1" * (10 << 20),
    "many numbers": lambda: wrapped(b"[" + b"1," * 2_000_000 + b"1]"),
    "100,000 elements": lambda: wrapped(b"[" + b'"x",' * 100_000 + b'"x"]'),
    "many names": lambda: wrapped(
        b"{" + b",".join(b'"%d":1' % number for number in range(300_000)) + b"}"
    ),
    "long text": lambda: wrapped(b'"' + b"x" * (4 << 20) + b'"'),
    "broken UTF-8": lambda: wrapped(b'"\xff\xfe"'),
    "lone surrogate": lambda: wrapped(b'"\\ud83d"'),
    "huge number": lambda: wrapped(b"1e999"),
    "not a number": lambda: wrapped(b"NaN"),
    "same names": lambda: (
        wrapped(b'{"b":1,"b":2}')[:-2] + b',"event":"B","event":"A"}]'
    ),
    "no text": lambda: wrapped(b'"\\u0000"'),
    "form": lambda: b"data=" + b"%7B" * 3_000_000,
}


@pytest.mark.parametrize("path", ["/track", "/import", "/engage", "/groups"])
@pytest.mark.parametrize("body", BODIES)
def test_body(server: Server, path: str, body: str) -> None:
    """It is taken, or refused in words; in no case it is an error of the server."""
    answer = server.http.post(path, content=BODIES[body]())

    assert answer.status_code in (200, 400, 413)
    assert answer.status_code == 413 or len(answer.content) < 4000


@pytest.mark.parametrize("path", ["/track", "/import"])
def test_lines(server: Server, path: str) -> None:
    """Three million lines are counted before they are read."""
    lines = {"Content-Type": "application/x-ndjson"}
    answer = server.http.post(path, content=b"{}\n" * 3_000_000, headers=lines)

    assert answer.status_code == 413


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """Give 1 MB that unpacks to 1 GiB."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as file:
        for _ in range(1 << 10):
            file.write(b"0" * (1 << 20))
    return packed.getvalue()


@pytest.mark.parametrize("path", ["/track", "/import"])
def test_gzip_bombs(server: Server, bomb: bytes, path: str) -> None:
    """Ten GiB, a bomb in a bomb, and files without number, are not unpacked."""
    files = (gzip.compress(b"") * 520_000)[: (10 << 20) - 100]
    statuses = [
        server.http.post(path, content=body, headers=GZIP).status_code
        for body in (bomb, bomb * 10, gzip.compress(bomb), files)
    ]

    assert statuses == [413, 413, 400, 400]


def test_a_body_that_is_announced_and_never_comes(server: Server) -> None:
    """What is announced as too large is refused at once."""
    length = b"Content-Length: 99999999999\r\n"
    asked = b"POST /track HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n["

    assert server.raw(asked).startswith(b"HTTP/1.1 413")


def test_an_endless_body(server: Server) -> None:
    """A body in pieces, without an end, is cut off."""
    head = b"POST /track HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    sent = 0
    with closing(socket.create_connection(server.address, timeout=60)) as stream:
        stream.sendall(head)
        with suppress(OSError):
            while sent < 1000:
                stream.sendall(piece)
                sent += 1

    assert sent < 1000


def test_slow_senders_and_readers(server: Server) -> None:
    """Others are answered while hundreds send nothing more, or read nothing."""
    half = b"POST /track HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n["
    export = b"GET /api/2.0/export?from_date=2026-11-01&to_date=2026-11-02 HTTP/1.1\r\n"
    held = []
    try:
        for start in (half, b"POST /tra", export + b"Host: x\r\n\r\n"):
            for _ in range(100):
                stream = socket.create_connection(server.address, timeout=20)
                held.append(stream)
                stream.sendall(start)
        assert server.is_alive()
    finally:
        for stream in held:
            stream.close()
