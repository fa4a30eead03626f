"""Posts a message to a Slack incoming webhook, and never twice.

Only what surely was not posted is repeated: after an answer 429, a host whose name
was not found, a connection that was refused, a certificate that is not trusted. After
a timeout, a reset or an answer 5xx nobody knows, so nothing is repeated and the error
says so. The address of a webhook is a secret: whoever has it can post. It is in no
error and no log.
"""

from __future__ import annotations

import logging
import re
import socket
import time
from collections.abc import Callable
from http.client import HTTPException, InvalidURL
from ssl import (
    SSLCertVerificationError,
    SSLEOFError,
    SSLError,
    SSLSyscallError,
    SSLZeroReturnError,
)
from typing import TypeGuard
from urllib.error import URLError

from slack_sdk.errors import SlackClientError, SlackRequestError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState
from slack_sdk.webhook import WebhookClient, WebhookResponse

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.blocks import SlackMessage

__all__ = ["post_message"]

ATTEMPTS = 3
LONGEST_WAIT = 60
TIMEOUT = 30
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
# What keeps a connection from being made, and goes away by itself now and then.
NEVER_SENT: dict[type[Exception], str] = {
    socket.gaierror: "Slack's host was not found; nothing was posted; check "
    "SLACK_WEBHOOK_URL and the network",
    ConnectionRefusedError: "Slack's host refused the connection; nothing was posted; "
    "check SLACK_WEBHOOK_URL",
    SSLCertVerificationError: "the certificate of Slack's host is not trusted; nothing "
    "was posted",
}
# An answer that cannot be decoded is a UnicodeDecodeError, and none of these.
NO_ADDRESS = (UnicodeError, UnicodeEncodeError, InvalidURL, SlackRequestError)
UNKNOWN = "whether it was posted is not known: look at the channel before sending again"


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
    # A logger that is not in the tree: slack_sdk would log the address.
    silent = logging.Logger("silent", level=logging.CRITICAL + 1)
    client = WebhookClient(
        webhook_url,
        timeout=TIMEOUT,
        logger=silent,
        retry_handlers=[SafeRepeats(sleep)],
    )
    # slack_sdk takes HTTPS_PROXY for every host; without it urllib obeys NO_PROXY too.
    client.proxy = None
    try:
        answer = client.send(
            text=message.text,
            blocks=message.blocks,
            unfurl_links=False,
            unfurl_media=False,
        )
    except (OSError, HTTPException, ValueError, LookupError, SlackClientError) as error:
        # The cause is left out where it could hold the address.
        raise DeliveryError(no_answer(error)) from (
            error if isinstance(error, OSError) else None
        )
    check_answer(answer, webhook_url)


class SafeRepeats(RetryHandler):
    """Repeats what was not posted, and nothing else.

    slack_sdk counts the attempts of all handlers together, so one handler decides.
    """

    def __init__(self, sleep: Callable[[float], None]) -> None:
        super().__init__(max_retry_count=ATTEMPTS - 1)
        self.sleep = sleep

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Whether nothing can have been posted, and the wait is bearable."""
        if response is not None:
            return response.status_code == 429 and wait_for(response) <= LONGEST_WAIT
        return error is not None and was_never_sent(error)

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Wait as long as Slack asks for, or a little longer each time."""
        state.next_attempt_requested = True
        self.sleep(2**state.current_attempt if response is None else wait_for(response))
        state.increment_current_attempt()


def wait_for(response: HttpResponse) -> int:
    """Return the seconds that an answer asks to wait; 1 if it does not say."""
    # https://docs.slack.dev/apis/web-api/rate-limits
    headers = {name.lower(): value for name, value in response.headers.items()}
    asked = "".join(headers.get("retry-after", ()))
    return int(asked) if asked.isascii() and asked.isdigit() else 1


def was_never_sent(error: Exception) -> bool:
    """Whether an error came before the first byte could leave."""
    reason = error.reason if isinstance(error, URLError) else error
    return isinstance(reason, tuple(NEVER_SENT))


def no_answer(error: Exception) -> str:
    """Say what happened when no answer came, without the webhook's address."""
    reason = error.reason if isinstance(error, URLError) else error
    if type(reason) in NO_ADDRESS:
        return "SLACK_WEBHOOK_URL is no address that can be asked; nothing was posted"
    for kind, said in NEVER_SENT.items():
        if isinstance(reason, kind):
            return said
    if isinstance(error, URLError) and is_refused_by_tls(reason):
        return (
            f"Slack's host speaks no TLS that can be used ({reason.reason}); nothing "
            "was posted; check SLACK_WEBHOOK_URL"
        )
    if isinstance(reason, TimeoutError):
        return f"Slack did not answer within {TIMEOUT} seconds; {UNKNOWN}"
    return f"the connection to Slack broke ({type(reason).__name__}); {UNKNOWN}"


def is_refused_by_tls(reason: object) -> TypeGuard[SSLError]:
    """Whether an error while connecting came from TLS itself, and not from a cut.

    Before TLS stands, nothing of a message leaves.
    """
    cuts = (SSLEOFError, SSLSyscallError, SSLZeroReturnError)
    return isinstance(reason, SSLError) and not isinstance(reason, cuts)


def check_answer(answer: WebhookResponse, webhook_url: str) -> None:
    """Refuse any answer but the one that says the message was posted.

    Raises:
        DeliveryError: With the answer's status, and its body if that is a word.
    """
    status, whole = answer.status_code, answer.body.strip()
    if status == 200 and whole == "ok":
        return
    may_be_quoted = is_word(whole) and not quotes_address(whole, webhook_url)
    body = whole if whole in REMEDIES or may_be_quoted else ""
    shown = body or (f"{len(whole)} characters" if whole else "nothing")
    said = f"Slack answered {status} ({shown})"
    if status == 429:
        remedy = "it asks to post less often; try again later"
    elif status >= 500:
        remedy = UNKNOWN
    elif status < 300:
        remedy = "a webhook answers ok; check that SLACK_WEBHOOK_URL is one of Slack's"
    else:
        remedy = REMEDIES.get(body, "nothing was posted; check SLACK_WEBHOOK_URL")
    raise DeliveryError(f"{said}: {remedy}", status=status, body=body)


def is_word(body: str) -> bool:
    """Whether an answer is one word in the way that Slack's are.

    >>> is_word("no_service"), is_word("<html>")
    (True, False)
    """
    return len(body) <= 60 and re.fullmatch(r"[a-z]+(_[a-z]+)*", body) is not None


def quotes_address(body: str, webhook_url: str) -> bool:
    """Whether an answer has a part of the webhook's address in it, or is one."""
    address = webhook_url.casefold()
    # Shorter parts are no secret, and are in many a word.
    parts = [part for part in re.split(r"[^a-z0-9]+", address) if len(part) > 3]
    return body in address or any(part in body for part in parts)
