"""One run of an export into a folder: which span is next, and what becomes of it.

It writes files and does nothing on the network; a client drives it. Each step leaves
the folder so that a run after a crash can go on: a day counts once the manifest says
so, and the manifest says so once its file has its name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timezone
from types import TracebackType
from typing import Final

from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    ExportTruncatedError,
)
from mixpanel_query.export_files.day_files import DayFile, open_day_file
from mixpanel_query.export_files.folder import ExportFolder, due_days, usable_folder
from mixpanel_query.export_files.manifest import DayRecord
from mixpanel_query.export_files.order import ExportOrder
from mixpanel_query.export_files.results import (
    ExportedDay,
    ExportedFiles,
    ExportPlan,
    ExportProgress,
)
from mixpanel_query.export_files.span_reader import SpanCutError, SpanReader, SpanRows
from mixpanel_query.export_files.spans import (
    days_of,
    halves,
    longest_span,
    plan_spans,
)

__all__ = ["FolderExport", "plan_export"]

# A day that stays cut is left for the end, but not without end.
MOST_CUT_DAYS: Final = 3


def utc_now() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(timezone.utc)


def plan_export(order: ExportOrder) -> ExportPlan:
    """Return what an export would do now; it only looks.

    Days that are missing come first, so that a run that is stopped again and again
    comes nearer to its end.

    Raises:
        ExportFolderError: If the folder cannot be used for it.
    """
    missing, late = due_days(order)
    longest = longest_span(len(missing) + len(late))
    spans = [*plan_spans(missing, longest=longest), *plan_spans(late, longest=longest)]
    return ExportPlan(
        order.path, tuple(spans), len(missing), len(late), order.window.days
    )


class FolderExport:
    """A run of an export into a folder, in a ``with`` block.

    Ask for readers until there is none; `take` what each gives, inside `fetching`,
    and `finish` it.

    Args:
        order: What was asked for.
        progress: Called with every step.
        clock: Tells the time, in UTC.

    Raises:
        ExportFolderError: If the folder cannot be used.
    """

    def __init__(
        self,
        order: ExportOrder,
        progress: Callable[[ExportProgress], object] | None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._order = order
        self._progress = progress
        self._clock = clock
        self._folder = ExportFolder(order)
        try:
            plan = plan_export(order)
            self._note_pending()
        except BaseException:
            self._folder.close()
            raise
        self._spans = deque(plan.spans)
        self._done = plan.days - plan.missing - plan.late
        self._cut: list[ExportTruncatedError] = []
        self._calls = 0
        self._rows = 0
        self._reader: SpanReader | None = None
        self._is_whole = False
        self._attempt = 0
        self._asked_at = clock()
        self._files: dict[date, DayFile] = {}

    def next_reader(self) -> SpanReader | None:
        """Return what reads the next span; None at the end.

        Raises:
            ExportTruncatedError: If a day was cut again and again.
        """
        if not self._spans or len(self._cut) >= MOST_CUT_DAYS:
            self._reader = None
            self._report()
            if self._cut:
                raise self._cut[0]
            return None
        self._reader = self._order.reader(self._spans.popleft())
        self._is_whole = False
        self._attempt = 0
        self._asked_at = self._clock()
        self._calls += 1
        self._report()
        return self._reader

    @contextmanager
    def fetching(self) -> Iterator[None]:
        """Take note of whether a span comes whole; halve it if it is too much."""
        assert self._reader is not None
        span = self._reader.span
        try:
            yield
        except (SpanCutError, AnswerTimeoutError):
            self._discard()
            if span.days == 1:
                raise
            self._spans.extendleft(reversed(halves(span)))
        except ExportTruncatedError as error:
            self._discard()
            self._cut.append(error)
        else:
            self._is_whole = True

    def take(self, rows: SpanRows) -> None:
        """Write rows to the files of their days."""
        with usable_folder(self._order.path):
            self._begin_attempt(rows.attempt)
            for day, found in rows.days.items():
                self._file_of(day).write(found)
            for day, repeats in rows.repeats.items():
                self._file_of(day).repeats += repeats
        self._report()

    def finish(self) -> None:
        """Give the files of a span that came whole their names; else do nothing."""
        if self._reader is None or not self._is_whole:
            return
        days = days_of(self._reader.span)
        with usable_folder(self._order.path):
            self._begin_attempt(self._reader.attempt)
            for day in days:
                self._file_of(day).close()
            self._note_replacing(days)
            for file in self._files.values():
                file.take_place()
            self._folder.settle()
            self._folder.note(
                {day: self._record(file) for day, file in self._files.items()}
            )
        self._rows += self._open_rows
        self._files = {}
        self._done += len(days)

    def files(self) -> ExportedFiles:
        """Return the files of all days that were asked for."""
        return ExportedFiles(
            self._order.path,
            tuple(self._day(day) for day in days_of(self._order.window)),
            self._calls,
        )

    def __enter__(self) -> FolderExport:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._discard()
        finally:
            self._folder.close()

    @property
    def _open_rows(self) -> int:
        """How many rows of the span under way were written."""
        return sum(file.rows for file in self._files.values())

    def _file_of(self, day: date) -> DayFile:
        """Return the file of a day, opened."""
        if day not in self._files:
            assert self._reader is not None
            self._files[day] = open_day_file(
                self._order.file_of(day),
                self._order.format,
                clock=self._order.clock,
                together=self._reader.span.days,
            )
        return self._files[day]

    def _begin_attempt(self, attempt: int) -> None:
        """Throw away what an earlier attempt brought."""
        if attempt != self._attempt:
            self._discard()
            self._attempt = attempt

    def _discard(self) -> None:
        """Throw away what was written of a span."""
        files, self._files = self._files, {}
        for file in files.values():
            file.discard()

    def _record(self, file: DayFile) -> DayRecord:
        """Return what the manifest says of a file that is complete."""
        return DayRecord(
            "complete",
            self._asked_at,
            file.rows,
            file.repeats,
            file.size,
            file.digest,
        )

    def _note_pending(self) -> None:
        """Let the manifest say which days are to come."""
        days = self._folder.manifest.days
        asked = days_of(self._order.window)
        with usable_folder(self._order.path):
            self._folder.note({day: DayRecord() for day in asked if day not in days})

    def _note_replacing(self, days: list[date]) -> None:
        """Say of days that are there that a crash may leave either file."""
        old = self._folder.manifest.days
        replaced = {
            day: DayRecord("replacing", old[day].fetched_at)
            for day in days
            if old[day].state != "pending"
        }
        if replaced:
            self._folder.note(replaced)

    def _day(self, day: date) -> ExportedDay:
        """Return what is known of a complete day."""
        record = self._folder.manifest.days[day]
        assert record.fetched_at is not None
        return ExportedDay(
            day,
            self._order.file_of(day),
            record.rows,
            record.repeats,
            record.fetched_at,
            record.digest,
        )

    def _report(self) -> None:
        """Say how far it has come."""
        if self._progress is None:
            return
        self._progress(
            ExportProgress(
                self._order.window.days,
                self._done,
                self._rows + self._open_rows,
                self._calls,
                None if self._reader is None else self._reader.span,
            )
        )
