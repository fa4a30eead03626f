"""The clock of a local project: this machine's, or one that was set."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Final

from mixpanel_query.local.exceptions import LocalProjectError
from mixpanel_query.local.settings import Clock

__all__ = ["ProjectClock", "read_instant", "standing_still", "system_clock"]

# Events have no earlier times, and questions look at days around the present one.
EARLIEST_YEAR: Final = 1970
LATEST_YEAR: Final = 9998


def system_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(timezone.utc)


class ProjectClock:
    """Says what time it is in a project; any thread may ask and set it.

    Attributes:
        source: What it asks.
    """

    def __init__(self, source: Clock | datetime | None = None) -> None:
        self._first = checked_source(source)
        self.source = self._first

    def __call__(self) -> datetime:
        """Return the time."""
        return self.source()

    @property
    def is_set(self) -> bool:
        """Whether it shows another time than this machine's."""
        return self.source is not system_clock

    def set(self, source: Clock | datetime | None) -> None:
        """Let it stand still at a time, ask a function, or be this machine's clock.

        Raises:
            LocalProjectError: If the time has no timezone.
        """
        self.source = checked_source(source)

    def reset(self) -> None:
        """Let it be as it was made."""
        self.source = self._first


def checked_source(source: Clock | datetime | None) -> Clock:
    """Return the function that says what time it is."""
    if source is None:
        return system_clock
    return standing_still(source) if isinstance(source, datetime) else source


def standing_still(now: datetime) -> Clock:
    """Return a clock that always shows the same time.

    Raises:
        LocalProjectError: If the time has no timezone, or days around it no date.
    """
    if not EARLIEST_YEAR <= now.year <= LATEST_YEAR:
        raise LocalProjectError(
            f"the clock cannot be set to the year {now.year}; give a time in the years "
            f"{EARLIEST_YEAR} to {LATEST_YEAR}"
        )
    if now.tzinfo is None:
        raise LocalProjectError(
            f"the clock cannot be set to {now.isoformat()}, which has no timezone; "
            "give an aware datetime, such as one with tzinfo=timezone.utc"
        )
    return lambda: now


def read_instant(text: object) -> datetime:
    """Return the time that an ISO 8601 text with a timezone names.

    Raises:
        LocalProjectError: If it is none.

    >>> read_instant("2026-11-22T12:00:00Z").isoformat()
    '2026-11-22T12:00:00+00:00'
    """
    try:
        # Python 3.10 does not know the Z.
        given = str(text)
        now = datetime.fromisoformat(
            f"{given[:-1]}+00:00" if given[-1:] in ("Z", "z") else given
        )
    except ValueError as error:
        raise LocalProjectError(
            f"{str(text)[:40]!r} is no time; write it as 2026-11-22T12:00:00Z"
        ) from error
    standing_still(now)
    return now
