"""Each call to Mixpanel fails in turn, and no report has a number that is not true.

Timeouts are tried with clients that wait for less, in the tests of the collection.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from tests.mixpanel_slack_report.conftest import Answer, ScriptedServer, serve
from tests.mixpanel_slack_report.scripted_answers import counted

from mixpanel_slack_report.slack.stand_in import SlackStandIn

JSON = {"Content-Type": "application/json"}
SEND = ("send", "weekly", "--date", "2026-11-16")
COMMAND = (sys.executable, "-m", "mixpanel_slack_report", *SEND)
FAULTS: dict[str, Answer | None] = {
    "429": (429, {"Retry-After": "3000"}, '{"error": "too many queries"}'),
    "503": (503, {}, "try later"),
    "cut": None,
    "malformed": (200, JSON, '{"data": {"series": ["2026-11-'),
    "other": (200, JSON, '{"results": [{"key": "Sign Up", "value": "many"}]}'),
}
EVERY_KIND = """
max_calls = 20
annotations = true
metric = [
  {name = "Total", event = "Sign Up", kind = "total"},
  {name = "Unique", event = "Sign Up", kind = "unique"},
  {name = "Active", kind = "active"},
  {name = "Either", event = ["Sign Up", "Page View"], kind = "active"},
  {name = "Ratio", event = "Page View", kind = "ratio", over = "Total"},
  {name = "Sum", event = "Sign Up", kind = "sum", property = "amount"},
  {name = "Each", event = "Page View", kind = "per_event", property = "amount"},
  {name = "Some", event = "Sign Up", kind = "total", where = 'properties["a"] == 1'},
  {name = "Few", event = "Sign Up", kind = "unique", where = 'properties["a"] == 1'},
  {name = "Saved", kind = "saved", report_id = 77},
]
"""
# 7 of each event a day, 10.5 of its property, 5 users of an event, 6 of any.
TRUTH = {
    "default": {
        "Weekly Active Users": 6,
        "New Signups": 49,
        "Users Onboarded": 49,
        "Active Sessions": 49,
        "Page Views": 49,
        "Purchases": 49,
    },
    "every kind": {
        "Total": 49,
        "Unique": 5,
        "Active": 6,
        "Either": 6,
        "Ratio": 1.0,
        "Sum": 73.5,
        "Each": 1.5,
        "Some": 49,
        "Few": 5,
        "Saved": 1234.5,
    },
}
CALLS = {"default": 3, "every kind": 11}
TURNS = [(report, turn) for report, calls in CALLS.items() for turn in range(calls)]


class Sent:
    """What a process that sent a report left behind.

    Attributes:
        code: Its exit code.
        err: What it printed on stderr.
        messages: What arrived in Slack.
        calls: How many calls to Mixpanel it made.
    """

    def __init__(
        self, code: int, err: str, messages: list[dict[str, Any]], calls: int
    ) -> None:
        self.code, self.err, self.messages, self.calls = code, err, messages, calls

    @property
    def numbers(self) -> dict[str, float]:
        """The numbers of the key metrics that were posted."""
        return {
            row[0]["text"]: row[1]["value"]
            for message in self.messages
            for block in message["blocks"]
            if block.get("caption") == "Key Metrics"
            for row in block["rows"][1:]
            if "value" in row[1]
        }

    @property
    def text(self) -> str:
        """What a screen reader reads."""
        return "\n".join(message["text"] for message in self.messages)


Send = Callable[..., Sent]


@pytest.fixture
def send(tmp_path: Path) -> Send:
    """Sends a weekly report as a process, while one of Mixpanel's answers is another.

    Answers count from 0, in the order in which they are asked for.
    """
    (tmp_path / "every.toml").write_text(EVERY_KIND)

    def run(report: str, turn: int | None, fault: Answer | None) -> Sent:
        turns, lock = count(), Lock()

        def answer(_: ScriptedServer, path: str, body: str) -> Answer | None:
            with lock:
                is_its_turn = next(turns) == turn
            return fault if is_its_turn else (200, JSON, counted(path, body))

        with ExitStack() as stack:
            mixpanel = stack.enter_context(serve(answer))
            slack = stack.enter_context(SlackStandIn())
            done = subprocess.run(
                COMMAND,
                env={
                    **os.environ,
                    "MIXPANEL_USERNAME": "reports",
                    "MIXPANEL_SECRET": "right-s3cret",
                    "MIXPANEL_PROJECT_ID": "1",
                    "MIXPANEL_BASE_URL": mixpanel.url,
                    "MIXPANEL_ATTEMPTS": "1",
                    "SLACK_WEBHOOK_URL": slack.webhook_url,
                    "TIMEZONE": "UTC",
                    "REPORT_FILE": "every.toml" if report != "default" else "",
                    "REPORT_LEDGER": "ledger.sqlite",
                },
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            calls = len(mixpanel.requests)
            return Sent(done.returncode, done.stderr, slack.messages, calls)

    return run


@pytest.mark.parametrize("report", TRUTH)
def test_without_a_fault_everything_is_there(send: Send, report: str) -> None:
    """So that a number which is missing is missing because of the fault."""
    sent = send(report, None, None)

    assert (sent.code, sent.err) == (0, "")
    assert sent.numbers == pytest.approx(TRUTH[report])
    assert sent.calls == CALLS[report]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("report", "turn"), TURNS)
def test_a_fault_leaves_no_false_number(
    send: Send, report: str, turn: int, fault: str
) -> None:
    """What is shown is true, what is not is said in Slack, and the code tells."""
    sent = send(report, turn, FAULTS[fault])

    truth = TRUTH[report]
    assert sent.numbers == {name: truth[name] for name in sent.numbers}
    assert len(sent.messages) == 1
    if sent.code == 1:
        assert sent.numbers == {}
        assert "Weekly Report was not sent" in sent.text
    else:
        assert sent.code == 3
        first = sent.err.splitlines()[0].rstrip(".")
        assert first[:40] in sent.text
