"""Profiles, and what single users did, as methods of both clients."""

from __future__ import annotations

from mixpanel_query.clients.asking import Asking, AsyncAsking

__all__ = ["AsyncProfileQueries", "ProfileQueries"]


class ProfileQueries(Asking):
    """Profiles, and what single users did; see `Client`."""


class AsyncProfileQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""
