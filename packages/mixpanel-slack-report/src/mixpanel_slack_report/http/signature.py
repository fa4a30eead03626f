"""Whether a request comes from Slack: its signature over the very bytes of the body.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from mixpanel_slack_report.exceptions import RequestRefusedError
from mixpanel_slack_report.http.exchange import HttpRequest

__all__ = ["check_signature"]

LONGEST_AGE = timedelta(minutes=5)


def check_signature(
    request: HttpRequest, signing_secret: str | None, *, now: datetime
) -> None:
    """Refuse a request that Slack did not sign in the last five minutes.

    Args:
        request: What came.
        signing_secret: What Slack signs with; None refuses every request.
        now: The current time, aware.

    Raises:
        RequestRefusedError: With status 401.
    """
    if not signing_secret:
        message = "SLACK_SIGNING_SECRET is not set, so no request is believed; set it"
        raise RequestRefusedError(message, status=401)
    sent = request.header("X-Slack-Request-Timestamp")
    signed = b"v0:" + sent.encode(errors="replace") + b":" + request.body
    digest = hmac.new(signing_secret.encode(), signed, "sha256").hexdigest()
    given = request.header("X-Slack-Signature")
    if not hmac.compare_digest(f"v0={digest}".encode(), given.encode(errors="replace")):
        message = "the signature is not that of Slack; check SLACK_SIGNING_SECRET"
        raise RequestRefusedError(message, status=401)
    if not is_recent(sent, now):
        message = (
            "the request was signed more than five minutes ago, or the clock of this "
            "machine is wrong; set the clock, and ask again"
        )
        raise RequestRefusedError(message, status=401)


def is_recent(seconds: str, now: datetime) -> bool:
    """Whether a time, as Unix seconds, is at most five minutes away."""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        return False
    return abs(now.timestamp() - int(seconds)) <= LONGEST_AGE.total_seconds()
