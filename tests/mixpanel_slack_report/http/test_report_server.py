"""All of serve on real sockets: a local Mixpanel project, a Slack that stands in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from mixpanel_slack_report.http.report_server import report_application
from mixpanel_slack_report.settings import read_settings
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn

from .conftest import NOW, SECRET, SlashCommand

KEY = "k3y-s3cret"


@dataclass
class Server:
    """A server that runs, and the Slack that it posts to.

    Attributes:
        url: Its address.
        slack: The stand-in for Slack.
        log: The lines of its log.
        grown: Told when the log has another line.
    """

    slack: SlackStandIn
    url: str = ""
    log: list[str] = field(default_factory=list)
    grown: Condition = field(default_factory=Condition)

    def note(self, line: str) -> None:
        """Keep a line of the log."""
        with self.grown:
            self.log.append(line)
            self.grown.notify_all()

    def wait_for(self, start: str) -> str:
        """Wait for a line of the log, and return it."""

        def found() -> list[str]:
            return [line for line in self.log if line.startswith(start)]

        with self.grown:
            assert self.grown.wait_for(found, 20), self.log
        return found()[0]

    def ask(
        self, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, object]]:
        """Ask, and return the status and the document."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(f"{self.url}{path}", body, named)  # noqa: S310 - ours
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310 - ours
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def reports(self) -> list[str]:
        """List the first lines of what was posted to the channel."""
        channel = [post for post in self.slack.posts if post.channel != "response"]
        return [post.message["text"].splitlines()[0] for post in channel]


Start = Callable[..., Server]


@pytest.fixture
def start(
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


@pytest.mark.parametrize(
    ("path", "title", "days"),
    [
        ("/api/CustomReport?period=daily", "Daily Report", ("2026-11-17",) * 2),
        (
            "/api/CustomReport?period=weekly",
            "Weekly Report",
            ("2026-11-09", "2026-11-15"),
        ),
        (
            "/api/CustomReport?from_date=2025-12-01&to_date=2025-12-28",
            "Custom Report",
            ("2025-12-01", "2025-12-28"),
        ),
        (
            f"/api/customreport?code={KEY}&period=weekly",
            "Weekly Report",
            ("2026-11-09", "2026-11-15"),
        ),
    ],
)
def test_the_documented_requests_post_a_report(
    start: Start, path: str, title: str, days: tuple[str, str]
) -> None:
    """And answer with its document, for which the path needs no certain case."""
    server = start()

    status, document = server.ask(path, x_functions_key=KEY)

    assert (status, document["slack_sent"]) == (200, True)
    assert (document["from_date"], document["to_date"]) == days
    assert [text.split(",")[0] for text in server.reports()] == [title]


def test_a_report_can_be_had_without_posting(start: Start) -> None:
    """Then no webhook is needed either; the numbers are those that were loaded."""
    server = start(SLACK_WEBHOOK_URL="")

    status, document = server.ask(
        "/api/CustomReport?period=weekly&send_slack=false", x_functions_key=KEY
    )

    assert (status, document["slack_sent"]) == (200, False)
    assert server.reports() == []
    metrics = document["metrics"]
    assert isinstance(metrics, list)
    signups = next(one for one in metrics if one["name"] == "New Signups")
    assert (signups["value"], signups["status"]) == (3, "ok")


def test_a_biweekly_report_is_the_latest_that_was_due(start: Start) -> None:
    """Who asks on another day wants it all the same."""
    server = start()

    status, document = server.ask(
        "/api/CustomReport?period=biweekly", x_functions_key=KEY
    )

    assert (status, document["slack_sent"]) == (200, True)
    # Two weeks before 2026-11-09, which is 22 times 14 days after 2026-01-05.
    assert (document["from_date"], document["to_date"]) == ("2026-10-26", "2026-11-08")


def test_events_are_counted_in_place_of_the_metrics(start: Start) -> None:
    """Named in a JSON body, and the period in the address."""
    server = start()

    _, document = server.ask(
        "/api/CustomReport?period=weekly&send_slack=false",
        b'{"events": "Sign Up"}',
        x_functions_key=KEY,
    )

    metrics = document["metrics"]
    assert isinstance(metrics, list)
    assert [(one["name"], one["value"]) for one in metrics] == [("Sign Up", 3)]


def test_every_request_posts_anew(start: Start) -> None:
    """Somebody asked for it."""
    server = start()

    for _ in range(2):
        server.ask("/api/CustomReport?period=weekly", x_functions_key=KEY)

    assert len(server.reports()) == 2


def test_a_repeat_with_its_key_posts_once_and_is_answered_again(start: Start) -> None:
    """Twenty at once, as a client that is impatient would."""
    server = start()

    def ask(_: int) -> tuple[int, object, object]:
        status, document = server.ask(
            "/api/CustomReport?period=weekly",
            x_functions_key=KEY,
            Idempotency_Key="8e03978e-40d5-43dd-bc93-6894a57f9324",
        )
        return status, document["slack_sent"], document["to_date"]

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(ask, range(20)))

    assert answers == [(200, True, "2026-11-15")] * 20
    assert len(server.reports()) == 1


def test_twenty_requests_at_once_are_answered(start: Start) -> None:
    """Each with its own post."""
    server = start()

    def ask(_: int) -> int:
        return server.ask("/api/CustomReport?period=weekly", x_functions_key=KEY)[0]

    with ThreadPoolExecutor(20) as threads:
        statuses = list(threads.map(ask, range(20)))

    assert (statuses, len(server.reports())) == ([200] * 20, 20)


def test_without_the_key_nothing_is_made(start: Start) -> None:
    """Nor is it told whether there is anything."""
    server = start()

    status, document = server.ask("/api/CustomReport?period=weekly")

    assert (status, server.reports()) == (401, [])
    assert "x-functions-key" in str(document["error"])


