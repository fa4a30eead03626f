"""What a project has defined, as methods of both clients."""

from __future__ import annotations

from mixpanel_query.clients.asking import Asking, AsyncAsking

__all__ = ["AsyncDefinitionQueries", "DefinitionQueries"]


class DefinitionQueries(Asking):
    """What a project has defined: its Lexicon, its annotations; see `Client`."""


class AsyncDefinitionQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""
