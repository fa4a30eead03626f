"""The other end of the benchmarks: it answers everything with one file.

``python -m benchmarks.query.file_server FILE`` prints its port, and serves until
it is ended.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from benchmarks.measuring import pin


def main() -> None:
    """Serve one connection after the other, on the second core if there is one."""
    pin(1)
    path = Path(sys.argv[1])
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    while True:
        connection, _ = server.accept()
        with connection:
            serve(connection, path)


def serve(connection: socket.socket, path: Path) -> None:
    """Read one request with its body, and answer it."""
    try:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += received(connection)
        head, _, body = asked.partition(b"\r\n\r\n")
        missing = body_size(head) - len(body)
        while missing > 0:
            missing -= len(received(connection))
        encoding = "Content-Encoding: gzip\r\n" if path.suffix == ".gz" else ""
        connection.sendall(
            f"HTTP/1.1 200 OK\r\nContent-Length: {path.stat().st_size}\r\n"
            f"Content-Type: text/plain\r\n{encoding}Connection: close\r\n\r\n".encode()
        )
        with path.open("rb") as file:
            connection.sendfile(file)
    except ConnectionError:  # the client left
        return


def received(connection: socket.socket) -> bytes:
    """Return what comes next; nothing more is an error."""
    data = connection.recv(1 << 16)
    if not data:
        raise ConnectionResetError
    return data


def body_size(head: bytes) -> int:
    """Return how long the body of a request is."""
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    return 0


if __name__ == "__main__":
    main()
