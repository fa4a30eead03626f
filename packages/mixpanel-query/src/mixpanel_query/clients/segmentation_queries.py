"""Questions about one event, filtered and broken down, as methods of both clients."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.window import Window

if TYPE_CHECKING:
    from mixpanel_query.expressions import Where
    from mixpanel_query.names import EventName
    from mixpanel_query.number_series import AverageSeries, SumSeries
    from mixpanel_query.segmentation_numbers import NumberUnit
    from mixpanel_query.time_series import TimeSeries
    from mixpanel_schema import Property

__all__ = ["AsyncSegmentationQueries", "SegmentationQueries"]


class SegmentationQueries(Asking):
    """Questions about one event; see `Client`."""

    def segmentation(
        self,
        event: EventName,
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
        from mixpanel_query.segmentation import segment_event

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

    def segmentation_numeric(
        self,
        event: EventName,
        from_date: date | str,
        to_date: date | str,
        on: Property | Where,
        *,
        where: Where | None = None,
        unit: NumberUnit = "day",
        type: CountType = "general",
    ) -> TimeSeries:
        """Count one event over time, by ranges of a number.

        Mixpanel keeps this endpoint in maintenance mode; reports that were saved can
        be asked through https://developer.mixpanel.com/reference/insights-query.
        https://developer.mixpanel.com/reference/segmentation-numeric-query

        Args:
            event: The event.
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            on: Property, or expression, that is a number. The ranges are Mixpanel's,
                and so are their names, such as ``2,000 - 2,100``.
            where: Expression that an event must meet.
            unit: Length of a bucket: hour or day.
            type: ``general`` counts events, ``unique`` the users who did them,
                ``average`` the events a user.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.segmentation_numbers import segment_numbers

        flow = segment_numbers(
            event,
            Window.of(from_date, to_date),
            on,
            where=where,
            unit=unit,
            type=type,
            timezone=self._timezone,
        )
        return self._sender.run(flow)

    def segmentation_sum(
        self,
        event: EventName,
        from_date: date | str,
        to_date: date | str,
        on: Property | Where,
        *,
        where: Where | None = None,
        unit: NumberUnit = "day",
    ) -> SumSeries:
        """Sum a number over the events of each day or hour.

        Mixpanel keeps this endpoint in maintenance mode; reports that were saved can
        be asked through https://developer.mixpanel.com/reference/insights-query.
        https://developer.mixpanel.com/reference/segmentation-sum-query

        Args:
            event: The event.
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            on: Property, or expression, to sum. An event where it is no number adds 0.
            where: Expression that an event must meet.
            unit: Length of a bucket: hour or day.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.segmentation_numbers import sum_numbers

        flow = sum_numbers(
            event,
            Window.of(from_date, to_date),
            on,
            where=where,
            unit=unit,
            timezone=self._timezone,
        )
        return self._sender.run(flow)

    def segmentation_average(
        self,
        event: EventName,
        from_date: date | str,
        to_date: date | str,
        on: Property | Where,
        *,
        where: Where | None = None,
        unit: NumberUnit = "day",
    ) -> AverageSeries:
        """Average a number over the events of each day or hour.

        Mixpanel keeps this endpoint in maintenance mode; reports that were saved can
        be asked through https://developer.mixpanel.com/reference/insights-query.
        https://developer.mixpanel.com/reference/segmentation-query-average

        Args:
            event: The event.
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            on: Property, or expression, to average. An event where it is no number
                counts as 0.
            where: Expression that an event must meet.
            unit: Length of a bucket: hour or day.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.segmentation_numbers import average_numbers

        flow = average_numbers(
            event,
            Window.of(from_date, to_date),
            on,
            where=where,
            unit=unit,
            timezone=self._timezone,
        )
        return self._sender.run(flow)


class AsyncSegmentationQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def segmentation(
        self,
        event: EventName,
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
        from mixpanel_query.segmentation import segment_event

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

    async def segmentation_numeric(
        self,
        event: EventName,
        from_date: date | str,
        to_date: date | str,
        on: Property | Where,
        *,
        where: Where | None = None,
        unit: NumberUnit = "day",
        type: CountType = "general",
    ) -> TimeSeries:
        """Count by ranges of a number, as `Client.segmentation_numeric` does."""
        from mixpanel_query.segmentation_numbers import segment_numbers

        flow = segment_numbers(
            event,
            Window.of(from_date, to_date),
            on,
            where=where,
            unit=unit,
            type=type,
            timezone=self._timezone,
        )
        return await self._sender.run(flow)

    async def segmentation_sum(
        self,
        event: EventName,
        from_date: date | str,
        to_date: date | str,
        on: Property | Where,
        *,
        where: Where | None = None,
        unit: NumberUnit = "day",
    ) -> SumSeries:
        """Sum a number of an event, as `Client.segmentation_sum` does."""
        from mixpanel_query.segmentation_numbers import sum_numbers

        flow = sum_numbers(
            event,
            Window.of(from_date, to_date),
            on,
            where=where,
            unit=unit,
            timezone=self._timezone,
        )
        return await self._sender.run(flow)

    async def segmentation_average(
        self,
        event: EventName,
        from_date: date | str,
        to_date: date | str,
        on: Property | Where,
        *,
        where: Where | None = None,
        unit: NumberUnit = "day",
    ) -> AverageSeries:
        """Average a number of an event, as `Client.segmentation_average` does."""
        from mixpanel_query.segmentation_numbers import average_numbers

        flow = average_numbers(
            event,
            Window.of(from_date, to_date),
            on,
            where=where,
            unit=unit,
            timezone=self._timezone,
        )
        return await self._sender.run(flow)
