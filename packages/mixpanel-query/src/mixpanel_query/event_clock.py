"""What the times of exported events count, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final

from mixpanel_query.timezones import real_time

__all__ = ["UTC_SECONDS", "EventClock"]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Python's datetimes end with the years 1 and 9999; timezones need a day of room.
FIRST: Final = -62135596800 + 86400
LAST: Final = 253402300800 - 86400


@dataclass(frozen=True, slots=True)
class EventClock:
    """Makes moments of the numbers that an export has for times.

    Attributes:
        in_milliseconds: Whether they count milliseconds, not seconds.
        zone: The timezone whose clocks they show, in projects from before 2023; None
            for UTC.

    >>> EventClock(in_milliseconds=True).moment(1_602_611_311_250).isoformat()
    '2020-10-13T17:48:31.250000+00:00'
    """

    in_milliseconds: bool = False
    zone: tzinfo | None = None

    @property
    def first(self) -> int:
        """Number from which on every moment can be told."""
        return FIRST * (1000 if self.in_milliseconds else 1)

    @property
    def last(self) -> int:
        """Number from which on no moment is sure to be told."""
        return LAST * (1000 if self.in_milliseconds else 1)

    def moment(self, time: float) -> datetime:
        """Return the moment, in UTC, that a number stands for.

        Raises:
            ValueError: If it is before the year 1, or after the year 9999.
        """
        try:
            if self.in_milliseconds:
                stored = EPOCH + timedelta(0, 0, 0, time)
            else:
                stored = EPOCH + timedelta(0, time)
        except (OverflowError, ValueError) as error:
            raise ValueError(f"an event with the time {time}") from error
        return stored if self.zone is None else real_time(stored, self.zone)


UTC_SECONDS: Final = EventClock()
