"""A run from its environment to its outcome, and what the channel is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.exceptions import WindowError
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.outcome import Outcome
from mixpanel_slack_report.runs.scheduled import send_scheduled
from mixpanel_slack_report.slack.stand_in import SlackStandIn

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ServeAnswers, ServeMixpanel

NOW = datetime(2026, 11, 16, 9, tzinfo=timezone.utc)
WEEKLY = DaysAsked("weekly", None, None, None)
Send = Callable[..., Outcome]


@pytest.fixture
def send(serve_mixpanel: ServeMixpanel, tmp_path: Path) -> Send:
    """Sends as a timer does, with the variables given."""
    (tmp_path / "report.toml").write_text(
        '[[metric]]\nname = "Signups"\nevent = "Sign Up"\nkind = "total"\n'
    )
    environ = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": serve_mixpanel().url,
        "MIXPANEL_ATTEMPTS": "1",
        "TIMEZONE": "UTC",
        "REPORT_FILE": str(tmp_path / "report.toml"),
        "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
    }

    def run(days: DaysAsked = WEEKLY, *, force: bool = False, **more: str) -> Outcome:
        given = {**environ, **more}
        return send_scheduled(days, given, force=force, clock=lambda: NOW)

    return run


def test_a_timer_sends(send: Send) -> None:
    """The days are those before the Monday that the clock shows."""
    with SlackStandIn() as slack:
        outcome = send(SLACK_WEBHOOK_URL=slack.webhook_url)

    assert outcome.exit_code == 0
    assert outcome.lines == ("Sent the weekly report 2026-11-09 to 2026-11-15.",)


def test_a_failure_is_told_once_and_then_sent(
    send: Send, serve_answers: ServeAnswers
) -> None:
    """The notice keeps the report from nothing, once Mixpanel is back."""
    down = serve_answers((503, {}, "down"))
    with SlackStandIn() as slack:
        hook = {"SLACK_WEBHOOK_URL": slack.webhook_url}
        first = send(MIXPANEL_BASE_URL=down.url, **hook)
        second = send(MIXPANEL_BASE_URL=down.url, **hook)
        third = send(**hook)

    assert [first.exit_code, second.exit_code, third.exit_code] == [1, 1, 0]
    notice, report = (message["text"] for message in slack.messages)
    assert notice.startswith("Weekly Report was not sent")
    assert "Signups" in report
    assert len(first.notices) == 1
    assert second.notices == ()


def test_a_message_that_slack_refused_is_not_told_to_slack(
    send: Send, serve_answers: ServeAnswers
) -> None:
    """The same channel would refuse that too."""
    slack = serve_answers((404, {}, "no_service"))

    outcome = send(SLACK_WEBHOOK_URL=f"{slack.url}/services/T1/B2/s3cret")

    assert (outcome.exit_code, outcome.notices) == (1, ())
    assert len(slack.requests) == 1


def test_after_a_post_that_may_be_there_nothing_is_posted(
    send: Send, serve_answers: ServeAnswers
) -> None:
    """No notice either; the run fails each time, and says why."""
    slack = serve_answers((503, {}, "down"), (200, {}, "ok"))
    hook = {"SLACK_WEBHOOK_URL": f"{slack.url}/services/T1/B2/s3cret"}
    outcomes = [send(**hook) for _ in range(3)]

    assert [outcome.exit_code for outcome in outcomes] == [1, 1, 1]
    assert len(slack.requests) == 1
    assert outcomes[2].lines[0].startswith("whether the weekly report 2026-11-09 to ")


def test_settings_that_are_wrong_are_told(send: Send) -> None:
    """All of them, without what they are."""
    with SlackStandIn() as slack:
        outcome = send(
            SLACK_WEBHOOK_URL=slack.webhook_url,
            MIXPANEL_SECRET="",
            MIXPANEL_REGION="mars",
        )

    assert outcome.exit_code == 1
    (message,) = slack.messages
    assert "MIXPANEL_SECRET is not set" in message["text"]
    assert "MIXPANEL_REGION is 'mars'" in message["text"]


def test_settings_without_a_channel_are_told_to_nobody(send: Send) -> None:
    """The error is all there is."""
    outcome = send(MIXPANEL_REGION="mars")

    assert (outcome.exit_code, outcome.notices) == (1, ())
    assert len(outcome.errors) == 1


@pytest.mark.parametrize("ledger", ["ftp://host", "azure-blob:report-ledger"])
def test_a_ledger_that_is_none_is_an_error_and_no_notice(
    send: Send, ledger: str
) -> None:
    """Nobody could remember that it was told."""
    with SlackStandIn() as slack:
        outcome = send(SLACK_WEBHOOK_URL=slack.webhook_url, REPORT_LEDGER=ledger)

    assert (outcome.exit_code, slack.messages) == (1, [])
    assert len(outcome.lines) == 1


def test_days_that_are_not_over_are_for_whoever_asked(send: Send) -> None:
    """They are wrong usage."""
    days = DaysAsked("custom", None, date(2026, 11, 16), date(2026, 11, 20))
    with SlackStandIn() as slack, pytest.raises(WindowError):
        send(days, SLACK_WEBHOOK_URL=slack.webhook_url)

    assert slack.messages == []
