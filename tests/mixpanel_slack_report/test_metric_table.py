"""The ``[[metric]]`` tables of ``report.toml``."""

from __future__ import annotations

from typing import Any

import pytest

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metric_table import read_metrics
from mixpanel_slack_report.metrics import Metric, Threshold
from mixpanel_slack_report.toml_table import TomlTable

VISITORS = {"name": "Visitors", "kind": "unique", "event": "Page View"}


def read(*metrics: dict[str, Any]) -> tuple[Metric, ...]:
    """Read metrics, or raise what is wrong with them."""
    problems: list[str] = []
    table = TomlTable({"metric": list(metrics)}, where="file", problems=problems)
    found = read_metrics(table, ())
    if problems:
        raise SettingsError(*problems)
    return found


def problems(*metrics: dict[str, Any]) -> list[str]:
    """Return what is wrong with metrics."""
    with pytest.raises(SettingsError) as refusal:
        read(*metrics)
    return [problem.removeprefix("file: ") for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"kind": "total", "event": ["A", "B"], "where": "1 == 1"},
            Metric("M", ("A", "B"), "total", where="1 == 1"),
        ),
        ({"kind": "active"}, Metric("M", (), "active")),
        (
            {"kind": "active", "event": ["A", "B"]},
            Metric("M", ("A", "B"), "active"),
        ),
        (
            {"kind": "sum", "event": "A", "property": "Price"},
            Metric("M", ("A",), "sum", property="Price"),
        ),
        (
            {"kind": "per_event", "event": "A", "property": "Price", "where": "1"},
            Metric("M", ("A",), "per_event", where="1", property="Price"),
        ),
        (
            {"kind": "saved", "report_id": 12345},
            Metric("M", (), "saved", report_id=12345),
        ),
        (
            {"kind": "ratio", "event": "A", "over": "Visitors", "as": "percent"},
            Metric("M", ("A",), "ratio", over="Visitors", shown_as="percent"),
        ),
        (
            {"kind": "ratio", "event": "A", "over": "Visitors", "as": "number"},
            Metric("M", ("A",), "ratio", over="Visitors", shown_as="number"),
        ),
        (
            {"kind": "ratio", "of": "Visitors", "over": "Visitors"},
            Metric("M", (), "ratio", over="Visitors", of="Visitors"),
        ),
    ],
)
def test_every_kind_is_read(given: dict[str, Any], expected: Metric) -> None:
    """A metric is what its table says."""
    assert read(VISITORS, {"name": "M", **given})[1] == expected


def test_a_threshold_is_read() -> None:
    """Bounds, and whom to mention."""
    alert = {
        "below": 10,
        "above": 20.5,
        "drop_percent": 30,
        "rise_percent": 40,
        "minimum": 50,
        "mention": ["U024BE7LH", "S0614TZR7", "here", "channel"],
    }

    (metric,) = read({**VISITORS, "alert": alert})

    assert metric.threshold == Threshold(
        10, 20.5, 30, 40, 50, ("U024BE7LH", "S0614TZR7", "here", "channel")
    )


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            {"kind": "mean"},
            "metric 1: kind is 'mean'; give one of total, unique, active, ratio, sum, "
            "per_event, saved",
        ),
        (
            {},
            "metric 1: kind is missing; give one of total, unique, active, ratio, "
            "sum, per_event, saved",
        ),
        (
            {"kind": "total"},
            "metric 1: event is missing; give a name, or a list of names",
        ),
        (
            {"kind": "total", "event": "A", "property": "P"},
            "metric 1: property is 'P'; total has no property; it goes with sum, "
            "per_event",
        ),
        (
            {"kind": "sum", "event": "A"},
            "metric 1: property is missing; give a text",
        ),
        (
            {"kind": "saved"},
            "metric 1: report_id is missing; give the number after report- in its "
            "address",
        ),
        (
            {"kind": "saved", "report_id": 1, "event": "A"},
            "metric 1: event is 'A'; saved has no event; it goes with total, unique, "
            "active, ratio, sum, per_event",
        ),
        (
            {"kind": "saved", "report_id": "12"},
            "metric 1: report_id is '12'; give a whole number from 1 to "
            "9223372036854775807",
        ),
        ({"kind": "ratio", "event": "A"}, "metric 1: over is missing; give a text"),
        (
            {"kind": "total", "event": "A", "over": "M"},
            "metric 1: over is 'M'; total has no over; it goes with ratio",
        ),
        (
            {"kind": "ratio", "over": "M"},
            "metric 1: event is missing; give the event that is divided, or a metric "
            "as of",
        ),
        (
            {"kind": "ratio", "event": "A", "of": "M", "over": "M"},
            "metric 1: of is 'M'; divide a metric (of) or an event (event, where), "
            "not both",
        ),
        (
            {"kind": "ratio", "event": "A", "over": "Visits"},
            "metric 1: over is 'Visits', which is the name of no metric; give one of "
            "'M'",
        ),
        (
            {"kind": "ratio", "event": "A", "over": "M"},
            "metric 1: over is 'M', which is made of 'M' itself; give one that is not",
        ),
        (
            {"kind": "total", "event": "A", "where": ""},
            "metric 1: where is ''; give a text",
        ),
        (
            {"kind": "total", "event": "A", "as": "euro"},
            "metric 1: as is 'euro'; give number or percent",
        ),
        (
            {"kind": "total", "event": "A", "colour": "red"},
            "metric 1: 'colour' is no key here; allowed are name, kind, event, where, "
            "property, over, of, report_id, alert, as",
        ),
        (
            {"kind": "sum", "event": "A", "property": "p" * 256},
            f"metric 1: property is '{'p' * 56}...; give a name of at most 255 signs",
        ),
    ],
)
def test_what_does_not_go_together_is_one_line(
    given: dict[str, Any], problem: str
) -> None:
    """It says what was given, what is allowed and where."""
    assert problems({"name": "M", **given}) == [problem]


