"""Saved reports, saved cohorts and activity, as methods of both clients."""

from __future__ import annotations

from mixpanel_query.clients.asking import Asking, AsyncAsking
from mixpanel_query.cohorts import Cohort, list_cohorts
from mixpanel_query.records import Records

__all__ = ["AsyncReportQueries", "ReportQueries"]


class ReportQueries(Asking):
    """Saved reports, saved cohorts and activity; see `Client`."""

    def cohorts(self) -> Records[Cohort]:
        """List the cohorts that were saved, in Mixpanel's order.

        Who is in one of them is what ``profiles`` tells.
        https://developer.mixpanel.com/reference/cohorts-list

        Raises:
            MixpanelQueryError: As `events` does.
        """
        return self._sender.run(list_cohorts())


class AsyncReportQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def cohorts(self) -> Records[Cohort]:
        """List the cohorts, as `Client.cohorts` does."""
        return await self._sender.run(list_cohorts())
