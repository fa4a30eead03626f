"""Days on which a report that would be due is not sent.

A skipped run moves no window: the next run reports the same days as ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.toml_table import TomlTable

if TYPE_CHECKING:
    from holidays import HolidayBase

__all__ = ["EVERY_DAY", "WorkCalendar", "read_calendar", "skip_reason"]

INSTALL = "pip install 'mixpanel-slack-report[holidays]'"
SCHEDULED = ("daily", "weekly", "biweekly", "monthly")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are skipped; by default none.

    Attributes:
        skip: Days on which no report is due.
        holidays: Calendar of public holidays: an ISO 3166 country, with a subdivision
            after a hyphen if need be, such as ``GB-ENG``; empty for none.
        holiday_periods: The reports that are skipped on days off of that calendar,
            which are its public holidays and its weekends.
    """

    skip: tuple[date, ...] = ()
    holidays: str = ""
    holiday_periods: tuple[str, ...] = ("daily",)


EVERY_DAY = WorkCalendar()


def skip_reason(calendar: WorkCalendar, period: str, due: date) -> str:
    """Say why the report due on a day is skipped; "" if it is not.

    Args:
        calendar: Which days are skipped.
        period: The report; one for custom days is never skipped.
        due: The day on which it is due, in the project's timezone.

    Raises:
        SettingsError: If the calendar of holidays is not to be had.

    >>> closed = WorkCalendar(skip=(date(2026, 12, 25),))
    >>> skip_reason(closed, "daily", date(2026, 12, 25))
    '2026-12-25 is one of the days in skip'
    """
    if period not in SCHEDULED:
        return ""
    if due in calendar.skip:
        return f"{due} is one of the days in skip"
    if not calendar.holidays or period not in calendar.holiday_periods:
        return ""
    days_off = holidays_of(calendar.holidays, due.year)
    if days_off.is_working_day(due):
        return ""
    name = days_off.get(due)
    return f"{due} is {name or 'a weekend'} in {calendar.holidays}"


def holidays_of(place: str, year: int) -> HolidayBase:
    """Return the calendar of a country, or of a part of it.

    Raises:
        SettingsError: If there is no such calendar, or no library that has it.
    """
    try:
        from holidays import country_holidays
    except ModuleNotFoundError as error:
        message = (
            f"holidays is {place!r}, which needs the library holidays; run {INSTALL}"
        )
        raise SettingsError(message) from error
    country, _, part = place.partition("-")
    try:
        return country_holidays(country, subdiv=part or None, years=year)
    except NotImplementedError as error:
        message = (
            f"holidays is {place!r}, which is no calendar; give an ISO 3166 country "
            "and, if need be, a part of it, such as GB or GB-ENG"
        )
        raise SettingsError(message) from error


def read_calendar(table: TomlTable) -> WorkCalendar:
    """Take the keys ``skip``, ``holidays`` and ``holiday_periods``."""
    default = EVERY_DAY
    skip = take_days(table)
    holidays = table.text("holidays") if "holidays" in table.table else ""
    if holidays:
        try:
            holidays_of(holidays, 2026)
        except SettingsError as error:
            table.problems.append(f"{table.where}: {error}")
    else:
        table.take("holidays")
    periods = default.holiday_periods
    if "holiday_periods" in table.table:
        periods = table.texts("holiday_periods")
        if not set(periods) <= set(SCHEDULED):
            table.refuse("holiday_periods", f"give any of {', '.join(SCHEDULED)}")
    else:
        table.take("holiday_periods")
    return WorkCalendar(skip, holidays, periods)


def take_days(table: TomlTable) -> tuple[date, ...]:
    """Take ``skip``, a list of dates without quotes."""
    given = table.take("skip")
    if given is None:
        return ()
    if isinstance(given, list) and all(type(day) is date for day in given):
        return tuple(given)
    table.refuse("skip", "give a list of dates without quotes, such as [2026-12-25]")
    return ()
