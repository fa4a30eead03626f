"""Which days a run reports, whatever the clock shows on the days around a change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from mixpanel_slack_report.exceptions import WindowError
from mixpanel_slack_report.periods import Window
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.job import Job, prepare_job

ENVIRON = {
    "MIXPANEL_USERNAME": "reports",
    "MIXPANEL_SECRET": "s3cret",
    "MIXPANEL_PROJECT_ID": "12345",
    "TIMEZONE": "UTC",
}
# The day on which the clocks of each zone change in 2026, and the Monday before it.
CHANGES = [
    ("Europe/London", date(2026, 3, 29), date(2026, 3, 23)),
    ("Europe/London", date(2026, 10, 25), date(2026, 10, 19)),
    ("America/New_York", date(2026, 3, 8), date(2026, 3, 2)),
    ("America/New_York", date(2026, 11, 1), date(2026, 10, 26)),
    ("Australia/Lord_Howe", date(2026, 4, 5), date(2026, 3, 30)),
    ("America/Santiago", date(2026, 9, 6), date(2026, 8, 31)),
    ("Africa/Cairo", date(2026, 4, 24), date(2026, 4, 20)),
    ("Asia/Kathmandu", date(2026, 6, 1), date(2026, 6, 1)),
    ("Pacific/Chatham", date(2026, 9, 27), date(2026, 9, 21)),
    ("Pacific/Kiritimati", date(2026, 1, 1), date(2025, 12, 29)),
]
TIMES = [time(0, 30), time(8, 59), time(9, 0)]


def job_at(
    period: str, now: datetime, zone: str, *, due: date | None = None, **more: str
) -> Job:
    """Prepare the job of a run at a time."""
    days = DaysAsked(period, due, None, None)
    environ = {**ENVIRON, "TIMEZONE": zone, **more}
    return prepare_job(days, environ, to_send=False, now=now)


@pytest.mark.parametrize("at", TIMES)
@pytest.mark.parametrize(("zone", "day", "monday"), CHANGES)
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_daily_run_reports_the_day_before(
    zone: str, day: date, monday: date, at: time, offset: int
) -> None:
    """At half past midnight as at nine, on the day of the change and around it."""
    run = day + timedelta(days=offset)
    now = datetime.combine(run, at, ZoneInfo(zone)).astimezone(timezone.utc)

    job = job_at("daily", now, zone)

    before = run - timedelta(days=1)
    assert (job.due, job.windows.current) == (run, Window(before, before))


@pytest.mark.parametrize("at", TIMES)
@pytest.mark.parametrize(("zone", "day", "monday"), CHANGES)
def test_a_weekly_run_reports_the_week_before_its_monday(
    zone: str, day: date, monday: date, at: time
) -> None:
    """The change does not move the week."""
    now = datetime.combine(day, at, ZoneInfo(zone)).astimezone(timezone.utc)

    job = job_at("weekly", now, zone)

    first, last = monday - timedelta(days=7), monday - timedelta(days=1)
    assert job.windows.current == Window(first, last)


def test_today_is_the_projects_day_and_not_the_machines() -> None:
    """At 23:30 UTC on Sunday it is Monday in Tokyo, and the week is over there."""
    now = datetime(2026, 11, 15, 23, 30, tzinfo=timezone.utc)

    tokyo = job_at("weekly", now, "Asia/Tokyo").windows.current
    london = job_at("weekly", now, "Europe/London").windows.current

    assert tokyo == Window(date(2026, 11, 9), date(2026, 11, 15))
    assert london == Window(date(2026, 11, 2), date(2026, 11, 8))


def test_a_day_that_is_not_over_is_refused() -> None:
    """The line names today, as it is in the project."""
    now = datetime(2026, 11, 15, 23, 30, tzinfo=timezone.utc)
    days = DaysAsked("custom", None, date(2026, 11, 15), date(2026, 11, 17))

    with pytest.raises(WindowError, match="today is 2026-11-15 in the project"):
        prepare_job(days, ENVIRON, to_send=False, now=now)


def test_two_jobs_of_one_project_have_one_source() -> None:
    """Whenever they run, and whatever period they report."""
    monday = datetime(2026, 11, 16, 9, tzinfo=timezone.utc)
    later = datetime(2026, 12, 1, 9, tzinfo=timezone.utc)

    weekly = job_at("weekly", monday, "UTC")
    monthly = job_at("monthly", later, "Asia/Tokyo", MIXPANEL_SECRET="another")

    assert weekly.source == monthly.source


def test_projects_regions_and_events_have_sources_of_their_own() -> None:
    """Two of them may report to one channel with one ledger."""
    monday = datetime(2026, 11, 16, 9, tzinfo=timezone.utc)
    days = DaysAsked("weekly", None, None, None)
    jobs = [
        job_at("weekly", monday, "UTC"),
        job_at("weekly", monday, "UTC", MIXPANEL_PROJECT_ID="2"),
        job_at("weekly", monday, "UTC", MIXPANEL_REGION="eu"),
        job_at("weekly", monday, "UTC", MIXPANEL_BASE_URL="http://localhost:1"),
        prepare_job(days, ENVIRON, to_send=False, now=monday, events=["Sign Up"]),
    ]

    assert len({job.source for job in jobs}) == 5


def test_named_events_take_the_place_of_the_metrics() -> None:
    """Each once, in the order in which they were named."""
    monday = datetime(2026, 11, 16, 9, tzinfo=timezone.utc)
    days = DaysAsked("weekly", None, None, None)

    named = ["Purchase", "Sign Up", "Purchase"]
    job = prepare_job(days, ENVIRON, to_send=False, now=monday, events=named)

    metrics = [(one.name, one.events, one.kind) for one in job.report_file.metrics]
    assert metrics == [
        ("Purchase", ("Purchase",), "total"),
        ("Sign Up", ("Sign Up",), "total"),
    ]
