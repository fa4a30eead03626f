"""Which time a count covers: two dates, or so many units back from now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.parameters import checked_number
from mixpanel_query.window import Window

__all__ = ["Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """Which time a count covers: a window, or an interval, and never both.

    Attributes:
        window: The days that are counted; None where an interval is.
        interval: How many units are counted, back from the current one, which is the
            first of them; None where a window is.

    >>> Span.of("2026-11-09", "2026-11-15", None).params()
    {'from_date': '2026-11-09', 'to_date': '2026-11-15'}
    >>> Span.of(None, None, 7).params()
    {'interval': '7'}
    """

    window: Window | None = None
    interval: int | None = None

    @classmethod
    def of(
        cls,
        from_date: date | str | None,
        to_date: date | str | None,
        interval: int | None,
    ) -> Span:
        """Make a span of two dates, or of an interval.

        Raises:
            InvalidQueryError: If both are given, or neither, or one date alone.
        """
        if interval is not None:
            if from_date is not None or to_date is not None:
                problem = f"interval {interval} and dates, and either says what counts"
                raise InvalidQueryError(f"{problem}; give the dates, or the interval")
            return cls(interval=interval)
        if from_date is None or to_date is None:
            problem = "neither dates nor an interval"
            if from_date is not None or to_date is not None:
                problem = f"from_date {from_date} and to_date {to_date}"
            raise InvalidQueryError(f"{problem}; give both dates, or an interval")
        return cls(Window.of(from_date, to_date))

    def params(self) -> dict[str, str]:
        """Return the parameters that say so.

        Raises:
            InvalidQueryError: If the interval is out of range.
        """
        if self.window is None:
            # A number, because a span has one of the two.
            return {"interval": checked_number("interval", self.interval or 0)}
        return self.window.params()
