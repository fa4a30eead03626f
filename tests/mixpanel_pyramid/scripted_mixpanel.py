"""An imitation of Mixpanel's ingestion, whose answers a test scripts."""

from __future__ import annotations

import gzip
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

OK = b'{"status": 1, "error": null}'
# https://developer.mixpanel.com/reference/import-events
IMPORTED = b'{"code": 200, "num_records_imported": 1, "status": "OK"}'


@dataclass
class Reply:
    """What the sink does with one post.

    Attributes:
        status: HTTP status; 0 reads the post and closes the connection unanswered.
        body: Body of the answer.
        headers: More headers of the answer.
        hold: When set, the answer waits until this is set.
    """

    status: int = 200
    body: bytes = OK
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None


@dataclass
class Post:
    """A post that the sink read; ``accepted`` if it was answered 200 with status 1."""

    path: str
    query: dict[str, str]
    messages: list[dict[str, Any]]
    accepted: bool
    connection: tuple[str, int]
    authorization: str | None = None


class Sink:
    """An imitation of Mixpanel's ingestion on a real socket, scripted by the test."""

    def __init__(self, port: int = 0) -> None:
        self.script: deque[Reply] = deque()
        self.otherwise = Reply()
        self.posts: list[Post] = []
        self.read = threading.Condition()
        handler = type("Handler", (SinkHandler,), {"sink": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def wait_for(self, number: int) -> list[Post]:
        """Wait until so many posts were read, and give them."""
        with self.read:
            assert self.read.wait_for(lambda: len(self.posts) >= number, 30)
            return list(self.posts)

    def accepted(self, path: str) -> list[dict[str, Any]]:
        """Give the messages that were accepted at a path, in order."""
        with self.read:
            return [
                message
                for post in self.posts
                if post.accepted and post.path == path
                for message in post.messages
            ]

    def event_names(self) -> list[str]:
        """Give the names of the accepted events, in order."""
        return [message["event"] for message in self.accepted("/track")]

    def close(self) -> None:
        """Stop."""
        for reply in (*self.script, self.otherwise):
            if reply.hold:
                reply.hold.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class SinkHandler(BaseHTTPRequestHandler):
    """Reads a post, keeps it, and answers as the script has it."""

    protocol_version = "HTTP/1.1"
    sink: Sink

    def do_POST(self) -> None:
        """Answer a post."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        with self.sink.read:
            script = self.sink.script
            reply = script.popleft() if script else self.sink.otherwise
            is_import = self.headers["Content-Encoding"] == "gzip"
            if is_import:
                messages = json.loads(gzip.decompress(body))
            else:
                messages = json.loads(parse_qs(body.decode())["data"][0])
            if not isinstance(messages, list):  # as the official Consumer does it
                messages = [messages]
            accepted = reply.status == 200 and reply.body == OK
            if is_import and reply is self.sink.otherwise:
                reply = Reply(body=IMPORTED)
            post = Post(
                url.path,
                query,
                messages,
                accepted,
                self.client_address,
                self.headers["Authorization"],
            )
            self.sink.posts.append(post)
            self.sink.read.notify_all()
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

    def handle(self) -> None:
        """Serve a connection; a client that leaves early is no error here."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
