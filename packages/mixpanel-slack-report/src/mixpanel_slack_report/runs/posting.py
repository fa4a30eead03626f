"""Where a report is posted, and how."""

from __future__ import annotations

from hashlib import blake2b

from mixpanel_slack_report.settings import Settings
from mixpanel_slack_report.slack.destinations import Destination
from mixpanel_slack_report.slack.message import SlackMessage
from mixpanel_slack_report.slack.webhook import post_message

__all__ = ["WebhookChannel", "destinations_of"]


class WebhookChannel:
    """The channel of an incoming webhook.

    Attributes:
        key: A digest of the address.
        shown: What names it for readers.
    """

    def __init__(self, webhook_url: str) -> None:
        digest = blake2b(webhook_url.encode(), digest_size=8).hexdigest()
        self.key = f"webhook:{digest}"
        self.shown = "the webhook"
        self._webhook_url = webhook_url

    def post(self, message: SlackMessage, *, thread: str = "") -> str:
        """Post one message; a webhook cannot reply, and posts nothing for a thread."""
        if not thread:
            post_message(message, self._webhook_url)
        return ""


def destinations_of(settings: Settings) -> tuple[Destination, ...]:
    """Return the channels to post to.

    Raises:
        SettingsError: If there is none.
    """
    return (WebhookChannel(settings.webhook()),)
