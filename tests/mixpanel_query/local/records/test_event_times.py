"""Times in seconds and in milliseconds."""

from __future__ import annotations

import pytest

from mixpanel_query.local.records.event_times import time_in_ms


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (99_999_999_999, 99_999_999_999_000),
        (100_000_000_000, 100_000_000_000),
        (253_402_300_800_000, None),
        (None, None),
    ],
)
def test_large_numbers_are_milliseconds(value: object, expected: int | None) -> None:
    """From 100,000,000,000 on a time counts milliseconds, up to the year 9999."""
    assert time_in_ms(value) == expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (1794268799.9997, 1794268799999),
        (1.001, 1001),
        (1600000000123.9, 1600000000123),
    ],
)
def test_fractions_of_milliseconds_are_cut_off(time: float, expected: int) -> None:
    """Rounding up could lead into the next day."""
    assert time_in_ms(time) == expected
