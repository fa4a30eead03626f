"""What the tests of the endpoints share: Slack's signature, and a command of Slack."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timezone
from urllib.parse import urlencode

import pytest

from mixpanel_slack_report.http.exchange import HttpRequest

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=timezone.utc)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
RESPONSE_URL = "https://hooks.slack.com/commands/T1/2/reply-s3cret"
SlashCommand = Callable[..., HttpRequest]


def signature(body: bytes, seconds: int, secret: str) -> str:
    """Sign as Slack's documentation says, with nothing of the package."""
    signed = f"v0:{seconds}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


@pytest.fixture
def slash_command() -> SlashCommand:
    """Makes a slash command as Slack sends it, signed at a time with a secret."""

    def make(
        text: str = "",
        *,
        signed_at: datetime = NOW,
        secret: str = SECRET,
        **fields: str,
    ) -> HttpRequest:
        given = {
            "command": "/analytics",
            "text": text,
            "response_url": RESPONSE_URL,
            "trigger_id": "13345224609.738474920.8088930838d88f008e0",
            **fields,
        }
        body = urlencode(given).encode()
        seconds = int(signed_at.timestamp())
        headers = {
            "X-Slack-Request-Timestamp": str(seconds),
            "X-Slack-Signature": signature(body, seconds, secret),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return HttpRequest("POST", "/api/SlackCommand", "", headers, body)

    return make
