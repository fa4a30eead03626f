"""One event of a raw export, and what tells it from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import blake2b
from typing import Final

from mixpanel_query.answers import load_json

__all__ = ["ExportedEvent", "event_key", "read_event"]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class ExportedEvent:
    """An event as Mixpanel stored it.

    Attributes:
        event: Name of the event.
        distinct_id: Who did it, as far as Mixpanel had worked that out; None if the
            row does not say. An id may still be an older one of a user whose ids
            were merged.
        time: When it happened, in UTC. In projects from before 2023 Mixpanel shifts
            it to the project's timezone.
        insert_id: What tells it from a copy of itself; None if the row has none.
        properties: Everything else the row says and all of the above, under
            Mixpanel's own names, unchanged.
    """

    event: str
    distinct_id: str | None
    time: datetime
    insert_id: str | None
    properties: Mapping[str, object]

    def to_dict(self) -> dict[str, object]:
        """Return the row as it was exported, for JSON Lines."""
        return {"event": self.event, "properties": dict(self.properties)}


def read_event(line: bytes) -> ExportedEvent:
    """Read one line of an export.

    Raises:
        ValueError: If it is not an event with a name, properties and a time.

    >>> row = b'{"event":"Sign Up","properties":{"time":1602611311,"distinct_id":"7"}}'
    >>> read_event(row).time.isoformat()
    '2020-10-13T17:48:31+00:00'
    """
    row = load_json(line)
    if not isinstance(row, dict):
        raise ValueError("not an event")
    name, properties = row.get("event"), row.get("properties")
    if not isinstance(name, str) or not isinstance(properties, dict):
        raise ValueError("not an event with properties")
    return ExportedEvent(
        name,
        text_of(properties.get("distinct_id")),
        read_time(properties.get("time")),
        text_of(properties.get("$insert_id")),
        properties,
    )


def text_of(value: object) -> str | None:
    """Return an id as text; old libraries sent numbers."""
    return value if value is None or isinstance(value, str) else str(value)


def read_time(seconds: object) -> datetime:
    """Return the moment that a row's ``time`` stands for."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ValueError("an event without a time")
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError as error:
        raise ValueError(f"an event with the time {seconds}") from error


def event_key(event: ExportedEvent) -> bytes | None:
    """Return 16 bytes that two copies of one event share; None without an insert id.

    Copies agree in event, distinct_id, time and insert id:
    https://developer.mixpanel.com/reference/event-deduplication
    """
    if event.insert_id is None:
        return None
    parts = (event.event, event.distinct_id, event.properties["time"], event.insert_id)
    return blake2b(repr(parts).encode("utf-8"), digest_size=16).digest()
