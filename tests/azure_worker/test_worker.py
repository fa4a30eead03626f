"""The folder of ``init azure``, run by the worker that runs it on Azure."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from mixpanel_query.local import LocalProject
from mixpanel_slack_report.slack.stand_in import SlackStandIn

# Triggers, schedules and routes of the reporter that this one replaces, and more.
TRIGGERS = {
    "DailyReport": {"type": "timerTrigger", "schedule": "0 0 9 * * *"},
    "WeeklyReport": {"type": "timerTrigger", "schedule": "0 0 9 * * 1"},
    "BiWeeklyReport": {"type": "timerTrigger", "schedule": "0 0 9 * * 1"},
    "CustomReport": {
        "type": "httpTrigger",
        "route": "CustomReport",
        "methods": ["GET", "POST"],
        "authLevel": "FUNCTION",
    },
    "SlackCommand": {
        "type": "httpTrigger",
        "route": "SlackCommand",
        "methods": ["POST"],
        "authLevel": "ANONYMOUS",
    },
    "SlackCommandWork": {
        "type": "queueTrigger",
        "queueName": "mixpanel-slack-report",
        "connection": "AzureWebJobsStorage",
    },
    "Health": {
        "type": "httpTrigger",
        "route": "health",
        "methods": ["GET"],
        "authLevel": "ANONYMOUS",
    },
}
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
HOST = "https://my-reports.azurewebsites.net"


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack that keeps what is posted."""
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture(autouse=True)
def app_settings(
    slack: SlackStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """App settings for a project with a sign-up on each of the last 40 days."""
    rows = tmp_path / "rows.jsonl"
    today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=1)
    times = [int((today - timedelta(days=day)).timestamp()) for day in range(40)]
    rows.write_text(
        "\n".join(
            json.dumps(
                {
                    "event": "Sign Up",
                    "properties": {
                        "time": moment,
                        "distinct_id": "ann",
                        "$insert_id": str(moment),
                    },
                }
            )
            for moment in times
        )
    )
    with LocalProject(credentials=("reports", "right-s3cret")) as project:
        project.load(rows)
        for name, value in {
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "right-s3cret",
            "MIXPANEL_PROJECT_ID": "12345",
            "MIXPANEL_BASE_URL": project.base_url,
            "MIXPANEL_ATTEMPTS": "1",
            "SLACK_WEBHOOK_URL": slack.webhook_url,
            "SLACK_API_URL": slack.api_url,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
        }.items():
            monkeypatch.setenv(name, value)
        yield


def fired(wire: Any) -> Any:  # noqa: ANN401 - a protobuf
    """Make what the host sends when a timer fires."""
    status = {"Last": "2026-11-22T09:00:00+00:00", "Next": "2026-11-23T09:00:00+00:00"}
    return wire.TypedData(
        json=json.dumps({"IsPastDue": False, "ScheduleStatus": status})
    )


def test_the_worker_finds_every_function(host: Any) -> None:  # noqa: ANN401
    """Triggers, schedules, routes and levels are those of the table."""
    found = {
        name: next(
            binding
            for binding in map(json.loads, metadata.raw_bindings)
            if binding["type"].endswith("Trigger")
        )
        for name, metadata in host.functions.items()
    }

    assert {
        name: {key: found[name][key] for key in trigger}
        for name, trigger in TRIGGERS.items()
    } == TRIGGERS
    assert set(found) == set(TRIGGERS)


def test_a_timer_is_invoked(host: Any, wire: Any, slack: SlackStandIn) -> None:  # noqa: ANN401
    """The daily report is posted, once for two invocations."""
    answers = [host.invoke("DailyReport", timer=fired(wire)) for _ in range(2)]

    assert {each.result.status for each in answers} == {wire.StatusResult.Success}
    (message,) = slack.messages
    assert "New Signups: 1" in message["text"]


def test_a_timer_that_fails_is_a_failure(
    host: Any,  # noqa: ANN401
    wire: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the host tries again; no secret is in what it logs."""
    monkeypatch.setenv("MIXPANEL_SECRET", "wr0ng-s3cret")

    answer = host.invoke("WeeklyReport", timer=fired(wire))

    assert answer.result.status == wire.StatusResult.Failure
    assert "weekly report" in answer.result.exception.message
    assert "wr0ng" not in str(answer)


def test_a_report_is_asked_for_over_http(
    host: Any,  # noqa: ANN401
    wire: Any,  # noqa: ANN401
    slack: SlackStandIn,
) -> None:
    """The answer is the JSON document, with its status and type."""
    url = f"{HOST}/api/CustomReport?code=k3y&period=weekly&send_slack=false"
    asked = wire.TypedData(http=wire.RpcHttp(method="GET", url=url))

    answer = host.invoke("CustomReport", req=asked)

    http = answer.return_value.http
    document = json.loads(http.body.bytes)
    assert (http.status_code, http.headers["Content-Type"]) == (
        "200",
        "application/json",
    )
    assert (document["period"], document["slack_sent"]) == ("weekly", False)
    assert slack.messages == []


def test_a_slash_command_is_queued_and_done(
    host: Any,  # noqa: ANN401
    wire: Any,  # noqa: ANN401
    slack: SlackStandIn,
) -> None:
    """What the output binding got is what the queue's function takes."""
    fields = {
        "command": "/analytics",
        "text": "weekly",
        "trigger_id": "123.456.abc",
        "response_url": slack.response_url,
    }
    body = urlencode(fields).encode()
    now = str(int(time.time()))
    signed = f"v0:{now}:".encode() + body
    digest = hmac.new(SIGNING_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    asked = wire.RpcHttp(
        method="POST",
        url=f"{HOST}/api/SlackCommand",
        headers={
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={digest}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body=wire.TypedData(bytes=body),
    )

    answer = host.invoke("SlackCommand", req=wire.TypedData(http=asked))

    assert answer.return_value.http.status_code == "200"
    (queued,) = [each.data.string for each in answer.output_data]
    assert slack.posts == []
    done = host.invoke("SlackCommandWork", message=wire.TypedData(string=queued))
    assert done.result.status == wire.StatusResult.Success
    assert [message.get("response_type") for message in slack.messages] == [
        None,
        "ephemeral",
    ]
