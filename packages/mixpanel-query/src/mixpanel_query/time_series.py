"""Counts over time, as Mixpanel answers them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, ClassVar, Final

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.names import EventName, name_of
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.tables import Tabular

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = [
    "BucketKeys",
    "TimeSeries",
    "read_buckets",
    "read_count",
    "read_time_series",
]

CLOCK_UNITS: Final = ("minute", "hour")
# As JSON has them; true is none.
NUMBERS: Final = frozenset((int, float))
# A day, alone or with its first moment: where clocks go forward at midnight, one.
DAY: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"([T ]0[01]:00(:00(\.0+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


@dataclass(frozen=True, slots=True)
class TimeSeries(Tabular):
    """Counts over time, of one or several events or segments.

    Attributes:
        type: What was counted: ``general`` is every event, ``unique`` the users who
            did it, ``average`` the events a user.
        unit: The length of a bucket.
        dates: The buckets in order. Days, weeks and months are a ``date``, the
            bucket's first day in the project's timezone; hours and minutes are an
            aware ``datetime``.
        values: For each event, or for each segment, the buckets that Mixpanel
            answered; one that is missing counts as 0.
        asked: The events or values that were asked for by name; those Mixpanel left
            out count as 0. Empty when it chose the segments.
        interval: The length of a bucket in days, where that was asked for instead of
            ``unit``.

    >>> monday, tuesday = date(2026, 11, 9), date(2026, 11, 10)
    >>> counts = {"Sign Up": {monday: 3, tuesday: 4}}
    >>> series = TimeSeries("general", "day", (monday, tuesday), counts)
    >>> series.total("Sign Up"), series.value("Sign Up", date(2026, 11, 11))
    (7, 0)
    """

    columns: ClassVar[tuple[str, ...]] = ("name", "date", "value")

    type: CountType
    unit: Unit
    dates: tuple[date, ...]
    values: Mapping[str, Mapping[date, int | float]]
    asked: tuple[str, ...] = ()
    interval: int | None = None

    def value(self, name: EventName, when: date) -> int | float:
        """Return the count of one bucket; 0 if Mixpanel left it out.

        Args:
            name: The event or segment, as it was asked for.
            when: The bucket, one of ``dates``.

        Raises:
            InvalidQueryError: If ``name`` was neither asked for nor answered.
        """
        return self._buckets(name).get(when, 0)

    def total(self, name: EventName) -> int | float:
        """Return the sum of all buckets of a general count, or the only bucket.

        Args:
            name: The event or segment, as it was asked for.

        Raises:
            InvalidQueryError: If users or averages were counted in several buckets:
                one user may be in each. Or if ``name`` was neither asked for nor
                answered.
        """
        if self.type != "general" and len(self.dates) != 1:
            length = f"{self.interval} day" if self.interval else self.unit
            problem = f"{self.type} counts of {length}s cannot be summed"
            remedy = "ask once with a unit or an interval as long as the window"
            raise InvalidQueryError(f"{problem}; {remedy}")
        return sum(self._buckets(name).values())

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row of ``name``, ``date`` and ``value`` for every bucket.

        Rows come name by name and are in order of date; missing buckets are 0.
        """
        return [
            {"name": name, "date": when, "value": buckets.get(when, 0)}
            for name, buckets in self.values.items()
            for when in self.dates
        ]

    def _buckets(self, asked: EventName) -> Mapping[date, int | float]:
        """Return what was answered for an event or a segment, which may be empty."""
        name = asked if isinstance(asked, str) else name_of(asked)
        if name in self.values:
            return self.values[name]
        if name in self.asked:
            self._check_zero(name)
            return {}
        names = list(dict.fromkeys([*self.values, *self.asked]))
        known = ", ".join(map(repr, names[:5]))
        problem = f"{name!r} was neither asked for nor answered"
        raise InvalidQueryError(f"{problem}; the answer has {known or 'nothing'}")

    def _check_zero(self, name: str) -> None:
        """Refuse a 0 that is none: the answer is about something else."""
        others = [other for other in self.values if other not in self.asked]
        if others:
            problem = f"{name!r} was asked for, and {others[0]!r} was answered"
            raise InvalidQueryError(f"{problem}; it may have another name there")