@pytest.mark.parametrize(
    ("scripted", "status", "sent"),
    [
        (ScriptedAnswer(404, "no_service"), 502, False),
        (ScriptedAnswer(500, "oops"), 502, None),
        (ScriptedAnswer(reset="after", posted=True), 502, None),
    ],
    ids=["refused", "5xx", "reset"],
)
def test_a_report_that_slack_did_not_take_is_answered_with_why(
    start: Start, scripted: ScriptedAnswer, status: int, sent: bool | None
) -> None:
    """The document is there; whether it was posted is null where nobody knows."""
    server = start()
    server.slack.answers.append(scripted)

    answered, document = server.ask(
        "/api/CustomReport?period=weekly", x_functions_key=KEY
    )

    assert (answered, document["slack_sent"]) == (status, sent)
    assert document["to_date"] == "2026-11-15"
    assert "T00000000" not in str(document["error"])


def test_a_repeat_of_what_nobody_knows_posts_nothing(start: Start) -> None:
    """With the same key it is a conflict, and no word of a command line."""
    server = start()
    server.slack.answers.append(ScriptedAnswer(reset="after", posted=True))
    asked = {"x_functions_key": KEY, "Idempotency_Key": "abc"}
    server.ask("/api/CustomReport?period=weekly", **asked)

    status, document = server.ask("/api/CustomReport?period=weekly", **asked)

    assert (status, document["slack_sent"]) == (409, None)
    assert "--force" not in str(document["error"])
    assert len(server.slack.posts) == 1


def test_mixpanel_that_is_down_is_a_502(start: Start, serve_answers: Start) -> None:
    """In one line; nothing is posted that looks like a report."""
    server = start(MIXPANEL_BASE_URL=serve_answers((503, {}, "down")).url)

    status, document = server.ask(
        "/api/CustomReport?period=weekly", x_functions_key=KEY
    )

    assert (status, document["slack_sent"]) == (502, False)
    assert "\n" not in str(document["error"])


def test_a_missing_webhook_is_told(start: Start) -> None:
    """By the name of its setting."""
    server = start(SLACK_WEBHOOK_URL="")

    status, document = server.ask("/api/CustomReport", x_functions_key=KEY)

    assert status == 500
    assert str(document["error"]).startswith("SLACK_WEBHOOK_URL is not set")


def test_days_that_are_not_over_are_refused(start: Start) -> None:
    """It is 2026-11-18 in the tests."""
    status, document = start().ask(
        "/api/CustomReport?from_date=2026-11-18&to_date=2026-11-19",
        x_functions_key=KEY,
    )

    assert status == 400
    assert "not over" in str(document["error"])


def test_a_slash_command_posts_the_report_and_tells_who_asked(
    start: Start, slash_command: SlashCommand
) -> None:
    """To the channel the report, to whoever asked one line; a replay adds no report."""
    server = start()
    command = slash_command("custom 9", response_url=server.slack.response_url)

    for _ in range(2):
        status, document = server.ask(
            command.path, command.body, **dict(command.headers)
        )
        assert (status, document["response_type"]) == (200, "ephemeral")
        assert document["text"] == "Making the report of the last 9 days …"
    server.wait_for("slash command: It was sent before")

    (report,) = server.reports()
    assert report.startswith("Custom Report, November 9 to November 17, 2026")
    replies = [p.message for p in server.slack.posts if p.channel == "response"]
    assert replies[0]["response_type"] == "ephemeral"
    said, _, missing = replies[0]["text"].partition(". ")
    assert said == "Sent the custom report 2026-11-09 to 2026-11-17"
    assert missing.startswith("Users Onboarded is missing")


@pytest.mark.parametrize("change", [{"secret": "forged"}, {"response_url": "http://x"}])
def test_a_forged_slash_command_does_nothing(
    start: Start, slash_command: SlashCommand, change: dict[str, str]
) -> None:
    """Whether it was not signed, or sends replies elsewhere."""
    server = start()
    command = slash_command("weekly", **change)

    status, _ = server.ask(command.path, command.body, **dict(command.headers))

    assert status in (400, 401)
    assert server.slack.requests == []


def test_health_tells_what_was_sent(start: Start) -> None:
    """Without a key."""
    server = start()
    server.ask("/api/CustomReport?period=weekly", x_functions_key=KEY)

    status, document = server.ask("/API/Health")

    assert status == 200
    sent = document["last_sent"]
    assert isinstance(sent, dict)
    assert [name for name, time in sent.items() if time] == ["weekly"]


def test_no_secret_is_in_the_log_the_ledger_or_an_answer(
    start: Start, slash_command: SlashCommand, tmp_path: Path
) -> None:
    """Of a report, of failures, of a slash command that failed, of junk."""
    server = start()
    answers = []
    for path in (
        f"/api/CustomReport?period=weekly&code={KEY}",
        f"/api/{KEY}?code={KEY}",
        "/api/health?code=wrong-s3cret",
    ):
        answers.append(server.ask(path))
    server.slack.answers.append(ScriptedAnswer(403, "invalid_token"))
    command = slash_command("weekly", response_url=server.slack.response_url)
    answers.append(server.ask(command.path, command.body, **dict(command.headers)))
    server.wait_for("slash command: The weekly report was not sent")

    ledger = (tmp_path / "ledger.sqlite").read_bytes().decode("latin-1")
    seen = f"{server.log} {answers} {server.slack.messages} {ledger}"
    for secret in (
        "s3cret",
        SECRET,
        server.slack.webhook_url,
        "B00000000",
        "reports:right",
    ):
        assert secret not in seen, secret
