"""The dates of a saved report, which are keys of its answer.

An answer does not say how long a bucket is. Mixpanel's example has days as midnights
with the project's offset; so keys that are all midnights are days, and others hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Final

from mixpanel_query.parameters import Unit

if TYPE_CHECKING:
    from mixpanel_query.wire import Answer

__all__ = ["is_moment", "parse_moment", "read_dates", "read_moment"]

MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.([0-9]{3}|[0-9]{6}))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
MIDNIGHT: Final = time(0)
# Where clocks go forward at midnight, the day begins at one.
FIRST_OF_DAY: Final = (MIDNIGHT, time(1))
DAY_UNITS: Final = ("day", "week", "month")


def parse_moment(text: str) -> datetime:
    """Return a day or a time, with or without an offset.

    Raises:
        ValueError: If it is neither.
    """
    if not MOMENT.fullmatch(text):
        raise ValueError(f"{text!r} is no date")
    offset = "+00:00" * text.endswith("Z")
    return datetime.fromisoformat(text.removesuffix("Z") + offset)


def is_moment(text: str) -> bool:
    """Tell whether a key is a day or a time.

    >>> is_moment("2020-08-31T00:00:00-07:00"), is_moment("$overall")
    (True, False)
    """
    try:
        parse_moment(text)
    except ValueError:
        return False
    return True


def read_moment(answer: Answer, text: str) -> datetime:
    """Return a day or a time of an answer; a day is its midnight.

    Raises:
        UnreadableAnswerError: If it is neither.
    """
    try:
        return parse_moment(text)
    except ValueError as error:
        raise answer.unreadable(f"{text!r} is no date") from error


def read_dates(
    answer: Answer,
    keys: Iterable[str],
    *,
    unit: Unit | None,
    timezone: tzinfo | None,
) -> dict[str, date]:
    """Return the bucket that each key stands for.

    Args:
        answer: The answer that they are part of.
        keys: The keys, each of them once.
        unit: The length of a bucket, if it is known.
        timezone: The project's timezone, for hours that carry no offset.

    Raises:
        UnreadableAnswerError: If one is no date, is not of the unit, is an hour whose
            offset nobody knows, or if two are the same.
    """
    moments = {key: read_moment(answer, key) for key in keys}
    if unit is None:
        clocks = {moment.time() for moment in moments.values()}
        are_days = clocks <= {MIDNIGHT}
    else:
        are_days = unit in DAY_UNITS
    dates = {
        key: as_day(answer, key, moment)
        if are_days
        else as_hour(answer, key, moment, timezone)
        for key, moment in moments.items()
    }
    if len(set(dates.values())) < len(dates):
        raise answer.unreadable("two dates of the series are the same")
    return dates


def as_day(answer: Answer, key: str, moment: datetime) -> date:
    """Return the day that a key is the first moment of, by its own offset."""
    if moment.time() not in FIRST_OF_DAY:
        raise answer.unreadable(f"{key!r} is no day, week or month")
    return moment.date()


def as_hour(
    answer: Answer, key: str, moment: datetime, timezone: tzinfo | None
) -> datetime:
    """Return the moment that a key is, aware of its offset."""
    if moment.tzinfo is not None:
        return moment
    if len(key) <= len("2020-08-31"):
        raise answer.unreadable(f"{key!r} is no hour or minute")
    if timezone is None:
        remedy = "give the project's: Client(…, timezone=…) or --timezone"
        raise answer.unreadable(f"{key!r} has no offset; {remedy}")
    return moment.replace(tzinfo=timezone)
