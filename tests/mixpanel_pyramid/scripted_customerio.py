"""An imitation of Customer.io's Track API, whose answers a test scripts."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .scripted_mixpanel import Reply


@dataclass
class Call:
    """A call that the workspace read."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    client: tuple[str, int]


class Workspace:
    """An imitation of Customer.io's Track API on a real socket, scripted by the test.

    Attributes:
        script: What it answers next; then success.
        poison: Whoever is in a batch with this person is refused with it.
        calls: What it read, in order.
    """

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        self.poison = ""
        self.calls: list[Call] = []
        self.read = threading.Condition()
        handler = type("Handler", (WorkspaceHandler,), {"workspace": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def wait_for(self, number: int) -> None:
        """Wait until so many calls were read."""
        with self.read:
            assert self.read.wait_for(lambda: len(self.calls) >= number, 30)

    def items(self) -> list[dict[str, Any]]:
        """Give the items of all batches, in order."""
        with self.read:
            return [item for call in self.calls for item in call.body["batch"]]

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class WorkspaceHandler(BaseHTTPRequestHandler):
    """Reads a call, keeps it, and answers as the script has it."""

    protocol_version = "HTTP/1.1"
    workspace: Workspace

    def answer(self) -> None:
        """Answer a call."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        data = json.loads(body)
        call = Call(self.command, self.path, headers, data, self.client_address)
        with self.workspace.read:
            script = self.workspace.script
            otherwise = Reply(body=b"{}")
            if self.workspace.poison and self.workspace.poison.encode() in body:
                otherwise = Reply(400, b'{"errors": [{"reason": "no such thing"}]}')
            reply = script.popleft() if script else otherwise
            self.workspace.calls.append(call)
            self.workspace.read.notify_all()
        if reply.hold:
            reply.hold.wait(20)
        if reply.status == 0:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    do_POST = do_PUT = do_DELETE = answer

    def handle(self) -> None:
        """Serve a connection; a client that leaves early is no error here."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
