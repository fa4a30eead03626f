"""Sends questions over HTTP; the only room that knows httpx.

Both senders drive the same flows, pages and readers; they differ in how they wait
and in nothing else.
"""

from __future__ import annotations

from mixpanel_query.sending.async_sender import AsyncSender
from mixpanel_query.sending.http import DEFAULT_TIMEOUT
from mixpanel_query.sending.sender import Sender

__all__ = ["DEFAULT_TIMEOUT", "AsyncSender", "Sender"]
