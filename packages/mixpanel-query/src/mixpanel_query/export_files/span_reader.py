"""Reads the export of a span, and sorts its rows by their days; does no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Final

from mixpanel_query.event_clock import EventClock
from mixpanel_query.exceptions import (
    ExportTruncatedError,
    MixpanelQueryError,
    UnreadableAnswerError,
)
from mixpanel_query.export import ExportReader
from mixpanel_query.exported_events import read_event
from mixpanel_query.window import Window
from mixpanel_query.wire import QueryRequest

if TYPE_CHECKING:
    from mixpanel_query.event_rows import EventRows

__all__ = ["SpanCutError", "SpanReader", "SpanRows"]

SECONDS_A_DAY: Final = 86400
FIRST_DAY: Final = date(1970, 1, 1).toordinal()


class SpanCutError(MixpanelQueryError):
    """A span of several days that was cut: asking for less is better than again."""


@dataclass(frozen=True, slots=True)
class SpanRows:
    """The rows of one piece of an export, a megabyte of them at most.

    Attributes:
        attempt: Which attempt brought them; what an earlier one brought is void.
        days: The rows of each day.
        repeats: How many copies were left out, of each day.
    """

    attempt: int
    days: Mapping[date, EventRows]
    repeats: Mapping[date, int]


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
        self._days = SpanDays(request, span)
        self._clock = EventClock(request.params.get("time_in_ms") == "true")
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
        return self._sorted(self._reader.feed_rows(data))

    def finish(self) -> Iterator[SpanRows]:
        """Yield what is left, and check that the export is whole."""
        return self._sorted(self._reader.finish_rows())

    def cut(self, problem: str) -> MixpanelQueryError:
        """Make the error of an export that is not whole."""
        return self._rated(self._reader.cut(problem))

    def _begin(self) -> None:
        """Forget what came before."""
        self._repeats: Counter[date] = Counter()
        self._reader = ExportReader(self.request, self.span, on_copy=self._count_copy)

    def _sorted(self, pieces: Iterator[EventRows]) -> Iterator[SpanRows]:
        """Yield rows by their days."""
        try:
            for rows in pieces:
                days = self._days.sort(rows)
                repeats, self._repeats = self._repeats, Counter()
                yield SpanRows(self.attempt, days, repeats)
        except ExportTruncatedError as error:
            raise self._rated(error) from error

    def _count_copy(self, line: bytes) -> None:
        """Count a copy of an event that came before."""
        time = read_event(line, self._clock).properties["time"]
        assert isinstance(time, (int, float))
        self._repeats[self._days.day_of(time)] += 1

    def _rated(self, error: ExportTruncatedError) -> MixpanelQueryError:
        """Return the error of a cut, which is another one for a span of many days."""
        return SpanCutError(str(error)) if self.span.days > 1 else error


class SpanDays:
    """Tells on which day of a span a stored time is.

    Stored times show the clock by which Mixpanel counts days: UTC, or that of the
    project's timezone.

    Args:
        request: What is asked.
        span: The days that are asked for.
    """

    def __init__(self, request: QueryRequest, span: Window) -> None:
        self._request = request
        self._span = span
        self._unit = 1000 if request.params.get("time_in_ms") == "true" else 1
        self._day = SECONDS_A_DAY * self._unit

    def sort(self, rows: EventRows) -> dict[date, EventRows]:
        """Return rows by their days.

        Raises:
            UnreadableAnswerError: If one is outside of the span.
        """
        if not rows.times:
            return {}
        first, last = self.day_of(min(rows.times)), self.day_of(max(rows.times))
        if first == last:
            return {first: rows}
        numbers = [time // self._day for time in rows.times]
        return {
            self.day_of(number * self._day): rows.only(
                [each == number for each in numbers]
            )
            for number in set(numbers)
        }

    def day_of(self, time: float) -> date:
        """Return the day of a stored time.

        Raises:
            UnreadableAnswerError: If it is outside of the span.
        """
        day = date.fromordinal(FIRST_DAY + int(time // self._day))
        span = self._span
        if not span.from_date <= day <= span.to_date:
            when = datetime.fromtimestamp(time / self._unit, timezone.utc).isoformat()
            raise UnreadableAnswerError(
                f"export of {span.from_date} to {span.to_date} holds an event of "
                f"{when}, outside of these days; check base_url, and report it to "
                "mixpanel-query if that is right",
                request=self._request,
            )
        return day
