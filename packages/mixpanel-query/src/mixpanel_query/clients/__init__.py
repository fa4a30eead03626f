"""The two clients: one waits for its answers, the other awaits them.

What they can be asked stands in ``…_queries``, a class for each client side by side.
Methods check and hand over to the questions, which both clients share.
"""

from __future__ import annotations

from mixpanel_query.clients.async_client import AsyncClient
from mixpanel_query.clients.client import Client

__all__ = ["AsyncClient", "Client"]
