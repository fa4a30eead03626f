"""One message to Slack and Slack's answer, and never the same message twice.

Only what surely was not posted is repeated: after an answer 429, a host whose name
was not found, a connection that was refused or has no way to the host, a certificate
that is not trusted. After
a timeout, a reset or an answer 5xx nobody knows, so nothing is repeated and the error
says so; a redirection is not followed. Addresses and tokens are secrets; they are in no
error and no log.
"""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from errno import EHOSTUNREACH, ENETUNREACH
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

from mixpanel_slack_report.exceptions import DeliveryError
from mixpanel_slack_report.slack.single_answer import SingleAnswerClient

__all__ = ["UNKNOWN", "SlackAnswer", "exchange", "quotable"]

ATTEMPTS = 3
LONGEST_WAIT = 60
TIMEOUT = 30
# What keeps a connection from being made, and goes away by itself now and then.
NEVER_SENT: dict[type[Exception], str] = {
    socket.gaierror: "Slack's host was not found; nothing was posted; check {} and the "
    "network",
    ConnectionRefusedError: "Slack's host refused the connection; nothing was posted; "
    "check {}",
    SSLCertVerificationError: "the certificate of Slack's host is not trusted; nothing "
    "was posted",
}
# Without a network there is no connection either. Systems tell it of one that stands
# only after it timed out, which is much later than TIMEOUT.
NO_WAY = {ENETUNREACH, EHOSTUNREACH}
# An answer that cannot be decoded is a UnicodeDecodeError, and none of these.
NO_ADDRESS = (UnicodeError, UnicodeEncodeError, InvalidURL, SlackRequestError)
UNKNOWN = "whether it was posted is not known: look at the channel before sending again"


@dataclass(frozen=True, slots=True)
class SlackAnswer:
    """What Slack answered, before anybody judged it.

    Attributes:
        status: The HTTP status.
        body: The body, without white space around it.
    """

    status: int
    body: str


def exchange(
    url: str,
    payload: Mapping[str, object],
    *,
    sleep: Callable[[float], None],
    setting: str,
    headers: Mapping[str, str] | None = None,
) -> SlackAnswer:
    """Post a document to Slack and return the answer, whatever it says.

    Proxies are taken from the environment (``HTTPS_PROXY``, ``NO_PROXY``).

    Args:
        url: Where to post.
        payload: The document.
        sleep: Waits for so many seconds before a repeat.
        setting: The environment variable that the address is from, for errors.
        headers: What goes with the request, such as a token.

    Raises:
        DeliveryError: If no answer came.
    """
    # A logger that is not in the tree: slack_sdk would log the address.
    silent = logging.Logger("silent", level=logging.CRITICAL + 1)
    # For the Web API too: slack_sdk's WebClient reads an answer before it hands it
    # over, and stumbles over what is not Slack's.
    client = SingleAnswerClient(
        url, timeout=TIMEOUT, logger=silent, retry_handlers=[SafeRepeats(sleep)]
    )
    try:
        answer = client.send_dict(dict(payload), headers=dict(headers or {}))
    except (OSError, HTTPException, ValueError, LookupError, SlackClientError) as error:
        # The cause is left out where it could hold the address.
        raise no_answer(error, setting=setting) from (
            error if isinstance(error, OSError) else None
        )
    return SlackAnswer(answer.status_code, answer.body.strip())


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
    # int() refuses numbers of thousands of digits; nine are 30 years.
    return int(asked[:9]) if asked.isascii() and asked.isdigit() else 1


def was_never_sent(error: Exception) -> bool:
    """Whether an error came before the first byte could leave."""
    reason = error.reason if isinstance(error, URLError) else error
    return isinstance(reason, tuple(NEVER_SENT)) or has_no_way(error)


def has_no_way(error: Exception) -> bool:
    """Whether no way led to the host while a connection was being made."""
    reason = error.reason if isinstance(error, URLError) else None
    return isinstance(reason, OSError) and reason.errno in NO_WAY


def no_answer(error: Exception, *, setting: str) -> DeliveryError:
    """Say what happened when no answer came, without the address."""
    reason = error.reason if isinstance(error, URLError) else error
    if type(reason) in NO_ADDRESS:
        message = f"{setting} is no address that can be asked; nothing was posted"
        return DeliveryError(message, outcome="refused")
    for kind, said in NEVER_SENT.items():
        if isinstance(reason, kind):
            return DeliveryError(said.format(setting), outcome="refused")
    if has_no_way(error):
        message = "Slack's host is out of reach; nothing was posted; check the network"
        return DeliveryError(message, outcome="refused")
    if isinstance(error, URLError) and is_refused_by_tls(reason):
        message = (
            f"Slack's host speaks no TLS that can be used ({reason.reason}); nothing "
            f"was posted; check {setting}"
        )
        return DeliveryError(message, outcome="refused")
    if isinstance(reason, TimeoutError):
        said = f"Slack did not answer within {TIMEOUT} seconds"
    else:
        said = f"the connection to Slack broke ({type(reason).__name__})"
    return DeliveryError(f"{said}; {UNKNOWN}", outcome="unknown")


def is_refused_by_tls(reason: object) -> TypeGuard[SSLError]:
    """Whether an error while connecting came from TLS itself, and not from a cut.

    Before TLS stands, nothing of a message leaves.
    """
    cuts = (SSLEOFError, SSLSyscallError, SSLZeroReturnError)
    return isinstance(reason, SSLError) and not isinstance(reason, cuts)


def quotable(word: str, *, secret: str) -> str:
    """Return a word of an answer if it may be shown; "" if it may not.

    Servers quote what they do not know, so that a part of the secret address or token
    may be in what they answer.
    """
    return word if is_word(word) and not quotes_secret(word, secret) else ""


def is_word(text: str) -> bool:
    """Whether a text is one word in the way that Slack's are.

    >>> is_word("no_service"), is_word("<html>")
    (True, False)
    """
    return len(text) <= 60 and re.fullmatch(r"[a-z]+(_[a-z]+)*", text) is not None


def quotes_secret(word: str, secret: str) -> bool:
    """Whether a word has a part of a secret in it, or is one."""
    whole = secret.casefold()
    # Shorter parts are no secret, and are in many a word.
    parts = [part for part in re.split(r"[^a-z0-9]+", whole) if len(part) > 3]
    return word in whole or any(part in word for part in parts)
