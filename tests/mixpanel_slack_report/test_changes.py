"""Numbers and their changes, in figures and in words."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.changes import (
    change_in_words,
    change_percent,
    figure_in_words,
    number_in_words,
)
from mixpanel_slack_report.metrics import Metric, MetricKind, ShownAs

COUNT = Metric("New Signups", ("Sign Up",), "total")
RATIO = Metric("Buyers", ("Purchase",), "ratio", over="Visitors")
SUM = Metric("Sales", ("Purchase",), "sum", property="price")


@pytest.mark.parametrize(
    ("value", "previous", "percent"),
    [
        (253, 157, 61.15),
        (1, 3, -66.67),
        (5, 5, 0.0),
        (0, 8, -100.0),
        (80_005, 80_000, 0.01),
        (0.3, 0.1, 200.0),
        (10**15, 1, 99999999999999900.0),
    ],
)
def test_a_change_is_in_percent_of_the_previous_number(
    value: float, previous: float, percent: float
) -> None:
    """Percentages are rounded to two decimals, a half away from zero."""
    assert change_percent(value, previous) == percent


@pytest.mark.parametrize(
    ("value", "previous"), [(None, 1), (1, None), (7, 0), (0, 0), (5, -10)]
)
def test_no_percentage_without_two_numbers_and_a_base(
    value: int | None, previous: int | None
) -> None:
    """A missing number, or a previous one of 0 or below, gives no percentage."""
    assert change_percent(value, previous) is None


def test_a_tiny_fall_is_not_minus_zero() -> None:
    """JSON would show -0.0, which readers take for a fault."""
    assert str(change_percent(999_999, 1_000_000)) == "0.0"


@pytest.mark.parametrize(
    ("value", "previous", "words"),
    [
        (253, 157, "up 96 from 157 (+61.1 %)"),
        (102, 163, "down 61 from 163 (-37.4 %)"),
        (4, 4, "no change"),
        (0, 0, "no change"),
        (3, 0, "up from 0"),
        (0, 2, "down 2 from 2 (-100.0 %)"),
        (17, 16, "up 1 from 16 (+6.3 %)"),
        (1_000_001, 1_000_000, "up 1 from 1,000,000 (less than 0.1 %)"),
        (999_999, 1_000_000, "down 1 from 1,000,000 (less than 0.1 %)"),
        (50_000, 4, "up 49,996 from 4 (+1,249,900.0 %)"),
        (10**15, 10**15 - 1, "up 1 from 999,999,999,999,999 (less than 0.1 %)"),
    ],
)
def test_changes_of_counts_are_words_and_signs(
    value: int, previous: int, words: str
) -> None:
    """A change can be read without colours or arrows."""
    assert change_in_words(COUNT, value, previous) == words


@pytest.mark.parametrize(
    ("value", "previous", "words"),
    [
        (0.3, 0.1, "up 0.20 from 0.10 (+200.0 %)"),
        (1234.5, 1000.25, "up 234.25 from 1,000.25 (+23.4 %)"),
        (12.0, 10, "up 2 from 10 (+20.0 %)"),
        (10.001, 10.0, "up less than 0.01 from 10 (less than 0.1 %)"),
        (-5, -10, "up 5 from -10"),
        (-2.5, 10, "down 12.50 from 10 (-125.0 %)"),
        (-3, 0, "down from 0"),
    ],
)
def test_changes_of_sums_have_two_decimals_or_none(
    value: float, previous: float, words: str
) -> None:
    """A sum of refunds may be below 0, and then has no percentage."""
    assert change_in_words(SUM, value, previous) == words


@pytest.mark.parametrize(
    ("value", "previous", "words"),
    [
        (0.153, 0.141, "up 1.2 percentage points from 14.1 %"),
        (0.1, 0.5, "down 40.0 percentage points from 50.0 %"),
        (0.5, 0.4999, "up less than 0.1 percentage points from 50.0 %"),
        (0.25, 0.25, "no change"),
        (0.25, 0, "up from 0.0 %"),
    ],
)
def test_changes_of_shares_are_percentage_points(
    value: float, previous: float, words: str
) -> None:
    """15.3 % after 14.1 % is not a rise by 8.5 %."""
    assert change_in_words(RATIO, value, previous) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (12500, "12,500"),
        (10**15, "1,000,000,000,000,000"),
        (10**15 + 1, "1,000,000,000,000,001"),
        (1e15, "1,000,000,000,000,000"),
        (1234.0, "1,234"),
        (1234.5, "1,234.50"),
        (1.005, "1.01"),
        (2.675, "2.68"),
        (-0.0, "0"),
        (-1234.567, "-1,234.57"),
        (0.004, "less than 0.01"),
        (-0.004, "just below 0"),
    ],
)
def test_numbers_have_commas_and_at_most_two_decimals(
    number: float, words: str
) -> None:
    """A number that is not 0 is never shown as one, and 0 has no sign."""
    assert number_in_words(number) == words


@pytest.mark.parametrize(
    ("kind", "shown_as", "words"),
    [
        ("ratio", None, "15.3 %"),
        ("ratio", "number", "0.15"),
        ("ratio", "percent", "15.3 %"),
        ("saved", None, "0.15"),
        ("saved", "percent", "15.3 %"),
    ],
)
def test_a_metric_decides_between_number_and_percent(
    kind: MetricKind, shown_as: ShownAs | None, words: str
) -> None:
    """Ratios are percentages unless the report file says otherwise."""
    metric = Metric("Share", ("a",), kind, over="b", shown_as=shown_as)

    assert figure_in_words(metric, 0.1525) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0.0 %"),
        (1, "100.0 %"),
        (12.5, "1,250.0 %"),
        (0.0004, "less than 0.1 %"),
        (0.0005, "0.1 %"),
    ],
)
def test_shares_have_one_decimal(share: float, words: str) -> None:
    """A share above 1, of events per event, is above 100 %."""
    assert figure_in_words(RATIO, share) == words


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_are_exact(number: int) -> None:
    """Every digit is there up to 10^15."""
    assert int(number_in_words(number).replace(",", "")) == number


@given(st.floats(-1e12, 1e12))
def test_decimals_are_off_by_half_a_hundredth_at_most(number: float) -> None:
    """What is shown is the nearest number with two decimals."""
    words = number_in_words(number)

    if words == "less than 0.01":
        assert 0 < number < 0.005
    elif words == "just below 0":
        assert -0.005 < number < 0
    else:
        shown = Fraction(words.replace(",", ""))
        assert abs(shown - Fraction(repr(number))) <= Fraction(1, 200)


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_percentages_have_the_sign_of_the_change(value: int, previous: int) -> None:
    """A fall is never written as a rise."""
    percent = change_percent(value, previous)

    assert percent is not None
    assert math.copysign(1, percent) == (-1 if percent and value < previous else 1)
