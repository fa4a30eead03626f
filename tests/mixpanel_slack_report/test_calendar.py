"""Days on which no report is sent."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from mixpanel_slack_report.calendar import WorkCalendar, read_calendar, skip_reason
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.toml_table import TomlTable

ENGLAND = WorkCalendar(holidays="GB-ENG")


def read(document: dict[str, object]) -> tuple[WorkCalendar, list[str]]:
    """Read the keys of a report file, and return what was wrong with them."""
    problems: list[str] = []
    table = TomlTable(document, where="report.toml", problems=problems)
    calendar = read_calendar(table)
    table.refuse_unknown()
    return calendar, problems


def test_without_a_calendar_every_day_counts() -> None:
    """Christmas is a day like any other, unless somebody says otherwise."""
    assert skip_reason(WorkCalendar(), "daily", date(2026, 12, 25)) == ""


@pytest.mark.parametrize("period", ["daily", "weekly", "biweekly", "monthly"])
def test_days_in_skip_skip_every_report(period: str) -> None:
    """The reason names the day."""
    closed = WorkCalendar(skip=(date(2026, 12, 28),))

    reason = skip_reason(closed, period, date(2026, 12, 28))

    assert reason == "2026-12-28 is one of the days in skip"


@pytest.mark.parametrize(
    ("due", "reason"),
    [
        ("2026-12-24", ""),
        ("2026-12-25", "2026-12-25 is Christmas Day in GB-ENG"),
        ("2026-11-28", "2026-11-28 is a weekend in GB-ENG"),
        ("2026-11-30", ""),
    ],
)
def test_daily_reports_skip_days_off(due: str, reason: str) -> None:
    """Public holidays and weekends are days off; Saint Andrew's is Scotland's."""
    assert skip_reason(ENGLAND, "daily", date.fromisoformat(due)) == reason


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    """On 2026-11-30 Scotland is off."""
    scotland = WorkCalendar(holidays="GB-SCT")

    assert "Andrew" in skip_reason(scotland, "daily", date(2026, 11, 30))


def test_a_week_is_not_lost_to_a_holiday() -> None:
    """Easter Monday skips the daily report, and the weekly one only if told to."""
    monday = date(2026, 4, 6)
    told = WorkCalendar(holidays="GB-ENG", holiday_periods=("daily", "weekly"))

    reasons = [skip_reason(calendar, "weekly", monday) for calendar in (ENGLAND, told)]

    assert reasons == ["", "2026-04-06 is Easter Monday in GB-ENG"]


def test_days_asked_for_one_by_one_are_never_skipped() -> None:
    """A custom report is sent on Christmas too."""
    assert skip_reason(ENGLAND, "custom", date(2026, 12, 25)) == ""


def test_the_keys_of_the_report_file() -> None:
    """All three are read."""
    calendar, problems = read(
        {
            "skip": [date(2026, 12, 31)],
            "holidays": "DE-BY",
            "holiday_periods": ["daily", "monthly"],
        }
    )

    assert problems == []
    assert calendar == WorkCalendar(
        (date(2026, 12, 31),), "DE-BY", ("daily", "monthly")
    )


def test_without_the_keys_the_calendar_is_the_default() -> None:
    """No day is skipped, and a calendar would skip the daily report alone."""
    assert read({}) == (WorkCalendar((), "", ("daily",)), [])


def test_every_scheduled_report_can_be_skipped() -> None:
    """All four may be named at once."""
    named = ["daily", "weekly", "biweekly", "monthly"]

    calendar, problems = read({"holiday_periods": named})

    assert (calendar.holiday_periods, problems) == (tuple(named), [])


def test_all_keys_are_told_to_who_misspells_one() -> None:
    """The line lists the three of the calendar, whether the file has them or not."""
    assert read({"holiday": "GB"})[1] == [
        "report.toml: 'holiday' is no key here; allowed are skip, holidays, "
        "holiday_periods"
    ]


def test_a_country_needs_no_part() -> None:
    """Its own holidays count then."""
    country = WorkCalendar(holidays="US")

    reason = skip_reason(country, "daily", date(2026, 11, 26))

    assert reason == "2026-11-26 is Thanksgiving Day in US"


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            {"skip": ["2026-12-25"]},
            "report.toml: skip is ['2026-12-25']; give a list of dates without "
            "quotes, such as [2026-12-25]",
        ),
        (
            {"holidays": "XX"},
            "report.toml: holidays is 'XX', which is no calendar; give an ISO 3166 "
            "country and, if need be, a part of it, such as GB or GB-ENG",
        ),
        (
            {"holidays": "GB-ZZ"},
            "report.toml: holidays is 'GB-ZZ', which is no calendar; give an ISO 3166 "
            "country and, if need be, a part of it, such as GB or GB-ENG",
        ),
        (
            {"holiday_periods": ["yearly"]},
            "report.toml: holiday_periods is ['yearly']; give any of daily, weekly, "
            "biweekly, monthly",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(
    document: dict[str, object], problem: str
) -> None:
    """One line says what was given, and what is allowed."""
    assert read(document)[1] == [problem]


def test_holidays_need_their_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says what to install."""
    monkeypatch.setitem(sys.modules, "holidays", None)

    with pytest.raises(SettingsError, match=r"mixpanel-slack-report\[holidays\]"):
        skip_reason(ENGLAND, "daily", date(2026, 12, 25))
