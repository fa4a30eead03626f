"""Reads the export of a span, and sorts its rows by their days; does no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mixpanel_query.exceptions import (
    ExportTruncatedError,
    MixpanelQueryError,
    UnreadableAnswerError,
)
from mixpanel_query.export import ExportReader
from mixpanel_query.exported_events import ExportedEvent, read_event
from mixpanel_query.window import Window
from mixpanel_query.wire import QueryRequest

__all__ = ["DayRows", "SpanCutError", "SpanReader", "SpanRows"]


# A small piece of a body may unpack to a large one.
MOST_BYTES: Final = 1 << 20


class SpanCutError(MixpanelQueryError):
    """A span of several days that was cut: asking for less is better than again."""


@dataclass(slots=True)
class DayRows:
    """Some rows of a day.

    Attributes:
        lines: The rows as they came, each without its line end.
        events: The same rows, read.
        repeats: How many copies were left out beside them.
    """

    lines: list[bytes] = field(default_factory=list)
    events: list[ExportedEvent] = field(default_factory=list)
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class SpanRows:
    """The rows of one piece of an export.

    Attributes:
        attempt: Which attempt brought them; what an earlier one brought is void.
        days: The rows of each day.
    """

    attempt: int
    days: Mapping[date, DayRows]


class SpanReader:
    """Reads the export of a span; each attempt begins from nothing.

    Args:
        request: What is asked.
        span: The days that are asked for.

    Attributes:
        attempt: The number of the attempt that is under way, or was the last one.
    """

    def __init__(self, request: QueryRequest, span: Window) -> None:
        self.request = request
        self.span = span
        self.attempt = 0
        self._reader = RowReader(request, span)

    def start(
        self,
        source: str,
        headers: Mapping[str, str],
        *,
        status: int = 200,
        version: str = "HTTP/1.1",
    ) -> None:
        """Begin another attempt."""
        self.attempt += 1
        self._reader = RowReader(self.request, self.span)
        try:
            self._reader.start(source, headers, status=status, version=version)
        except ExportTruncatedError as error:
            raise self._rated(error) from error

    def feed(self, data: bytes) -> Iterator[SpanRows]:
        """Yield the rows whose lines end in ``data``."""
        return self._sorted(self._reader.feed(data))

    def finish(self) -> Iterator[SpanRows]:
        """Yield what is left, and check that the export is whole."""
        return self._sorted(self._reader.finish())

    def cut(self, problem: str) -> MixpanelQueryError:
        """Make the error of an export that is not whole."""
        return self._rated(self._reader.cut(problem))

    def _sorted(self, events: Iterator[ExportedEvent]) -> Iterator[SpanRows]:
        """Yield rows by their days."""
        reader = self._reader
        try:
            for _ in events:
                if reader.kept_bytes >= MOST_BYTES:
                    yield SpanRows(self.attempt, reader.hand_over())
        except ExportTruncatedError as error:
            raise self._rated(error) from error
        if reader.days:
            yield SpanRows(self.attempt, reader.hand_over())

    def _rated(self, error: ExportTruncatedError) -> MixpanelQueryError:
        """Return the error of a cut, which is another one for a span of many days."""
        return SpanCutError(str(error)) if self.span.days > 1 else error


class RowReader(ExportReader):
    """An export whose rows are kept as they came, by their days."""

    def __init__(self, request: QueryRequest, span: Window) -> None:
        super().__init__(request, span)
        self.days: dict[date, DayRows] = {}
        self.kept_bytes = 0

    def hand_over(self) -> dict[date, DayRows]:
        """Return the rows that are kept, and keep them no longer."""
        days, self.days, self.kept_bytes = self.days, {}, 0
        return days

    def _read(self, line: bytes) -> Iterator[ExportedEvent]:
        """Yield the event of one line, and keep it."""
        is_new = False
        for event in super()._read(line):
            is_new = True
            rows = self.rows_of(event)
            self.kept_bytes += len(line)
            rows.lines.append(line)
            rows.events.append(event)
            yield event
        if not is_new and line.strip():
            self.rows_of(read_event(line)).repeats += 1

    def rows_of(self, event: ExportedEvent) -> DayRows:
        """Return where the rows of a day are kept.

        Stored times show the clock by which Mixpanel counts days.
        """
        day = event.time.date()
        if not self._window.from_date <= day <= self._window.to_date:
            raise UnreadableAnswerError(
                f"export of {self._window.from_date} to {self._window.to_date} holds "
                f"an event of {event.time.isoformat()}, outside of these days; check "
                "base_url, and report it to mixpanel-query if that is right",
                request=self.request,
            )
        if day not in self.days:
            self.days[day] = DayRows()
        return self.days[day]
