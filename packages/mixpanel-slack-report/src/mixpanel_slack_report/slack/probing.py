"""Asks Slack whether a report could be posted, without posting one."""

from __future__ import annotations

import time
from collections.abc import Callable

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.settings import Settings
from mixpanel_slack_report.slack import bot, webhook
from mixpanel_slack_report.slack.exchange import exchange, quotable

__all__ = ["probe_bot", "probe_webhook"]

# What a webhook that works says to a message with nothing in it, which it does not
# post: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
NOTHING_TO_POST = ("invalid_payload", "no_text")


def probe_webhook(
    webhook_url: str, *, sleep: Callable[[float], None] = time.sleep
) -> str:
    """Send a webhook a message with nothing in it, which is refused and not posted.

    Returns:
        What is wrong and how to mend it; "" if the webhook would take a report.
    """
    try:
        answer = exchange(webhook_url, {}, sleep=sleep, setting=webhook.SETTING)
    except DeliveryError as error:
        return without_outcome(error)
    if answer.status == 400 and answer.body in NOTHING_TO_POST:
        return ""
    known = answer.body in webhook.REMEDIES
    body = answer.body if known else quotable(answer.body, secret=webhook_url)
    remedy = webhook.REMEDIES.get(body, f"check {webhook.SETTING}")
    return f"Slack answered {answer.status} ({body or 'not a word'}): {remedy}"


def probe_bot(
    settings: Settings, *, sleep: Callable[[float], None] = time.sleep
) -> str:
    """Ask Slack whose the token is: https://docs.slack.dev/reference/methods/auth.test.

    Returns:
        What is wrong and how to mend it; "" if the token is a bot's.
    """
    token = settings.bot_token or ""
    url = (settings.slack_api_url or bot.SLACK_API_URL).rstrip("/")
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answer = exchange(
            f"{url}/auth.test",
            {},
            sleep=sleep,
            setting="SLACK_API_URL",
            headers=headers,
        )
    except DeliveryError as error:
        return without_outcome(error)
    document = bot.document_of(answer)
    if document.get("ok") is True:
        return ""
    given = document.get("error")
    code = quotable(given, secret=token) if isinstance(given, str) else ""
    remedy = bot.REMEDIES.get(code, "check SLACK_BOT_TOKEN and SLACK_API_URL")
    return f"Slack answered {answer.status} ({code or 'not a word'}): {remedy}"


def without_outcome(error: DeliveryError) -> str:
    """Return an error without what it says of a post, as there was none."""
    kept = [part for part in str(error).split("; ") if "posted" not in part]
    return "; ".join(kept)
