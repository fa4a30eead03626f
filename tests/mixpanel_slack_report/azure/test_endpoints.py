"""The HTTP functions and the queue, with Azure's own requests and messages."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import azure.functions as func
import pytest

from mixpanel_slack_report.azure import endpoints
from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest
from mixpanel_slack_report.slack.stand_in import SlackStandIn

HOST = "https://my-reports.azurewebsites.net"


class Out(func.Out[str]):
    """An output binding that keeps what it is given."""

    value: str | None = None

    def set(self, val: str) -> None:
        """Keep a value."""
        self.value = val

    def get(self) -> str:
        """Return the value."""
        assert self.value is not None
        return self.value


def ask(query: str, *, method: str = "GET", body: bytes = b"") -> func.HttpRequest:
    """Make a request for a custom report."""
    return func.HttpRequest(
        method=method, url=f"{HOST}/api/CustomReport?{query}", body=body
    )


def slash(settings: dict[str, str], text: str, response_url: str) -> func.HttpRequest:
    """Make a slash command that Slack signed, as its documentation says."""
    fields = {
        "command": "/analytics",
        "text": text,
        "trigger_id": "123.456.abc",
        "response_url": response_url,
    }
    body = urlencode(fields).encode()
    now = str(int(time.time()))
    key = settings["SLACK_SIGNING_SECRET"].encode()
    signed = hmac.new(key, f"v0:{now}:".encode() + body, hashlib.sha256).hexdigest()
    return func.HttpRequest(
        method="POST",
        url=f"{HOST}/api/SlackCommand",
        headers={
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={signed}",
        },
        body=body,
    )


def test_a_report_on_demand(app_settings: dict[str, str], slack: SlackStandIn) -> None:
    """The answer is the document; the function key is none of its parameters."""
    answered = endpoints.custom_report(
        ask("code=k3y&from_date=2026-11-16&to_date=2026-11-22&send_slack=false")
    )

    document = json.loads(answered.get_body())
    assert answered.status_code == 200
    assert document["slack_sent"] is False
    signups = [m for m in document["metrics"] if m["name"] == "New Signups"]
    assert [metric["value"] for metric in signups] == [7]
    assert slack.messages == []


def test_a_report_on_demand_is_posted(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """Unless told otherwise, Slack gets it."""
    answered = endpoints.custom_report(ask("from_date=2026-11-16&to_date=2026-11-22"))

    assert json.loads(answered.get_body())["slack_sent"] is True
    assert len(slack.messages) == 1


def test_parameters_that_make_no_sense(app_settings: dict[str, str]) -> None:
    """They are refused in JSON."""
    answered = endpoints.custom_report(ask("period=yearly"))

    assert answered.status_code == 400
    assert "yearly" in json.loads(answered.get_body())["error"]


def test_health(app_settings: dict[str, str]) -> None:
    """Nothing was sent yet."""
    request = func.HttpRequest(method="GET", url=f"{HOST}/api/health", body=b"")

    answered = endpoints.health(request)

    assert answered.status_code == 200
    assert json.loads(answered.get_body())["last_sent"]["weekly"] is None


def test_a_slash_command_goes_through_the_queue(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """It is answered at once; the work posts the report, and tells who asked."""
    out = Out()
    request = slash(app_settings, "custom 7", slack.response_url)

    answered = endpoints.slack_command(request, out)

    assert answered.status_code == 200
    assert slack.posts == []
    message = func.QueueMessage(body=out.get())
    endpoints.slack_command_work(message)
    (report, reply) = slack.messages
    assert "Report" in report["text"]
    assert reply["response_type"] == "ephemeral"


def test_a_forged_command_reaches_no_queue(
    app_settings: dict[str, str], slack: SlackStandIn
) -> None:
    """Another secret signs in vain."""
    out = Out()
    forger = {"SLACK_SIGNING_SECRET": "another"}

    answered = endpoints.slack_command(slash(forger, "daily", slack.response_url), out)

    assert answered.status_code == 401
    assert out.value is None


def test_work_that_cannot_be_read_is_dropped(
    app_settings: dict[str, str],
    slack: SlackStandIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It would never get better."""
    endpoints.slack_command_work(func.QueueMessage(body=b"{}"))

    assert "cannot be read" in caplog.text
    assert slack.messages == []


def test_an_error_that_nobody_foresaw_is_logged_without_secrets(
    app_settings: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Who asks is told where to look, and no more."""

    def answer(_: HttpRequest) -> HttpAnswer:
        raise RuntimeError(f"no way to {app_settings['SLACK_WEBHOOK_URL']}")

    answered = endpoints.carried(answer, ask("period=weekly"))

    assert answered.status_code == 500
    assert json.loads(answered.get_body())["error"] == (
        "something went wrong here; see the log of the server"
    )
    assert "RuntimeError: no way to " in caplog.text
    assert app_settings["SLACK_WEBHOOK_URL"] not in caplog.text
