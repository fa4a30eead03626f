"""The timezone of a project, and of the times that it stores."""

from __future__ import annotations

from datetime import datetime, timezone, tzinfo
from zoneinfo import ZoneInfo

from mixpanel_query.exceptions import InvalidQueryError

__all__ = ["read_timezone", "real_time", "stored_timezone"]


def read_timezone(given: tzinfo | str | None) -> tzinfo | None:
    """Return a timezone that was given by its IANA name, or as it is.

    Raises:
        InvalidQueryError: If this machine knows no timezone of that name.

    >>> read_timezone("Europe/Ljubljana")
    zoneinfo.ZoneInfo(key='Europe/Ljubljana')
    """
    if not isinstance(given, str):
        return given
    try:
        return ZoneInfo(given)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidQueryError(
            f"timezone {given!r} is unknown; use an IANA name such as Europe/Ljubljana "
            "(where the system has none: pip install tzdata)"
        ) from error


def stored_timezone(zone: tzinfo | None, *, stores_local_time: bool) -> tzinfo | None:
    """Return the timezone whose clocks a project's event times show; None for UTC.

    Args:
        zone: The project's timezone, or None if it was not given.
        stores_local_time: Whether the project is from before 2023.

    Raises:
        InvalidQueryError: If the project stores local time and ``zone`` is missing.
    """
    if not stores_local_time:
        return None
    if zone is None:
        problem = "stores_local_time needs the project's timezone, and there is none"
        raise InvalidQueryError(f"{problem}; add timezone, such as Europe/Ljubljana")
    return zone


def real_time(stored: datetime, zone: tzinfo | None) -> datetime:
    """Return the moment, in UTC, that a stored time stands for.

    Projects from before 2023 store what a clock in their timezone showed, as if it had
    been a clock in UTC. The offset is that of the moment itself, so it differs between
    summer and winter. Of an hour that the clock showed twice the first is meant, as
    nothing tells them apart; an hour that it skipped counts on from before the change.

    Args:
        stored: The time as it is stored, aware and in UTC.
        zone: The timezone whose clocks it shows; None for a time that is right.

    >>> noon = datetime(2022, 7, 1, 12, tzinfo=timezone.utc)
    >>> real_time(noon, ZoneInfo("America/Los_Angeles")).isoformat()
    '2022-07-01T19:00:00+00:00'
    """
    if zone is None:
        return stored
    try:
        return stored.replace(tzinfo=zone).astimezone(timezone.utc)
    except OverflowError as error:
        raise ValueError(f"the time {stored.isoformat()} is too far away") from error
