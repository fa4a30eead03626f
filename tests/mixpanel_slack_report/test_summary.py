"""Sentences about the numbers."""

from __future__ import annotations

import pytest

from mixpanel_slack_report.metrics import Metric, MetricValue, Status, TopEvent
from mixpanel_slack_report.summary import (
    missing_parts,
    summary_sentences,
    value_in_words,
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
    """One rise and one fall, by percent."""
    metrics = [
        value("Signups", 48, 40),
        value("Sales", 30, 15),
        value("Visits", 90, 100),
        value("Sessions", 100, 200),
    ]

    assert summary_sentences(metrics, [TopEvent("Page View", 12500)]) == (
        "Top action: Page View (12,500 occurrences).",
        "Strongest rise: Sales: 30, up 15 from 15 (+100.0 %).",
        "Strongest fall: Sessions: 100, down 100 from 200 (-50.0 %).",
    )


def test_nothing_that_stands_out_gives_no_sentence() -> None:
    """Equal numbers and no events need no words."""
    assert summary_sentences([value("Signups", 4, 4)], []) == ()


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
    assert summary_sentences([value("Sales", 30, 0)], []) == ()


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
