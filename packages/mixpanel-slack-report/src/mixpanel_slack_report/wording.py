"""How names and days are written for readers."""

from __future__ import annotations

import unicodedata
from datetime import date

from mixpanel_slack_report.periods import Window

__all__ = ["MONTHS", "PERIOD_TITLES", "day_in_words", "readable", "window_in_words"]

PERIOD_TITLES = {
    "daily": "Daily Report",
    "weekly": "Weekly Report",
    "biweekly": "Bi-Weekly Report",
    "monthly": "Monthly Report",
    "custom": "Custom Report",
}
# https://www.unicode.org/reports/tr9/#Directional_Formatting_Codes
TURNS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# strftime would follow the locale of the machine.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def readable(text: str, *, longest: int = 80) -> str:
    r"""Make foreign text, such as an event's name, safe to show on one line.

    Control characters, which may move a terminal's cursor or turn the direction of
    writing, become spaces; long text is cut; nothing becomes ``(no name)``.

    Args:
        text: Any text.
        longest: The most characters to keep, the sign of the cut included.

    >>> readable("a\nb"), readable("Sign Up", longest=5), readable("")
    ('a b', 'Sign…', '(no name)')
    """
    clean = "".join(
        " " if is_control(character) else character for character in text[: longest * 4]
    ).strip()
    if not any(sign.isprintable() and not sign.isspace() for sign in clean):
        return "(no name)"
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def is_control(character: str) -> bool:
    """Whether a character ends the line, moves the cursor or turns the writing."""
    categories = {"Cc", "Cs", "Zl", "Zp"}
    return unicodedata.category(character) in categories or character in TURNS


def day_in_words(day: date) -> str:
    """Write a day with the month's name.

    >>> day_in_words(date(2026, 11, 9))
    'November 9, 2026'
    """
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def window_in_words(window: Window) -> str:
    """Write the days of a window, the year once where one will do.

    >>> window_in_words(Window(date(2026, 11, 9), date(2026, 11, 15)))
    'November 9 to November 15, 2026'
    """
    first, last = window.from_date, window.to_date
    if first == last:
        return day_in_words(first)
    if first.year == last.year:
        return f"{MONTHS[first.month - 1]} {first.day} to {day_in_words(last)}"
    return f"{day_in_words(first)} to {day_in_words(last)}"
