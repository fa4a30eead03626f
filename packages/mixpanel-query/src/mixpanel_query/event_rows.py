"""The lines of an export, as msgspec decodes them: fast, and as strictly as json.

Of a line only what every event is asked for becomes Python values. Everything else is
checked to be JSON, and decoded when somebody asks for it. What msgspec refuses json has
the last word on, as it knows more: half characters, for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, filterfalse, islice, repeat
from operator import attrgetter, itemgetter
from typing import Final, TypeAlias

import msgspec

from mixpanel_query.answers import load_json
from mixpanel_query.event_clock import EventClock

__all__ = ["EventFields", "EventFormat", "EventRow", "EventRows", "properties_of"]

Id: TypeAlias = str | int | float | None

# A number of more digits than Python reads at once is only in longer lines.
LONG: Final = 4096
# Events of a batch whose properties wait until they are asked for.
PROBE: Final = 8


class EventFields(
    msgspec.Struct, rename={"insert_id": "$insert_id"}, gc=False, frozen=True
):
    """What is read of the properties of every event."""

    time: int | float
    distinct_id: Id = None
    insert_id: Id = None


class EventRow(msgspec.Struct, gc=False, frozen=True):
    """What is read of every line."""

    event: str
    properties: EventFields


class AllProperties(msgspec.Struct, gc=False):
    """A line, for all it says."""

    event: str
    properties: dict  # type: ignore[type-arg]  # decoded faster than with types


decode_row: Final = msgspec.json.Decoder(EventRow).decode
decode_all: Final = msgspec.json.Decoder(AllProperties).decode
names_of: Final = attrgetter("event")
fields_of: Final = attrgetter("properties")
TIME_IN: Final = itemgetter("time")
TIME_TYPES: Final = frozenset((int, float))
ID_TYPES: Final = frozenset((str, int, float, type(None)))
times_of: Final = attrgetter("time")
users_of: Final = attrgetter("distinct_id")
insert_ids_of: Final = attrgetter("insert_id")


@dataclass(frozen=True, slots=True)
class EventRows:
    """Lines that are events, and columns of what tells them apart."""

    lines: Sequence[bytes]
    rows: Sequence[EventRow]
    names: Sequence[str]
    times: Sequence[float]
    users: Sequence[Id]
    insert_ids: Sequence[Id]
    # None where they wait until somebody asks.
    properties: Iterable[dict[str, object] | None] = repeat(None)

    @classmethod
    def of(cls, lines: Sequence[bytes], rows: Sequence[EventRow]) -> EventRows:
        """Make the columns of rows; loops without a step of Python each."""
        fields = list(map(fields_of, rows))
        return cls(
            lines,
            rows,
            list(map(names_of, rows)),
            list(map(times_of, fields)),
            list(map(users_of, fields)),
            list(map(insert_ids_of, fields)),
        )

    def only(self, wanted: Sequence[bool]) -> EventRows:
        """Return the rows that are wanted, up to the last of which it is said."""
        columns = (getattr(self, name) for name in self.__slots__)
        return EventRows(*(list(compress(column, wanted)) for column in columns))


class EventFormat:
    """Decodes the lines of one export.

    Args:
        clock: What its times count.
    """

    def __init__(self, clock: EventClock) -> None:
        self.clock = clock
        self.moment = clock.moment
        self._first, self._last = clock.first, clock.last
        # Of how many of the events handed over last properties were to be decoded when
        # they are asked for, and how many were.
        self._left, self._asked = 1, 0

    def usual(self, lines: Sequence[bytes]) -> EventRows | None:
        """Decode lines all at once; None if one of them is unusual, or no event."""
        if not lines or max(map(len, lines)) >= LONG:
            return None
        try:
            for line in filterfalse(bytes.isascii, lines):
                line.decode()  # which msgspec checks only in what it decodes
            rows = self._whole(lines)
            if rows is None:
                rows = EventRows.of(lines, list(map(decode_row, lines)))
        except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
            return None
        is_usual = self._first <= min(rows.times) and max(rows.times) < self._last
        return rows if is_usual else None

    def one(self, line: bytes) -> EventRows:
        """Decode one line, which may be unusual.

        Raises:
            ValueError: If it is not an event with a name, properties and a time.
        """
        usual = self.usual([line])
        return usual or EventRows.of([line], [read_row(line, self.clock)])

    def properties(self, line: bytes) -> dict[str, object]:
        """Decode the properties of a line that is an event, which asks for them."""
        self._asked += 1
        return properties_of(line)

    def hand_over(self, rows: EventRows) -> Iterable[dict[str, object] | None]:
        """Return the properties of rows whose events are handed over next.

        Returns:
            The properties of each row, in order; None where they wait.
        """
        if rows.lines:
            count = len(rows.lines)
            self._left = list(islice(rows.properties, count)).count(None)
            self._asked = 0
        return rows.properties

    def _whole(self, lines: Sequence[bytes]) -> EventRows | None:
        """Decode lines with all their properties; None where one may be unusual.

        Decoding many at once takes half the time. A few wait until somebody asks, as a
        probe: who asked for all of these will ask for all of the next ones.
        """
        if self._asked < self._left or len(lines) <= PROBE:
            return None
        try:
            decoded = list(map(decode_all, lines))
            properties = list(map(fields_of, decoded))
            times = list(map(TIME_IN, properties))
        except (ValueError, RecursionError, KeyError):
            return None
        users = list(map(dict.get, properties, repeat("distinct_id")))
        insert_ids = list(map(dict.get, properties, repeat("$insert_id")))
        ids = {*map(type, users), *map(type, insert_ids)}
        if not (TIME_TYPES.issuperset(map(type, times)) and ids <= ID_TYPES):
            return None
        names = list(map(names_of, decoded))
        rows = list(map(EventRow, names, map(EventFields, times, users, insert_ids)))
        waiting = [*repeat(None, PROBE), *properties[PROBE:]]
        return EventRows(lines, rows, names, times, users, insert_ids, waiting)


def properties_of(line: bytes) -> dict[str, object]:
    """Decode the properties of a line that is an event."""
    try:
        return decode_all(line).properties
    except (ValueError, RecursionError):
        row = load_json(line)
    properties: dict[str, object] = {}
    if isinstance(row, dict):
        properties = row["properties"]
    return properties


def read_row(line: bytes, clock: EventClock) -> EventRow:
    """Decode one line in full, which tells what is wrong with it.

    Raises:
        ValueError: If it is not an event with a name, properties and a time.
    """
    row = load_json(line)
    if not isinstance(row, dict):
        raise ValueError("not an event")
    name, properties = row.get("event"), row.get("properties")
    if not isinstance(name, str) or not isinstance(properties, dict):
        raise ValueError("not an event with properties")
    time = properties.get("time")
    if isinstance(time, bool) or not isinstance(time, (int, float)):
        raise ValueError("an event without a time")
    clock.moment(time)
    ids = properties.get("distinct_id"), properties.get("$insert_id")
    return EventRow(name, EventFields(time, *ids))
