"""The raw export, as methods of both clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.window import Window

if TYPE_CHECKING:
    from mixpanel_query.exported_events import ExportedEvent
    from mixpanel_query.expressions import Where
    from mixpanel_query.names import EventName

__all__ = ["AsyncExportQueries", "ExportQueries"]


class ExportQueries(Asking):
    """The raw export; see `Client`."""

    def export(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        events: EventName | Iterable[EventName] | None = None,
        where: Where | None = None,
        limit: int | None = None,
        time_in_ms: bool = False,
    ) -> Generator[ExportedEvent, None, None]:
        """Yield every event of a window while it arrives, in no order.

        Memory stays bounded: one piece of the stream, and about 40 bytes an event to
        recognise copies. Copies of one event (same name, distinct_id, time and insert
        id) are yielded once; events without an insert id are all yielded.

        A cut export is asked for again, as often as the client's `RetryPolicy` says,
        and only events are yielded that were not before. As Mixpanel may have found
        out in between that two ids are one user, an event of an earlier fetch is known
        by name, time and insert id alone; without an insert id, by all it says but the
        ids of its user. If it is still cut then, that raises: what was yielded until
        then is not the whole. https://developer.mixpanel.com/reference/raw-event-export

        Args:
            from_date: First day, in UTC; in the project's timezone for projects made
                before 2023.
            to_date: Last day.
            events: Which events; all of them, where left out.
            where: Expression that an event must meet. It is sent as it is.
            limit: Yield at most so many events, up to 100,000; which ones, Mixpanel
                does not say.
            time_in_ms: Let Mixpanel give times in milliseconds, where it has them; as
                it is, it leaves out what is less than a second.

        Raises:
            ExportTruncatedError: If the export ended before its last event, each time.
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.export import read_export

        return self._sender.stream(
            read_export(
                Window.of(from_date, to_date),
                events=events,
                where=where,
                limit=limit,
                time_in_ms=time_in_ms,
                zone=self._stored_timezone,
            )
        )


class AsyncExportQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    def export(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        events: EventName | Iterable[EventName] | None = None,
        where: Where | None = None,
        limit: int | None = None,
        time_in_ms: bool = False,
    ) -> AsyncGenerator[ExportedEvent, None]:
        """Yield every event of a window, as `Client.export` does.

        Close it with `contextlib.aclosing` if you stop before its end.
        """
        from mixpanel_query.export import read_export

        return self._sender.stream(
            read_export(
                Window.of(from_date, to_date),
                events=events,
                where=where,
                limit=limit,
                time_in_ms=time_in_ms,
                zone=self._stored_timezone,
            )
        )
