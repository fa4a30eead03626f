"""Days as they are typed: dates, and words that count from today."""

from __future__ import annotations

import re
from datetime import date, timedelta

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.window import read_date

__all__ = ["is_relative", "read_day"]

WORDS = {"today": 0, "yesterday": 1}
DAYS_AGO = re.compile(r"([0-9]{1,4})d")


def is_relative(text: str) -> bool:
    """Tell whether a day counts from today."""
    return text in WORDS or DAYS_AGO.fullmatch(text) is not None


def read_day(text: str, today: date) -> date:
    """Return the day that ``text`` stands for.

    Raises:
        InvalidQueryError: If it is neither a date nor one of the words.

    >>> read_day("7d", date(2026, 11, 16)), read_day("yesterday", date(2026, 11, 16))
    (datetime.date(2026, 11, 9), datetime.date(2026, 11, 15))
    """
    if text in WORDS:
        return today - timedelta(days=WORDS[text])
    if ago := DAYS_AGO.fullmatch(text):
        return today - timedelta(days=int(ago[1]))
    if text[:1].isdigit():
        return read_date("date", text)
    allowed = "write it as YYYY-MM-DD, today, yesterday, or 7d for 7 days ago"
    raise InvalidQueryError(f"{text!r} is no day; {allowed}")
