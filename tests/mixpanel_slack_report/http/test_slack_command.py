"""What a slash command is answered at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest

from mixpanel_slack_report.exceptions import LedgerError, RequestRefusedError
from mixpanel_slack_report.http.orders import ReportOrder
from mixpanel_slack_report.http.slack_command import SlackCommand, response_hosts
from mixpanel_slack_report.http.work import WorkItem

from .conftest import NOW, RESPONSE_URL, SECRET, SlashCommand


class Inbox:
    """Keeps what is handed in, or fails.

    Attributes:
        items: What was handed in.
        broken: Whether it fails.
    """

    def __init__(self) -> None:
        self.items: list[WorkItem] = []
        self.broken = False

    def put(self, item: WorkItem) -> None:
        """Keep an item."""
        if self.broken:
            raise LedgerError("the disk is full at /srv/s3cret")
        self.items.append(item)


@pytest.fixture
def inbox() -> Inbox:
    """Where the work goes."""
    return Inbox()


@pytest.fixture
def told(inbox: Inbox, slash_command: SlashCommand) -> Callable[..., str]:
    """Asks, and returns the text that only the person sees who asked."""
    endpoint = SlackCommand(SECRET, inbox, lambda: NOW)

    def answer(text: str, **fields: str) -> str:
        answered = endpoint.answer(slash_command(text, **fields))
        message = json.loads(answered.body)
        assert (answered.status, message["response_type"]) == (200, "ephemeral")
        (block,) = message["blocks"]
        assert (block["text"]["type"], block["text"]["emoji"]) == ("plain_text", False)
        return str(block["text"]["text"])

    return answer


@pytest.mark.parametrize(
    ("text", "order", "said"),
    [
        ("daily", ReportOrder("daily"), "Making the daily report …"),
        (" Weekly ", ReportOrder("weekly"), "Making the weekly report …"),
        ("biweekly", ReportOrder("biweekly"), "Making the biweekly report …"),
        ("monthly", ReportOrder("monthly"), "Making the monthly report …"),
        (
            "custom 1",
            ReportOrder("custom", last_days=1),
            "Making the report of the last day …",
        ),
        (
            "CUSTOM  90",
            ReportOrder("custom", last_days=90),
            "Making the report of the last 90 days …",
        ),
    ],
)
def test_an_order_is_queued(
    told: Callable[..., str],
    inbox: Inbox,
    text: str,
    order: ReportOrder,
    said: str,
) -> None:
    """With what is needed to do it later, and to tell who asked."""
    assert told(text) == said

    trigger = "13345224609.738474920.8088930838d88f008e0"
    assert inbox.items == [WorkItem(order, NOW, trigger, RESPONSE_URL)]


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP"])
def test_help_names_every_report(
    told: Callable[..., str],
    inbox: Inbox,
    text: str,
) -> None:
    """With the name that the command has in this workspace."""
    said = told(text, command="/numbers")

    lines = said.splitlines()
    assert [line.split(" - ")[0] for line in lines] == [
        "Reports to ask for:",
        "/numbers daily",
        "/numbers weekly",
        "/numbers biweekly",
        "/numbers monthly",
        "/numbers custom N",
    ]
    assert inbox.items == []


@pytest.mark.parametrize(
    "text",
    ["yearly", "custom", "custom 0", "custom 91", "custom -1", "custom ٣", "daily now"],
)
def test_anything_else_is_told_back_with_help(
    told: Callable[..., str],
    inbox: Inbox,
    text: str,
) -> None:
    """Nothing is queued that was not asked for."""
    first, second, *_ = told(text).splitlines()

    assert first == f"No report is called “{text}”."
    assert second == "Reports to ask for:"
    assert inbox.items == []


def test_what_was_given_is_no_markup(inbox: Inbox, slash_command: SlashCommand) -> None:
    """Nobody is mentioned, in the blocks or in the text beside them."""
    answered = SlackCommand(SECRET, inbox, lambda: NOW).answer(
        slash_command("<!channel> <@U1>")
    )

    message = json.loads(answered.body)
    assert "&lt;!channel&gt; &lt;@U1&gt;" in message["text"]
    assert "<" not in message["text"]


def test_a_queue_that_fails_is_told(told: Callable[..., str], inbox: Inbox) -> None:
    """Nothing is promised, and no path is shown."""
    inbox.broken = True

    said = told("daily")

    assert said == "Nothing was started: the queue cannot be used. Try again later."


@pytest.mark.parametrize("secret", [SECRET, "none of Slack's"])
def test_a_check_of_the_certificate_is_answered(
    inbox: Inbox, slash_command: SlashCommand, secret: str
) -> None:
    """Slack sends one now and then, and expects a 200 only; nothing is done for it."""
    answered = SlackCommand(SECRET, inbox, lambda: NOW).answer(
        slash_command("daily", ssl_check="1", secret=secret)
    )

    assert (answered.status, answered.body, inbox.items) == (200, b"", [])


def test_what_looks_like_a_check_in_a_text_is_none(
    told: Callable[..., str], inbox: Inbox
) -> None:
    """Only a field of that name is."""
    assert "No report is called" in told("daily&ssl_check=1")
    assert inbox.items == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"secret": "forged"}, 401),
        ({"signed_at": NOW - timedelta(minutes=6)}, 401),
        ({"trigger_id": ""}, 400),
        ({"trigger_id": "a b"}, 400),
        ({"response_url": ""}, 400),
        ({"response_url": "https://hooks.slack.com.example.org/commands/1"}, 400),
        ({"response_url": "https://hooks.slack.com@example.org/commands/1"}, 400),
        ({"response_url": "http://hooks.slack.com/commands/1"}, 400),
        ({"response_url": "https://[bad"}, 400),
    ],
)
def test_what_slack_did_not_send_is_refused(
    inbox: Inbox,
    slash_command: SlashCommand,
    change: dict[str, str],
    status: int,
) -> None:
    """No work is queued, and replies go nowhere but to Slack."""
    endpoint = SlackCommand(SECRET, inbox, lambda: NOW)

    with pytest.raises(RequestRefusedError) as refusal:
        endpoint.answer(slash_command("daily", **change))

    assert (refusal.value.status, inbox.items) == (status, [])


@pytest.mark.parametrize(
    ("slack_api_url", "hosts"),
    [
        (None, ("https://hooks.slack.com",)),
        (
            "http://127.0.0.1:9000/api/",
            ("https://hooks.slack.com", "http://127.0.0.1:9000"),
        ),
    ],
)
def test_replies_go_to_slack_and_to_what_stands_in_for_it(
    slack_api_url: str | None, hosts: tuple[str, ...]
) -> None:
    """Nothing else may be posted to, whoever asks."""
    assert response_hosts(slack_api_url) == hosts


@pytest.mark.parametrize("ssl_check", ["0", "1"])
def test_without_a_signing_secret_everything_is_refused(
    inbox: Inbox, slash_command: SlashCommand, ssl_check: str
) -> None:
    """Also what is signed with nothing."""
    request = slash_command("daily", secret="", ssl_check=ssl_check)

    with pytest.raises(RequestRefusedError) as refusal:
        SlackCommand(None, inbox, lambda: NOW).answer(request)

    assert (refusal.value.status, inbox.items) == (401, [])


def test_neither_secret_shows_in_a_repr(
    inbox: Inbox, slash_command: SlashCommand
) -> None:
    """Not in the endpoint, the request or the work."""
    endpoint = SlackCommand(SECRET, inbox, lambda: NOW)
    request = slash_command("daily")
    endpoint.answer(request)

    shown = f"{endpoint!r} {request!r} {inbox.items[0]!r}"
    assert SECRET not in shown
    assert "reply-s3cret" not in shown


@pytest.mark.imports
def test_answering_imports_no_client() -> None:
    """Slack waits three seconds, a cold start included."""
    script = (
        "import sys, mixpanel_slack_report.http.slack_command\n"
        "import mixpanel_slack_report.http.routes\n"
        "heavy = {'duckdb', 'httpx', 'slack_sdk', 'rich', 'sqlite3', 'waitress'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert run.stdout == "[]\n"
