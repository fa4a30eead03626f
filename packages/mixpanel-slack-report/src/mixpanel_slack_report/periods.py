"""Which days a report covers, and which days it compares them with.

Windows follow from the day a run is due, never from when it happens, so that a late
or repeated run reports the same days. Everything here is pure; what "today" means is
settled by the caller, in the project's timezone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import timezone as offset
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from mixpanel_slack_report.exceptions import WindowError
from mixpanel_slack_report.period_names import PERIODS

__all__ = [
    "BIWEEKLY_ANCHOR",
    "MONDAY",
    "PERIODS",
    "DailyCompare",
    "ReportWindows",
    "Window",
    "check_over",
    "custom_windows",
    "latest_due",
    "windows_due",
]

DailyCompare: TypeAlias = Literal["same_weekday", "previous_day"]
MONDAY = 0
BIWEEKLY_ANCHOR = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Window:
    """A run of calendar days, both ends counted.

    A window carries no timezone: its days are those of the Mixpanel project.

    Attributes:
        from_date: First day counted.
        to_date: Last day counted.

    Raises:
        WindowError: If the window ends before it starts.

    >>> Window(date(2026, 11, 9), date(2026, 11, 15)).days
    7
    """

    from_date: date
    to_date: date

    def __post_init__(self) -> None:
        if self.to_date < self.from_date:
            message = (
                f"window ends {self.to_date} before it starts {self.from_date}; "
                "swap the two dates"
            )
            raise WindowError(message)

    @property
    def days(self) -> int:
        """How many days are counted, at least one."""
        return (self.to_date - self.from_date).days + 1

    def shifted(self, days: int) -> Window:
        """Return the same length, ``days`` later (earlier if negative)."""
        return Window(
            self.from_date + timedelta(days=days), self.to_date + timedelta(days=days)
        )


@dataclass(frozen=True, slots=True)
class ReportWindows:
    """The days of a report and those they are compared with.

    Attributes:
        period: One of ``PERIODS``.
        current: The days reported.
        compared: The days before them that the changes are measured against.
    """

    period: str
    current: Window
    compared: Window


def latest_due(
    period: str,
    day: date,
    *,
    week_start: int = MONDAY,
    biweekly_anchor: date = BIWEEKLY_ANCHOR,
) -> date:
    """Find the latest day on or before ``day`` on which a run is due.

    Args:
        period: ``"daily"``, ``"weekly"``, ``"biweekly"`` or ``"monthly"``.
        day: The day to look back from.
        week_start: The weekday on which a week starts, Monday being 0.
        biweekly_anchor: A day on which the bi-weekly report is due; it is due every
            14 days before and after it, whatever the number of the week.

    >>> latest_due("biweekly", date(2027, 1, 10))
    datetime.date(2027, 1, 4)
    """
    if period == "weekly":
        return day - timedelta(days=(day.weekday() - week_start) % 7)
    if period == "biweekly":
        return day - timedelta(days=(day - biweekly_anchor).days % 14)
    if period == "monthly":
        return day.replace(day=1)
    return day


def windows_due(
    period: str,
    due: date,
    *,
    week_start: int = MONDAY,
    biweekly_anchor: date = BIWEEKLY_ANCHOR,
    daily_compare: DailyCompare = "same_weekday",
    timezone: str = "UTC",
) -> ReportWindows:
    """Work out the closed windows of a run that is due on ``due``.

    A daily report is compared with the same weekday a week earlier, or with the day
    before; a monthly one with the calendar month before, every other with the same
    length just before. The windows of consecutive due days never overlap and leave no
    gap: a day that a timezone left out, as Apia did 2011-12-30, is nobody's report.

    Args:
        period: ``"daily"``, ``"weekly"``, ``"biweekly"`` or ``"monthly"``.
        due: The day of the run, or any later day before the next run.
        week_start: The weekday on which a week starts, Monday being 0.
        biweekly_anchor: A day on which the bi-weekly report is due.
        daily_compare: What a daily report is compared with: ``"same_weekday"`` a week
            earlier, or the ``"previous_day"``.
        timezone: IANA name of the timezone whose days they are.

    Raises:
        WindowError: If the windows leave the calendar.

    >>> windows = windows_due("weekly", date(2026, 11, 18))
    >>> windows.current.from_date.isoformat(), windows.current.to_date.isoformat()
    ('2026-11-09', '2026-11-15')
    """
    try:
        end = latest_due(
            period, due, week_start=week_start, biweekly_anchor=biweekly_anchor
        )
        if period == "monthly":
            current = month_before(end)
            return ReportWindows(period, current, month_before(current.from_date))
        if period == "daily":
            return daily_windows(end, daily_compare, ZoneInfo(timezone))
        days = {"weekly": 7, "biweekly": 14}[period]
        current = Window(end - timedelta(days=days), end - timedelta(days=1))
        return ReportWindows(period, current, current.shifted(-days))
    except OverflowError as error:
        raise WindowError(outside_calendar(due)) from error


def daily_windows(due: date, compare: DailyCompare, zone: ZoneInfo) -> ReportWindows:
    """Report the latest day before ``due`` that the timezone had."""
    day = due - timedelta(days=1)
    while not has_day(zone, day):
        day -= timedelta(days=1)
    step = timedelta(days=1 if compare == "previous_day" else 7)
    compared = day - step
    while not has_day(zone, compared):
        compared -= step
    return ReportWindows("daily", Window(day, day), Window(compared, compared))


def has_day(zone: ZoneInfo, day: date) -> bool:
    """Whether a timezone had a day; some left one out to change sides of the world.

    >>> has_day(ZoneInfo("Pacific/Apia"), date(2011, 12, 30))
    False
    """
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    return noon.astimezone(offset.utc).astimezone(zone).date() == day


def custom_windows(from_date: date, to_date: date) -> ReportWindows:
    """Report the days given, compared with the same length just before.

    Raises:
        WindowError: If the days are the wrong way round or leave the calendar.

    >>> custom_windows(date(2026, 3, 1), date(2026, 3, 3)).compared.from_date
    datetime.date(2026, 2, 26)
    """
    current = Window(from_date, to_date)
    try:
        return ReportWindows("custom", current, current.shifted(-current.days))
    except OverflowError as error:
        raise WindowError(outside_calendar(from_date)) from error


def check_over(windows: ReportWindows, *, today: date) -> None:
    """Refuse a report whose days are not over.

    Only custom days, which were asked for one by one, may end today; their numbers
    are then marked partial.

    Args:
        windows: What would be reported.
        today: The current day in the project's timezone.

    Raises:
        WindowError: If a day of the report has not begun, or is not over.
    """
    last = windows.current.to_date
    if last < today or (windows.period == "custom" and last == today):
        return
    message = (
        f"the {windows.period} report ends {last}, which is not over: today is {today}"
        f" in the project; ask for days before today"
    )
    raise WindowError(message)


def month_before(first: date) -> Window:
    """Return the calendar month that ends the day before ``first``.

    >>> month_before(date(2028, 3, 1)).to_date
    datetime.date(2028, 2, 29)
    """
    last = first - timedelta(days=1)
    return Window(last.replace(day=1), last)


def outside_calendar(day: date) -> str:
    """Say that windows around ``day`` cannot be worked out."""
    return f"date {day} is at the edge of the calendar; give one Mixpanel has data for"
