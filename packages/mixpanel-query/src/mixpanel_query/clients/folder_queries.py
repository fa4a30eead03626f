"""The raw export into a folder, as methods of both clients."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import aclosing
from datetime import date
from os import PathLike
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.window import Window

if TYPE_CHECKING:
    from mixpanel_query.export_files import (
        ExportedFiles,
        ExportPlan,
        ExportProgress,
        FileFormat,
    )
    from mixpanel_query.expressions import Where
    from mixpanel_query.names import EventName

__all__ = ["AsyncFolderQueries", "FolderQueries"]


class FolderQueries(Asking):
    """The raw export into a folder; see `Client`."""

    def export_to(
        self,
        path: str | PathLike[str],
        from_date: date | str,
        to_date: date | str,
        *,
        events: EventName | Iterable[EventName] | None = None,
        where: Where | None = None,
        format: FileFormat = "jsonl",
        time_in_ms: bool = False,
        refresh_days: int = 0,
        progress: Callable[[ExportProgress], object] | None = None,
    ) -> ExportedFiles:
        """Export a window into a folder, a file a day, and return the files.

        Do the same again to go on, whatever ended it: days that are complete are not
        asked for again. A call covers several days, so that about 50 cover any window;
        one that is cut is asked for again in halves. A day's file appears once all of
        the day is in it, no event of it twice, and no file is half written at any
        time. A day without events has a file without events. ``manifest.json`` in the
        folder says what it holds; another export needs another folder.

        Memory stays bounded: what `export` needs to recognise copies in one call.
        https://developer.mixpanel.com/reference/raw-event-export

        Args:
            path: The folder; it is made if it is not there.
            from_date: First day, in UTC; in the project's timezone for projects made
                before 2023.
            to_date: Last day. A day that is not over is fetched again next time.
            events: Which events; all of them, where left out.
            where: Expression that an event must meet. It is sent as it is.
            format: ``jsonl``, the rows exactly as Mixpanel sends them; ``jsonl.gz``,
                the same gzipped; ``parquet`` with the columns event, distinct_id, time
                (in UTC), insert_id and properties (JSON).
            time_in_ms: Let Mixpanel give times in milliseconds, where it has them.
            refresh_days: Days after its end in which events of a day may still arrive.
                A day that was fetched earlier than that is fetched again.
            progress: Called with an `ExportProgress` again and again.

        Raises:
            ExportFolderError: If the folder holds another export, another process
                writes there, or it cannot be written.
            ExportTruncatedError: If a day was cut again and again; the other days are
                there, unless three were.
            UnreadableAnswerError: If an event is of another day than was asked for.
            MixpanelQueryError: As `events` does. What was complete stays.
        """
        from mixpanel_query.export_files import FolderExport, read_order

        order = read_order(
            self._sender.destination,
            path,
            Window.of(from_date, to_date),
            events=events,
            where=where,
            format=format,
            time_in_ms=time_in_ms,
            refresh_days=refresh_days,
            zone=self._stored_timezone,
        )
        with FolderExport(order, progress) as export:
            while reader := export.next_reader():
                with export.fetching():
                    for rows in self._sender.stream(reader):
                        export.take(rows)
                export.finish()
            return export.files()

    def plan_export_to(
        self,
        path: str | PathLike[str],
        from_date: date | str,
        to_date: date | str,
        *,
        events: EventName | Iterable[EventName] | None = None,
        where: Where | None = None,
        format: FileFormat = "jsonl",
        time_in_ms: bool = False,
        refresh_days: int = 0,
    ) -> ExportPlan:
        """Return what `export_to` would do now; nothing is sent or written.

        Args:
            path: The folder.
            from_date: First day.
            to_date: Last day.
            events: Which events.
            where: Expression that an event must meet.
            format: Of the files.
            time_in_ms: Let Mixpanel give times in milliseconds, where it has them.
            refresh_days: Days after its end in which events of a day may still arrive.

        Raises:
            ExportFolderError: If the folder holds another export.
            InvalidQueryError: If something of it cannot be right.
        """
        from mixpanel_query.export_files import plan_export, read_order

        order = read_order(
            self._sender.destination,
            path,
            Window.of(from_date, to_date),
            events=events,
            where=where,
            format=format,
            time_in_ms=time_in_ms,
            refresh_days=refresh_days,
            zone=self._stored_timezone,
        )
        return plan_export(order)


class AsyncFolderQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def export_to(
        self,
        path: str | PathLike[str],
        from_date: date | str,
        to_date: date | str,
        *,
        events: EventName | Iterable[EventName] | None = None,
        where: Where | None = None,
        format: FileFormat = "jsonl",
        time_in_ms: bool = False,
        refresh_days: int = 0,
        progress: Callable[[ExportProgress], object] | None = None,
    ) -> ExportedFiles:
        """Export a window into a folder, as `Client.export_to` does.

        A thread waits for the disk. ``progress`` is called, not awaited.
        """
        import anyio.to_thread

        from mixpanel_query.export_files import FolderExport, read_order

        order = read_order(
            self._sender.destination,
            path,
            Window.of(from_date, to_date),
            events=events,
            where=where,
            format=format,
            time_in_ms=time_in_ms,
            refresh_days=refresh_days,
            zone=self._stored_timezone,
        )
        with FolderExport(order, progress) as export:
            while reader := export.next_reader():
                with export.fetching():
                    async with aclosing(self._sender.stream(reader)) as pieces:
                        async for rows in pieces:
                            export.take(rows)
                await anyio.to_thread.run_sync(export.finish)
            return export.files()

    async def plan_export_to(
        self,
        path: str | PathLike[str],
        from_date: date | str,
        to_date: date | str,
        *,
        events: EventName | Iterable[EventName] | None = None,
        where: Where | None = None,
        format: FileFormat = "jsonl",
        time_in_ms: bool = False,
        refresh_days: int = 0,
    ) -> ExportPlan:
        """Return what `export_to` would do now, as `Client.plan_export_to` does."""
        from mixpanel_query.export_files import plan_export, read_order

        order = read_order(
            self._sender.destination,
            path,
            Window.of(from_date, to_date),
            events=events,
            where=where,
            format=format,
            time_in_ms=time_in_ms,
            refresh_days=refresh_days,
            zone=self._stored_timezone,
        )
        return plan_export(order)
