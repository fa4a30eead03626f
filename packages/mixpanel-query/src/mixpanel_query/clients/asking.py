"""What the methods of the clients ask with."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixpanel_query.sending import AsyncSender, Sender

__all__ = ["Asking", "AsyncAsking"]


class Asking:
    """A client that waits: it has a sender, and perhaps timezones.

    The stored timezone is that of the clocks which event times show; None for UTC.
    """

    _sender: Sender
    _timezone: tzinfo | None
    _stored_timezone: tzinfo | None


class AsyncAsking:
    """A client that awaits: it has a sender, and perhaps timezones."""

    _sender: AsyncSender
    _timezone: tzinfo | None
    _stored_timezone: tzinfo | None
