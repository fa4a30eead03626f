"""The client that awaits its answers, under asyncio or trio.

What is said of a method of `mixpanel_query.Client` holds for its twin here.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Iterable, Mapping
from datetime import date, tzinfo
from types import TracebackType
from typing import TYPE_CHECKING

from mixpanel_query.credentials import Credentials
from mixpanel_query.environment import read_environment
from mixpanel_query.events import count_events, list_event_names
from mixpanel_query.export import read_export
from mixpanel_query.exported_events import ExportedEvent
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.segmentation import segment_event
from mixpanel_query.sending import DEFAULT_TIMEOUT, AsyncSender
from mixpanel_query.time_series import TimeSeries
from mixpanel_query.timezones import read_timezone
from mixpanel_query.window import Window
from mixpanel_query.wire import Destination

if TYPE_CHECKING:
    import httpx

    from mixpanel_schema import Event, Property

__all__ = ["AsyncClient"]


class AsyncClient:
    """Asks a Mixpanel project questions without blocking, under asyncio or trio.

    It takes what `Client` takes, and its methods answer as those of `Client` do. Use
    it in an ``async with`` block, or call `close`.

    Raises:
        InvalidQueryError: If what it is given cannot be right.
    """

    def __init__(
        self,
        credentials: Credentials,
        region: str = "us",
        base_url: str | None = None,
        workspace_id: int | None = None,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
        timezone: tzinfo | str | None = None,
    ) -> None:
        destination = Destination(credentials, region, base_url, workspace_id)
        self._timezone = read_timezone(timezone)
        self._sender = AsyncSender(destination, timeout=timeout, transport=transport)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> AsyncClient:
        """Make a client from the environment, as `Client.from_env` does."""
        found = read_environment(os.environ if environ is None else environ)
        return cls(found.credentials, found.region, found.base_url)

    async def events(
        self,
        events: Event | str | Iterable[Event | str],
        from_date: date | str,
        to_date: date | str,
        *,
        type: CountType = "general",
        unit: Unit = "day",
    ) -> TimeSeries:
        """Count several events over time, as `Client.events` does."""
        window = Window.of(from_date, to_date)
        return await self._sender.run(
            count_events(events, window, type=type, unit=unit, timezone=self._timezone)
        )

    async def event_names(
        self, *, type: CountType = "general", limit: int = 255
    ) -> list[str]:
        """List the commonest events, as `Client.event_names` does."""
        return await self._sender.run(list_event_names(type=type, limit=limit))

    async def segmentation(
        self,
        event: Event | str,
        from_date: date | str,
        to_date: date | str,
        *,
        on: Property | str | None = None,
        where: str | None = None,
        unit: Unit = "day",
        interval: int | None = None,
        type: CountType = "general",
        limit: int | None = None,
    ) -> TimeSeries:
        """Count one event over time, as `Client.segmentation` does."""
        flow = segment_event(
            event,
            Window.of(from_date, to_date),
            on=on,
            where=where,
            unit=unit,
            interval=interval,
            type=type,
            limit=limit,
            timezone=self._timezone,
        )
        return await self._sender.run(flow)

    def export(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        events: Event | str | Iterable[Event | str] | None = None,
        where: str | None = None,
    ) -> AsyncGenerator[ExportedEvent, None]:
        """Yield every event of a window, as `Client.export` does.

        Close it with `contextlib.aclosing` if you stop before its end.
        """
        window = Window.of(from_date, to_date)
        return self._sender.export(read_export(window, events=events, where=where))

    async def close(self) -> None:
        """Give back the connections."""
        await self._sender.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
