"""Questions about the properties of one event, as methods of both clients."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.spans import Span

if TYPE_CHECKING:
    from mixpanel_query.event_properties import TopProperty
    from mixpanel_query.names import EventName
    from mixpanel_query.records import Records
    from mixpanel_query.time_series import TimeSeries
    from mixpanel_schema import Property

__all__ = ["AsyncPropertyQueries", "PropertyQueries"]


class PropertyQueries(Asking):
    """Questions about the properties of one event; see `Client`."""

    def event_properties(
        self,
        event: EventName,
        name: Property | str,
        from_date: date | str | None = None,
        to_date: date | str | None = None,
        *,
        values: Iterable[str] | None = None,
        type: CountType = "general",
        unit: Unit = "day",
        interval: int | None = None,
        limit: int = 255,
    ) -> TimeSeries:
        """Count the values of one property of one event over time.

        https://developer.mixpanel.com/reference/query-event-properties

        Args:
            event: What to count.
            name: The property whose values it is counted by.
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            values: The values to count, as `property_values` lists them; the
                commonest, where left out. One that Mixpanel leaves out counts as 0.
            type: ``general`` counts events, ``unique`` the users who did them,
                ``average`` the events a user.
            unit: Length of a bucket. Mixpanel counts no unique users by the hour.
            interval: How many units to count, back from the current one, which is the
                first of them; instead of the two dates.
            limit: How many values at most.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.event_properties import count_property_values

        flow = count_property_values(
            event,
            name,
            Span.of(from_date, to_date, interval),
            values=values,
            type=type,
            unit=unit,
            limit=limit,
            timezone=self._timezone,
        )
        return self._sender.run(flow)

    def property_names(
        self, event: EventName, *, limit: int = 10
    ) -> Records[TopProperty]:
        """List the commonest properties of an event, commonest first.

        https://developer.mixpanel.com/reference/query-events-top-properties

        Args:
            event: Whose properties.
            limit: How many properties at most.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.event_properties import list_property_names

        return self._sender.run(list_property_names(event, limit=limit))

    def property_values(
        self, event: EventName, name: Property | str, *, limit: int = 255
    ) -> list[str]:
        """List the commonest values of a property of an event, as text.

        https://developer.mixpanel.com/reference/query-events-top-property-values

        Args:
            event: The event.
            name: Its property.
            limit: How many values at most.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.event_properties import list_property_values

        return self._sender.run(list_property_values(event, name, limit=limit))


class AsyncPropertyQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def event_properties(
        self,
        event: EventName,
        name: Property | str,
        from_date: date | str | None = None,
        to_date: date | str | None = None,
        *,
        values: Iterable[str] | None = None,
        type: CountType = "general",
        unit: Unit = "day",
        interval: int | None = None,
        limit: int = 255,
    ) -> TimeSeries:
        """Count the values of a property, as `Client.event_properties` does."""
        from mixpanel_query.event_properties import count_property_values

        flow = count_property_values(
            event,
            name,
            Span.of(from_date, to_date, interval),
            values=values,
            type=type,
            unit=unit,
            limit=limit,
            timezone=self._timezone,
        )
        return await self._sender.run(flow)

    async def property_names(
        self, event: EventName, *, limit: int = 10
    ) -> Records[TopProperty]:
        """List the commonest properties, as `Client.property_names` does."""
        from mixpanel_query.event_properties import list_property_names

        return await self._sender.run(list_property_names(event, limit=limit))

    async def property_values(
        self, event: EventName, name: Property | str, *, limit: int = 255
    ) -> list[str]:
        """List the commonest values, as `Client.property_values` does."""
        from mixpanel_query.event_properties import list_property_values

        return await self._sender.run(list_property_values(event, name, limit=limit))
