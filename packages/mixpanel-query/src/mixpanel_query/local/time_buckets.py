"""Buckets of time: what one point of an answer covers.

Days, weeks and months begin at midnight of the project's timezone, which is 23 or 25
hours after the midnight before it when the clocks are changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from math import gcd
from zoneinfo import ZoneInfo

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "TimeBuckets",
    "buckets_of_dates",
    "date_buckets",
    "every_days",
    "local_time",
    "midnight_ms",
    "month_start",
    "week_start",
]

# A day has 1,440 minutes; more points than this are a mistake, or an attack.
MOST_BUCKETS = 100_000
# Enough for the hours of ten years.
MOST_SLOTS = 100_000


@dataclass(frozen=True, slots=True)
class TimeBuckets:
    """Buckets that follow each other without a gap.

    Attributes:
        starts_ms: First instant of each bucket, in epoch milliseconds, ascending.
        end_ms: First instant after the last bucket.
        labels: Name of each bucket: ``YYYY-MM-DD``, the bucket's first day, or, for
            hours and minutes, the local time with its UTC offset.
    """

    starts_ms: tuple[int, ...]
    end_ms: int
    labels: tuple[str, ...]

    def containing(self, instants_ms: Iterable[int]) -> list[int]:
        """Return the start of the bucket that each instant, none before, lies in."""
        return [
            self.starts_ms[bisect_right(self.starts_ms, instant) - 1]
            for instant in instants_ms
        ]

    def slots(self) -> tuple[int, list[int]] | None:
        """Return a length, and for each slot of it since the start its bucket's start.

        No bucket begins inside of a slot; None, if there would be very many.
        """
        first = self.starts_ms[0]
        length = gcd(*(start - first for start in self.starts_ms), self.end_ms - first)
        instants = range(first, self.end_ms, length)
        if len(instants) > MOST_SLOTS:
            return None
        return length, self.containing(instants)


def buckets_of_dates(
    first: date, last: date, unit: str, settings: ProjectSettings
) -> TimeBuckets:
    """Return the buckets of a unit between two dates that a question gave.

    Raises:
        RequestRefusedError: If there would be more than 100,000 buckets.
    """
    weekday = settings.first_weekday
    if is_cut(first, unit, weekday) or (
        last < settings.today() and is_cut(last + timedelta(days=1), unit, weekday)
    ):
        rests_on("cut-periods")
    return date_buckets(first, last, unit, settings.timezone, weekday)


def is_cut(day: date, unit: str, first_weekday: int) -> bool:
    """Tell whether a day lies inside of a week or month, and not at its beginning."""
    if unit == "week":
        return day != week_start(day, first_weekday)
    return unit == "month" and day != month_start(day)


def date_buckets(
    from_date: date, to_date: date, unit: str, zone: ZoneInfo, first_weekday: int
) -> TimeBuckets:
    """Return the buckets of a unit between two dates, both counted.

    A week or month that the dates cut holds only their part of it, and is named by
    its first day all the same.

    Raises:
        RequestRefusedError: If there would be more than 100,000 buckets.
    """
    if unit in ("hour", "minute"):
        end_ms = midnight_ms(to_date + timedelta(days=1), zone)
        return clock_buckets(midnight_ms(from_date, zone), end_ms, unit, zone)
    first_days: dict[str, Callable[[date], date]] = {
        "day": lambda day: day,
        "week": lambda day: week_start(day, first_weekday),
        "month": month_start,
    }
    starts: dict[str, date] = {}
    for day in days(from_date, to_date):
        starts.setdefault(first_days[unit](day).isoformat(), day)
    return of_dates(starts, to_date, zone)


def every_days(
    from_date: date, to_date: date, interval: int, zone: ZoneInfo
) -> TimeBuckets:
    """Return buckets of ``interval`` days each, the first one at ``from_date``.

    The last one may be shorter, as it ends with ``to_date``.
    """
    starts = list(days(from_date, to_date))[::interval]
    return of_dates({day.isoformat(): day for day in starts}, to_date, zone)


def clock_buckets(start_ms: int, end_ms: int, unit: str, zone: ZoneInfo) -> TimeBuckets:
    """Return the hours or minutes between two instants, by the clock of the zone."""
    starts: list[int] = []
    labels: list[str] = []
    current = start_ms
    while current < end_ms:
        if len(starts) == MOST_BUCKETS:
            raise too_many(unit)
        local = local_time(current, zone)
        starts.append(current)
        labels.append(local.isoformat(timespec="seconds"))
        # Not every zone's hours begin with those of UTC, and a change of the clocks
        # by half an hour moves them.
        step = 60 if unit == "minute" else 3600 - local.minute * 60 - local.second
        current += step * 1000
    if not starts:
        raise skipped(zone)
    return TimeBuckets(tuple(starts), end_ms, tuple(labels))


def local_time(instant_ms: int, zone: ZoneInfo) -> datetime:
    """Return an instant by the clock of the zone."""
    return datetime.fromtimestamp(instant_ms / 1000, timezone.utc).astimezone(zone)


def midnight_ms(day: date, zone: ZoneInfo) -> int:
    """Return the first instant of a day, in epoch milliseconds."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return int(midnight.timestamp() * 1000)


def week_start(day: date, first_weekday: int) -> date:
    """Return the first day of the week that a day lies in, 0 for Monday.

    >>> week_start(date(2026, 11, 15), 0).isoformat()
    '2026-11-09'
    """
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def month_start(day: date) -> date:
    """Return the first day of the month that a day lies in."""
    return day.replace(day=1)


def days(from_date: date, to_date: date) -> Iterator[date]:
    """Yield the days between two dates, both included."""
    count = (to_date - from_date).days + 1
    if count > MOST_BUCKETS:
        raise too_many("day")
    return (from_date + timedelta(days=number) for number in range(count))


def of_dates(starts: dict[str, date], to_date: date, zone: ZoneInfo) -> TimeBuckets:
    """Return the buckets that begin on these days and end with ``to_date``.

    A day that the clocks skipped, as 2011-12-30 in Apia, is no bucket: it would begin
    when the next one does.
    """
    end_ms = midnight_ms(to_date + timedelta(days=1), zone)
    begun = [midnight_ms(day, zone) for day in starts.values()]
    lasting = [
        (start_ms, label)
        for start_ms, label, stop_ms in zip(
            begun, starts, [*begun[1:], end_ms], strict=True
        )
        if start_ms < stop_ms
    ]
    if not lasting:
        raise skipped(zone)
    starts_ms, labels = zip(*lasting, strict=True)
    return TimeBuckets(starts_ms, end_ms, labels)


def skipped(zone: ZoneInfo) -> RequestRefusedError:
    """Return the error for dates on which the clocks never were."""
    return RequestRefusedError(
        400,
        f"the clocks of {zone.key} skipped all days from from_date to to_date; "
        "ask for other days",
    )


def too_many(unit: str) -> RequestRefusedError:
    """Return the error for more buckets than anybody reads."""
    return RequestRefusedError(
        400,
        f"the dates hold more than {MOST_BUCKETS:,} buckets of one {unit}; "
        "ask for fewer days or a longer unit",
    )
