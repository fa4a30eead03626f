"""Where messages go."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Destination"]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where messages go, and within which bounds.

    Attributes:
        base_url: The service, such as ``https://api.mixpanel.com``.
        queue_size: Messages that may wait in memory.
        request_timeout: Seconds that a post may take.
        flush_timeout: Seconds that the exit of the process waits.
    """

    base_url: str
    queue_size: int = 100_000
    request_timeout: float = 10.0
    flush_timeout: float = 5.0
