"""A server on a real socket that keeps every request, taken apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote

# Status, headers and body.
Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived.

    Attributes:
        method: The HTTP method.
        target: Path and query string, as they were sent.
        headers: The headers, as they were sent.
        body: The body, as it was sent.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> list[str]:
        """The parts of the path, without its escapes."""
        return [unquote(part) for part in self.target.partition("?")[0].split("/")]

    @property
    def params(self) -> list[tuple[str, str]]:
        """The parameters of the query string, in order."""
        return pairs(self.target.partition("?")[2])

    @property
    def form(self) -> list[tuple[str, str]]:
        """The fields of a form, in order."""
        is_form = "urlencoded" in self.headers.get("content-type", "")
        return pairs(self.body.decode()) if is_form else []

    @property
    def document(self) -> Any:  # noqa: ANN401 - whatever was sent
        """The JSON that was sent; None for none."""
        is_json = "json" in self.headers.get("content-type", "")
        return json.loads(self.body) if is_json else None


def pairs(encoded: str) -> list[tuple[str, str]]:
    """Take the fields of a form apart."""
    return parse_qsl(
        encoded, keep_blank_values=True, strict_parsing=bool(encoded), errors="strict"
    )


@contextmanager
def recording(
    answer: Callable[[Recorded], Reply],
) -> Iterator[tuple[str, list[Recorded]]]:
    """Serve answers; give the address and the list of requests so far."""
    requests: list[Recorded] = []

    class Handler(BaseHTTPRequestHandler):
        """Keeps a request and answers it."""

        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one piece, or the client waits in between

        def answer_it(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            requests.append(Recorded(self.command, self.path, headers, body))
            status, fields, reply = answer(requests[-1])
            self.send_response(status)
            for name, value in {**fields, "Content-Length": str(len(reply))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_PATCH = do_DELETE = answer_it

        def log_message(self, format: str, *values: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
