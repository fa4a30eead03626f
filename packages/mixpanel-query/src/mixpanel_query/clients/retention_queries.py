"""Questions about users who come back, as methods of both clients.

What reads them is imported where it is used, as most clients ask for little.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking

if TYPE_CHECKING:
    from mixpanel_query.expressions import Where
    from mixpanel_query.frequency import AddictionUnit, Frequency, FrequencyUnit
    from mixpanel_query.names import EventName
    from mixpanel_query.retained_users import Retention
    from mixpanel_query.retention import RetentionType, RetentionUnit
    from mixpanel_schema import Property

__all__ = ["AsyncRetentionQueries", "RetentionQueries"]


class RetentionQueries(Asking):
    """Questions about users who come back; see `Client`."""

    def retention(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        retention_type: RetentionType = "birth",
        born_event: EventName | None = None,
        event: EventName | None = None,
        born_where: Where | None = None,
        where: Where | None = None,
        interval: int | None = None,
        interval_count: int | None = None,
        unit: RetentionUnit | None = None,
        unbounded_retention: bool = False,
        on: Property | Where | None = None,
        limit: int | None = None,
    ) -> Retention:
        """Count users who came back, by the day, week or month in which they began.

        https://developer.mixpanel.com/reference/retention-query

        Args:
            from_date: First day on which somebody may begin, in the project's
                timezone.
            to_date: Last such day.
            retention_type: With ``birth`` users begin with the born event ("First
                time" in Mixpanel's reports); with ``compounded`` they begin whenever
                they do the event ("Recurring").
            born_event: What users begin with; needed for ``birth``, and only there.
            event: What they come back to do; any event, where left out.
            born_where: Expression that the born event must meet; only for ``birth``.
            where: Expression that the event must meet. Both are sent as they are.
            interval: Days in an interval, up to 90, instead of ``unit``.
            interval_count: How many intervals are counted after number 0; 1 where
                left out.
            unit: Length of an interval. Where it and ``interval`` are left out, it is
                24 hours from the moment when somebody began.
            unbounded_retention: Whether those who come back later are counted in all
                intervals before, too.
            on: Property of the event, or expression, to break the counts down by.
            limit: How many segments at most.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.retention import ask_retention
        from mixpanel_query.window import Window

        flow = ask_retention(
            Window.of(from_date, to_date),
            retention_type=retention_type,
            born_event=born_event,
            event=event,
            born_where=born_where,
            where=where,
            interval=interval,
            interval_count=interval_count,
            unit=unit,
            unbounded_retention=unbounded_retention,
            on=on,
            limit=limit,
        )
        return self._sender.run(flow)

    def frequency(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        unit: FrequencyUnit = "day",
        addiction_unit: AddictionUnit = "hour",
        event: EventName | None = None,
        where: Where | None = None,
        on: Property | Where | None = None,
        limit: int | None = None,
    ) -> Frequency:
        """Count in how many hours or days of each period users were active.

        https://developer.mixpanel.com/reference/retention-frequency-query

        Args:
            from_date: First day counted, in the project's timezone.
            to_date: Last day counted.
            unit: Length of a period.
            addiction_unit: What is counted inside a period.
            event: What users must do to be active; any event, where left out.
            where: Expression that the event must meet. It is sent as it is.
            on: Property of the event, or expression, to break the counts down by.
            limit: How many segments at most.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.frequency import ask_frequency
        from mixpanel_query.window import Window

        flow = ask_frequency(
            Window.of(from_date, to_date),
            unit=unit,
            addiction_unit=addiction_unit,
            event=event,
            where=where,
            on=on,
            limit=limit,
        )
        return self._sender.run(flow)


class AsyncRetentionQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def retention(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        retention_type: RetentionType = "birth",
        born_event: EventName | None = None,
        event: EventName | None = None,
        born_where: Where | None = None,
        where: Where | None = None,
        interval: int | None = None,
        interval_count: int | None = None,
        unit: RetentionUnit | None = None,
        unbounded_retention: bool = False,
        on: Property | Where | None = None,
        limit: int | None = None,
    ) -> Retention:
        """Count users who came back, as `Client.retention` does."""
        from mixpanel_query.retention import ask_retention
        from mixpanel_query.window import Window

        flow = ask_retention(
            Window.of(from_date, to_date),
            retention_type=retention_type,
            born_event=born_event,
            event=event,
            born_where=born_where,
            where=where,
            interval=interval,
            interval_count=interval_count,
            unit=unit,
            unbounded_retention=unbounded_retention,
            on=on,
            limit=limit,
        )
        return await self._sender.run(flow)

    async def frequency(
        self,
        from_date: date | str,
        to_date: date | str,
        *,
        unit: FrequencyUnit = "day",
        addiction_unit: AddictionUnit = "hour",
        event: EventName | None = None,
        where: Where | None = None,
        on: Property | Where | None = None,
        limit: int | None = None,
    ) -> Frequency:
        """Count in how many hours or days users were active, as `Client` does."""
        from mixpanel_query.frequency import ask_frequency
        from mixpanel_query.window import Window

        flow = ask_frequency(
            Window.of(from_date, to_date),
            unit=unit,
            addiction_unit=addiction_unit,
            event=event,
            where=where,
            on=on,
            limit=limit,
        )
        return await self._sender.run(flow)
