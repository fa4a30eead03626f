"""JQL: scripts that Mixpanel runs, as methods of both clients."""

from __future__ import annotations

from mixpanel_query.clients.asking import Asking, AsyncAsking

__all__ = ["AsyncJqlQueries", "JqlQueries"]


class JqlQueries(Asking):
    """JQL: scripts that Mixpanel runs; see `Client`."""


class AsyncJqlQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""
