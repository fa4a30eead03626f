"""Changes as percentages and in words."""

from __future__ import annotations

import pytest

from mixpanel_slack_report.changes import (
    change_in_words,
    change_percent,
    number_in_words,
)


@pytest.mark.parametrize(
    ("value", "previous", "percent"),
    [
        (253, 157, 61.15),
        (1, 3, -66.67),
        (5, 5, 0.0),
        (0, 8, -100.0),
        (10**15, 1, 99999999999999900.0),
    ],
)
def test_a_change_is_in_percent_of_the_previous_number(
    value: int | None, previous: int | None, percent: float
) -> None:
    """Percentages are rounded to two decimals."""
    assert change_percent(value, previous) == percent


@pytest.mark.parametrize(("value", "previous"), [(None, 1), (1, None), (7, 0), (0, 0)])
def test_no_percentage_without_two_numbers_and_a_base(
    value: int | None, previous: int | None
) -> None:
    """A missing number, or a previous 0, gives no percentage."""
    assert change_percent(value, previous) is None


def test_a_tiny_fall_is_not_minus_zero() -> None:
    """JSON would show -0.0, which readers take for a fault."""
    assert str(change_percent(999_999, 1_000_000)) == "0.0"


@pytest.mark.parametrize(
    ("value", "previous", "words"),
    [
        (253, 157, "+61.1 % (up from 157)"),
        (102, 163, "-37.4 % (down from 163)"),
        (4, 4, "no change"),
        (0, 0, "no change"),
        (3, 0, "up from 0"),
        (0, 2, "-100.0 % (down from 2)"),
        (1_000_001, 1_000_000, "less than 0.1 % up from 1,000,000"),
        (50_000, 4, "+1,249,900.0 % (up from 4)"),
    ],
)
def test_changes_are_words_and_signs(
    value: int | None, previous: int | None, words: str
) -> None:
    """A change can be read without colours or arrows."""
    assert change_in_words(value, previous) == words


def test_numbers_have_commas() -> None:
    """Thousands are separated."""
    assert number_in_words(10**15) == "1,000,000,000,000,000"
