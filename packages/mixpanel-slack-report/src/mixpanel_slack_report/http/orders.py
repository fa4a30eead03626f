"""A report that somebody orders over HTTP or in Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["LONGEST_CUSTOM", "ORDERED_PERIODS", "ReportOrder"]

ORDERED_PERIODS = ("daily", "weekly", "biweekly", "monthly")
LONGEST_CUSTOM = 90


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """Which report is ordered, before anybody knows what day it is.

    The bi-weekly report that is ordered is the latest that was due.

    Attributes:
        period: One of ``ORDERED_PERIODS``, or ``custom``.
        from_date: First day of a custom report, in the project's timezone.
        to_date: Last day of it, counted.
        last_days: In place of the two dates: so many days until yesterday.
        events: The only events to report; empty for what the report file says.
    """

    period: str
    from_date: date | None = None
    to_date: date | None = None
    last_days: int | None = None
    events: tuple[str, ...] = ()
