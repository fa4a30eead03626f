"""Windows of reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.exceptions import WindowError
from mixpanel_slack_report.periods import (
    ReportWindows,
    Window,
    check_over,
    custom_windows,
    latest_due,
    windows_due,
)

days = st.dates(date(1970, 1, 15), date(2100, 12, 31))
scheduled = st.sampled_from(["daily", "weekly", "biweekly", "monthly"])


# Ten that change their clocks, at the hours and in the ways that are usual somewhere.
ZONES = (
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Cairo",
    "Asia/Tehran",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)


def iso(window: Window) -> tuple[str, str]:
    """Write a window as two texts."""
    return window.from_date.isoformat(), window.to_date.isoformat()


@pytest.mark.parametrize(
    ("period", "due", "current", "compared"),
    [
        ("daily", "2026-11-16", ("2026-11-15",) * 2, ("2026-11-08",) * 2),
        ("daily", "2026-03-01", ("2026-02-28",) * 2, ("2026-02-21",) * 2),
        (
            "weekly",
            "2026-11-16",
            ("2026-11-09", "2026-11-15"),
            ("2026-11-02", "2026-11-08"),
        ),
        (
            "weekly",
            "2026-11-22",
            ("2026-11-09", "2026-11-15"),
            ("2026-11-02", "2026-11-08"),
        ),
        (
            "weekly",
            "2027-01-04",
            ("2026-12-28", "2027-01-03"),
            ("2026-12-21", "2026-12-27"),
        ),
        (
            "biweekly",
            "2026-01-19",
            ("2026-01-05", "2026-01-18"),
            ("2025-12-22", "2026-01-04"),
        ),
        (
            "monthly",
            "2028-03-01",
            ("2028-02-01", "2028-02-29"),
            ("2028-01-01", "2028-01-31"),
        ),
        (
            "monthly",
            "2027-01-31",
            ("2026-12-01", "2026-12-31"),
            ("2026-11-01", "2026-11-30"),
        ),
    ],
)
def test_windows_of_a_due_day(
    period: str, due: str, current: tuple[str, str], compared: tuple[str, str]
) -> None:
    """Each period has the closed windows of the contract, and its own name."""
    windows = windows_due(period, date.fromisoformat(due))

    assert (windows.period, iso(windows.current), iso(windows.compared)) == (
        period,
        current,
        compared,
    )


def test_weeks_can_start_on_sunday() -> None:
    """A week that starts on Sunday ends on Saturday."""
    windows = windows_due("weekly", date(2026, 11, 16), week_start=6)

    assert iso(windows.current) == ("2026-11-08", "2026-11-14")


def test_biweekly_runs_stay_14_days_apart_over_a_53_week_year() -> None:
    """After 2026-12-21, in a year of 53 weeks, the next run is 2027-01-04."""
    december = latest_due("biweekly", date(2026, 12, 31))
    january = latest_due("biweekly", date(2027, 1, 11))

    assert (december, january) == (date(2026, 12, 21), date(2027, 1, 4))


def test_biweekly_windows_follow_their_anchor() -> None:
    """Another anchor moves the fortnights."""
    windows = windows_due(
        "biweekly", date(2026, 1, 12), biweekly_anchor=date(2026, 1, 12)
    )

    assert iso(windows.current) == ("2025-12-29", "2026-01-11")


@given(period=scheduled, day=days, week_start=st.integers(0, 6), anchor=days)
def test_consecutive_windows_meet_without_gap_or_overlap(
    period: str, day: date, week_start: int, anchor: date
) -> None:
    """The window of the run before ends the day before this one starts."""
    rules = {"week_start": week_start, "biweekly_anchor": anchor}
    due = latest_due(period, day, **rules)
    before = latest_due(period, due - timedelta(days=1), **rules)

    this, last = windows_due(period, due, **rules), windows_due(period, before, **rules)

    assert last.current.to_date + timedelta(days=1) == this.current.from_date


@given(period=scheduled, day=days)
def test_a_late_run_reports_the_same_days(period: str, day: date) -> None:
    """Any day until the next run gives the windows of the day that was due."""
    due = latest_due(period, day)

    assert windows_due(period, day) == windows_due(period, due)


@pytest.mark.parametrize(
    ("period", "due", "last", "window"),
    [
        (
            "weekly",
            date(2026, 11, 16),
            date(2026, 11, 22),
            ("2026-11-09", "2026-11-15"),
        ),
        (
            "biweekly",
            date(2026, 11, 9),
            date(2026, 11, 22),
            ("2026-10-26", "2026-11-08"),
        ),
        (
            "monthly",
            date(2026, 11, 1),
            date(2026, 11, 30),
            ("2026-10-01", "2026-10-31"),
        ),
    ],
)
def test_a_run_is_late_until_the_next_one_is_due(
    period: str, due: date, last: date, window: tuple[str, str]
) -> None:
    """On each day from the one on which it was due, it reports what it would have."""
    late = [due + timedelta(days=day) for day in range((last - due).days + 1)]
    found = {windows_due(period, day).current for day in late}
    after = windows_due(period, last + timedelta(days=1)).current

    assert found == {Window(*map(date.fromisoformat, window))}
    assert after not in found


@given(period=scheduled, day=days)
def test_windows_end_before_the_due_day(period: str, day: date) -> None:
    """The due day, which is not over, is never counted."""
    windows = windows_due(period, day)

    assert windows.compared.to_date < windows.current.to_date < day


@given(period=st.sampled_from(["weekly", "biweekly", "monthly"]), day=days)
def test_compared_days_come_just_before(period: str, day: date) -> None:
    """The days compared with end the day before the reported ones start."""
    windows = windows_due(period, day)

    assert windows.compared.to_date + timedelta(days=1) == windows.current.from_date


@given(first=days, length=st.integers(0, 400))
def test_custom_days_are_compared_with_the_same_length_before(
    first: date, length: int
) -> None:
    """Custom windows are equally long and meet."""
    windows = custom_windows(first, first + timedelta(days=length))

    assert windows.compared.days == windows.current.days == length + 1
    assert windows.compared.to_date + timedelta(days=1) == first


def test_a_window_the_wrong_way_round_is_refused() -> None:
    """The message names both days and the remedy."""
    with pytest.raises(WindowError) as refusal:
        Window(date(2025, 12, 7), date(2025, 12, 1))

    assert str(refusal.value) == (
        "window ends 2025-12-01 before it starts 2025-12-07; swap the two dates"
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda day: windows_due("monthly", day),
        lambda day: custom_windows(day, date.max),
    ],
    ids=["due", "custom"],
)
def test_the_edge_of_the_calendar_is_refused_in_words(
    make: Callable[[date], ReportWindows],
) -> None:
    """Days that Python cannot reckon with give an error of ours, which names them."""
    with pytest.raises(WindowError) as refusal:
        make(date.min)

    assert str(refusal.value) == (
        "date 0001-01-01 is at the edge of the calendar; give one Mixpanel has data for"
    )


def test_days_that_are_not_over_are_refused() -> None:
    """A daily report of today is refused, and says what today is."""
    windows = windows_due("daily", date(2026, 11, 23))

    with pytest.raises(WindowError, match="today is 2026-11-22"):
        check_over(windows, today=date(2026, 11, 22))


def test_a_future_run_whose_days_are_over_is_allowed() -> None:
    """Tomorrow's weekly report may cover a week that is over."""
    windows = windows_due("weekly", date(2026, 11, 19))

    check_over(windows, today=date(2026, 11, 18))


