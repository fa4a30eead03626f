"""The run of calendar days that a query covers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mixpanel_query.exceptions import InvalidQueryError

__all__ = ["Window", "read_date"]

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Window:
    """The run of calendar days a query covers, both ends counted.

    A window carries no timezone, because Mixpanel decides where a day begins:
    at the project's midnight in reports, at UTC midnight in the raw export of
    projects made since 2023. Settle what "yesterday" means before making one.

    Attributes:
        from_date: First day counted.
        to_date: Last day counted.

    Raises:
        InvalidQueryError: If the window ends before it starts, or an end is a
            ``datetime``.

    >>> week = Window.ending(date(2025, 12, 28), days=7)
    >>> week.from_date.isoformat(), week.days
    ('2025-12-22', 7)
    """

    from_date: date
    to_date: date

    def __post_init__(self) -> None:
        """Refuse what is no window."""
        read_date("from_date", self.from_date)
        read_date("to_date", self.to_date)
        if self.to_date < self.from_date:
            raise InvalidQueryError(
                f"window ends {self.to_date} before it starts {self.from_date}; "
                "swap the two dates"
            )

    @classmethod
    def of(cls, from_date: date | str, to_date: date | str) -> Window:
        """Make a window from two dates, each a ``date`` or text ``YYYY-MM-DD``.

        Raises:
            InvalidQueryError: If one is neither, or the window ends before it starts.

        >>> Window.of("2026-11-09", date(2026, 11, 15)).days
        7
        """
        return cls(read_date("from_date", from_date), read_date("to_date", to_date))

    @classmethod
    def ending(cls, to_date: date, *, days: int) -> Window:
        """Make the window of so many ``days`` whose last day is ``to_date``.

        Raises:
            InvalidQueryError: If ``days`` is less than 1.
        """
        if days < 1:
            raise InvalidQueryError(f"window of {days} days; it needs at least 1")
        return cls(to_date - timedelta(days=days - 1), to_date)

    @property
    def days(self) -> int:
        """How many days are counted; at least 1."""
        return (self.to_date - self.from_date).days + 1

    def params(self) -> dict[str, str]:
        """Return both days as most questions take them."""
        return {
            "from_date": self.from_date.isoformat(),
            "to_date": self.to_date.isoformat(),
        }


def read_date(name: str, given: object) -> date:
    """Return a day that was given as a ``date`` or as text ``YYYY-MM-DD``.

    A ``datetime`` is refused: the day it falls on depends on the project's timezone.

    Raises:
        InvalidQueryError: If ``given`` is neither; ``name`` says which one it was.

    >>> read_date("from_date", "2026-11-09")
    datetime.date(2026, 11, 9)
    """
    if isinstance(given, datetime):
        problem = f"{name} {given.isoformat()} is a datetime, and a window has days"
        raise InvalidQueryError(f"{problem}; give the project's day: a date")
    if isinstance(given, date):
        return given
    if isinstance(given, str) and ISO_DATE.fullmatch(given):
        try:
            return date.fromisoformat(given)
        except ValueError as error:
            problem = f"{name} {given} is not in the calendar ({error})"
            raise InvalidQueryError(f"{problem}; give an existing day") from error
    raise InvalidQueryError(f"{name} {given!r} is no date; write it as YYYY-MM-DD")
