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
        self._begin()

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
        self._begin()
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

    def _begin(self) -> None:
        """Forget what came before."""
        self._kept = KeptRows(self.request, self.span)
        self._reader = ExportReader(
            self.request, self.span, on_copy=self._kept.count_copy
        )

    def _sorted(self, events: Iterator[ExportedEvent]) -> Iterator[SpanRows]:
        """Yield rows by their days."""
        kept = self._kept
        try:
            for event in events:
                kept.take(event)
                if kept.size >= MOST_BYTES:
                    yield SpanRows(self.attempt, kept.hand_over())
        except ExportTruncatedError as error:
            raise self._rated(error) from error
        if kept.days:
            yield SpanRows(self.attempt, kept.hand_over())

    def _rated(self, error: ExportTruncatedError) -> MixpanelQueryError:
        """Return the error of a cut, which is another one for a span of many days."""
        return SpanCutError(str(error)) if self.span.days > 1 else error


class KeptRows:
    """Rows of an export as they came, by their days."""

    def __init__(self, request: QueryRequest, span: Window) -> None:
        self.days: dict[date, DayRows] = {}
        self.size = 0
        self._request = request
        self._span = span

    def hand_over(self) -> dict[date, DayRows]:
        """Return the rows that are kept, and keep them no longer."""
        days, self.days, self.size = self.days, {}, 0
        return days

    def take(self, event: ExportedEvent) -> None:
        """Keep an event."""
        rows, line = self.rows_of(event), event.raw
        self.size += len(line)
        rows.lines.append(line)
        rows.events.append(event)

    def count_copy(self, line: bytes) -> None:
        """Count a copy of an event that came before."""
        self.rows_of(read_event(line)).repeats += 1

    def rows_of(self, event: ExportedEvent) -> DayRows:
        """Return where the rows of a day are kept.

        Stored times show the clock by which Mixpanel counts days.
        """
        day = event.time.date()
        span = self._span
        if not span.from_date <= day <= span.to_date:
            raise UnreadableAnswerError(
                f"export of {span.from_date} to {span.to_date} holds "
                f"an event of {event.time.isoformat()}, outside of these days; check "
                "base_url, and report it to mixpanel-query if that is right",
                request=self._request,
            )
        if day not in self.days:
            self.days[day] = DayRows()
        return self.days[day]
