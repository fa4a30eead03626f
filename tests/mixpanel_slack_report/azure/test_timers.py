"""What the timers of a function app run: real servers, a clock that is set."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from mixpanel_slack_report.azure.timers import latest_firing, run_timer
from mixpanel_slack_report.exceptions import MixpanelSlackReportError
from mixpanel_slack_report.slack.stand_in import SlackStandIn

MONDAY = datetime(2026, 11, 23, 9, 0, 1, tzinfo=timezone.utc)
WEEKLY = "0 0 9 * * 1"


def at(moment: datetime) -> Callable[[], datetime]:
    """Make a clock that stands still."""
    return lambda: moment


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        ("0 0 9 * * *", "2026-11-23T09:00:00", "2026-11-23T09:00:00"),
        ("0 0 9 * * *", "2026-11-23T08:59:59", "2026-11-23T09:00:00"),
        ("0 0 9 * * *", "2026-11-24T08:00:00", "2026-11-23T09:00:00"),
        ("0 0 9 * * 1", "2026-11-29T23:00:00", "2026-11-23T09:00:00"),
        ("0 30 8 * * 1-5", "2026-11-29T23:00:00", "2026-11-27T08:30:00"),
        ("0 0 0 1 * *", "2027-01-01T00:00:05", "2027-01-01T00:00:00"),
    ],
)
def test_a_timer_is_due_when_its_schedule_says(
    schedule: str, now: str, due: str
) -> None:
    """A late timer is that of the moment it missed, one a little early of the next."""
    moment = datetime.fromisoformat(now).replace(tzinfo=timezone.utc)

    assert latest_firing(schedule, moment).isoformat() == f"{due}+00:00"


def test_a_timer_posts_the_report(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """The weekly report of the week that is over arrives in Slack."""
    run_timer("weekly", WEEKLY, environ=app_settings, clock=at(MONDAY))

    (message,) = slack.messages
    assert "November 16 to November 22, 2026" in message["text"]
    assert "New Signups: 7" in message["text"]


def test_a_timer_that_fires_twice_posts_once(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """Azure may replay a timer, hours later as well."""
    run_timer("weekly", WEEKLY, environ=app_settings, clock=at(MONDAY))
    late = at(MONDAY + timedelta(hours=20))

    run_timer("weekly", WEEKLY, environ=app_settings, clock=late)

    assert len(slack.messages) == 1


def test_a_late_daily_timer_reports_the_day_that_was_due(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """Fired at 1:00 of the next day, it is the report of the day before."""
    late = at(datetime(2026, 11, 24, 1, 0, tzinfo=timezone.utc))

    run_timer("daily", "0 0 9 * * *", environ=app_settings, clock=late)

    assert "November 22, 2026" in slack.messages[0]["text"]


def test_the_biweekly_timer_is_silent_every_other_week(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """2026-11-23 is a Monday of the anchor, 2026-11-16 is none."""
    for day in (16, 23):
        moment = datetime(2026, 11, day, 9, 0, 1, tzinfo=timezone.utc)
        run_timer("biweekly", WEEKLY, environ=app_settings, clock=at(moment))

    assert [
        message["text"].count("Bi-Weekly Report") for message in slack.messages
    ] == [1]


def test_a_run_that_fails_fails_the_function(
    app_settings: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """So that Azure shows it and tries again; no secret is in what it shows."""
    caplog.set_level(logging.DEBUG)
    wrong = {**app_settings, "MIXPANEL_SECRET": "wr0ng-s3cret"}

    with pytest.raises(MixpanelSlackReportError) as failure:
        run_timer("weekly", WEEKLY, environ=wrong, clock=at(MONDAY))

    shown = f"{failure.value}{failure.value.__cause__}{caplog.text}"
    assert "weekly report" in str(failure.value)
    assert "wr0ng" not in shown
    assert app_settings["SLACK_WEBHOOK_URL"] not in shown


def test_settings_that_got_lost_are_told_in_the_channel(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """Once, however often Azure tries again."""
    lost = {**app_settings, "MIXPANEL_SECRET": ""}

    for _ in range(3):
        with pytest.raises(MixpanelSlackReportError):
            run_timer("weekly", WEEKLY, environ=lost, clock=at(MONDAY))

    (notice,) = slack.messages
    assert "What failed: MIXPANEL_SECRET is not set" in notice["text"]


def test_a_timer_of_days_that_are_not_over_fails_with_its_report(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """A custom report has its days from who asks, and a timer has none."""
    with pytest.raises(MixpanelSlackReportError, match=r"^custom report: "):
        run_timer("custom", WEEKLY, environ=app_settings, clock=at(MONDAY))

    assert slack.messages == []
