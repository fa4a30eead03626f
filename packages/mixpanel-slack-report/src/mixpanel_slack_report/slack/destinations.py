"""Where messages go: what a webhook and a bot's channel have in common."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from mixpanel_slack_report.settings import Settings
from mixpanel_slack_report.slack.bot import SLACK_API_URL, BotChannel
from mixpanel_slack_report.slack.message import SlackMessage
from mixpanel_slack_report.slack.webhook import Webhook

__all__ = ["Destination", "destinations_of"]


class Destination(Protocol):
    """A channel that takes messages; one thread at a time uses it."""

    @property
    def key(self) -> str:
        """What names it in the ledger; no secret."""

    @property
    def shown(self) -> str:
        """What names it for readers, such as ``#analytics``; no secret."""

    def post(self, message: SlackMessage, *, thread: str = "") -> str:
        """Post one message.

        Args:
            message: What to post.
            thread: The message to reply to, as an earlier post returned it; empty for
                none. A webhook cannot reply, and posts nothing for it.

        Returns:
            What names the message in Slack; empty where Slack does not say.

        Raises:
            DeliveryError: Its ``outcome`` says whether it surely was not posted.
        """


def destinations_of(
    settings: Settings, *, sleep: Callable[[float], None] = time.sleep
) -> tuple[Destination, ...]:
    """List the channels that the settings name, each once.

    A bot's token with its channels wins over a webhook.

    Args:
        settings: Where to post.
        sleep: Waits for so many seconds before a repeat.

    Raises:
        SettingsError: If there is no webhook, or a bot without a channel.
    """
    settings.check_posting()
    token = settings.bot_token
    if token is None:
        return (Webhook(settings.webhook(), sleep),)
    api_url = settings.slack_api_url or SLACK_API_URL
    channels: dict[str, Destination] = {}
    for name in settings.channels:
        channel = BotChannel(token, name, api_url, sleep)
        channels.setdefault(channel.key, channel)
    return tuple(channels.values())
