"""Whether a scheduled report is due on the day of a run."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.due_days import reason_not_due
from mixpanel_slack_report.runs.job import Job, prepare_job

REPORT = """
skip = [2026-12-21, 2026-12-24, 2026-12-27]
week_start = "sunday"
biweekly_anchor = 2026-01-12

[[metric]]
name = "Signups"
event = "Sign Up"
kind = "total"
"""


@pytest.fixture
def report_file(tmp_path: Path) -> Path:
    """A report file with days off, weeks from Sunday and an anchor of its own."""
    path = tmp_path / "report.toml"
    path.write_text(REPORT)
    return path


def job_of(days: DaysAsked, report_file: Path) -> Job:
    """Prepare the job of a run at the end of 2026."""
    environ = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret",
        "MIXPANEL_PROJECT_ID": "12345",
        "TIMEZONE": "UTC",
        "REPORT_FILE": str(report_file),
    }
    now = datetime(2026, 12, 31, 9, tzinfo=timezone.utc)
    return prepare_job(days, environ, to_send=False, now=now)


@pytest.mark.parametrize(
    ("period", "due", "reason"),
    [
        # Every 14 days from the anchor: 2026-12-14 and 2026-12-28.
        ("biweekly", "2026-12-14", ""),
        ("biweekly", "2026-12-21", "the biweekly report is due on 2026-12-28"),
        ("daily", "2026-12-23", ""),
        (
            "daily",
            "2026-12-24",
            "the daily report is skipped: 2026-12-24 is one of the days in skip",
        ),
        # The week from Sunday 2026-12-20 is due on the 27th, and on Monday still is.
        ("weekly", "2026-12-26", ""),
        (
            "weekly",
            "2026-12-28",
            "the weekly report is skipped: 2026-12-27 is one of the days in skip",
        ),
        ("weekly", "2026-12-21", ""),
    ],
)
def test_a_report_is_due_or_it_is_said_why_not(
    report_file: Path, period: str, due: str, reason: str
) -> None:
    """A bi-weekly one on its own day only; a day off is that on which it was due."""
    days = DaysAsked(period, date.fromisoformat(due), None, None)

    assert reason_not_due(job_of(days, report_file)) == reason


def test_custom_days_are_always_due(report_file: Path) -> None:
    """Somebody asked for them, on a day off too."""
    day = date(2026, 12, 24)
    days = DaysAsked("custom", None, day, day)

    assert reason_not_due(job_of(days, report_file)) == ""
