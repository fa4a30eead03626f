"""Trends as native charts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from mixpanel_slack_report.collection.trend_windows import trend_windows
from mixpanel_slack_report.metrics import Metric, MetricKind, MetricValue, Number
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.slack.block_rules import block_problem
from mixpanel_slack_report.slack.charts import trend_charts

WEEKS = trend_windows(windows_due("weekly", date(2026, 11, 16)))
ROOM = 10_000


def value(name: str, *trend: Number | None, kind: MetricKind = "total") -> MetricValue:
    """Make a metric with a trend."""
    return MetricValue(Metric(name, ("x",), kind), "x", 1, 1, "ok", trend=trend)


def series_of(chart: dict[str, object]) -> dict[str, list[Number]]:
    """Return the numbers of each line of a chart."""
    lines = chart["chart"]["series"]
    return {line["name"]: [point["value"] for point in line["data"]] for line in lines}


def test_a_trend_is_a_line_with_a_point_for_each_window() -> None:
    """The chart is as Slack documents it."""
    charts = trend_charts([value("Signups", 7, 8, 9)], WEEKS, room=ROOM)

    assert charts == [
        {
            "type": "data_visualization",
            "title": "Trend over 3 weeks",
            "chart": {
                "type": "line",
                "series": [
                    {
                        "name": "Signups",
                        "data": [
                            {"label": "Oct 26", "value": 7},
                            {"label": "Nov 2", "value": 8},
                            {"label": "Nov 9", "value": 9},
                        ],
                    }
                ],
                "axis_config": {"categories": ["Oct 26", "Nov 2", "Nov 9"]},
            },
        }
    ]


@pytest.mark.parametrize(
    ("period", "due", "title", "first", "last"),
    [
        ("daily", date(2026, 11, 16), "Trend over 8 days", "Nov 8", "Nov 15"),
        ("weekly", date(2026, 1, 5), "Trend over 8 weeks", "Nov 10", "Dec 29"),
        ("biweekly", date(2026, 1, 5), "Trend over 8 fortnights", "Sep 15", "Dec 22"),
        ("monthly", date(2026, 3, 1), "Trend over 8 months", "Jul 2025", "Feb 2026"),
    ],
)
def test_windows_are_named_by_their_first_day(
    period: str, due: date, title: str, first: str, last: str
) -> None:
    """Months by their name and year."""
    windows = trend_windows(windows_due(period, due))

    (chart,) = trend_charts([value("a", *range(1, 9))], windows, room=ROOM)

    names = chart["chart"]["axis_config"]["categories"]
    assert (chart["title"], names[0], names[-1]) == (title, first, last)
    assert len(set(names)) == 8


def test_lines_of_one_size_share_a_chart() -> None:
    """Beside 12,000 a line of 48 would lie flat."""
    metrics = [
        value("Page Views", 9000, 11000, 12000),
        value("Signups", 30, 40, 48),
        value("Clicks", 3000, 3100, 3200),
        value("Sales", 5, 6, 7),
        value("Errors", 0, 0, 0),
    ]

    charts = trend_charts(metrics, WEEKS, room=ROOM)

    assert [list(series_of(chart)) for chart in charts] == [
        ["Page Views", "Clicks"],
        ["Signups", "Sales", "Errors"],
    ]


def test_lines_are_parted_where_both_parts_are_most_alike() -> None:
    """Not each by itself is compared with the first: 44 goes with 59, not alone."""
    peaks = {"Users": 447, "Signups": 83, "Onboarded": 59, "Views": 2322, "Sales": 44}
    metrics = [value(name, 1, 2, peak) for name, peak in peaks.items()]

    charts = trend_charts(metrics, WEEKS, room=ROOM)

    assert [list(series_of(chart)) for chart in charts] == [
        ["Users", "Views"],
        ["Signups", "Onboarded", "Sales"],
    ]


def test_percent_are_drawn_among_themselves() -> None:
    """A share of 0.1525 is 15.25 percent, and the axis says so."""
    metrics = [
        value("Sales", 15, 15, 16),
        value("Buyers", 0.1, 0.12, 0.1525, kind="ratio"),
    ]

    counts, shares = trend_charts(metrics, WEEKS, room=ROOM)

    assert series_of(counts) == {"Sales": [15, 15, 16]}
    assert series_of(shares) == {"Buyers": [10.0, 12.0, 15.25]}
    assert shares["chart"]["axis_config"]["y_label"] == "Percent"


def test_a_window_that_is_not_known_is_no_zero() -> None:
    """The line begins after the gap."""
    (chart,) = trend_charts([value("a", 1, 2, None, 3, 4, 5)], WEEKS, room=ROOM)

    assert series_of(chart) == {"a": [3, 4, 5]}
    assert chart["title"] == "Trend over 3 weeks"


@pytest.mark.parametrize(
    "trend",
    [(), (1, 2), (1, 2, 3, None), (1, 2, 3, None, 4, 5), (1, 2, float("nan"))],
)
def test_what_is_no_trend_is_not_drawn(trend: tuple[Number | None, ...]) -> None:
    """Two points are a comparison, and a gap at the end hides what counts."""
    assert trend_charts([value("a", *trend)], WEEKS, room=ROOM) == []


def test_a_metric_without_a_number_is_not_drawn() -> None:
    """The chart would show what the table says is missing."""
    doubtful = replace(value("a", 1, 2, 3), value=None, status="no_data")

    assert trend_charts([doubtful], WEEKS, room=ROOM) == []


def test_custom_days_have_no_trend() -> None:
    """Two windows are no trend, whatever came with the value."""
    assert trend_charts([value("a", *range(8))], WEEKS[-2:], room=ROOM) == []


def test_seven_lines_are_a_chart_of_six_and_one_of_one() -> None:
    """Slack takes six at most."""
    metrics = [value(f"Metric {number}", 1, 2, 3) for number in range(7)]

    charts = trend_charts(metrics, WEEKS, room=ROOM)

    assert [len(series_of(chart)) for chart in charts] == [6, 1]


def test_a_third_chart_is_not_drawn() -> None:
    """Slack refuses a message with three."""
    metrics = [
        value("Small", 1, 2, 10),
        value("Large", 1, 2, 10_000),
        value("Share", 0.1, 0.2, 0.3, kind="ratio"),
    ]

    assert len(trend_charts(metrics, WEEKS, room=ROOM)) == 2


def test_lines_that_do_not_fit_are_left_out() -> None:
    """The message stays within its size."""
    metrics = [value(f"Metric {number}", *range(8)) for number in range(6)]

    (chart,) = trend_charts(metrics, WEEKS, room=1200)

    assert len(json.dumps(chart)) <= 1200
    assert 1 <= len(series_of(chart)) < 6
    assert trend_charts(metrics, WEEKS, room=200) == []


def test_labels_hold_no_markup() -> None:
    """No document says that Slack reads none there."""
    metrics = [
        value("<!channel> *Sales*", 1, 2, 3),
        value(":tada: _x_ `code`", 1, 2, 3),
        value("sign_up_done", 1, 2, 3),
        value("\u202e", 1, 2, 3),
    ]

    (chart,) = trend_charts(metrics, WEEKS, room=ROOM)

    assert list(series_of(chart)) == [
        "!channel Sales",
        "tada x code",
        "sign_up_done",
        "(no name)",
    ]


def test_no_two_lines_have_one_name() -> None:
    """Slack refuses a chart whose labels are not unique, also after they were cut."""
    metrics = [value("Users of the shop in Europe", 1, 2, 3)] * 3

    (chart,) = trend_charts(metrics, WEEKS, room=ROOM)

    assert list(series_of(chart)) == [
        "Users of the shop i…",
        "Users of the shop… 2",
        "Users of the shop… 3",
    ]
    assert block_problem(chart) == ""
