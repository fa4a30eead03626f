"""Numbers beside the seven before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.metrics import (
    Metric,
    MetricKind,
    MetricValue,
    Number,
    Status,
)
from mixpanel_slack_report.trends import (
    is_headline,
    is_outside,
    sparkline,
    trend_in_words,
)


def value(
    trend: tuple[Number | None, ...],
    *,
    kind: MetricKind = "total",
    status: Status = "ok",
) -> MetricValue:
    """Make a value whose last two numbers are the trend's."""
    metric = Metric("Signups", ("Sign Up",), kind)
    return MetricValue(metric, "Sign Up", trend[-1], trend[-2], status, trend=trend)


@pytest.mark.parametrize(
    ("trend", "words"),
    [
        ((40, 31, 45, 38, 36, 33, 40, 48), "outside its last 7 (highest 45)"),
        ((40, 31, 45, 38, 36, 33, 40, 30), "outside its last 7 (lowest 31)"),
        ((40, 31, 45, 38, 36, 33, 40, 45), "within its last 7 (31 to 45)"),
        ((4, 4, 4, 4, 4, 4, 4, 4), "within its last 7 (4)"),
        ((None, 9, 9, 8, None, 9, 5, 12), "outside its last 5 known (highest 9)"),
        ((None, None, None, None, 3, 9, 5, 12), ""),
        ((31, 45, 38, 36, 33, 40, 48), ""),
    ],
)
def test_a_number_is_told_apart_from_its_last_seven(
    trend: tuple[int | None, ...], words: str
) -> None:
    """Too few known numbers, or too few windows, give no verdict."""
    assert trend_in_words(value(trend)) == words


def test_only_the_seven_before_count() -> None:
    """A longer trend is cut."""
    trend = (900, 40, 31, 45, 38, 36, 33, 40, 48)

    assert trend_in_words(value(trend)) == "outside its last 7 (highest 45)"


@pytest.mark.parametrize("status", ["partial", "no_data"])
def test_a_number_that_is_not_whole_has_no_verdict(status: Status) -> None:
    """A day that is not over is always below the others."""
    trend = (40, 31, 45, 38, 36, 33, 40, 2)

    assert is_outside(value(trend, status=status)) is None


def test_the_words_are_those_of_the_metric() -> None:
    """A share is in percent also in its trend."""
    trend = (0.1, 0.12, 0.11, 0.1, 0.09, 0.1, 0.1, 0.153)

    words = trend_in_words(value(trend, kind="ratio"))

    assert words == "outside its last 7 (highest 12.0 %)"


@pytest.mark.parametrize(
    ("before", "now", "headline"),
    [
        (3, 6, False),
        (40, 48, False),
        (15, 30, True),
        (10, 20, False),
        (300, 600, True),
        (600, 300, True),
        (10_000, 10_200, False),
        (10_000, 10_300, True),
        (300, 300, False),
        (9, 0, False),
        (10, 0, True),
    ],
)
def test_chance_is_no_headline(before: int, now: int, *, headline: bool) -> None:
    """Without a trend a count must change by twice what chance may do."""
    assert is_headline(value((before, now))) is headline


@pytest.mark.parametrize(
    ("trend", "headline"),
    [
        ((3, 3, 2, 3, 3, 2, 3, 6), False),
        ((40, 31, 45, 38, 36, 33, 40, 48), True),
        ((900, 31, 45, 38, 36, 33, 40, 800), False),
    ],
)
def test_a_trend_decides_about_headlines(
    trend: tuple[int, ...], *, headline: bool
) -> None:
    """Outside its last 7, but never 3 that became 6."""
    assert is_headline(value(trend)) is headline


@pytest.mark.parametrize("kind", ["ratio", "sum", "per_event", "saved"])
def test_only_counts_are_judged_without_a_trend(kind: MetricKind) -> None:
    """How much chance may change a sum or a share is not known."""
    assert not is_headline(value((300, 600), kind=kind))


def test_a_share_outside_its_last_seven_is_a_headline() -> None:
    """The smallest count is about counts only."""
    trend = (0.1, 0.12, 0.11, 0.1, 0.09, 0.1, 0.1, 0.153)

    assert is_headline(value(trend, kind="ratio"))


@pytest.mark.parametrize("status", ["partial", "no_data"])
def test_numbers_that_are_not_whole_are_no_headline(status: Status) -> None:
    """Only whole numbers are compared."""
    assert not is_headline(value((300, 600), status=status))


@pytest.mark.parametrize(
    ("trend", "bars"),
    [
        ((0, 25, None, 50, 100), "▁▂ ▃▇"),
        ((100, 101, 99, 100), "▇▇▇▇"),
        ((0, 0, 0), "▁▁▁"),
        ((-100, 0, 100), "▁▃▇"),
        ((0.1, 0.2, None, 0.1), "▃▇ ▃"),
        ((None, None), ""),
        ((None, 9, 8), ""),
        ((), ""),
    ],
)
def test_sparklines_stand_on_zero(trend: tuple[Number | None, ...], bars: str) -> None:
    """Small changes of large numbers look small, and what is not known is a gap."""
    assert sparkline(trend) == bars


@given(st.lists(st.none() | st.integers(0, 10**15) | st.floats(-1e15, 1e15)))
def test_a_sparkline_has_one_character_a_window(trend: list[Number | None]) -> None:
    """Nothing is left out, whatever the numbers, if there are three at least."""
    bars = sparkline(trend)

    assert len(bars) == (len(trend) if len(trend) - trend.count(None) > 2 else 0)
    assert set(bars) <= set("▁▂▃▅▇ ")
