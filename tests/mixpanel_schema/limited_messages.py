"""Messages, and the limits that they break."""

from __future__ import annotations

from datetime import datetime, timezone

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
KEY = "0123456789abcdef0123456789abcdef"


def event(**properties: object) -> dict[str, object]:
    """Build an event that breaks no rule but those asked for."""
    whole = {"distinct_id": "u1", "$insert_id": KEY, "time": NOW.timestamp()}
    return {"event": "Paid", "properties": {**whole, **properties}}


def profile(operation: str, body: object, **more: object) -> dict[str, object]:
    """Build a profile update."""
    return {"$token": "t", "$distinct_id": "u1", "$time": 1, operation: body, **more}


def item(**parts: object) -> dict[str, object]:
    """Build an item for Customer.io's batch."""
    return {"type": "person", "action": "event", "identifiers": {"id": "u1"}, **parts}