def read_time_series(
    answer: Answer,
    *,
    type: CountType,
    unit: Unit,
    timezone: tzinfo | None,
    asked: tuple[str, ...] = (),
    interval: int | None = None,
) -> TimeSeries:
    """Read the answer that ``/events`` and ``/segmentation`` share.

    Args:
        answer: What came back.
        type: What was counted.
        unit: The length of a bucket that was asked for.
        timezone: The project's timezone, for hours that carry no offset.
        asked: The events or values asked for by name.
        interval: The length of a bucket in days, where that was asked for.

    Raises:
        UnreadableAnswerError: If the answer does not have the documented shape.
    """
    data = answer.body.get("data") if isinstance(answer.body, dict) else None
    values = data.get("values") if isinstance(data, dict) else None
    series = data.get("series") if isinstance(data, dict) else None
    if not isinstance(values, dict) or not isinstance(series, list):
        raise answer.unreadable("no 'data' with 'series' and 'values'")
    keys = BucketKeys(answer, unit, timezone)
    counts = {
        name: read_buckets(answer, name, buckets, keys)
        for name, buckets in values.items()
    }
    # Dicts keep the order of dates, so that sorting them takes few comparisons.
    dates = dict.fromkeys(map(keys.bucket, series))
    if len(dates) < len(series):
        raise answer.unreadable(f"one {unit} is twice in 'series'")
    dates = dict.fromkeys(chain(dates, *counts.values()))
    return TimeSeries(type, unit, tuple(sorted(dates)), counts, asked, interval)


class BucketKeys(dict[str, date]):
    """The buckets that keys of an answer stand for, each read once.

    Args:
        answer: What came back.
        unit: The length of a bucket.
        timezone: The project's timezone, for hours that carry no offset.

    Raises:
        UnreadableAnswerError: If a key is no bucket.
    """

    def __init__(self, answer: Answer, unit: Unit, timezone: tzinfo | None) -> None:
        super().__init__()
        self.answer = answer
        self.unit = unit
        self.timezone = timezone

    def __missing__(self, text: str) -> date:
        self[text] = found = self.read(text)
        return found

    def bucket(self, text: object) -> date:
        """Return the bucket of what may be a key, or be anything else."""
        return self[text] if isinstance(text, str) else self.read(text)

    def read(self, text: object) -> date:
        """Read a key, which may be anything."""
        try:
            if not isinstance(text, str):
                raise ValueError(f"{text!r} is no date")
            return read_bucket(text, self.unit, self.timezone)
        except ValueError as error:
            raise self.answer.unreadable(str(error)) from error


def read_buckets(
    answer: Answer, name: str, buckets: object, keys: BucketKeys
) -> dict[date, int | float]:
    """Read a number for each bucket.

    Raises:
        UnreadableAnswerError: If the answer does not have the documented shape;
            ``name`` says whose numbers they are.
    """
    if not isinstance(buckets, dict):
        raise answer.unreadable(f"the values of {name!r} are not by date")
    found = buckets.values()
    if not NUMBERS.issuperset(map(type, found)) or inf in found or -inf in found:
        for count in found:
            read_count(answer, name, count)
    # A loop without a step of Python for each bucket.
    counts = dict(zip(map(keys.__getitem__, buckets), buckets.values(), strict=True))
    if len(counts) < len(buckets):
        raise answer.unreadable(f"{name!r} has two counts for one {keys.unit}")
    return counts


def read_count(answer: Answer, name: str, count: object) -> int | float:
    """Return a count that is a number."""
    if isinstance(count, bool) or not isinstance(count, (int, float)):
        raise answer.unreadable(f"{name!r} has the count {count!r}, no number")
    if count in (inf, -inf):  # as Python reads 1e999
        raise answer.unreadable(f"{name!r} has the count {count!r}, no finite number")
    return count


# Programs ask about the same days again and again.
@lru_cache(maxsize=4096)
def read_bucket(text: str, unit: Unit, timezone: tzinfo | None) -> date:
    """Return the bucket that a key of an answer stands for.

    Mixpanel's documents show keys of days only, so hours are read leniently: with an
    offset or, in ``timezone``, without.

    Raises:
        ValueError: If it is no bucket, or an hour whose offset nobody knows.

    >>> read_bucket("2026-11-09 00:00:00", "week", None)
    datetime.date(2026, 11, 9)
    """
    if unit not in CLOCK_UNITS:
        found = DAY.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no date")
        return date.fromisoformat(found[1])
    if len(text) <= len("2026-11-09"):
        raise ValueError(f"{text!r} is no {unit}")
    moment = datetime.fromisoformat(
        text.removesuffix("Z") + "+00:00" * text.endswith("Z")
    )
    if moment.tzinfo is not None:
        return moment
    if timezone is None:
        remedy = "give the project's: Client(…, timezone=…) or --timezone"
        raise ValueError(f"{unit} {text!r} has no offset; {remedy}")
    return moment.replace(tzinfo=timezone)
