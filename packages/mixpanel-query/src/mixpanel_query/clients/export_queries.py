"""The raw export, as methods of both clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.export import read_export
from mixpanel_query.exported_events import ExportedEvent
from mixpanel_query.expressions import Where
from mixpanel_query.window import Window

if TYPE_CHECKING:
    from mixpanel_schema import Event

__all__ = ["AsyncExportQueries", "ExportQueries"]


class ExportQueries(Asking):
    """The raw export; see `Client`."""

    def export(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        events: Event | str | Iterable[Event | str] | None = None,
        where: Where | None = None,
    ) -> Generator[ExportedEvent, None, None]:
        """Yield every event of a window while it arrives, in no order.

        Memory stays bounded: one piece of the stream, and about 120 bytes an event to
        recognise copies. Copies of one event (same name, distinct_id, time and insert
        id) are yielded once; events without an insert id are all yielded.

        A cut export raises: what was yielded until then is not the whole. Nothing is
        fetched again by itself; ask for the whole window again.
        https://developer.mixpanel.com/reference/raw-event-export

        Args:
            from_date: First day, in UTC; in the project's timezone for projects made
                before 2023.
            to_date: Last day.
            events: Which events; all of them, where left out.
            where: Expression that an event must meet. It is sent as it is.

        Raises:
            ExportTruncatedError: If the export ended before its last event.
            MixpanelQueryError: As `events` does.
        """
        window = Window.of(from_date, to_date)
        return self._sender.stream(read_export(window, events=events, where=where))


class AsyncExportQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    def export(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        events: Event | str | Iterable[Event | str] | None = None,
        where: Where | None = None,
    ) -> AsyncGenerator[ExportedEvent, None]:
        """Yield every event of a window, as `Client.export` does.

        Close it with `contextlib.aclosing` if you stop before its end.
        """
        window = Window.of(from_date, to_date)
        return self._sender.stream(read_export(window, events=events, where=where))
