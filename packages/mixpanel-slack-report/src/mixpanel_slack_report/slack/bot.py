"""Posts messages as a Slack bot, with ``chat.postMessage``, and never twice.

https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.exchange import (
    UNKNOWN,
    SlackAnswer,
    exchange,
    quotable,
)
from mixpanel_slack_report.slack.message import SlackMessage

__all__ = ["SLACK_API_URL", "BotChannel"]

SLACK_API_URL = "https://slack.com/api/"
INSTALL_AGAIN = (
    "install the app again and set SLACK_BOT_TOKEN to its Bot User OAuth Token "
    "(api.slack.com/apps > OAuth & Permissions)"
)
LATER = "it asks to post less often; try again later"
INVITE = "invite the bot there (/invite), or give it the scope chat:write.public"
# https://docs.slack.dev/reference/methods/chat.postMessage#errors
REMEDIES = {
    "access_denied": "the token may not post there; ask a workspace admin",
    "account_inactive": f"the bot is switched off; {INSTALL_AGAIN}",
    "channel_not_found": "the bot sees no such channel; check SLACK_CHANNEL, and "
    "invite the bot if it is a private one",
    "ekm_access_denied": "a workspace admin has suspended posting; ask them",
    "invalid_auth": f"the token is not valid; {INSTALL_AGAIN}",
    "is_archived": "the channel is archived; name another in SLACK_CHANNEL",
    "missing_scope": "give the app the scope chat:write (OAuth & Permissions) and "
    "install it again",
    "msg_too_long": "the message is too long; name fewer metrics in report.toml",
    "no_permission": "the token may not post there; ask a workspace admin",
    "not_allowed_token_type": f"the token is of another kind; {INSTALL_AGAIN}",
    "not_authed": "no token arrived; set SLACK_BOT_TOKEN",
    "not_in_channel": f"the bot is not in the channel; {INVITE}",
    "org_login_required": "the workspace is moving; try again when it is there",
    "rate_limited": LATER,
    "ratelimited": LATER,
    "restricted_action": "a workspace admin restricts who may post there; ask them",
    "restricted_action_read_only_channel": "the channel is read-only; name another in "
    "SLACK_CHANNEL",
    "team_access_not_granted": "the app is not in that workspace; install it there",
    "token_expired": f"the token ran out; {INSTALL_AGAIN}",
    "token_revoked": f"the token was revoked; {INSTALL_AGAIN}",
}
# "It's possible some aspect of the operation succeeded before the error was raised."
MAY_HAVE_POSTED = ("fatal_error", "internal_error", "service_unavailable")


@dataclass(frozen=True, slots=True)
class BotChannel:
    """A channel that a bot posts to; a ``Destination``.

    Attributes:
        token: The bot's token, a secret.
        channel: Name or id of the channel, such as ``#analytics`` or ``C0123456789``.
        api_url: Address of Slack's Web API.
        sleep: Waits for so many seconds before a repeat.
    """

    token: str = field(repr=False)
    channel: str
    api_url: str = field(default=SLACK_API_URL, repr=False)
    sleep: Callable[[float], None] = time.sleep

    @property
    def key(self) -> str:
        """What names it in the ledger; ``#analytics`` and ``analytics`` are one."""
        return f"bot:{self.channel.removeprefix('#')}"

    @property
    def shown(self) -> str:
        """What names it for readers."""
        return self.channel

    def post(self, message: SlackMessage, *, thread: str = "") -> str:
        """Post a message, or a reply in a thread.

        Returns:
            The message's ``ts``, which names it in its channel.

        Raises:
            DeliveryError: If Slack refused the message, or did not say that it was
                posted.
        """
        payload = {"channel": self.channel} | message.payload()
        try:
            answer = exchange(
                f"{self.api_url.rstrip('/')}/chat.postMessage",
                payload | ({"thread_ts": thread} if thread else {}),
                sleep=self.sleep,
                setting="SLACK_API_URL",
                headers={"Authorization": f"Bearer {self.token}"},
            )
        except DeliveryError as error:
            said = f"{self.channel}: {error}"
            raise DeliveryError(said, outcome=error.outcome) from error.__cause__
        return posted_ts(answer, channel=self.channel, token=self.token)


def posted_ts(answer: SlackAnswer, *, channel: str, token: str) -> str:
    """Return the ``ts`` of a message that an answer says was posted.

    Raises:
        DeliveryError: If it says anything else; with its status and error code.
    """
    document = document_of(answer)
    if answer.status == 200 and document.get("ok") is True:
        return str(document.get("ts", ""))
    given = document.get("error")
    code = given if isinstance(given, str) else ""
    if code not in (*REMEDIES, *MAY_HAVE_POSTED):
        code = quotable(code, secret=token)
    shown = code or f"{len(answer.body)} characters"
    said = document.get("ok") is False
    outcome, remedy = verdict(answer.status, code, is_a_no=said)
    raise DeliveryError(
        f"Slack answered {answer.status} ({shown}) for {channel}: {remedy}",
        outcome=outcome,
        status=answer.status,
        body=code,
    )


def document_of(answer: SlackAnswer) -> Mapping[str, object]:
    """Return the JSON object that Slack answers with; empty if it is none."""
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def verdict(
    status: int, code: str, *, is_a_no: bool
) -> tuple[Literal["refused", "unknown"], str]:
    """Say whether an answer surely means that nothing was posted, and what to do.

    Args:
        status: The HTTP status.
        code: Slack's error code; empty if there is none that may be shown.
        is_a_no: Whether the answer is Slack's ``"ok": false``.
    """
    if status == 429:
        return "refused", LATER
    if status >= 500 or code in MAY_HAVE_POSTED:
        return "unknown", UNKNOWN
    if is_a_no:
        return "refused", REMEDIES.get(code, "nothing was posted")
    if status < 300:
        remedy = f"that is no answer of Slack's; {UNKNOWN}, and check SLACK_API_URL"
        return "unknown", remedy
    return "refused", "nothing was posted; check SLACK_API_URL"
