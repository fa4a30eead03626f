"""Mixpanel and Slack as far as the benchmark needs them: prepared bytes, at once.

``python prepared_server.py`` prints its port, and serves until it is ended. An answer
is made when it is first asked for, and is the same bytes from then on. ``/took`` says
how many calls there were since it was last asked, and how long they were worked on.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

NAMES = ["Sign Up", "User Onboarded", "$ae_session", "Page View", "Purchase"]
NAMES += [f"Event {number:02}" for number in range(1, 46)]
EXPORTED = 100_000


def main() -> None:
    """Serve."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


class Handler(BaseHTTPRequestHandler):
    """Answers from memory; each connection has a thread."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    lock = Lock()
    prepared: ClassVar[dict[str, bytes]] = {}
    calls, seconds = 0, 0.0

    def do_GET(self) -> None:
        """Answer a question, or say what questions took."""
        began = time.perf_counter()
        if self.path == "/took":
            taken = {"calls": Handler.calls, "seconds": Handler.seconds}
            Handler.calls, Handler.seconds = 0, 0.0
            self.reply(json.dumps(taken).encode())
            return
        size = int(self.headers.get("Content-Length") or 0)
        if self.path.startswith("/services/"):
            self.rfile.read(size)
            self.reply(b"ok")
            return
        with self.lock:
            if self.path not in self.prepared:
                self.prepared[self.path] = answer_to(self.path)
            body = self.prepared[self.path]
        self.reply(body)
        with self.lock:
            Handler.calls += 1
            Handler.seconds += time.perf_counter() - began

    do_POST = do_GET

    def reply(self, body: bytes) -> None:
        """Send a body, with its head in one piece."""
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n"
        kind = "Content-Type: application/json\r\n\r\n"
        self.wfile.write((head + kind).encode() + body)


def answer_to(target: str) -> bytes:
    """Make an answer as Mixpanel documents it: 41 of each event a day."""
    parts = urlsplit(target)
    asked = {name: value[0] for name, value in parse_qs(parts.query).items()}
    if parts.path.endswith("/names"):
        return json.dumps(NAMES).encode()
    if parts.path.endswith("/export"):
        return b"".join(exported_rows())
    starts = bucket_starts(asked)
    if parts.path.endswith("/addiction"):
        return json.dumps({"data": {start: [2000, 300] for start in starts}}).encode()
    named = asked["event"]
    events = json.loads(named) if named.startswith("[") else [named]
    values = {event: dict.fromkeys(starts, 41) for event in events}
    data = {"data": {"series": starts, "values": values}, "legend_size": len(events)}
    return json.dumps(data).encode()


def bucket_starts(asked: dict[str, str]) -> list[str]:
    """List the first days of the buckets that are asked for."""
    first = date.fromisoformat(asked["from_date"])
    days = (date.fromisoformat(asked["to_date"]) - first).days + 1
    step = 7 if asked.get("unit") == "week" else 1
    return [str(first + timedelta(days=day)) for day in range(0, days, step)]


def exported_rows() -> list[bytes]:
    """Make the lines of an export."""
    rows = []
    for number in range(EXPORTED):
        properties = {
            "time": 1794225600 + number % 600_000,
            "distinct_id": f"user-{number % 2000}",
            "$insert_id": f"insert-{number:08}",
            "$browser": "Firefox",
            "$city": "London",
            "mp_country_code": "GB",
        }
        row = {"event": NAMES[number % len(NAMES)], "properties": properties}
        rows.append(json.dumps(row).encode() + b"\n")
    return rows


if __name__ == "__main__":
    main()
