"""Checks of where reports are posted, and of what was posted before."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import timezone

from mixpanel_slack_report.checks.findings import Finding, mend, ok
from mixpanel_slack_report.exceptions import DeliveryError, MixpanelSlackReportError
from mixpanel_slack_report.ledger.opening import open_ledger
from mixpanel_slack_report.periods import PERIODS
from mixpanel_slack_report.settings import Settings
from mixpanel_slack_report.slack.destinations import destinations_of
from mixpanel_slack_report.slack.message import SlackMessage
from mixpanel_slack_report.slack.probing import probe_bot, probe_webhook

__all__ = ["check_ledger", "check_signing_secret", "check_slack"]

TEST = SlackMessage(
    text="Test message of mixpanel-slack-report: reports will arrive here.",
    blocks=(),
    rung=2,
)


def check_slack(settings: Settings, *, post: bool) -> list[Finding]:
    """Ask Slack whether it would take a report, or post a test message.

    Args:
        settings: Where to post.
        post: Whether to post a test message to every channel.
    """
    if settings.bot_token is None and settings.webhook_url is None:
        line = "no webhook and no bot: previews work, nothing can be sent"
        return [Finding("Slack", "skipped", line)]
    if settings.bot_token is not None:
        subject, problem = "bot", probe_bot(settings)
        well = "Slack knows the token"
    else:
        subject, problem = "webhook", probe_webhook(settings.webhook())
        well = "takes messages"
    if problem:
        return [mend(subject, problem)]
    found = [ok(subject, well if post else f"{well}; --post posts a test message")]
    return [*found, *test_posts(settings)] if post else found


def test_posts(settings: Settings) -> list[Finding]:
    """Post a test message to every channel."""
    found = []
    try:
        channels = destinations_of(settings)
    except MixpanelSlackReportError as error:
        return [mend("channel", str(error))]
    for channel in channels:
        try:
            channel.post(TEST)
            found.append(ok("channel", f"posted a test message to {channel.shown}"))
        except DeliveryError as error:
            found.append(mend("channel", str(error)))
    return found


def check_signing_secret(settings: Settings) -> list[Finding]:
    """Say that slash commands are refused, if that is so."""
    if settings.signing_secret is not None:
        return [ok("slash command", "SLACK_SIGNING_SECRET is set")]
    line = "SLACK_SIGNING_SECRET is not set; only the command /analytics needs it"
    return [Finding("slash command", "skipped", line)]


def check_ledger(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Read the ledger, and say when each report was last sent."""
    try:
        with closing(open_ledger(settings, environ)) as ledger:
            sent = ledger.last_sent()
    except MixpanelSlackReportError as error:
        return [mend("ledger", str(error))]
    if not sent:
        line = "nothing was sent yet; a timer that does not fire shows here"
        return [ok("ledger", line)]
    times = [
        f"{period} {sent[period].astimezone(timezone.utc):%Y-%m-%d %H:%M}"
        for period in PERIODS
        if period in sent
    ]
    return [ok("ledger", f"last sent (UTC): {', '.join(times)}")]
