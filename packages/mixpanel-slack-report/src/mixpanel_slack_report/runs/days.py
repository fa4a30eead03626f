"""Which report is asked for, before anybody knows what day it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mixpanel_slack_report.exceptions import WindowError
from mixpanel_slack_report.periods import PERIODS

__all__ = ["DaysAsked"]


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """The days as a command or a request names them.

    Attributes:
        period: One of ``PERIODS``.
        due: The day the run is due; None for today.
        from_date: First day of a custom report.
        to_date: Last day of a custom report.

    Raises:
        WindowError: If they do not go together.
    """

    period: str
    due: date | None
    from_date: date | None
    to_date: date | None

    def __post_init__(self) -> None:
        """Refuse days that do not go together."""
        given = (self.from_date, self.to_date)
        if self.period == "custom" and (None in given or self.due):
            message = "a custom report takes --from and --to, and no --date"
            raise WindowError(message)
        if self.period != "custom" and given != (None, None):
            message = (
                f"a {self.period} report takes --date; --from and --to are for custom"
            )
            raise WindowError(message)

    @classmethod
    def named(
        cls,
        period: str | None,
        due: date | None,
        from_date: date | None,
        to_date: date | None,
    ) -> DaysAsked:
        """Take days whose period may be left out: two days given are custom.

        Raises:
            WindowError: If they do not go together, or if there is no period.
        """
        if period is None and from_date is None and to_date is None:
            message = (
                f"no period was given; name one of {', '.join(PERIODS)}, or the days "
                "with --from and --to"
            )
            raise WindowError(message)
        return cls(period or "custom", due, from_date, to_date)
