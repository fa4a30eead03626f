"""Questions about events as a whole, as methods of both clients."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.events import count_events, list_event_names
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.time_series import TimeSeries
from mixpanel_query.window import Window

if TYPE_CHECKING:
    from mixpanel_schema import Event

__all__ = ["AsyncEventQueries", "EventQueries"]


class EventQueries(Asking):
    """Questions about events as a whole; see `Client`."""

    def events(
        self,
        events: Event | str | Iterable[Event | str],
        from_date: date | str,
        to_date: date | str,
        *,
        type: CountType = "general",
        unit: Unit = "day",
    ) -> TimeSeries:
        """Count several events over time, with one request.

        https://developer.mixpanel.com/reference/list-recent-events

        Args:
            events: What to count.
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            type: ``general`` counts events, ``unique`` the users who did them,
                ``average`` the events a user.
            unit: Length of a bucket. Mixpanel counts no unique users by the hour.

        Raises:
            InvalidQueryError: If the question cannot be right; nothing was sent.
            NoAnswerError: If Mixpanel could not be reached or did not answer.
            RefusedError: If Mixpanel said no.
            UnreadableAnswerError: If the answer is not as documented.
        """
        window = Window.of(from_date, to_date)
        return self._sender.run(
            count_events(events, window, type=type, unit=unit, timezone=self._timezone)
        )

    def event_names(
        self, *, type: CountType = "general", limit: int = 255
    ) -> list[str]:
        """List the commonest events of the last 31 days, commonest first.

        https://developer.mixpanel.com/reference/query-months-top-event-names

        Args:
            type: What "commonest" counts: events or users.
            limit: How many names at most; Mixpanel gives up to 5000.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        return self._sender.run(list_event_names(type=type, limit=limit))


class AsyncEventQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

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
