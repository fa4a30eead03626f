"""Whether a number is outside what it was before, and whether it is worth a headline.

A trend has eight windows: the reported one, which is the last, and seven before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mixpanel_slack_report.changes import exact, figure_in_words
from mixpanel_slack_report.metrics import MetricValue, Number

__all__ = ["is_headline", "is_outside", "sparkline", "trend_in_words"]

EARLIER = 7
# The range of fewer is no range: of two numbers, the next is outside twice in three.
LEAST_KNOWN = 4
LEAST_DRAWN = 3
# Fewer are no headline, wherever they come from: 3 may well be 6 by chance.
SMALLEST_COUNT = 10
COUNTS = frozenset({"total", "unique", "active"})
BARS = "▁▂▃▅▇"


def earlier_numbers(value: MetricValue) -> tuple[Number, ...]:
    """Return the known numbers of the seven windows before; empty if too few are."""
    earlier = value.trend[:-1][-EARLIER:]
    known = tuple(number for number in earlier if number is not None)
    return known if len(earlier) == EARLIER and len(known) >= LEAST_KNOWN else ()


def is_outside(value: MetricValue) -> bool | None:
    """Whether a number is above the highest or below the lowest of the seven before.

    Returns:
        None if the number is not whole, or if fewer than four of the seven are known.

    >>> from mixpanel_slack_report.metrics import Metric
    >>> signups = Metric("New Signups", ("Sign Up",), "total")
    >>> trend = (40, 31, 45, 38, None, 33, 40, 48)
    >>> is_outside(MetricValue(signups, "Sign Up", 48, 40, "ok", trend=trend))
    True
    """
    earlier = earlier_numbers(value)
    if value.status != "ok" or value.value is None or not earlier:
        return None
    return not min(earlier) <= value.value <= max(earlier)


def trend_in_words(value: MetricValue) -> str:
    """Say whether a number is outside its last seven; "" if that is not known.

    >>> from mixpanel_slack_report.metrics import Metric
    >>> signups = Metric("New Signups", ("Sign Up",), "total")
    >>> trend = (40, 31, 45, 38, 36, 33, 40, 48)
    >>> trend_in_words(MetricValue(signups, "Sign Up", 48, 40, "ok", trend=trend))
    'outside its last 7 (highest 45)'
    """
    outside = is_outside(value)
    if outside is None or value.value is None:
        return ""
    earlier = earlier_numbers(value)
    lowest = figure_in_words(value.metric, min(earlier))
    highest = figure_in_words(value.metric, max(earlier))
    its_last = f"its last {len(earlier)}"
    if len(earlier) < EARLIER:
        its_last += " known"
    if not outside:
        span = lowest if lowest == highest else f"{lowest} to {highest}"
        return f"within {its_last} ({span})"
    side = f"highest {highest}" if value.value > max(earlier) else f"lowest {lowest}"
    return f"outside {its_last} ({side})"


def is_headline(value: MetricValue) -> bool:
    """Whether a change may be called the strongest; of 3 that became 6 it may not.

    Only a whole number that changed may. A count must be 10 or more on one side. With
    a trend, the number must be outside its last seven. Without one, only a count can
    be judged: it must have changed by more than twice the spread that chance gives to
    the difference of two counts, which is the root of their sum.

    >>> from mixpanel_slack_report.metrics import Metric
    >>> signups = Metric("New Signups", ("Sign Up",), "total")
    >>> is_headline(MetricValue(signups, "Sign Up", 6, 3, "ok"))
    False
    >>> is_headline(MetricValue(signups, "Sign Up", 600, 300, "ok"))
    True
    """
    now, before = value.value, value.previous
    if value.status != "ok" or now is None or before is None or now == before:
        return False
    is_count = value.metric.kind in COUNTS
    if is_count and max(now, before) < SMALLEST_COUNT:
        return False
    outside = is_outside(value)
    if outside is not None:
        return outside
    difference, total = exact(now) - exact(before), exact(now) + exact(before)
    return is_count and difference**2 > 4 * total


def sparkline(trend: Sequence[Number | None]) -> str:
    """Draw a trend with one character a window, a space where it is not known.

    The lowest bar stands for 0, or for the lowest number if that is below 0. Fewer
    than three known numbers are no trend, and give "".

    >>> sparkline((0, 25, None, 50, 100))
    '▁▂ ▃▇'
    """
    known = [exact(number) for number in trend if number is not None]
    if len(known) < LEAST_DRAWN:
        return ""
    floor = min(Fraction(0), *known)
    reach = max(Fraction(0), *known) - floor or 1
    return "".join(
        " "
        if number is None
        else BARS[round((exact(number) - floor) / reach * (len(BARS) - 1))]
        for number in trend
    )