def test_custom_days_may_end_today_but_not_later() -> None:
    """Only what was asked for day by day may hold an unfinished day."""
    today = date(2026, 11, 18)
    check_over(custom_windows(today, today), today=today)

    with pytest.raises(WindowError):
        check_over(custom_windows(today, today + timedelta(days=1)), today=today)


def test_a_day_can_be_compared_with_the_day_before() -> None:
    """A daily report takes the day before instead, if it is told to."""
    windows = windows_due("daily", date(2026, 3, 2), daily_compare="previous_day")

    assert iso(windows.compared) == ("2026-02-28", "2026-02-28")


def test_a_day_that_does_not_exist_is_not_reported() -> None:
    """In Apia 2011-12-29 was followed by 2011-12-31, which reports the 29th."""
    windows = windows_due("daily", date(2011, 12, 31), timezone="Pacific/Apia")

    assert iso(windows.current) == ("2011-12-29", "2011-12-29")


def test_nothing_is_compared_with_a_day_that_does_not_exist() -> None:
    """A week after 2011-12-30 in Apia, the Friday two weeks earlier is taken."""
    windows = windows_due("daily", date(2012, 1, 7), timezone="Pacific/Apia")

    assert iso(windows.compared) == ("2011-12-23", "2011-12-23")


def test_the_week_around_a_day_that_does_not_exist_keeps_its_dates() -> None:
    """The window of dates is the same, whatever a timezone left out of it."""
    apia = windows_due("weekly", date(2012, 1, 2), timezone="Pacific/Apia")

    assert apia == windows_due("weekly", date(2012, 1, 2))


