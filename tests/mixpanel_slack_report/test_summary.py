"""Sentences about the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mixpanel_slack_report.metrics import Metric, MetricValue, Status, TopEvent
from mixpanel_slack_report.summary import (
    missing_parts,
    summary_sentences,
    value_in_words,
    value_remarks,
)


def value(
    name: str,
    now: int | None,
    before: int | None,
    status: Status = "ok",
    reason: str = "",
) -> MetricValue:
    """Make the value of a metric."""
    metric = Metric(name, (name,), "total")
    return MetricValue(metric, name, now, before, status, reason)


def test_the_summary_names_the_top_event_and_the_strongest_changes() -> None:
    """One rise and one fall, by percent, and the first number."""
    metrics = [
        value("Signups", 48, 40),
        value("Sales", 30, 15),
        value("Visits", 90, 100),
        value("Sessions", 100, 200),
    ]

    assert summary_sentences(metrics, [TopEvent("Page View", 12500)]) == (
        "Top action: Page View (12,500 occurrences).",
        "Signups: 48, up 8 from 40 (+20.0 %).",
        "Strongest rise: Sales: 30, up 15 from 15 (+100.0 %).",
        "Strongest fall: Sessions: 100, down 100 from 200 (-50.0 %).",
    )


def test_the_first_numbers_of_users_and_of_events_are_told() -> None:
    """Those of the sample report: active users and signups."""
    active = Metric("Weekly Active Users", (), "active")
    metrics = [
        value("New Signups", 48, 48),
        value("Purchases", 7, 7),
        MetricValue(active, "", 250, 250, "ok"),
    ]

    assert summary_sentences(metrics, []) == (
        "Weekly Active Users: 250, no change.",
        "New Signups: 48, no change.",
    )


def test_a_number_is_told_once() -> None:
    """The first number may be the one that rose most."""
    assert summary_sentences([value("Sales", 30, 15)], []) == (
        "Strongest rise: Sales: 30, up 15 from 15 (+100.0 %).",
    )


def test_three_that_became_six_is_no_headline() -> None:
    """Chance does that; the number is told as it is."""
    assert summary_sentences([value("Sales", 6, 3)], []) == (
        "Sales: 6, up 3 from 3 (+100.0 %).",
    )


def test_changes_that_mean_nothing_are_no_headlines() -> None:
    """Days before the first event are nothing to compare with."""
    sentences = summary_sentences([value("Sales", 30, 15)], [], is_comparable=False)

    assert sentences == ("Sales: 30, up 15 from 15 (+100.0 %).",)


def test_nothing_to_tell_gives_no_sentence() -> None:
    """A report without numbers has no summary."""
    assert summary_sentences([], []) == ()


def test_one_occurrence_is_singular() -> None:
    """English is kept."""
    (sentence,) = summary_sentences([], [TopEvent("Sale", 1)])

    assert sentence == "Top action: Sale (1 occurrence)."


@pytest.mark.parametrize("status", ["partial", "no_data"])
def test_changes_of_incomplete_numbers_are_no_headlines(status: Status) -> None:
    """Only whole numbers are compared."""
    assert summary_sentences([value("Sales", 30, 15, status, "cut")], []) == ()


def test_a_rise_from_zero_is_no_percentage() -> None:
    """It cannot be the strongest rise."""
    assert summary_sentences([value("Sales", 30, 0)], []) == ("Sales: 30, up from 0.",)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["Sales"], "1 alert: Sales."),
        (["Sales", "Visits"], "2 alerts: Sales and Visits."),
        (["Sales", "Visits", "Users"], "3 alerts: Sales and 2 more."),
    ],
)
def test_alerts_open_the_summary(names: list[str], sentence: str) -> None:
    """What they say stands above the numbers."""
    sentences = summary_sentences([], [TopEvent("Sale", 1)], alerts=names)

    assert sentences[0] == sentence


def test_new_and_stopped_events_close_the_summary() -> None:
    """The commonest is named with its count, now or before."""
    new = [TopEvent("Coupon", 35, 0), TopEvent("Gift", 2, 0), TopEvent("Tip", 1, 0)]

    sentences = summary_sentences(
        [], [], new_events=new, stopped_events=[TopEvent("Offer", 1, 1)]
    )

    assert sentences == (
        "New events: Coupon (35 occurrences) and 2 more.",
        "Stopped event: Offer (1 occurrence before).",
    )


def test_a_trend_is_told_with_its_number() -> None:
    """The range is that of the seven windows before."""
    metric = Metric("Sales", ("Sale",), "total")
    trend = (40, 31, 45, 38, 36, 33, 40, 41)

    words = value_in_words(MetricValue(metric, "Sale", 41, 40, "ok", trend=trend))

    assert words == "Sales: 41, up 1 from 40 (+2.5 %), within its last 7 (31 to 45)"


def test_what_is_missing_is_said_with_its_reason() -> None:
    """Each metric that is not whole has a sentence."""
    metrics = [
        value("Signups", 48, 40),
        value("Sales", None, None, "no_data", "totals could not be read"),
        value("Visits", 9, None, "partial", "2026-11-18 is not over"),
    ]

    assert missing_parts(metrics) == (
        "Sales is missing: totals could not be read.",
        "Visits is incomplete: 2026-11-18 is not over.",
    )


@pytest.mark.parametrize(
    ("metric_value", "words"),
    [
        (value("Sales", 1200, 1000), "Sales: 1,200, up 200 from 1,000 (+20.0 %)"),
        (value("Sales", 9, None, "partial"), "Sales: 9, change not known"),
        (value("Sales", None, 3, "no_data"), "Sales: no data"),
        (value("Sales", None, None, "no_such_event"), "Sales: no such event"),
        (value("A\nB", 0, 0), "A B: 0, no change"),
    ],
)
def test_a_metric_in_words(metric_value: MetricValue, words: str) -> None:
    """A missing number is never written as 0."""
    assert value_in_words(metric_value) == words


def test_metrics_with_one_reason_are_told_together() -> None:
    """A call that failed is not told once for each metric."""
    metrics = [
        value("Signups", None, None, "no_data", "no totals"),
        value("Sales", 3, None, "partial", "cut"),
        value("Visits", None, None, "no_data", "no totals"),
        value("Sessions", 5, None, "partial", "no totals"),
    ]

    assert missing_parts(metrics) == (
        "Signups and Visits are missing: no totals.",
        "Sales is incomplete: cut.",
        "Sessions is incomplete: no totals.",
    )


def test_many_metrics_with_one_reason_are_counted() -> None:
    """A line in Slack has no room for all their names."""
    metrics = [value(name, None, None, "no_data", "no totals") for name in "abc"]

    assert missing_parts(metrics) == ("a and 2 more are missing: no totals.",)


def test_remarks_name_the_metrics_they_are_about() -> None:
    """A number may be whole, and yet not what its name suggests."""
    metrics = [
        replace(value("Buyers", 3, 3), remark="merged users count twice"),
        value("Sales", 3, 3),
        replace(value("Visitors", 3, 3), remark="merged users count twice"),
    ]

    assert value_remarks(metrics) == ("Buyers and Visitors: merged users count twice.",)
