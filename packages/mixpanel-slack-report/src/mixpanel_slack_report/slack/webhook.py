"""Posts a message to a Slack incoming webhook, and never twice.

The address of a webhook is a secret: whoever has it can post. It is in no error, no
log and no ledger.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.exchange import (
    UNKNOWN,
    SlackAnswer,
    exchange,
    quotable,
)
from mixpanel_slack_report.slack.message import SlackMessage

__all__ = ["Webhook", "post_message"]

SETTING = "SLACK_WEBHOOK_URL"
# https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
REMEDIES = {
    "action_prohibited": "a workspace admin has restricted the webhook; ask them",
    "channel_is_archived": "the channel is archived; make a webhook for another",
    "channel_not_found": "the channel is gone; make a new webhook",
    "invalid_token": "the webhook is not valid any more; make a new one",
    "no_active_hooks": "the webhook is switched off; make a new one",
    "no_service": "the webhook is gone or switched off; make a new one",
    "no_team": "the workspace is gone; make a webhook in another one",
    "team_disabled": "the workspace is not active; make a webhook in another one",
    "user_not_found": "who made the webhook is gone; make a new one",
}


@dataclass(frozen=True, slots=True)
class Webhook:
    """The one channel that an incoming webhook posts to; a ``Destination``.

    Attributes:
        webhook_url: The address, a secret.
        sleep: Waits for so many seconds before a repeat.
    """

    webhook_url: str = field(repr=False)
    sleep: Callable[[float], None] = time.sleep

    @property
    def key(self) -> str:
        """A digest of the address, which names it and does not give it away."""
        return f"webhook:{sha256(self.webhook_url.encode()).hexdigest()[:16]}"

    @property
    def shown(self) -> str:
        """What names it for readers; Slack does not say which channel it is."""
        return "the webhook's channel"

    def post(self, message: SlackMessage, *, thread: str = "") -> str:
        """Post a message; nothing for a thread, as a webhook cannot reply.

        Returns:
            Nothing, as Slack does not name what a webhook posts.

        Raises:
            DeliveryError: If Slack refused the message, or did not say that it was
                posted.
        """
        if not thread:
            post_message(message, self.webhook_url, sleep=self.sleep)
        return ""


def post_message(
    message: SlackMessage,
    webhook_url: str,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Post a message to an incoming webhook.

    Proxies are taken from the environment (``HTTPS_PROXY``, ``NO_PROXY``).

    Args:
        message: What to post.
        webhook_url: The webhook's address.
        sleep: Waits for so many seconds before a repeat.

    Raises:
        DeliveryError: If Slack refused the message, or did not say that it was
            posted.
    """
    payload = message.payload()
    answer = exchange(webhook_url, payload, sleep=sleep, setting=SETTING)
    check_answer(answer, webhook_url)


def check_answer(answer: SlackAnswer, webhook_url: str) -> None:
    """Refuse any answer but the one that says the message was posted.

    Raises:
        DeliveryError: With the answer's status, and its body if that is a word.
    """
    status, whole = answer.status, answer.body
    if status == 200 and whole == "ok":
        return
    body = whole if whole in REMEDIES else quotable(whole, secret=webhook_url)
    shown = body or (f"{len(whole)} characters" if whole else "nothing")
    outcome, remedy = verdict(status, body)
    raise DeliveryError(
        f"Slack answered {status} ({shown}): {remedy}",
        outcome=outcome,
        status=status,
        body=body,
    )


def verdict(status: int, body: str) -> tuple[Literal["refused", "unknown"], str]:
    """Say whether an answer surely means that nothing was posted, and what to do."""
    if status == 429:
        return "refused", "it asks to post less often; try again later"
    if status >= 500:
        return "unknown", UNKNOWN
    if body in REMEDIES:
        return "refused", REMEDIES[body]
    if status < 300:
        # Other programs take Slack's messages too, and say so in other words.
        remedy = f"a webhook of Slack answers ok; {UNKNOWN}, and check {SETTING}"
        return "unknown", remedy
    return "refused", f"nothing was posted; check {SETTING}"
