"""Which calls a report needs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mixpanel_slack_report.collection.call_plan import (
    call_costs,
    refuse_too_many_calls,
)
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import custom_windows, windows_due
from mixpanel_slack_report.report_file import ReportFile


@pytest.mark.parametrize("period", ["daily", "weekly", "biweekly", "monthly"])
def test_the_default_report_costs_three_calls(period: str) -> None:
    """Names, totals, and who did anything: with the timezone there are four."""
    costs = call_costs(ReportFile(), windows_due(period, date(2026, 11, 9)))

    assert sum(line.calls for line in costs) == 3


@pytest.mark.parametrize("days", [1, 7, 10, 31, 90])
def test_the_default_report_of_custom_days_costs_three_calls(days: int) -> None:
    """A script counts who did anything."""
    last = date(2026, 11, 17)
    windows = custom_windows(last - timedelta(days=days - 1), last)

    assert sum(line.calls for line in call_costs(ReportFile(), windows)) == 3


def test_users_of_other_windows_cost_a_call_for_each_event() -> None:
    """Two metrics of one event share a call."""
    metrics = (
        Metric("A", ("Sign Up",), "unique"),
        Metric("B", ("Sign Up",), "unique"),
        Metric("C", ("Purchase",), "unique"),
        Metric("D", ("Purchase",), "total"),
    )
    windows = windows_due("biweekly", date(2026, 11, 9))

    costs = call_costs(ReportFile(metrics=metrics), windows)
    assert [(line.purpose, line.calls) for line in costs] == [
        ("event names", 1),
        ("totals and top events", 1),
        ("unique users of 'Sign Up'", 1),
        ("unique users of 'Purchase'", 1),
    ]


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
    report_file = ReportFile(max_calls=4)

    refuse_too_many_calls(report_file, windows_due("weekly", date(2026, 11, 9)))
