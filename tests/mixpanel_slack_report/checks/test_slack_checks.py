"""Checks of Slack and of the ledger, against the stand-in on a real socket."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from mixpanel_slack_report.checks.findings import Finding
from mixpanel_slack_report.checks.slack_checks import check_ledger, check_slack
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.opening import open_ledger
from mixpanel_slack_report.settings import Settings, read_settings
from mixpanel_slack_report.slack.stand_in import SlackStandIn

WHOLE = {
    "MIXPANEL_USERNAME": "reports",
    "MIXPANEL_SECRET": "s3cret-s3cret",
    "MIXPANEL_PROJECT_ID": "7",
}


def settings(**more: str) -> Settings:
    """Make settings that can ask Mixpanel, and more."""
    return read_settings({**WHOLE, **more}, to_send=False)


def test_a_webhook_that_works_is_sent_nothing_to_post() -> None:
    """It is known to work, and the channel has no message."""
    with SlackStandIn() as slack:
        found = check_slack(settings(SLACK_WEBHOOK_URL=slack.webhook_url), post=False)

        assert found == [
            Finding("webhook", "ok", "takes messages; --post posts a test message")
        ]
        assert slack.messages == []


def test_a_test_message_is_posted_when_asked_for() -> None:
    """The channel gets one message."""
    with SlackStandIn() as slack:
        found = check_slack(settings(SLACK_WEBHOOK_URL=slack.webhook_url), post=True)

        assert [finding.state for finding in found] == ["ok", "ok"]
        assert [message["text"] for message in slack.messages] == [
            "Test message of mixpanel-slack-report: reports will arrive here."
        ]


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (
            (404, {}, "no_service"),
            "Slack answered 404 (no_service): the webhook is gone or switched off; "
            "make a new one",
        ),
        (
            (410, {}, "channel_is_archived"),
            "Slack answered 410 (channel_is_archived): the channel is archived; make a "
            "webhook for another",
        ),
        (
            (200, {}, "<html>"),
            "Slack answered 200 (not a word): check SLACK_WEBHOOK_URL",
        ),
    ],
)
def test_a_webhook_that_does_not_work(
    serve_answers: Callable[..., Any], answer: object, line: str
) -> None:
    """Slack's word has its remedy; the address is in no line."""
    url = f"{serve_answers(answer).url}/services/T0/B0/s3cretpath"

    found = check_slack(settings(SLACK_WEBHOOK_URL=url), post=False)

    assert found == [Finding("webhook", "mend", line)]


def test_a_bot_that_works() -> None:
    """Slack knows its token."""
    with SlackStandIn(bot_token="xoxb-right") as slack:
        given = {
            "SLACK_BOT_TOKEN": "xoxb-right",
            "SLACK_CHANNEL": "#a,#b",
            "SLACK_API_URL": slack.api_url,
        }
        found = check_slack(settings(**given), post=True)

        assert [finding.subject for finding in found] == ["bot", "channel", "channel"]
        assert {finding.state for finding in found} == {"ok"}


def test_a_token_that_is_not_known() -> None:
    """The remedy says where the right one is."""
    with SlackStandIn(bot_token="xoxb-right") as slack:
        given = {
            "SLACK_BOT_TOKEN": "xoxb-wrong",
            "SLACK_CHANNEL": "#a",
            "SLACK_API_URL": slack.api_url,
        }
        (found,) = check_slack(settings(**given), post=True)

    assert found.state == "mend"
    assert "Bot User OAuth Token" in found.line
    assert "xoxb-wrong" not in found.line


def test_a_bot_without_a_channel_posts_nothing() -> None:
    """Slack knows its token, and nobody said where to."""
    with SlackStandIn(bot_token="xoxb-right") as slack:
        given = {"SLACK_BOT_TOKEN": "xoxb-right", "SLACK_API_URL": slack.api_url}
        found = check_slack(settings(**given), post=True)

        assert [finding.state for finding in found] == ["ok", "mend"]
        assert found[1].line.startswith("SLACK_CHANNEL is not set")
        assert slack.messages == []


def test_a_channel_that_refuses_the_test_message() -> None:
    """The token is good, and the bot does not see the channel."""
    with SlackStandIn(bot_token="xoxb-right", channels=("#b",)) as slack:
        given = {
            "SLACK_BOT_TOKEN": "xoxb-right",
            "SLACK_CHANNEL": "#a",
            "SLACK_API_URL": slack.api_url,
        }
        found = check_slack(settings(**given), post=True)

    assert [finding.state for finding in found] == ["ok", "mend"]
    assert "channel_not_found" in found[1].line


def test_without_slack_previews_work() -> None:
    """It is no fault, and said."""
    (found,) = check_slack(settings(), post=False)

    assert found.state == "skipped"


def test_a_ledger_says_when_each_report_was_last_sent(tmp_path: Path) -> None:
    """So that a timer that does not fire is seen."""
    given = settings(REPORT_LEDGER=str(tmp_path / "ledger.sqlite"))
    key = EntryKey(
        "schedule", "weekly", date(2026, 11, 9), date(2026, 11, 15), "webhook:1"
    )
    moment = datetime(2026, 11, 16, 9, 0, 7, tzinfo=timezone.utc)
    with (
        closing(open_ledger(given, {}, clock=lambda: moment)) as ledger,
        ledger.claim(key) as claim,
    ):
        claim.posting()
        claim.settle("sent", "")

    assert check_ledger(given, {}) == [
        Finding("ledger", "ok", "last sent (UTC): weekly 2026-11-16 09:00")
    ]


def test_a_ledger_that_cannot_be_used(tmp_path: Path) -> None:
    """A folder in its place is a finding."""
    (found,) = check_ledger(settings(REPORT_LEDGER=str(tmp_path)), {})

    assert found.state == "mend"