@pytest.mark.parametrize(
    ("alert", "problem"),
    [
        (5, "metric 1: alert is 5; write a table of keys"),
        (
            {"mention": ["here"]},
            "metric 1: alert watches nothing; give below, above, drop_percent or "
            "rise_percent",
        ),
        (
            {"below": True},
            "metric 1: alert: below is True; give a number from "
            "-1,000,000,000,000,000 to 1,000,000,000,000,000",
        ),
        (
            {"drop_percent": 101},
            "metric 1: alert: drop_percent is 101; give a number from 0 to 100",
        ),
        (
            {"below": 1, "minimum": 5},
            "metric 1: alert: minimum is 5; it goes with drop_percent and rise_percent",
        ),
        (
            {"below": 1, "mention": ["<!channel>"]},
            "metric 1: alert: mention is ['<!channel>']; give ids of users (U…) or "
            "user groups (S…), here, channel or everyone",
        ),
        (
            {"below": 1, "colour": "red"},
            "metric 1: alert: 'colour' is no key here; allowed are below, above, "
            "drop_percent, rise_percent, minimum, mention",
        ),
    ],
)
def test_a_wrong_threshold_is_named(alert: object, problem: str) -> None:
    """Nobody is alerted by another rule than the file's."""
    assert problem in problems({**VISITORS, "alert": alert})


def test_a_ratio_of_two_metrics_of_one_name_is_refused() -> None:
    """Which of them is meant cannot be known."""
    ratio = {"name": "M", "kind": "ratio", "event": "A", "over": "Visitors"}

    assert problems(VISITORS, VISITORS, ratio) == [
        "metric 3: over is 'Visitors', which is the name of 2 metrics; give one of "
        "'Visitors', 'M'"
    ]


def test_ratios_that_go_in_a_circle_are_refused() -> None:
    """Each of them is made of the other."""
    first = {"name": "A", "kind": "ratio", "event": "X", "over": "B"}
    second = {"name": "B", "kind": "ratio", "event": "X", "over": "A"}

    assert problems(first, second) == [
        "metric 1: over is 'B', which is made of 'A' itself; give one that is not",
        "metric 2: over is 'A', which is made of 'B' itself; give one that is not",
    ]


def test_the_names_of_a_ratio_are_those_of_the_file() -> None:
    """The place of the period's title is written as in the file."""
    active = {"name": "{period} Users", "kind": "active"}
    ratio = {"name": "M", "kind": "ratio", "event": "A", "over": "{period} Users"}

    assert read(active, ratio)[1].over == "{period} Users"
