"""``send`` tells the channel when it fails, typed as its user types it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.collection.progress import Tell
from mixpanel_slack_report.command import main
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.scheduled import send_scheduled
from mixpanel_slack_report.settings import SETTINGS
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ServeAnswers

Send = Callable[..., tuple[int, str]]
REFUSED = (401, {"Content-Type": "application/json"}, '{"error": "no"}')
WEEKLY = ("weekly", "--date", "2026-11-16")


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A stand-in for Slack."""
    with SlackStandIn() as slack:
        yield slack


@pytest.fixture
def send(
    slack: SlackStandIn,
    serve_answers: ServeAnswers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Send:
    """Sends a report from a Mixpanel that refuses the credentials."""
    monkeypatch.chdir(tmp_path)
    given = {
        "MIXPANEL_USERNAME": "reports.1a2b3c",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "12345",
        "MIXPANEL_BASE_URL": serve_answers(REFUSED).url,
        "SLACK_WEBHOOK_URL": slack.webhook_url,
    }

    def run(*arguments: str, **environ: str) -> tuple[int, str]:
        for setting in SETTINGS:
            monkeypatch.delenv(setting.name, raising=False)
        for name, value in {**given, **environ}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as stop:
            main(["send", *arguments])
        assert isinstance(stop.value.code, int)
        return stop.value.code, capsys.readouterr().err

    return run


def test_refused_credentials_are_told_once(slack: SlackStandIn, send: Send) -> None:
    """Every run fails; the channel learns it from the first."""
    codes = [send(*WEEKLY)[0] for _ in range(3)]

    (notice,) = slack.messages
    assert codes == [1, 1, 1]
    assert notice["text"].startswith(
        "Weekly Report was not sent, November 9 to November 15, 2026 (UTC)\n"
    )
    assert "Check MIXPANEL_USERNAME, MIXPANEL_SECRET" in notice["text"]


def test_the_run_says_its_own_error_first(slack: SlackStandIn, send: Send) -> None:
    """And then what became of the notice."""
    code, said = send(*WEEKLY)

    first, second = said.splitlines()
    assert code == 1
    assert first.startswith("Error: ")
    assert "401" in first
    assert second == "A notice of the failure was posted to the webhook's channel."


def test_a_notice_that_fails_hides_nothing(slack: SlackStandIn, send: Send) -> None:
    """The first line is the error of the report all the same."""
    slack.answers.append(ScriptedAnswer(404, "no_service"))

    code, said = send(*WEEKLY)

    first, second = said.splitlines()
    assert code == 1
    assert "401" in first
    assert second.startswith(
        "The notice of the failure was not posted to the webhook's "
    )


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"MIXPANEL_SECRET": ""}, "MIXPANEL_SECRET is not set"),
        ({"TIMEZONE": "Mars/Olympus"}, "TIMEZONE is 'Mars/Olympus'"),
        ({"REPORT_FILE": "no.toml"}, "no.toml: No such file or directory"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    slack: SlackStandIn, send: Send, broken: dict[str, str], told: str
) -> None:
    """A schedule that lost its settings does not fall silent."""
    code, said = send(*WEEKLY, **broken)

    (notice,) = slack.messages
    assert code == 1
    assert f"What failed: {told}" in notice["text"]
    assert f"Error: {told}" in said


def test_a_report_that_needs_too_many_calls_is_told(
    slack: SlackStandIn, send: Send
) -> None:
    """With the cost of each line, and without a single call."""
    Path("report.toml").write_text("max_calls = 1")

    send(*WEEKLY, REPORT_FILE="report.toml")

    (notice,) = slack.messages
    assert "max_calls allows 1 (" in notice["text"]


def test_what_nobody_foresaw_is_told_by_its_kind(
    slack: SlackStandIn, tmp_path: Path
) -> None:
    """A mistake of the program does not make a schedule fall silent."""

    def broken() -> AbstractContextManager[Tell]:
        raise ZeroDivisionError("right-s3cret")

    environ = {
        "MIXPANEL_USERNAME": "reports.1a2b3c",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "12345",
        "TIMEZONE": "UTC",
        "SLACK_WEBHOOK_URL": slack.webhook_url,
        "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
    }
    days = DaysAsked("weekly", date(2026, 11, 16), None, None)

    with pytest.raises(ZeroDivisionError):
        send_scheduled(days, environ, telling=broken)

    (notice,) = slack.messages
    assert (
        "What failed: something that nobody foresaw (ZeroDivisionError)"
        in (notice["text"])
    )
    assert "s3cret" not in notice["text"]


def test_a_dry_run_tells_nobody(slack: SlackStandIn, send: Send) -> None:
    """It posts nothing, not even that it failed."""
    code, _ = send(*WEEKLY, "--dry-run", MIXPANEL_SECRET="")

    assert (code, slack.requests) == (1, [])


def test_days_that_are_not_over_are_told_to_nobody_else(
    slack: SlackStandIn, send: Send
) -> None:
    """Whoever typed the command can type it again."""
    code, _ = send("weekly", "--date", "2999-01-01")

    assert (code, slack.requests) == (2, [])


def test_no_secret_is_told(slack: SlackStandIn, send: Send) -> None:
    """Neither in Slack nor on the terminal."""
    _, said = send(*WEEKLY)

    told = said + str(slack.messages)
    assert "right-s3cret" not in told
    assert "reports.1a2b3c" not in told
    assert slack.webhook_url not in told
