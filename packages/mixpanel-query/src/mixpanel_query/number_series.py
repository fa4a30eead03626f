"""A number over time: the sum or the average of what events carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NoReturn

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.parameters import Unit
from mixpanel_query.tables import Tabular

__all__ = ["AverageSeries", "SumSeries"]


@dataclass(frozen=True, slots=True)
class SumSeries(Tabular):
    """Sums over time, of an expression of one event.

    Attributes:
        unit: The length of a bucket.
        dates: The buckets that Mixpanel answered, in order. A day is a ``date`` in
            the project's timezone, an hour an aware ``datetime``.
        values: The sum of each; a bucket that is missing is 0.
        computed_at: When Mixpanel counted; None if it did not say.

    >>> monday = date(2026, 11, 9)
    >>> sums = SumSeries("day", (monday,), {monday: 7.5})
    >>> sums.value(monday), sums.value(date(2026, 11, 10)), sums.total()
    (7.5, 0, 7.5)
    """

    columns: ClassVar[tuple[str, ...]] = ("date", "value")

    unit: Unit
    dates: tuple[date, ...]
    values: Mapping[date, int | float]
    computed_at: datetime | None = None

    def value(self, when: date) -> int | float:
        """Return the sum of one bucket; 0 if Mixpanel left it out."""
        return self.values.get(when, 0)

    def total(self) -> int | float:
        """Return the sum of all buckets."""
        return sum(self.values.values())

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row of ``date`` and ``value`` for every bucket, in order."""
        return [{"date": when, "value": self.values[when]} for when in self.dates]


@dataclass(frozen=True, slots=True)
class AverageSeries(Tabular):
    """Averages over time, of an expression of one event.

    Attributes:
        unit: The length of a bucket.
        dates: The buckets that Mixpanel answered, in order. A day is a ``date`` in
            the project's timezone, an hour an aware ``datetime``.
        values: The average of each.
        computed_at: When Mixpanel counted; None if it did not say.

    >>> monday = date(2026, 11, 9)
    >>> averages = AverageSeries("day", (monday,), {monday: 7.5})
    >>> averages.value(monday), averages.value(date(2026, 11, 10))
    (7.5, None)
    """

    columns: ClassVar[tuple[str, ...]] = ("date", "value")

    unit: Unit
    dates: tuple[date, ...]
    values: Mapping[date, int | float]
    computed_at: datetime | None = None

    def value(self, when: date) -> int | float | None:
        """Return the average of one bucket; None if Mixpanel left it out."""
        return self.values.get(when)

    def total(self) -> NoReturn:
        """Refuse: averages cannot be summed.

        Raises:
            InvalidQueryError: Always.
        """
        problem = f"averages of {self.unit}s cannot be summed"
        raise InvalidQueryError(f"{problem}; ask for the sums instead")

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row of ``date`` and ``value`` for every bucket, in order."""
        return [{"date": when, "value": self.values[when]} for when in self.dates]
