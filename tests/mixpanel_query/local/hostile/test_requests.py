"""Requests that are hardly any, paths that lead astray, and who reaches the server."""

from __future__ import annotations

import socket
import sys
from contextlib import closing
from typing import Any, TypeAlias

import pytest

Server: TypeAlias = Any  # of conftest.py


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /track?" + b"a" * (3 << 20) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /track HTTP/1.1\r\nHost: x\r\nX: " + b"a" * (3 << 20) + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 100_000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01" * 50,
        b"GET /track HTTP/1.1\r\n\r\n",
        b"POST /track HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /track HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["URL", "header", "headers", "TLS", "no host", "length", "two lengths"],
)
def test_what_is_hardly_http(server: Server, request_bytes: bytes) -> None:
    """It is refused, or the connection is closed."""
    line = server.raw(request_bytes)

    assert line == b"" or line.startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/page/../../secret.txt",
        "//secret.txt",
        "/secret.txt%00",
        "/%00",
        "/api/query/../../../secret.txt",
        "/api/app/projects/1/schemas/event/..%2f..%2fsecret.txt",
        "/lookup-tables/../secret.txt",
        "/local/snapshot",
        "/local/load",
        "/track/../local/reset",
        "/api/query/../../local/reset",
        "/LOCAL/reset",
        "//local/reset",
        "file:///secret.txt",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_path_tricks(server: Server, method: str, path: str) -> None:
    """No path leads to a file, or to what is for this machine alone."""
    text = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n"
    ask = f"{text}Connection: close\r\n\r\n".encode()
    with closing(socket.create_connection(server.address, timeout=20)) as stream:
        stream.sendall(ask)
        answer = stream.makefile("rb").read()

    status = int(answer.split()[1])
    is_schema = "/schemas/" in path  # the name of an event may be any text
    assert status in (400, 403, 404, 405, 415, 501) or (is_schema and status == 200)
    assert b"the secret" not in answer


def test_nobody_else_reaches_it(server: Server) -> None:
    """It listens at 127.0.0.1 alone; whoever listens everywhere has 127.0.0.2 too."""
    if sys.platform != "linux":
        pytest.skip("only Linux has more than one address of its own")
    assert server.address[0] == "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.address[1]), timeout=5)
