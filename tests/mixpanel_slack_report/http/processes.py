"""The command serve, as a process that a test asks and stops."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from queue import Queue
from threading import Thread
from urllib.parse import urlsplit

COMMAND = [sys.executable, "-m", "mixpanel_slack_report", "serve", "--port", "0"]


class Process:
    """A process that serves.

    Attributes:
        process: The process.
        lines: Its lines on stderr, as they come.
        greeting: Those until it served.
        port: Its port.
    """

    def __init__(self, environ: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            COMMAND, env=environ, stderr=subprocess.PIPE, text=True
        )
        self.lines: Queue[str] = Queue()
        self.thread = Thread(target=self.read)
        self.thread.start()
        self.greeting: list[str] = []
        while not "".join(self.greeting[-1:]).startswith("Serving at "):
            self.greeting.append(self.lines.get(timeout=60))
        address = self.greeting[-1].removeprefix("Serving at ").partition(";")[0]
        self.port = urlsplit(address).port or 0

    def read(self) -> None:
        """Keep what it writes, until it ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line.rstrip("\n"))

    def wait_for(self, words: str) -> str:
        """Wait for a line with words in it, and return it."""
        while True:
            line = self.lines.get(timeout=60)
            if words in line:
                return line

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Ask, and return the status and the body."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def stop(self, how: signal.Signals) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(how)
        code = self.process.wait(60)
        self.thread.join(10)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code
