"""Questions about events as a whole, as methods of both clients."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.spans import Span
from mixpanel_query.window import Window

if TYPE_CHECKING:
    from mixpanel_query.events import TopEvent
    from mixpanel_query.names import EventName
    from mixpanel_query.records import Records
    from mixpanel_query.time_series import TimeSeries

__all__ = ["AsyncEventQueries", "EventQueries"]


class EventQueries(Asking):
    """Questions about events as a whole; see `Client`."""

    def events(
        self,
        events: EventName | Iterable[EventName],
        from_date: date | str | None = None,
        to_date: date | str | None = None,
        *,
        type: CountType = "general",
        unit: Unit = "day",
        interval: int | None = None,
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
            interval: How many units to count, back from the current one, which is the
                first of them; instead of the two dates.

        Raises:
            InvalidQueryError: If the question cannot be right; nothing was sent.
            NoAnswerError: If Mixpanel could not be reached or did not answer.
            RefusedError: If Mixpanel said no.
            UnreadableAnswerError: If the answer is not as documented.
        """
        from mixpanel_query.events import count_events

        span = Span.of(from_date, to_date, interval)
        return self._sender.run(
            count_events(events, span, type=type, unit=unit, timezone=self._timezone)
        )

    def top_events(
        self, *, type: CountType = "general", limit: int = 100
    ) -> Records[TopEvent]:
        """Rank today's commonest events, with their change from yesterday.

        https://developer.mixpanel.com/reference/query-top-events

        Args:
            type: What is counted: events, users, or events a user.
            limit: How many events at most.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.events import rank_events

        return self._sender.run(rank_events(type=type, limit=limit))

    def event_names(
        self,
        *,
        type: CountType = "general",
        limit: int = 255,
        from_date: date | str | None = None,
        to_date: date | str | None = None,
    ) -> list[str]:
        """List the commonest events, commonest first.

        https://developer.mixpanel.com/reference/query-months-top-event-names

        Args:
            type: What "commonest" counts: events or users.
            limit: How many names at most; Mixpanel gives up to 5000.
            from_date: First day that counts, in the project's timezone; without both
                days, it is the last 31. Mixpanel takes them, but does not document
                that it does. Days before the year 2000, or before those that the
                project's plan keeps, are refused.
            to_date: Last day that counts.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.events import list_event_names

        window = window_or_none(from_date, to_date)
        return self._sender.run(list_event_names(type=type, limit=limit, window=window))


def window_or_none(
    from_date: date | str | None, to_date: date | str | None
) -> Window | None:
    """Make a window of two dates, if they are given."""
    if from_date is None and to_date is None:
        return None
    if from_date is None or to_date is None:
        problem = f"from_date {from_date} and to_date {to_date}"
        raise InvalidQueryError(f"{problem}; give both dates, or neither")
    return Window.of(from_date, to_date)


class AsyncEventQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def events(
        self,
        events: EventName | Iterable[EventName],
        from_date: date | str | None = None,
        to_date: date | str | None = None,
        *,
        type: CountType = "general",
        unit: Unit = "day",
        interval: int | None = None,
    ) -> TimeSeries:
        """Count several events over time, as `Client.events` does."""
        from mixpanel_query.events import count_events

        span = Span.of(from_date, to_date, interval)
        return await self._sender.run(
            count_events(events, span, type=type, unit=unit, timezone=self._timezone)
        )

    async def top_events(
        self, *, type: CountType = "general", limit: int = 100
    ) -> Records[TopEvent]:
        """Rank today's commonest events, as `Client.top_events` does."""
        from mixpanel_query.events import rank_events

        return await self._sender.run(rank_events(type=type, limit=limit))

    async def event_names(
        self,
        *,
        type: CountType = "general",
        limit: int = 255,
        from_date: date | str | None = None,
        to_date: date | str | None = None,
    ) -> list[str]:
        """List the commonest events, as `Client.event_names` does."""
        from mixpanel_query.events import list_event_names

        window = window_or_none(from_date, to_date)
        return await self._sender.run(
            list_event_names(type=type, limit=limit, window=window)
        )
