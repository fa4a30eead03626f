"""What a saved Insights report says about the reported days, if it is about them.

https://developer.mixpanel.com/reference/insights-query
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, cast

from mixpanel_slack_report.collection.buckets import is_month
from mixpanel_slack_report.collection.readings import (
    Failure,
    Reading,
    exact_sum,
    is_count,
    is_possible,
)
from mixpanel_slack_report.metrics import Number
from mixpanel_slack_report.periods import Window

if TYPE_CHECKING:
    from mixpanel_query import Insight

__all__ = ["REMARK", "read_saved"]

TOTAL: Final = re.compile(r"\btotals?\b", re.IGNORECASE)
OTHER: Final = re.compile(
    r"\b(uniques?|users?|averages?|medians?|per|rate|ratio|dau|wau|mau)\b",
    re.IGNORECASE,
)
REMARK = "a saved report has no days to compare with"


def read_saved(answer: object, window: Window) -> Reading:
    """Read the number of a saved report; it has none to compare with.

    Args:
        answer: What the report shows, or why it could not be read.
        window: The reported days.
    """
    if isinstance(answer, Failure):
        return Reading(None, None, answer.reason)
    insight = cast("Insight", answer)
    first, last = insight.from_date, insight.to_date
    if (first, last) != (window.from_date, window.to_date):
        reason = (
            f"the saved report {insight.bookmark_id} is about {first} to {last}; set "
            f"its dates to {window.from_date} to {window.to_date}"
        )
        return Reading(None, None, reason)
    if len(insight.values) != 1:
        reason = (
            f"the saved report {insight.bookmark_id} has {len(insight.values)} series; "
            "save one with a single number"
        )
        return Reading(None, None, reason)
    value = only_number(insight, window)
    if value is None:
        reason = (
            f"the numbers of the saved report {insight.bookmark_id} may not be added "
            "up; save it as a single number"
        )
        return Reading(None, None, reason)
    if not is_possible(value):
        reason = f"the number of the saved report {insight.bookmark_id} is too large"
        return Reading(None, None, reason)
    return Reading(value, None)


def only_number(insight: Insight, window: Window) -> Number | None:
    """Return the number of the whole window; None if that is in doubt."""
    ((names, buckets),) = insight.values.items()
    if len(buckets) == 1:
        (when,) = buckets
        is_whole = when is None or (when == window.from_date and is_unit(window))
        return buckets[when] if is_whole else None
    # An answer does not say what it counts, but for the names people read.
    if not TOTAL.search(" ".join(names)) or OTHER.search(" ".join(names)):
        return None
    days = {when: value for when, value in buckets.items() if type(when) is date}
    counts = {day: value for day, value in days.items() if is_count(value)}
    # What is left out may be 0, or may be missing.
    if len(buckets) != len(counts) or set(days) not in whole_coverages(window):
        return None
    return exact_sum(counts, tuple(days))


def is_unit(window: Window) -> bool:
    """Whether a window may be one bucket of a report: a day, a week, a month."""
    return window.days in (1, 7) or is_month(window)


def whole_coverages(window: Window) -> list[set[date]]:
    """List the days on which buckets begin that are the window: days, or weeks.

    >>> window = Window(date(2026, 11, 2), date(2026, 11, 15))
    >>> [len(starts) for starts in whole_coverages(window)]
    [14, 2]
    """
    steps = [1, 7] if window.days % 7 == 0 else [1]
    return [
        {window.from_date + timedelta(days=n) for n in range(0, window.days, step)}
        for step in steps
    ]
