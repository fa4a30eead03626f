"""Which channels the settings name."""

from __future__ import annotations

import pytest

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.settings import read_settings
from mixpanel_slack_report.slack.bot import BotChannel
from mixpanel_slack_report.slack.destinations import Destination, destinations_of
from mixpanel_slack_report.slack.webhook import Webhook

NEEDED = {
    "MIXPANEL_USERNAME": "reports.1a2b3c",
    "MIXPANEL_SECRET": "s3cret-of-the-account",
    "MIXPANEL_PROJECT_ID": "12345",
}
WEBHOOK = {"SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T1/B2/xyz"}


def destinations_from(**environ: str) -> tuple[Destination, ...]:
    """List the destinations of an environment."""
    return destinations_of(read_settings({**NEEDED, **environ}, to_send=False))


def test_a_webhook_is_one_channel_with_a_digest_for_its_key() -> None:
    """The ledger tells webhooks apart, and holds no address."""
    (webhook,) = destinations_from(**WEBHOOK)

    assert isinstance(webhook, Webhook)
    # printf %s https://hooks.slack.com/services/T1/B2/xyz | sha256sum | cut -c1-16
    assert webhook.key == "webhook:20ab3f6e49103dce"
    assert "xyz" not in repr(webhook) + webhook.shown


def test_a_bot_posts_to_each_of_its_channels_once() -> None:
    """A channel named twice, with and without its sign, is one."""
    channels = destinations_from(
        SLACK_BOT_TOKEN="xoxb-1-abc", SLACK_CHANNEL="#analytics, C0123,analytics"
    )

    assert [(channel.key, channel.shown) for channel in channels] == [
        ("bot:analytics", "#analytics"),
        ("bot:C0123", "C0123"),
    ]


def test_a_bot_wins_over_a_webhook() -> None:
    """A report is not posted by both."""
    (channel,) = destinations_from(
        SLACK_BOT_TOKEN="xoxb-1-abc", SLACK_CHANNEL="#analytics", **WEBHOOK
    )

    assert channel == BotChannel("xoxb-1-abc", "#analytics")


def test_a_bot_can_be_led_to_another_slack() -> None:
    """SLACK_API_URL is for stand-ins."""
    (channel,) = destinations_from(
        SLACK_BOT_TOKEN="xoxb-1-abc",
        SLACK_CHANNEL="#analytics",
        SLACK_API_URL="http://127.0.0.1:8000/api/",
    )

    assert channel == BotChannel(
        "xoxb-1-abc", "#analytics", "http://127.0.0.1:8000/api/"
    )


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "SLACK_WEBHOOK_URL is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1-abc"}, "SLACK_CHANNEL is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1-abc", **WEBHOOK}, "SLACK_CHANNEL is not set"),
        ({"SLACK_CHANNEL": "#analytics"}, "SLACK_WEBHOOK_URL is not set"),
    ],
)
def test_nowhere_to_post_is_refused(environ: dict[str, str], missing: str) -> None:
    """A token without a channel is not taken for a webhook."""
    with pytest.raises(SettingsError, match=missing):
        destinations_from(**environ)


@pytest.mark.parametrize("token", ["5igning5ecret", "xoxb-1\nabc", "xoxb-ü", "xox"])
def test_what_is_no_bot_token_is_refused_without_showing_it(token: str) -> None:
    """Another secret may have been pasted there, or half a line."""
    with pytest.raises(SettingsError) as refusal:
        destinations_from(SLACK_BOT_TOKEN=token, SLACK_CHANNEL="#analytics")

    assert str(refusal.value) == (
        "SLACK_BOT_TOKEN is not usable; give the Bot User OAuth Token (OAuth & "
        "Permissions), it starts xoxb-"
    )
