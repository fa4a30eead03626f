"""Thresholds that were crossed."""

from __future__ import annotations

import pytest

from mixpanel_slack_report.alerts import Alert, raise_alerts, unchecked_alerts
from mixpanel_slack_report.metrics import (
    Metric,
    MetricKind,
    MetricValue,
    Number,
    Status,
    Threshold,
)


def value(
    now: Number | None,
    before: Number | None,
    threshold: Threshold | None,
    *,
    kind: MetricKind = "total",
    status: Status = "ok",
) -> MetricValue:
    """Make the value of a metric that is watched."""
    metric = Metric("Signups", ("Sign Up",), kind, threshold=threshold)
    return MetricValue(metric, "Sign Up", now, before, status)


@pytest.mark.parametrize(
    ("now", "before", "threshold", "crossed"),
    [
        (9, 9, Threshold(below=10), "below 10"),
        (10, 9, Threshold(below=10), None),
        (11, 11, Threshold(above=10), "above 10"),
        (10, 10, Threshold(above=10), None),
        (70, 100, Threshold(drop_percent=30), "a drop of 30 % or more"),
        (71, 100, Threshold(drop_percent=30), None),
        (667, 1000, Threshold(drop_percent=33.3), "a drop of 33.30 % or more"),
        (668, 1000, Threshold(drop_percent=33.3), None),
        (130, 100, Threshold(drop_percent=30), None),
        (130, 100, Threshold(rise_percent=30), "a rise of 30 % or more"),
        (129, 100, Threshold(rise_percent=30), None),
        (70, 100, Threshold(rise_percent=30), None),
        (100, 100, Threshold(drop_percent=0, rise_percent=0), None),
        (1, 0, Threshold(rise_percent=500), "a rise of 500 % or more"),
        (0, 0, Threshold(rise_percent=500, drop_percent=1), None),
    ],
)
def test_a_bound_is_crossed_or_not(
    now: int, before: int, threshold: Threshold, crossed: str | None
) -> None:
    """Bounds themselves are fine; percentages count from the number on."""
    alerts = raise_alerts([value(now, before, threshold)])

    shown = [alert.sentence.split(", which is ")[1] for alert in alerts]
    assert shown == ([f"{crossed}."] if crossed else [])


@pytest.mark.parametrize(
    ("now", "before", "raised"),
    [(10, 49, False), (10, 50, True), (50, 10, True), (49, 10, False)],
)
def test_small_numbers_may_change_by_any_percentage(
    now: int, before: int, *, raised: bool
) -> None:
    """One of the two numbers has to come to the minimum."""
    threshold = Threshold(drop_percent=30, rise_percent=30, minimum=50)

    assert bool(raise_alerts([value(now, before, threshold)])) is raised


def test_the_minimum_is_about_percentages_only() -> None:
    """A number below its bound is below it, however small."""
    threshold = Threshold(below=10, minimum=50)

    assert len(raise_alerts([value(3, 4, threshold)])) == 1


def test_an_alert_has_both_numbers_and_every_bound_that_was_crossed() -> None:
    """One metric raises one alert, and mentions whom the file names."""
    threshold = Threshold(below=10, drop_percent=30, mention=("U0123ABCD", "here"))

    assert raise_alerts([value(8, 48, threshold)]) == (
        Alert(
            "Signups",
            "Signups: 8, down 40 from 48 (-83.3 %), "
            "which is below 10 and a drop of 30 % or more.",
            ("U0123ABCD", "here"),
        ),
    )


def test_a_bound_of_a_share_is_a_share() -> None:
    """It is written in percent, as the number is."""
    alerts = raise_alerts([value(0.08, 0.1, Threshold(below=0.1), kind="ratio")])

    assert [alert.sentence for alert in alerts] == [
        "Signups: 8.0 %, down 2.0 percentage points from 10.0 %, which is below 10.0 %."
    ]


def test_a_metric_without_a_threshold_raises_nothing() -> None:
    """Nobody asked."""
    assert raise_alerts([value(0, 900, None)]) == ()


@pytest.mark.parametrize(
    ("now", "status", "reason"),
    [
        (3, "partial", "its number is incomplete"),
        (None, "no_data", "its number is missing"),
        (None, "no_such_event", "its number is missing"),
    ],
)
def test_a_number_that_is_not_whole_raises_nothing_but_is_told(
    now: int | None, status: Status, reason: str
) -> None:
    """A day that is not over may still reach its bound."""
    watched = [value(now, 900, Threshold(below=10), status=status)]

    assert raise_alerts(watched) == ()
    assert unchecked_alerts(watched) == (
        f"The alert on Signups could not be checked: {reason}.",
    )


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (None, "the number compared with is not known"),
        (-5, "the number compared with is below 0"),
    ],
)
def test_a_percentage_that_cannot_be_reckoned_is_told(
    before: int | None, reason: str
) -> None:
    """Silence would look like a check that passed."""
    watched = [value(50, before, Threshold(drop_percent=30), kind="saved")]

    assert raise_alerts(watched) == ()
    assert unchecked_alerts(watched) == (
        f"The alert on Signups could not be checked: {reason}.",
    )


@pytest.mark.parametrize(
    "threshold", [None, Threshold(below=10), Threshold(below=60, above=70)]
)
def test_a_checked_alert_is_not_told_as_unchecked(threshold: Threshold | None) -> None:
    """A bound without percentages needs no number to compare with."""
    assert unchecked_alerts([value(50, None, threshold)]) == ()


def test_an_alert_without_a_number_before_says_none() -> None:
    """The number itself is known."""
    (alert,) = raise_alerts([value(5, None, Threshold(below=10))])

    assert alert.sentence == "Signups: 5, which is below 10."
