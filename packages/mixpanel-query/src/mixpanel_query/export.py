"""The raw export: every event of a window, as a stream that is whole or an error.

Mixpanel ends an export that failed with status 200 and a line that is no event, or
simply stops. Here only one thing is success: every line was an event, and the body
ended as HTTP and gzip say that it must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from itertools import compress
from operator import length_hint, not_
from typing import TYPE_CHECKING, Final

from mixpanel_query.answers import one_line
from mixpanel_query.event_clock import EventClock
from mixpanel_query.exceptions import ExportTruncatedError
from mixpanel_query.exported_events import ExportedEvent, exported
from mixpanel_query.expressions import Where, expression_text
from mixpanel_query.gzip_stream import GzipStream
from mixpanel_query.names import EventName, event_names
from mixpanel_query.parameters import checked_number, json_list
from mixpanel_query.window import Window
from mixpanel_query.wire import QueryRequest

if TYPE_CHECKING:
    from mixpanel_query.event_rows import EventRows

__all__ = ["ExportReader", "read_export"]

# An event has at most a megabyte; a line this long is no event but would fill memory.
LONGEST_LINE: Final = 64 << 20
MOST_EVENTS: Final = 100_000


def read_export(
    window: Window,
    *,
    events: EventName | Iterable[EventName] | None = None,
    where: Where | None = None,
    limit: int | None = None,
    time_in_ms: bool = False,
    zone: tzinfo | None = None,
) -> ExportReader:
    """Return what reads the events of a window, and knows what to ask for.

    https://developer.mixpanel.com/reference/raw-event-export

    >>> read_export(Window.of("2026-11-09", "2026-11-15")).rows
    0
    """
    params = {
        "from_date": window.from_date.isoformat(),
        "to_date": window.to_date.isoformat(),
    }
    if limit is not None:
        params["limit"] = checked_number("limit", limit, most=MOST_EVENTS)
    if events is not None:
        params["event"] = json_list(event_names(events))
    if where is not None:
        params["where"] = expression_text("where", where)
    if time_in_ms:
        params["time_in_ms"] = "true"
    request = QueryRequest(
        "/api/2.0/export", params, family="export", limits=("export",)
    )
    return ExportReader(request, window, zone=zone)


class ExportReader:
    """Reads an export from the pieces of its body; does no I/O itself.

    Call `start`, then `feed` for each piece, then `finish`; all of them raise
    `ExportTruncatedError` where the export turns out not to be whole. `start` may then
    begin another fetch of the same, of which only events are handed over that none of
    the fetches before had.

    Args:
        request: What is asked.
        window: The days that are asked for.
        zone: The timezone whose clocks the times show; None for UTC.
        on_copy: What takes the line of each row that was there before.

    Attributes:
        request: What is asked.
        rows: How many events were handed over, in all fetches.
        repeats: How many rows of the last fetch were copies of others in it.
    """

    def __init__(
        self,
        request: QueryRequest,
        window: Window,
        *,
        zone: tzinfo | None = None,
        on_copy: Callable[[bytes], None] | None = None,
    ) -> None:
        # What decodes is imported now, as most programs export nothing.
        from mixpanel_query.event_rows import EventFormat
        from mixpanel_query.seen_events import SeenEvents

        self.request = request
        self.rows = 0
        in_milliseconds = request.params.get("time_in_ms") == "true"
        self._format = EventFormat(EventClock(in_milliseconds, zone))
        self._seen = SeenEvents()
        self._on_copy = on_copy
        self._limit = int(request.params.get("limit", 0))
        self._window = window
        self._source = ""
        self._gzip: GzipStream | None = None
        self._rest: list[bytes] = []
        self._rest_size = 0
        self._has_begun = False

    @property
    def repeats(self) -> int:
        """How many rows of the last fetch were copies of others in it."""
        return self._seen.repeats

    def start(
        self,
        source: str,
        headers: Mapping[str, str],
        *,
        status: int = 200,
        version: str = "HTTP/1.1",
    ) -> None:
        """Take who answers, and what the head of the answer says of the body."""
        self._begin_fetch()
        self._source, self._gzip = source, None
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
        for rows in self._fed(data):
            yield from self._events(rows)

    def feed_rows(self, data: bytes) -> Iterator[EventRows]:
        """Yield the same, as rows of at most a megabyte together, which costs less."""
        for rows in self._fed(data):
            self.rows += len(rows.lines)
            yield rows

    def finish(self) -> Iterator[ExportedEvent]:
        """Yield the event of a last line that has no line end, and check the end."""
        for rows in self._finished():
            yield from self._events(rows)

    def finish_rows(self) -> Iterator[EventRows]:
        """Yield the same, as rows."""
        for rows in self._finished():
            self.rows += len(rows.lines)
            yield rows

    def cut(self, problem: str, line: bytes = b"") -> ExportTruncatedError:
        """Make the error of an export that is not whole."""
        window = self._window
        tail = one_line((line or b"".join(self._rest)).decode("utf-8", "replace"))
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

    def _fed(self, data: bytes) -> Iterator[EventRows]:
        """Yield the new rows whose lines end in ``data``."""
        if self._gzip is None:
            yield from self._lines(data)
            return
        for piece in self._gzip.feed(data, self.cut):
            yield from self._lines(piece)

    def _finished(self) -> Iterator[EventRows]:
        """Yield the row of a last line that has no line end, and check the end."""
        if self._gzip is not None and not self._gzip.is_complete:
            raise self.cut("its gzip has no end")
        line, self._rest = b"".join(self._rest), []
        yield from self._read([line])

    def _begin_fetch(self) -> None:
        """Forget a fetch that failed, but for what it handed over."""
        self._rest, self._rest_size = [], 0
        if self._has_begun:
            self._seen.begin_fetch()
        self._has_begun = True

    def _lines(self, data: bytes) -> Iterator[EventRows]:
        """Yield the new rows whose lines are complete.

        Lines end with a line feed and nothing else: values may hold U+2028 and
        other signs that text methods take for a line end.
        """
        if b"\n" not in data:
            self._rest.append(data)
            self._rest_size += len(data)
            if self._rest_size > LONGEST_LINE:
                raise self.cut("a line does not end")
            return
        lines = b"".join((*self._rest, data)).split(b"\n")
        rest = lines.pop()
        self._rest, self._rest_size = [rest], len(rest)
        yield from self._read(lines)

    def _read(self, lines: Sequence[bytes]) -> Iterator[EventRows]:
        """Yield the rows of lines, but for empty ones and those that were seen."""
        rows = self._format.usual(lines)
        if rows is not None:
            yield self._new(rows)
            return
        for line in lines:
            if line.strip():
                yield self._new(self._read_line(line))

    def _read_line(self, line: bytes) -> EventRows:
        """Return the row of a line that may be unusual."""
        try:
            return self._format.one(line)
        except ValueError as error:
            raise self.cut(f"a line is no event ({error})", line) from error

    def _new(self, rows: EventRows) -> EventRows:
        """Return those rows that were not seen before."""
        try:
            are_new = self._seen.are_new(rows)
        except (ValueError, RecursionError) as error:
            # Rows without an insert id are decoded in full, deeper than msgspec does.
            problem = "a line is no event (nested too deeply)"
            raise self.cut(problem, rows.lines[0]) from error
        if False in are_new:
            if self._on_copy is not None:
                for line in compress(rows.lines, map(not_, are_new)):
                    self._on_copy(line)
            rows = rows.only(are_new)
        if self._limit and len(rows.lines) > self._limit - self.rows:
            # With a limit, another fetch may have other events.
            rows = rows.only([True] * (self._limit - self.rows))
        return rows

    def _events(self, rows: EventRows) -> Iterator[ExportedEvent]:
        """Yield the events of rows, and count them as they are handed over."""
        left = iter(rows.lines)
        try:
            properties = self._format.hand_over(rows)
            yield from exported(left, rows.rows, self._format, properties)
        finally:
            self.rows += len(rows.lines) - length_hint(left)


def has_known_end(headers: Mapping[str, str]) -> bool:
    """Tell whether a cut of a plain body would be noticed."""
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    return chunked or "content-length" in headers