@pytest.mark.parametrize(
    ("zone", "missing"),
    [
        ("Pacific/Apia", "2011-12-30"),
        ("Pacific/Fakaofo", "2011-12-30"),
        ("Pacific/Kwajalein", "1993-08-21"),
        ("Pacific/Kiritimati", "1994-12-31"),
    ],
)
def test_days_without_a_day_between_them_meet(zone: str, missing: str) -> None:
    """Every day that such a timezone had in the month is reported once."""
    gone = date.fromisoformat(missing)
    month = [gone + timedelta(days=number) for number in range(-15, 16)]
    had = [day for day in month if day != gone]

    reported = [windows_due("daily", day, timezone=zone).current for day in had[1:]]

    assert reported == [Window(day, day) for day in had[:-1]]


@given(day=days, zone=st.sampled_from(ZONES))
def test_the_clocks_of_a_timezone_leave_windows_alone(day: date, zone: str) -> None:
    """Windows are dates: where clocks change, a day has 23 or 25 hours, and is one."""
    there, here = (windows_due("daily", day, timezone=name) for name in (zone, "UTC"))

    skipped = zone == "Pacific/Apia" and date(2011, 12, 30) in (
        here.current.from_date,
        here.compared.from_date,
    )
    assert there == here or skipped


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(datetime(1970, 1, 15), datetime(2100, 12, 31)),
    period=scheduled,
)
def test_runs_at_any_hour_of_a_local_day_report_the_same_days(
    zone: str, moment: datetime, period: str
) -> None:
    """From the first minute of a day to its last, also where the clocks change."""
    local = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    midnight, latest = (
        datetime.combine(local.date(), hour, ZoneInfo(zone)).astimezone(timezone.utc)
        for hour in (time(0, 0), time(23, 59))
    )
    runs = [midnight, moment.replace(tzinfo=timezone.utc), latest]

    reports = {
        windows_due(period, run.astimezone(ZoneInfo(zone)).date(), timezone=zone)
        for run in runs
        if run.astimezone(ZoneInfo(zone)).date() == local.date()
    }

    assert len(reports) == 1


def test_a_leap_day_is_in_exactly_one_report_of_each_period() -> None:
    """2028-02-29 is reported by one run a period of the ninety days around it."""
    leap = date(2028, 2, 29)
    around = [leap + timedelta(days=number) for number in range(-45, 46)]

    reports = {
        period: {
            windows.current
            for windows in (windows_due(period, day) for day in around)
            if windows.current.from_date <= leap <= windows.current.to_date
        }
        for period in ("daily", "weekly", "biweekly", "monthly")
    }

    assert {period: len(found) for period, found in reports.items()} == {
        "daily": 1,
        "weekly": 1,
        "biweekly": 1,
        "monthly": 1,
    }
