"""Tests of mixpanel_query.window."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query import Window
from mixpanel_query.exceptions import InvalidQueryError


def test_both_ends_are_counted() -> None:
    """A window from Monday to Sunday has seven days."""
    assert Window(date(2026, 11, 9), date(2026, 11, 15)).days == 7


def test_one_day() -> None:
    """A window may begin and end on the same day."""
    assert Window(date(2026, 11, 9), date(2026, 11, 9)).days == 1


def test_text_and_dates_mix() -> None:
    """Each end is a date or ISO text."""
    window = Window.of("2026-11-09", date(2026, 11, 15))

    assert window == Window(date(2026, 11, 9), date(2026, 11, 15))


def test_a_question_has_both_days_by_name() -> None:
    """As Mixpanel writes them: https://developer.mixpanel.com/reference/segmentation-query."""
    assert Window.of("2026-11-09", "2026-11-15").params() == {
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
    }


def test_end_before_start() -> None:
    """A reversed window is refused, and the message says what to do."""
    with pytest.raises(InvalidQueryError) as caught:
        Window.of("2025-12-07", "2025-12-01")

    assert str(caught.value) == (
        "window ends 2025-12-01 before it starts 2025-12-07; swap the two dates"
    )


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 11, 9), datetime(2026, 11, 9, tzinfo=timezone.utc)],
    ids=["naive", "aware"],
)
def test_datetime_is_refused(moment: datetime) -> None:
    """A datetime is no day, because its day depends on the project's timezone."""
    with pytest.raises(
        InvalidQueryError, match=r"from_date 2026-11-09T\S+ is a datetime"
    ):
        Window.of(moment, "2026-11-15")


def test_datetime_is_refused_by_the_class_too() -> None:
    """The class checks both ends as `Window.of` does, and says which one it was."""
    with pytest.raises(InvalidQueryError, match=r"^from_date \S+ is a datetime"):
        Window(datetime(2026, 11, 9), date(2026, 11, 15))
    with pytest.raises(InvalidQueryError, match=r"^to_date \S+ is a datetime"):
        Window(date(2026, 11, 9), datetime(2026, 11, 15))


@pytest.mark.parametrize(
    "text", ["2026-1-1", "20260101", "2026-W01-1", "1 May", "", "\uff12026-01-01"]
)
def test_other_spellings_are_refused(text: str) -> None:
    """Only YYYY-MM-DD is a date, on every Python alike."""
    with pytest.raises(InvalidQueryError, match="write it as YYYY-MM-DD"):
        Window.of(text, "2026-11-15")


def test_day_that_does_not_exist() -> None:
    """A day that is not in the calendar is refused by its name."""
    with pytest.raises(InvalidQueryError, match="to_date 2026-02-30 is not in the cal"):
        Window.of("2026-02-01", "2026-02-30")


def test_ending_counts_back() -> None:
    """Seven days ending on a Sunday begin on the Monday."""
    assert Window.ending(date(2026, 3, 1), days=7).from_date == date(2026, 2, 23)


def test_ending_needs_a_day() -> None:
    """A window of no days is refused."""
    with pytest.raises(InvalidQueryError, match="window of 0 days"):
        Window.ending(date(2026, 3, 1), days=0)


@given(st.dates(min_value=date(1990, 1, 1)), st.integers(min_value=1, max_value=2000))
def test_ending_has_the_days_it_was_asked_for(last: date, days: int) -> None:
    """However long it is, a window has that many days and ends where it should."""
    window = Window.ending(last, days=days)

    assert (window.days, window.to_date) == (days, last)
