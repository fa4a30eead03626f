"""Which calls a report needs."""

from __future__ import annotations

from datetime import date

import pytest

from mixpanel_slack_report.collection.call_plan import (
    Buckets,
    CallCost,
    call_costs,
    day_buckets,
    refuse_too_many_calls,
    unique_buckets,
)
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import (
    ReportWindows,
    Window,
    custom_windows,
    windows_due,
)
from mixpanel_slack_report.report_file import ReportFile


def described(buckets: Buckets) -> tuple[object, ...]:
    """Write buckets as their length, their days and their starts."""
    length = buckets.interval or buckets.unit
    starts = [start.isoformat() for start in buckets.starts]
    return length, buckets.from_date.isoformat(), buckets.to_date.isoformat(), starts


def test_totals_cover_both_windows_in_days() -> None:
    """One call of 14 days serves the week and the week before."""
    buckets = day_buckets(windows_due("weekly", date(2026, 11, 16)))

    assert buckets.unit == "day"
    assert len(buckets.starts) == 14
    assert buckets.starts[0] == date(2026, 11, 2)
    assert buckets.starts[-1] == date(2026, 11, 15)


@pytest.mark.parametrize(
    ("period", "due", "expected"),
    [
        (
            "weekly",
            "2026-11-16",
            ("week", "2026-11-02", "2026-11-15", ["2026-11-02", "2026-11-09"]),
        ),
        (
            "monthly",
            "2026-09-01",
            ("month", "2026-07-01", "2026-08-31", ["2026-07-01", "2026-08-01"]),
        ),
        (
            "monthly",
            "2026-04-01",
            ("month", "2026-02-01", "2026-03-31", ["2026-02-01", "2026-03-01"]),
        ),
        (
            "biweekly",
            "2026-11-09",
            (14, "2026-10-12", "2026-11-08", ["2026-10-12", "2026-10-26"]),
        ),
    ],
)
def test_users_are_counted_in_buckets_as_long_as_the_windows(
    period: str, due: str, expected: tuple[object, ...]
) -> None:
    """Nobody who comes on two days counts twice."""
    (buckets,) = unique_buckets(windows_due(period, date.fromisoformat(due)))

    assert described(buckets) == expected


def test_daily_users_need_one_call_over_eight_days() -> None:
    """The day and the same weekday a week earlier lie in one call by days."""
    (buckets,) = unique_buckets(windows_due("daily", date(2026, 11, 16)))

    assert described(buckets)[:3] == ("day", "2026-11-08", "2026-11-15")


def test_seven_days_that_are_no_week_are_asked_by_interval() -> None:
    """Wednesday to Tuesday fits no bucket of Mixpanel's weeks."""
    windows = custom_windows(date(2026, 11, 11), date(2026, 11, 17))

    (buckets,) = unique_buckets(windows)

    assert described(buckets)[0] == 7


def test_windows_that_do_not_meet_are_asked_one_by_one() -> None:
    """Each call covers one window and nothing else."""
    windows = ReportWindows(
        "custom",
        Window(date(2026, 11, 9), date(2026, 11, 15)),
        Window(date(2025, 11, 10), date(2025, 11, 16)),
    )

    assert [described(buckets) for buckets in unique_buckets(windows)] == [
        (7, "2026-11-09", "2026-11-15", ["2026-11-09"]),
        (7, "2025-11-10", "2025-11-16", ["2025-11-10"]),
    ]


@pytest.mark.parametrize("period", ["daily", "weekly", "biweekly", "monthly"])
def test_the_default_report_costs_three_calls(period: str) -> None:
    """Names, totals and users: the budget of an hour is 60."""
    costs = call_costs(ReportFile(), windows_due(period, date(2026, 11, 9)))

    assert sum(line.calls for line in costs) == 3


def test_users_of_other_windows_cost_a_call_for_each_event() -> None:
    """Two metrics of one event share a call."""
    metrics = (
        Metric("A", ("Sign Up",), "unique"),
        Metric("B", ("Sign Up",), "unique"),
        Metric("C", ("Purchase",), "unique"),
        Metric("D", ("Purchase",), "total"),
    )
    windows = windows_due("biweekly", date(2026, 11, 9))

    assert call_costs(ReportFile(metrics=metrics), windows) == (
        CallCost("event names", 1),
        CallCost("totals and top events", 1),
        CallCost("unique users of 'Sign Up'", 1),
        CallCost("unique users of 'Purchase'", 1),
    )


def test_too_many_calls_are_refused_with_their_cost() -> None:
    """The message is the bill, and says what to change."""
    metrics = tuple(Metric(name, (name,), "unique") for name in ("A", "B"))
    report_file = ReportFile(metrics=metrics, max_calls=3)

    with pytest.raises(SettingsError) as refusal:
        refuse_too_many_calls(report_file, windows_due("biweekly", date(2026, 11, 9)))

    assert str(refusal.value) == (
        "the biweekly report needs 4 calls, max_calls allows 3 (event names 1, totals "
        "and top events 1, unique users of 'A' 1, unique users of 'B' 1); "
        "raise max_calls or drop metrics"
    )


def test_as_many_calls_as_allowed_are_not_refused() -> None:
    """The limit itself is within the limit."""
    report_file = ReportFile(max_calls=3)

    refuse_too_many_calls(report_file, windows_due("weekly", date(2026, 11, 9)))
