"""Replies to whoever typed a slash command.

Whoever knows a ``response_url`` can write there for 30 minutes, so it is in no error.
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.exchange import exchange

__all__ = ["reply_to"]


def reply_to(
    response_url: str,
    message: Mapping[str, object],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Post a message to a ``response_url``.

    Args:
        response_url: Where to; the caller has checked that it is Slack's.
        message: The message with its ``response_type``.
        sleep: Waits for so many seconds before a repeat of what was not posted.

    Raises:
        DeliveryError: If Slack did not take it.
    """
    status = exchange(
        response_url, message, sleep=sleep, setting="the response_url"
    ).status
    if status != 200:
        said = f"Slack answered {status} to the reply; it takes 5 in 30 minutes"
        # A reply that may be there is not repeated either.
        raise DeliveryError(
            said, outcome="unknown" if status >= 500 else "refused", status=status
        )
