"""Saved reports, saved cohorts and activity, as methods of both clients.

What reads them is imported where it is used, as most clients ask for little.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking

if TYPE_CHECKING:
    from mixpanel_query.activity import ActivityEvent
    from mixpanel_query.cohorts import Cohort
    from mixpanel_query.insights import Insight
    from mixpanel_query.parameters import Unit
    from mixpanel_query.projects import Project
    from mixpanel_query.records import Records

__all__ = ["AsyncReportQueries", "ReportQueries"]


class ReportQueries(Asking):
    """Saved reports, saved cohorts and activity; see `Client`."""

    def insights(self, bookmark_id: int, *, unit: Unit | None = None) -> Insight:
        """Ask for what a saved report shows.

        https://developer.mixpanel.com/reference/insights-query

        Args:
            bookmark_id: The number of the report, in the address of its page after
                ``report-``.
            unit: The length of a bucket, if you know it. It is not sent, as the report
                has its own; and the answer does not say it. Where it is left out,
                buckets are days if all of them begin at midnight, else hours.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.insights import ask_insight

        return self._sender.run(
            ask_insight(bookmark_id, unit=unit, timezone=self._timezone)
        )

    def cohorts(self) -> Records[Cohort]:
        """List the cohorts that were saved, in Mixpanel's order.

        Who is in one of them is what ``profiles`` tells.
        https://developer.mixpanel.com/reference/cohorts-list

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.cohorts import list_cohorts

        return self._sender.run(list_cohorts())

    def projects(self) -> Records[Project]:
        """List the projects that the account may ask, with their timezones.

        Mixpanel does not document this call.

        Raises:
            MixpanelQueryError: As `events` does; a project secret is refused.
        """
        from mixpanel_query.projects import list_projects

        return self._sender.run(list_projects())

    def activity(
        self,
        distinct_ids: str | Iterable[str],
        from_date: date | str,
        to_date: date | str,
    ) -> Records[ActivityEvent]:
        """List what users did, one event after another, in order of time.

        Mixpanel keeps this endpoint in maintenance mode, and names no successor;
        `export` has the events of everybody. It answers everything at once.
        https://developer.mixpanel.com/reference/activity-stream-query

        Args:
            distinct_ids: Whose events: one id, or several.
            from_date: First day, in the project's timezone.
            to_date: Last day.

        Raises:
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.activity import ask_activity
        from mixpanel_query.window import Window

        window = Window.of(from_date, to_date)
        return self._sender.run(
            ask_activity(distinct_ids, window, stored=self._stored_timezone)
        )


class AsyncReportQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def insights(self, bookmark_id: int, *, unit: Unit | None = None) -> Insight:
        """Ask for what a saved report shows, as `Client.insights` does."""
        from mixpanel_query.insights import ask_insight

        return await self._sender.run(
            ask_insight(bookmark_id, unit=unit, timezone=self._timezone)
        )

    async def cohorts(self) -> Records[Cohort]:
        """List the cohorts, as `Client.cohorts` does."""
        from mixpanel_query.cohorts import list_cohorts

        return await self._sender.run(list_cohorts())

    async def projects(self) -> Records[Project]:
        """List the projects of the account, as `Client.projects` does."""
        from mixpanel_query.projects import list_projects

        return await self._sender.run(list_projects())

    async def activity(
        self,
        distinct_ids: str | Iterable[str],
        from_date: date | str,
        to_date: date | str,
    ) -> Records[ActivityEvent]:
        """List what users did, as `Client.activity` does."""
        from mixpanel_query.activity import ask_activity
        from mixpanel_query.window import Window

        window = Window.of(from_date, to_date)
        return await self._sender.run(
            ask_activity(distinct_ids, window, stored=self._stored_timezone)
        )
