"""What the tests of the endpoints share: Slack's signature, and a command of Slack."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlencode

import pytest

from mixpanel_slack_report.http.exchange import HttpRequest
from mixpanel_slack_report.http.report_server import report_application
from mixpanel_slack_report.settings import read_settings
from mixpanel_slack_report.slack.stand_in import SlackStandIn

from .servers import KEY, Server

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=timezone.utc)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
RESPONSE_URL = "https://hooks.slack.com/commands/T1/2/reply-s3cret"
SlashCommand = Callable[..., HttpRequest]
Start = Callable[..., Server]


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


@pytest.fixture(scope="session")
def mixpanel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a local project that checks credentials.

    "Sign Up" happened on 2025-12-10, and on 2026-11-09, 2026-11-12 and 2026-11-15 by 2
    users; "Page View" on 2026-11-02 and 2026-11-17. It is made once, as nobody changes
    it.
    """
    pytest.importorskip("duckdb", reason="needs the extra demo")
    from mixpanel_query.local import LocalProject

    rows = [
        ("Sign Up", 1765368000, "ann"),
        ("Page View", 1793620800, "ann"),
        ("Sign Up", 1794225600, "ann"),
        ("Sign Up", 1794484800, "ann"),
        ("Sign Up", 1794744000, "bob"),
        ("Page View", 1794916800, "bob"),
    ]
    path = tmp_path_factory.mktemp("data") / "events.jsonl"
    with path.open("w") as lines:
        for number, (event, time, user) in enumerate(rows):
            properties = {
                "time": time,
                "distinct_id": user,
                "$insert_id": f"insert-id-{number}",
            }
            lines.write(json.dumps({"event": event, "properties": properties}) + "\n")
    with LocalProject(credentials=("reports", "right-s3cret")) as project:
        project.load(path)
        yield project.base_url


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack that stands in."""
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def environ(slack: SlackStandIn, tmp_path: Path) -> dict[str, str]:
    """The environment, with a Mixpanel that is not there."""
    given = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": "http://127.0.0.1:9",
        "SLACK_WEBHOOK_URL": slack.webhook_url,
        "SLACK_API_URL": slack.api_url,
        "SLACK_SIGNING_SECRET": SECRET,
        "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
    }
    return {**os.environ, **given}


@pytest.fixture
def start_server(
    mixpanel: str,
    tmp_path: Path,
    serve: Callable[[object], AbstractContextManager[str]],
) -> Iterator[Start]:
    """Starts a server with the settings of the local project and of the stand-in."""
    with ExitStack() as stack:
        slack = stack.enter_context(SlackStandIn())

        def serve_with(**settings: str) -> Server:
            environ = {
                "MIXPANEL_USERNAME": "reports",
                "MIXPANEL_SECRET": "right-s3cret",
                "MIXPANEL_PROJECT_ID": "1",
                "MIXPANEL_BASE_URL": mixpanel,
                "SLACK_WEBHOOK_URL": slack.webhook_url,
                "SLACK_API_URL": slack.api_url,
                "SLACK_SIGNING_SECRET": SECRET,
                "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
                "REPORT_KEY": KEY,
                **settings,
            }
            server = Server(slack)
            application = report_application(
                read_settings(environ, to_send=False),
                environ,
                log=server.note,
                clock=lambda: NOW,
            )
            server.url = stack.enter_context(serve(stack.enter_context(application)))
            return server

        yield serve_with
