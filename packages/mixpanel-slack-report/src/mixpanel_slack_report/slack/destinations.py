"""Where a message goes: what a webhook and a bot's channel have in common."""

from __future__ import annotations

from typing import Protocol

from mixpanel_slack_report.slack.blocks import SlackMessage

__all__ = ["Destination"]


class Destination(Protocol):
    """A channel that takes messages; one thread at a time uses it.

    Attributes:
        key: What names it in the ledger; no secret.
        shown: What names it for readers, such as ``#analytics``; no secret.
    """

    key: str
    shown: str

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
