"""The hour at which a report is sent changes nothing about its days."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.mixpanel_slack_report.conftest import ServeMixpanel

from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.scheduled import send_scheduled
from mixpanel_slack_report.slack.stand_in import SlackStandIn

HOURS = ((0, 30), (8, 59), (9, 0))


@pytest.mark.parametrize(
    ("zone", "monday", "week", "day"),
    [
        (
            "Europe/London",
            datetime(2026, 3, 30),
            "March 23 to March 29, 2026",
            "March 29, 2026",
        ),
        (
            "America/New_York",
            datetime(2026, 11, 2),
            "October 26 to November 1, 2026",
            "November 1, 2026",
        ),
        (
            "Australia/Lord_Howe",
            datetime(2026, 10, 5),
            "September 28 to October 4, 2026",
            "October 4, 2026",
        ),
    ],
    ids=["spring", "autumn", "half an hour"],
)
def test_runs_around_a_change_of_clocks_send_the_same_days(
    tmp_path: Path,
    serve_mixpanel: ServeMixpanel,
    *,
    zone: str,
    monday: datetime,
    week: str,
    day: str,
) -> None:
    """Clocks changed on Sunday; at each hour of Monday, its day and week are over."""
    with SlackStandIn() as slack:
        environ = {
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "right-s3cret",
            "MIXPANEL_PROJECT_ID": "1",
            "MIXPANEL_BASE_URL": serve_mixpanel().url,
            "SLACK_WEBHOOK_URL": slack.webhook_url,
            "TIMEZONE": zone,
        }
        for hour, minute in HOURS:
            local = monday + timedelta(hours=hour, minutes=minute)
            now = local.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)
            ledger = {"REPORT_LEDGER": str(tmp_path / f"{hour}-{minute}.sqlite")}
            for period in ("weekly", "daily"):
                days = DaysAsked(period, None, None, None)
                sent = send_scheduled(
                    days, {**environ, **ledger}, clock=lambda now=now: now
                )
                assert sent.exit_code == 0
        heads = {message["text"].splitlines()[0] for message in slack.messages}

    assert len(slack.messages) == 2 * len(HOURS)
    assert {head.partition(" (")[0] for head in heads} == {
        f"Weekly Report, {week}",
        f"Daily Report, {day}",
    }
    assert len(heads) == 2


def test_the_second_run_of_a_day_posts_nothing(
    tmp_path: Path, serve_mixpanel: ServeMixpanel
) -> None:
    """With one ledger, the hours share one report."""
    with SlackStandIn() as slack:
        environ = {
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "right-s3cret",
            "MIXPANEL_PROJECT_ID": "1",
            "MIXPANEL_BASE_URL": serve_mixpanel().url,
            "SLACK_WEBHOOK_URL": slack.webhook_url,
            "TIMEZONE": "Europe/London",
            "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
        }
        for hour, minute in HOURS:
            now = datetime(2026, 3, 30, hour, minute, tzinfo=ZoneInfo("Europe/London"))
            days = DaysAsked("weekly", None, None, None)
            send_scheduled(days, environ, clock=lambda now=now: now)

    assert len(slack.messages) == 1
