"""One event of a raw export."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from mixpanel_query.event_clock import UTC_SECONDS, EventClock

if TYPE_CHECKING:
    from mixpanel_query.event_rows import EventFormat, EventRow

__all__ = ["ExportedEvent", "exported", "read_event"]


class ExportedEvent:
    """An event as Mixpanel stored it; it cannot be changed.

    Time and properties are worked out when they are asked for; that they can be was
    checked before.

    Attributes:
        event: Name of the event.
        distinct_id: Who did it, as far as Mixpanel had worked that out; None if the
            row does not say. An id may still be an older one of a user whose ids
            were merged.
        time: When it happened, in UTC. Where the client knows that a project stores
            local time, this is set right; ``properties`` have what is stored.
        insert_id: What tells it from a copy of itself; None if the row has none.
        properties: Everything else the row says and all of the above, under
            Mixpanel's own names, unchanged.
    """

    __slots__ = ("_format", "_line", "_properties", "_row")

    _format: EventFormat | GivenTime
    _line: bytes
    _properties: Mapping[str, object] | None
    _row: EventRow

    def __init__(
        self,
        event: str,
        distinct_id: str | None,
        time: datetime,
        insert_id: str | None,
        properties: Mapping[str, object],
    ) -> None:
        from mixpanel_query.event_rows import EventFields, EventRow

        fields = EventFields(time.timestamp(), distinct_id, insert_id)
        self._row = EventRow(event, fields)
        self._format = GivenTime(time)
        self._properties = properties
        self._line = b""

    @property
    def event(self) -> str:
        """Name of the event."""
        return self._row.event

    @property
    def distinct_id(self) -> str | None:
        """Who did it, as far as Mixpanel had worked that out; None if unsaid."""
        user = self._row.properties.distinct_id
        return user if user is None or isinstance(user, str) else str(user)

    @property
    def insert_id(self) -> str | None:
        """What tells the event from a copy of itself; None if the row has none."""
        insert_id = self._row.properties.insert_id
        if insert_id is None or isinstance(insert_id, str):
            return insert_id
        return str(insert_id)

    @property
    def time(self) -> datetime:
        """When it happened, in UTC."""
        return self._format.moment(self._row.properties.time)

    @property
    def properties(self) -> Mapping[str, object]:
        """Everything that the row says, under Mixpanel's own names, unchanged."""
        if self._properties is None:
            self._properties = self._format.properties(self._line)
        return self._properties

    @property
    def raw(self) -> bytes:
        """The line as Mixpanel sent it, without its end.

        An event that was not exported gives the line that an export would have.
        """
        if self._line:
            return self._line.strip()
        return json.dumps(self.to_dict(), separators=(",", ":")).encode()

    def to_dict(self) -> dict[str, object]:
        """Return the row as it was exported, for JSON Lines."""
        return {"event": self.event, "properties": dict(self.properties)}

    def __eq__(self, other: object) -> bool:
        """Tell whether all of it is the same; how it is spelled does not matter."""
        if not isinstance(other, ExportedEvent):
            return NotImplemented
        return self._values() == other._values()

    __hash__ = None  # type: ignore[assignment]  # it holds a mapping

    def __repr__(self) -> str:
        names = ("event", "distinct_id", "time", "insert_id", "properties")
        values = zip(names, self._values(), strict=True)
        return f"ExportedEvent({', '.join(f'{name}={v!r}' for name, v in values)})"

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes as the line that it was, where it was one."""
        if isinstance(self._format, GivenTime):
            return ExportedEvent, self._values()
        return read_event, (self._line, self._format.clock)

    def _values(self) -> tuple[object, ...]:
        """Return what it was made of, or could have been."""
        own = (self.event, self.distinct_id, self.time, self.insert_id)
        return (*own, self.properties)


class GivenTime:
    """The time of an event that was made of its parts."""

    def __init__(self, time: datetime) -> None:
        self._time = time

    def moment(self, _: float) -> datetime:
        """Return the time."""
        return self._time

    def properties(self, _: bytes) -> Mapping[str, object]:
        """Return nothing, as the properties were given too."""
        return {}


def exported(
    lines: Iterable[bytes],
    rows: Iterable[EventRow],
    rows_format: EventFormat,
    properties: Iterable[Mapping[str, object] | None],
) -> Iterator[ExportedEvent]:
    """Yield the events of lines that were decoded already, as many as all have.

    Properties are None where they are to be decoded when they are asked for.
    """
    new = ExportedEvent.__new__
    for line, row, decoded in zip(lines, rows, properties):  # noqa: B905 - of one length
        event = new(ExportedEvent)
        event._line, event._row, event._format = line, row, rows_format
        event._properties = decoded
        yield event


def read_event(line: bytes, clock: EventClock = UTC_SECONDS) -> ExportedEvent:
    """Read one line of an export.

    Args:
        line: The line; spaces and an end of it do not matter.
        clock: What its time counts.

    Raises:
        ValueError: If it is not an event with a name, properties and a time.

    >>> row = b'{"event":"Sign Up","properties":{"time":1602611311,"distinct_id":"7"}}'
    >>> read_event(row).time.isoformat()
    '2020-10-13T17:48:31+00:00'
    """
    from mixpanel_query.event_rows import EventFormat

    rows_format = EventFormat(clock)
    rows = rows_format.one(line).rows
    return next(exported([line], rows, rows_format, [None]))
