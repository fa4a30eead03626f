"""The timezone of a project, given by name."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo

from mixpanel_query.exceptions import InvalidQueryError

__all__ = ["read_timezone"]


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
