"""All of serve in one process: slash commands, health, and no secret anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixpanel_slack_report.http.report_server import queue_path
from mixpanel_slack_report.settings import read_settings
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer

from .conftest import SECRET, SlashCommand, Start
from .servers import KEY


def test_a_slash_command_posts_the_report_and_tells_who_asked(
    start_server: Start, slash_command: SlashCommand
) -> None:
    """To the channel the report, to whoever asked one line; a replay adds no report."""
    server = start_server()
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
    start_server: Start, slash_command: SlashCommand, change: dict[str, str]
) -> None:
    """Whether it was not signed, or sends replies elsewhere."""
    server = start_server()
    command = slash_command("weekly", **change)

    status, _ = server.ask(command.path, command.body, **dict(command.headers))

    assert status in (400, 401)
    assert server.slack.requests == []


def test_health_tells_what_was_sent(start_server: Start) -> None:
    """Without a key."""
    server = start_server()
    server.ask("/api/CustomReport?period=weekly", x_functions_key=KEY)

    status, document = server.ask("/API/Health")

    assert status == 200
    sent = document["last_sent"]
    assert isinstance(sent, dict)
    assert [name for name, time in sent.items() if time] == ["weekly"]


def test_no_secret_is_in_the_log_the_ledger_or_an_answer(
    start_server: Start, slash_command: SlashCommand, tmp_path: Path
) -> None:
    """Of a report, of failures, of a slash command that failed, of junk."""
    server = start_server()
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


@pytest.mark.parametrize(
    ("ledger", "path"),
    [
        ("/srv/reports.sqlite", "/srv/reports.sqlite"),
        ("", "/state/mixpanel-slack-report/ledger.sqlite"),
        (
            "https://account.blob.core.windows.net/ledger?sv=2024&sig=s3cret",
            "/state/mixpanel-slack-report/ledger.sqlite",
        ),
    ],
    ids=["file", "default", "blob"],
)
def test_orders_wait_in_the_file_of_the_ledger(ledger: str, path: str) -> None:
    """Or, if that is elsewhere, in the file that it would have here."""
    environ = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "REPORT_LEDGER": ledger,
        "XDG_STATE_HOME": "/state",
    }
    settings = read_settings(environ, to_send=False)

    assert queue_path(settings, environ) == Path(path)
