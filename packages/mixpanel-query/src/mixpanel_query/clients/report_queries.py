"""Reports on users over time, as methods of both clients."""

from __future__ import annotations

from mixpanel_query.clients.asking import Asking, AsyncAsking

__all__ = ["AsyncReportQueries", "ReportQueries"]


class ReportQueries(Asking):
    """Reports: funnels, retention, frequency, saved reports, cohorts; see `Client`."""


class AsyncReportQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""
