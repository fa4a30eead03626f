"""Which days a command or a request may name together."""

from __future__ import annotations

from datetime import date

import pytest

from mixpanel_slack_report.exceptions import WindowError
from mixpanel_slack_report.runs.days import DaysAsked

MONDAY, SUNDAY = date(2026, 11, 9), date(2026, 11, 15)


@pytest.mark.parametrize(
    ("due", "from_date", "to_date"),
    [
        (None, None, None),
        (None, MONDAY, None),
        (None, None, SUNDAY),
        (SUNDAY, MONDAY, SUNDAY),
    ],
)
def test_custom_days_are_named_by_both_ends_and_nothing_else(
    due: date | None, from_date: date | None, to_date: date | None
) -> None:
    """One end is not enough, and a due day is too much."""
    with pytest.raises(WindowError) as caught:
        DaysAsked("custom", due, from_date, to_date)

    assert str(caught.value) == "a custom report takes --from and --to, and no --date"


@pytest.mark.parametrize(("from_date", "to_date"), [(MONDAY, None), (None, SUNDAY)])
def test_a_period_goes_with_neither_end(
    from_date: date | None, to_date: date | None
) -> None:
    """The days of a week follow from the day on which it is due."""
    with pytest.raises(WindowError) as caught:
        DaysAsked("weekly", None, from_date, to_date)

    assert str(caught.value) == (
        "a weekly report takes --date; --from and --to are for custom"
    )


def test_two_days_without_a_period_are_custom() -> None:
    """Nobody has to say so."""
    days = DaysAsked.named(None, None, MONDAY, SUNDAY)

    assert days == DaysAsked("custom", None, MONDAY, SUNDAY)


def test_a_period_keeps_its_due_day() -> None:
    """It may be named beside the day, and without any."""
    days = DaysAsked.named("weekly", MONDAY, None, None)

    assert days == DaysAsked("weekly", MONDAY, None, None)


@pytest.mark.parametrize(("from_date", "to_date"), [(MONDAY, None), (None, SUNDAY)])
def test_one_end_without_a_period_is_half_of_custom_days(
    from_date: date | None, to_date: date | None
) -> None:
    """The message is that of custom days, and not that a period is missing."""
    with pytest.raises(WindowError, match="a custom report takes --from and --to"):
        DaysAsked.named(None, None, from_date, to_date)


def test_neither_a_period_nor_days_is_told_what_to_name() -> None:
    """The line lists what there is, also where a due day was given."""
    with pytest.raises(WindowError) as caught:
        DaysAsked.named(None, MONDAY, None, None)

    assert str(caught.value) == (
        "no period was given; name one of daily, weekly, biweekly, monthly, custom, "
        "or the days with --from and --to"
    )
