"""The raw export: every event of a window, as a stream that is whole or an error.

Mixpanel ends an export that failed with status 200 and a line that is no event, or
simply stops. Here only one thing is success: every line was an event, and the body
ended as HTTP and gzip say that it must.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from mixpanel_query.answers import one_line
from mixpanel_query.exceptions import ExportTruncatedError
from mixpanel_query.exported_events import ExportedEvent, event_key, read_event
from mixpanel_query.expressions import Where, expression_text
from mixpanel_query.gzip_stream import BrokenGzipError, GzipStream
from mixpanel_query.names import event_names
from mixpanel_query.parameters import json_list
from mixpanel_query.window import Window
from mixpanel_query.wire import QueryRequest

if TYPE_CHECKING:
    from mixpanel_schema import Event

__all__ = ["ExportReader", "read_export"]

# An event has at most a megabyte; a line this long is no event but would fill memory.
LONGEST_LINE: Final = 64 << 20


def read_export(
    window: Window,
    *,
    events: Event | str | Iterable[Event | str] | None,
    where: Where | None,
) -> ExportReader:
    """Return what reads the events of a window, and knows what to ask for.

    https://developer.mixpanel.com/reference/raw-event-export

    >>> read_export(Window.of("2026-11-09", "2026-11-15"), events=None, where=None).rows
    0
    """
    params = {
        "from_date": window.from_date.isoformat(),
        "to_date": window.to_date.isoformat(),
    }
    if events is not None:
        params["event"] = json_list(event_names(events))
    if where is not None:
        params["where"] = expression_text("where", where)
    request = QueryRequest("/api/2.0/export", params, "export", limits=("export",))
    return ExportReader(request, window)


class ExportReader:
    """Reads an export from the pieces of its body; does no I/O itself.

    Call `start`, then `feed` for each piece, then `finish`; all of them raise
    `ExportTruncatedError` where the export turns out not to be whole.

    Attributes:
        request: What is asked.
        rows: How many events were handed over, copies left out.
    """

    def __init__(self, request: QueryRequest, window: Window) -> None:
        self.request = request
        self.rows = 0
        self._window = window
        self._source = ""
        self._gzip: GzipStream | None = None
        self._rest = b""
        self._seen: set[bytes] = set()

    def start(
        self,
        source: str,
        headers: Mapping[str, str],
        *,
        status: int = 200,
        version: str = "HTTP/1.1",
    ) -> None:
        """Take who answers, and what the head of the answer says of the body."""
        self._source = source
        if status != 200:
            raise self.cut(f"its status is {status}, not 200")
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding == "gzip" and headers.get("content-length") != "0":
            self._gzip = GzipStream()
        elif encoding not in ("gzip", "identity", ""):
            raise self.cut(f"its encoding is {encoding!r}, not gzip")
        elif version.startswith("HTTP/1") and not has_known_end(headers):
            raise self.cut("it is plain, and nothing says where it ends")

    def feed(self, data: bytes) -> Iterator[ExportedEvent]:
        """Yield the events whose lines end in ``data``."""
        if self._gzip is None:
            yield from self._lines(data)
            return
        pieces = self._gzip.feed(data)
        while True:
            try:
                piece = next(pieces, None)
            except BrokenGzipError as error:
                raise self.cut(f"its gzip is broken ({error})") from error
            if piece is None:
                return
            yield from self._lines(piece)

    def finish(self) -> Iterator[ExportedEvent]:
        """Yield the event of a last line that has no line end, and check the end."""
        if self._gzip is not None and not self._gzip.is_complete:
            raise self.cut("its gzip has no end")
        line, self._rest = self._rest, b""
        yield from self._read(line)

    def cut(self, problem: str, line: bytes = b"") -> ExportTruncatedError:
        """Make the error of an export that is not whole."""
        window = self._window
        tail = one_line((line or self._rest).decode("utf-8", "replace"))
        said = f" at {tail!r}" if tail else ""
        return ExportTruncatedError(
            f"export of {window.from_date} to {window.to_date} from {self._source} is "
            f"not whole after {self.rows} events: {problem}{said}; ask for it again, "
            "in shorter windows if it stays so",
            request=self.request,
            window=window,
            rows=self.rows,
            tail=tail,
        )

    def _lines(self, data: bytes) -> Iterator[ExportedEvent]:
        """Yield the events whose lines are complete.

        Lines end with a line feed and nothing else: values may hold U+2028 and
        other signs that text methods take for a line end.
        """
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > LONGEST_LINE:
            raise self.cut("a line does not end")
        for line in lines:
            yield from self._read(line)

    def _read(self, line: bytes) -> Iterator[ExportedEvent]:
        """Yield the event of one line, unless it is empty or was seen."""
        if not line.strip():
            return
        try:
            event = read_event(line)
            key = event_key(event)
        except ValueError as error:
            raise self.cut(f"a line is no event ({error})", line) from error
        if key is not None:
            if key in self._seen:
                return
            self._seen.add(key)
        self.rows += 1
        yield event


def has_known_end(headers: Mapping[str, str]) -> bool:
    """Tell whether a cut of a plain body would be noticed."""
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    return chunked or "content-length" in headers
