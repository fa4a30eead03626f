"""How a number changed: as a percentage, and in words that need no colour."""

from __future__ import annotations

from mixpanel_slack_report.metrics import Number

__all__ = ["change_in_words", "change_percent", "number_in_words"]


def change_percent(value: Number | None, previous: Number | None) -> float | None:
    """Return the change in percent of ``previous``, rounded to two decimals.

    Returns:
        None if either number is missing, or if ``previous`` is 0, from which no
        percentage can be reckoned.

    >>> change_percent(253, 157), change_percent(5, 0), change_percent(None, 3)
    (61.15, None, None)
    """
    if value is None or previous is None or previous == 0:
        return None
    # Adding zero turns -0.0, a tiny fall, into 0.0.
    return round((value - previous) / previous * 100, 2) + 0.0


def change_in_words(value: Number, previous: Number) -> str:
    """Say how a number changed, with a sign and in words.

    >>> change_in_words(253, 157)
    '+61.1 % (up from 157)'
    >>> change_in_words(9, 10), change_in_words(4, 4), change_in_words(3, 0)
    ('-10.0 % (down from 10)', 'no change', 'up from 0')
    """
    if value == previous:
        return "no change"
    direction = "up" if value > previous else "down"
    since = f"{direction} from {number_in_words(previous)}"
    if previous == 0:
        return since
    percent = (value - previous) / previous * 100
    if abs(percent) < 0.05:
        return f"less than 0.1 % {since}"
    return f"{percent:+,.1f} % ({since})"


def number_in_words(number: Number) -> str:
    """Write a number with a comma between thousands, and at most two decimals.

    >>> number_in_words(12500), number_in_words(1234.5)
    ('12,500', '1,234.50')
    """
    return f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"
