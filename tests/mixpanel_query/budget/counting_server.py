"""A server that answers after a while, and writes down when it was asked."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable

__all__ = ["CountingServer"]

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"


class CountingServer:
    """Takes as many requests at once as come, on a real socket, in one thread.

    Args:
        clock: Tells when something happened.
        work: Seconds of a real clock that an answer takes.

    Attributes:
        asked: When each request arrived, and the first part of its path.
        answered: When each answer was sent, or its client had gone, and the same.
    """

    def __init__(self, clock: Callable[[], float], work: float) -> None:
        self.asked: list[tuple[float, str]] = []
        self.answered: list[tuple[float, str]] = []
        self._clock = clock
        self._work = work
        self._due: dict[socket.socket, tuple[float, str]] = {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Stop, and close all connections."""
        if self._ends.is_set():
            return
        self._ends.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._selector.close()

    def _serve(self) -> None:
        while not self._ends.is_set():
            for key, _ in self._selector.select(self._work / 4):
                assert isinstance(key.fileobj, socket.socket)
                self._take(key.fileobj)
            for connection, (due, who) in list(self._due.items()):
                if due <= time.monotonic():
                    self._answer(connection, who)

    def _take(self, ready: socket.socket) -> None:
        if ready is self._listener:
            connection, _ = ready.accept()
            self._selector.register(connection, selectors.EVENT_READ)
            return
        try:
            data = ready.recv(65536)
        except ConnectionError:
            data = b""
        if data:
            who = data.split(b"/")[1].decode()
            self.asked.append((self._clock(), who))
            self._due[ready] = (time.monotonic() + self._work, who)
            return
        self._selector.unregister(ready)
        ready.close()
        if ready in self._due:
            self.answered.append((self._clock(), self._due.pop(ready)[1]))

    def _answer(self, connection: socket.socket, who: str) -> None:
        del self._due[connection]
        self.answered.append((self._clock(), who))
        with contextlib.suppress(ConnectionError):  # it is read as closed next
            connection.sendall(ANSWER)
