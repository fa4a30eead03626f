"""A server that has events, and gives those of some days as Mixpanel does."""

from __future__ import annotations

import gzip
import json
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

FIRST = date(2024, 11, 1)


def event_line(day: date, number: int, **properties: object) -> bytes:
    """Write one event of a day, as Mixpanel would."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.utc)
    said = {
        "time": int(noon.timestamp()) + number,
        "distinct_id": f"user-{number % 7}",
        "$insert_id": f"{day.isoformat()}-{number}",
        "note": "č\u2028 €",
        **properties,
    }
    row = {"event": "Sign Up" if number % 2 else "Purchase", "properties": said}
    return json.dumps(row, ensure_ascii=False, separators=(", ", ":")).encode()


class QuietServer(ThreadingHTTPServer):
    """A server whose clients may be killed."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of connections that broke."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            raise


class EventServer:
    """Answers the export on a real socket, from the events that it has.

    Attributes:
        days: The lines of each day.
        asked: The first and the last day of each call.
        cut: Says of a call whether it is cut after that many bytes; None for not.
        piece: How many bytes are sent at once.
    """

    def __init__(self) -> None:
        self.days: dict[date, list[bytes]] = {}
        self.asked: list[tuple[str, str]] = []
        self.params: list[dict[str, str]] = []
        self.cut: Callable[[date, date, int], int | None] = lambda first, last, call: (
            None
        )
        self.piece = 1000
        self.before_piece: Callable[[], object] = lambda: None
        self._server = QuietServer(("127.0.0.1", 0), handler_of(self))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()

    def fill(self, days: int, rows: int = 20) -> None:
        """Have some days with as many events each."""
        for number in range(days):
            day = FIRST + timedelta(days=number)
            self.days[day] = [event_line(day, row) for row in range(rows)]

    def body(self, first: date, last: date) -> bytes:
        """Return the rows of a window; days are mixed, as nothing orders them."""
        asked = [self.days.get(day, []) for day in days_between(first, last)]
        longest = max(map(len, asked), default=0)
        return b"".join(
            lines[place] + b"\n"
            for place in range(longest)
            for lines in asked
            if place < len(lines)
        )

    def truth(self, day: date) -> bytes:
        """Return what the file of a day must hold."""
        return b"".join(line + b"\n" for line in self.days.get(day, []))

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def days_between(first: date, last: date) -> list[date]:
    """List days, both ends counted."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def handler_of(server: EventServer) -> type[BaseHTTPRequestHandler]:
    """Make the class that answers for a server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            params = {
                name: values[0]
                for name, values in parse_qs(urlsplit(self.path).query).items()
            }
            first = date.fromisoformat(params["from_date"])
            last = date.fromisoformat(params["to_date"])
            server.asked.append((params["from_date"], params["to_date"]))
            server.params.append(params)
            cut = server.cut(first, last, len(server.asked))
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            body = gzip.compress(server.body(first, last), 1)
            try:
                self.send_pieces(body if cut is None else body[:cut])
                if cut is None:
                    self.wfile.write(b"0\r\n\r\n")
            except ConnectionError:  # the client was killed
                pass
            self.close_connection = cut is not None

        def send_pieces(self, body: bytes) -> None:
            for start in range(0, len(body), server.piece):
                server.before_piece()
                piece = body[start : start + server.piece]
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def server() -> Iterator[EventServer]:
    """A server of events."""
    server = EventServer()
    yield server
    server.close()


@pytest.fixture
def line() -> Callable[..., bytes]:
    """Write one event of a day."""
    return event_line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "events"
