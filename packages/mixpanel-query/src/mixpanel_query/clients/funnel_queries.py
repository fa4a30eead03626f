"""Questions about funnels, as methods of both clients.

What reads them is imported where it is used, as most clients ask for little.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from mixpanel_query.clients.asking import Asking, AsyncAsking

if TYPE_CHECKING:
    from mixpanel_query.expressions import Where
    from mixpanel_query.funnel_steps import Funnel
    from mixpanel_query.funnels import LengthUnit, SavedFunnel
    from mixpanel_query.records import Records
    from mixpanel_schema import Property

__all__ = ["AsyncFunnelQueries", "FunnelQueries"]


class FunnelQueries(Asking):
    """Questions about funnels; see `Client`."""

    def funnels(self) -> Records[SavedFunnel]:
        """List the funnels that were saved, in Mixpanel's order.

        Mixpanel keeps this endpoint in maintenance mode; it names no successor.
        https://developer.mixpanel.com/reference/funnels-list-saved

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.funnels import list_funnels

        return self._sender.run(list_funnels())

    def funnel(
        self,
        funnel_id: int,
        from_date: date | str,
        to_date: date | str,
        *,
        length: int | None = None,
        length_unit: LengthUnit | None = None,
        interval: int | None = None,
        unit: Literal["day", "week", "month"] | None = None,
        on: Property | Where | None = None,
        where: Where | None = None,
        limit: int | None = None,
    ) -> Funnel:
        """Count who took the steps of a saved funnel, one after another.

        Mixpanel keeps this endpoint in maintenance mode; reports that were saved can
        be asked with `insights`.
        https://developer.mixpanel.com/reference/funnels-query

        Args:
            funnel_id: The number of the funnel, as `funnels` lists it.
            from_date: First day on which somebody may take the first step, in the
                project's timezone.
            to_date: Last such day. The other steps may be taken after it.
            length: How long a user may take from the first step to the last; at most
                90 days. As it was saved, where left out.
            length_unit: What ``length`` is measured in. As it was saved, where left
                out.
            interval: Days in a bucket; 1 where it is left out, and ``unit`` too.
            unit: Length of a bucket, instead of ``interval``.
            on: Property, or expression such as ``properties["plan"]``, to break the
                counts down by.
            where: Expression that an event must meet. It is sent as it is.
            limit: How many segments at most; Mixpanel gives 255 if it is not said,
                and up to 10000.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.funnels import ask_funnel
        from mixpanel_query.window import Window

        flow = ask_funnel(
            funnel_id,
            Window.of(from_date, to_date),
            length=length,
            length_unit=length_unit,
            interval=interval,
            unit=unit,
            on=on,
            where=where,
            limit=limit,
        )
        return self._sender.run(flow)


class AsyncFunnelQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def funnels(self) -> Records[SavedFunnel]:
        """List the funnels, as `Client.funnels` does."""
        from mixpanel_query.funnels import list_funnels

        return await self._sender.run(list_funnels())

    async def funnel(
        self,
        funnel_id: int,
        from_date: date | str,
        to_date: date | str,
        *,
        length: int | None = None,
        length_unit: LengthUnit | None = None,
        interval: int | None = None,
        unit: Literal["day", "week", "month"] | None = None,
        on: Property | Where | None = None,
        where: Where | None = None,
        limit: int | None = None,
    ) -> Funnel:
        """Count who took the steps of a funnel, as `Client.funnel` does."""
        from mixpanel_query.funnels import ask_funnel
        from mixpanel_query.window import Window

        flow = ask_funnel(
            funnel_id,
            Window.of(from_date, to_date),
            length=length,
            length_unit=length_unit,
            interval=interval,
            unit=unit,
            on=on,
            where=where,
            limit=limit,
        )
        return await self._sender.run(flow)
