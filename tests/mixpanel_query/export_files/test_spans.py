"""Tests of mixpanel_query.export_files.spans."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query import Window
from mixpanel_query.export_files.spans import (
    days_of,
    halves,
    longest_span,
    plan_spans,
)

FIRST = date(2024, 2, 20)  # a leap day and a change of clocks are near


@pytest.mark.parametrize(
    ("days", "longest"),
    [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (365, 8), (6000, 120), (100_000, 120)],
)
def test_longest_span(days: int, longest: int) -> None:
    """A span has as many days as it takes for 50 of them to cover all."""
    assert longest_span(days) == longest


@given(st.sets(st.integers(min_value=0, max_value=60)), st.integers(1, 9))
def test_spans_cover_the_days_and_no_others(numbers: set[int], longest: int) -> None:
    """Each day is in one span, no other day is in any, and none is too long."""
    days = [FIRST + timedelta(days=number) for number in numbers]

    spans = plan_spans(days, longest=longest)

    assert [day for span in spans for day in days_of(span)] == sorted(days)
    assert all(span.days <= longest for span in spans)


@given(st.integers(min_value=1, max_value=500))
def test_a_window_takes_at_most_50_calls(days: int) -> None:
    """Lesson 20: no window needs more than 50 of the 60 calls of an hour."""
    window = Window(FIRST, FIRST + timedelta(days=days - 1))

    spans = plan_spans(days_of(window), longest=longest_span(days))

    assert len(spans) <= 50


@given(st.integers(min_value=2, max_value=100))
def test_halves(days: int) -> None:
    """Halves have the same days together, and are shorter than the whole."""
    whole = Window(FIRST, FIRST + timedelta(days=days - 1))

    first, second = halves(whole)

    assert days_of(first) + days_of(second) == days_of(whole)
    assert 0 <= first.days - second.days <= 1
