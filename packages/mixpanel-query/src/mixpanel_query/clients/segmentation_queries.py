"""Questions about one event, filtered and broken down, as methods of both clients."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.expressions import Where
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.segmentation import segment_event
from mixpanel_query.time_series import TimeSeries
from mixpanel_query.window import Window

if TYPE_CHECKING:
    from mixpanel_schema import Event, Property

__all__ = ["AsyncSegmentationQueries", "SegmentationQueries"]


class SegmentationQueries(Asking):
    """Questions about one event; see `Client`."""

    def segmentation(
        self,
        event: Event | str,
        from_date: date | str,
        to_date: date | str,
        *,
        on: Property | Where | None = None,
        where: Where | None = None,
        unit: Unit = "day",
        interval: int | None = None,
        type: CountType = "general",
        limit: int | None = None,
    ) -> TimeSeries:
        """Count one event over time, filtered and broken down.

        Mixpanel keeps this endpoint in maintenance mode; reports that were saved can
        be asked through https://developer.mixpanel.com/reference/insights-query.
        https://developer.mixpanel.com/reference/segmentation-query

        Args:
            event: What to count.
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            on: Property, or expression such as ``properties["plan"]``, to break the
                counts down by; the values of the result are then its segments.
            where: Expression that an event must meet, such as
                ``properties["plan"] == "pro"``. It is sent as it is.
            unit: Length of a bucket: minute, hour, day or month.
            interval: Length of a bucket in days, instead of ``unit``; for unique
                and average counts only. A bucket is known by its first day.
            type: ``general`` counts events, ``unique`` the users who did them,
                ``average`` the events a user.
            limit: How many segments at most, the largest first; Mixpanel gives 60
                if it is not said, and up to 10000.

        Raises:
            MixpanelQueryError: As `events` does.
        """
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
        return self._sender.run(flow)


class AsyncSegmentationQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def segmentation(
        self,
        event: Event | str,
        from_date: date | str,
        to_date: date | str,
        *,
        on: Property | Where | None = None,
        where: Where | None = None,
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
