"""The windows before the reported one."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from mixpanel_slack_report.collection.trend_windows import (
    asked_windows,
    trend_windows,
)
from mixpanel_slack_report.periods import (
    ReportWindows,
    Window,
    custom_windows,
    windows_due,
)


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("daily", "2026-11-08"),
        ("weekly", "2026-09-21"),
        ("biweekly", "2026-07-20"),
        ("monthly", "2026-03-01"),
    ],
)
def test_a_trend_has_eight_windows_without_a_gap(period: str, first: str) -> None:
    """The last one is the reported one, and the one compared with is among them."""
    windows = windows_due(period, date(2026, 11, 16))

    trend = trend_windows(windows)

    assert len(trend) == 8
    assert trend[0].from_date.isoformat() == first
    assert trend[-1] == windows.current
    assert windows.compared in trend
    assert {(b.from_date - a.to_date).days for a, b in pairwise(trend)} == {1}


def test_months_are_whole_ones() -> None:
    """February has 28 days, and January 31."""
    trend = trend_windows(windows_due("monthly", date(2026, 4, 1)))

    assert [window.days for window in trend] == [31, 30, 31, 30, 31, 31, 28, 31]


def test_custom_days_have_no_trend() -> None:
    """There is the window before, which they are compared with."""
    windows = custom_windows(date(2026, 11, 11), date(2026, 11, 13))

    assert trend_windows(windows) == (windows.compared, windows.current)


def test_no_window_begins_before_the_year_2000() -> None:
    """Mixpanel would refuse the whole question."""
    trend = trend_windows(windows_due("monthly", date(2000, 4, 1)))

    assert [window.from_date.month for window in trend] == [1, 2, 3]


def test_a_window_may_begin_with_the_year_2000() -> None:
    """Mixpanel takes its first day: the week from Saturday fits, the one before not."""
    trend = trend_windows(
        ReportWindows(
            "weekly",
            Window(date(2000, 1, 8), date(2000, 1, 14)),
            Window(date(2000, 1, 1), date(2000, 1, 7)),
        )
    )

    assert [window.from_date.day for window in trend] == [1, 8]


def test_the_day_compared_with_is_asked_for_wherever_it_is() -> None:
    """A timezone that left out a day is compared with one two weeks back."""
    day, compared = date(2012, 1, 6), date(2011, 12, 23)
    windows = ReportWindows("daily", Window(day, day), Window(compared, compared))

    assert asked_windows(windows)[0] == windows.compared
    assert len(asked_windows(windows)) == 9
