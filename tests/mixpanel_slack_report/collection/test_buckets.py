"""The buckets that an answer must come in."""

from __future__ import annotations

from datetime import date

import pytest

from mixpanel_slack_report.collection.buckets import (
    Buckets,
    day_buckets,
    window_buckets,
)
from mixpanel_slack_report.collection.trend_windows import asked_windows
from mixpanel_slack_report.periods import (
    ReportWindows,
    Window,
    custom_windows,
    windows_due,
)


def described(buckets: Buckets) -> tuple[object, ...]:
    """Write buckets as their length, their days, how many there are and the last."""
    length = buckets.interval or buckets.unit
    days = buckets.from_date.isoformat(), buckets.to_date.isoformat()
    return length, *days, len(buckets.starts), buckets.starts[-1].isoformat()


def test_totals_cover_all_windows_in_days() -> None:
    """One call of 56 days serves the week and the seven weeks before."""
    buckets = day_buckets(asked_windows(windows_due("weekly", date(2026, 11, 16))))

    assert described(buckets) == ("day", "2026-09-21", "2026-11-15", 56, "2026-11-15")


@pytest.mark.parametrize(
    ("period", "due", "expected"),
    [
        ("daily", "2026-11-16", ("day", "2026-11-08", "2026-11-15", 8, "2026-11-15")),
        ("weekly", "2026-11-16", ("week", "2026-09-21", "2026-11-15", 8, "2026-11-09")),
        (
            "monthly",
            "2026-09-01",
            ("month", "2026-01-01", "2026-08-31", 8, "2026-08-01"),
        ),
        (
            "monthly",
            "2026-04-01",
            ("month", "2025-08-01", "2026-03-31", 8, "2026-03-01"),
        ),
        ("biweekly", "2026-11-09", (14, "2026-07-20", "2026-11-08", 8, "2026-10-26")),
    ],
)
def test_users_are_counted_in_buckets_as_long_as_the_windows(
    period: str, due: str, expected: tuple[object, ...]
) -> None:
    """Nobody who comes on two days counts twice."""
    windows = asked_windows(windows_due(period, date.fromisoformat(due)))

    (buckets,) = window_buckets(windows)

    assert described(buckets) == expected


def test_seven_days_that_are_no_week_are_asked_by_interval() -> None:
    """Wednesday to Tuesday fits no bucket of Mixpanel's weeks."""
    windows = custom_windows(date(2026, 11, 11), date(2026, 11, 17))

    (buckets,) = window_buckets(asked_windows(windows))

    assert described(buckets) == (7, "2026-11-04", "2026-11-17", 2, "2026-11-11")


def test_a_week_starts_where_the_project_says() -> None:
    """Weeks from Sunday are buckets of Mixpanel where the project's begin there."""
    windows = asked_windows(windows_due("weekly", date(2026, 11, 16), week_start=6))

    (buckets,) = window_buckets(windows, week_start=6)

    assert (buckets.unit, buckets.interval) == ("week", None)
    assert window_buckets(windows)[0].interval == 7


def test_windows_that_do_not_meet_are_asked_one_by_one() -> None:
    """Each call covers one window and nothing else, the reported one first."""
    windows = ReportWindows(
        "custom",
        Window(date(2026, 11, 9), date(2026, 11, 15)),
        Window(date(2025, 11, 10), date(2025, 11, 16)),
    )

    assert list(map(described, window_buckets(asked_windows(windows)))) == [
        (7, "2026-11-09", "2026-11-15", 1, "2026-11-09"),
        (7, "2025-11-10", "2025-11-16", 1, "2025-11-10"),
    ]


def test_windows_of_other_lengths_are_asked_one_by_one() -> None:
    """They meet, and no bucket is as long as both."""
    windows = (
        Window(date(2026, 11, 9), date(2026, 11, 11)),
        Window(date(2026, 11, 12), date(2026, 11, 15)),
    )

    assert list(map(described, window_buckets(windows))) == [
        (4, "2026-11-12", "2026-11-15", 1, "2026-11-12"),
        (3, "2026-11-09", "2026-11-11", 1, "2026-11-09"),
    ]


def test_a_window_that_is_asked_for_in_part_has_no_buckets() -> None:
    """The sum of some of its days is no number of the window."""
    days = day_buckets([Window(date(2026, 11, 9), date(2026, 11, 15))])

    assert days.of(Window(date(2026, 11, 8), date(2026, 11, 10))) == ()
    assert days.of(Window(date(2026, 11, 15), date(2026, 11, 16))) == ()
    assert len(days.of(Window(date(2026, 11, 10), date(2026, 11, 12)))) == 3
