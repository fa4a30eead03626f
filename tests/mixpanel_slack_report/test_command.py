"""The command line, against a local Mixpanel project and a stand-in for Slack."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mixpanel_slack_report.command import main
from mixpanel_slack_report.settings import SETTINGS
from mixpanel_slack_report.slack_stand_in import SlackStandIn

pytest.importorskip("duckdb", reason="the extra demo is not installed")

REPORT = """
[[metric]]
name = "Signups"
event = "Sign Up"
kind = "total"

[[metric]]
name = "New users"
event = "Sign Up"
kind = "unique"
"""
Run = Callable[..., "Outcome"]


class Outcome:
    """What a run of the command left behind.

    Attributes:
        code: Its exit code.
        out: What it printed on stdout.
        err: What it printed on stderr.
    """

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture(scope="module")
def mixpanel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a local project that checks credentials.

    "Sign Up" happened 3 times by 2 users in the week from 2026-11-09, once before.
    """
    from mixpanel_query.local import LocalProject

    rows = [
        ("2026-11-09", 1794225600, "ann"),
        ("2026-11-12", 1794484800, "ann"),
        ("2026-11-15", 1794744000, "bob"),
        ("2026-11-08", 1794139200, "cid"),
    ]
    path = tmp_path_factory.mktemp("data") / "events.jsonl"
    with path.open("w") as lines:
        for number, (_, time, user) in enumerate(rows):
            properties = {
                "time": time,
                "distinct_id": user,
                "$insert_id": f"insert-id-{number}",
            }
            lines.write(json.dumps({"event": "Sign Up", "properties": properties}))
            lines.write("\n")
    with LocalProject(credentials=("reports", "right-s3cret")) as project:
        project.load(path)
        yield project.base_url


@pytest.fixture
def run(
    mixpanel: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs the command in an empty folder with the settings of the local project."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.toml").write_text(REPORT)
    given = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": mixpanel,
        "REPORT_FILE": "report.toml",
    }

    def run_command(*arguments: str, **settings: str) -> Outcome:
        for setting in SETTINGS:
            monkeypatch.delenv(setting.name, raising=False)
        for name, value in {**given, **settings}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        printed = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return Outcome(stop.value.code, printed.out, printed.err)

    return run_command


def test_preview_prints_the_document_and_nothing_else(run: Run) -> None:
    """Stdout is JSON; the numbers are those of the loaded events."""
    outcome = run("preview", "weekly", "--date", "2026-11-16", "--format", "json")

    document = json.loads(outcome.out)
    assert (outcome.code, outcome.err) == (0, "")
    assert [
        (m["kind"], m["value"], m["previous"], m["status"]) for m in document["metrics"]
    ] == [("total", 3, 1, "ok"), ("unique", 2, 1, "ok")]
    assert document["top_events"] == [{"event": "Sign Up", "count": 3}]
    assert document["api_calls"] == 3


def test_preview_is_text_by_default(run: Run) -> None:
    """The terminal shows the days and the numbers."""
    outcome = run("preview", "weekly", "--date", "2026-11-16", COMPANY_NAME="Acme")

    assert outcome.out.startswith("Acme: Weekly Report\nNovember 9 to November 15")
    assert "Signups    3  +200.0 % (up from 1)" in outcome.out


@pytest.mark.parametrize(
    ("form", "begin"), [("text", "Weekly"), ("json", "{"), ("html", "<!doctype")]
)
def test_preview_writes_a_file(run: Run, form: str, begin: str) -> None:
    """With -o nothing is on stdout."""
    outcome = run(
        "preview", "weekly", "--date", "2026-11-16", "--format", form, "-o", "out"
    )

    assert (outcome.code, outcome.out) == (0, "")
    assert Path("out").read_text().startswith(begin)


def test_a_file_that_cannot_be_written_is_named(run: Run) -> None:
    """One line, no traceback."""
    outcome = run("preview", "weekly", "--date", "2026-11-16", "-o", "no/such/file")

    assert outcome.code == 1
    assert "no/such/file" in outcome.err
    assert outcome.err.count("\n") == 1


def test_preview_of_custom_days(run: Run) -> None:
    """The days given are reported."""
    outcome = run(
        "preview",
        "custom",
        *("--from", "2026-11-12", "--to", "2026-11-15", "--format", "json"),
    )

    document = json.loads(outcome.out)
    assert (document["compared_from"], document["compared_to"]) == (
        "2026-11-08",
        "2026-11-11",
    )
    assert [(m["value"], m["previous"]) for m in document["metrics"]] == [
        (2, 2),
        (2, 2),
    ]


def test_preview_of_a_fortnight_that_is_not_due_is_the_latest(run: Run) -> None:
    """2026-11-16 lies between two due days."""
    outcome = run("preview", "biweekly", "--date", "2026-11-16", "--format", "json")

    document = json.loads(outcome.out)
    assert (document["from_date"], document["to_date"]) == ("2026-10-26", "2026-11-08")


def test_an_unknown_event_fails_the_preview_but_shows_why(run: Run) -> None:
    """Nothing could be counted: exit 1, with the report and the reason."""
    Path("report.toml").write_text(
        '[[metric]]\nname = "S"\nevent = "SignUp"\nkind = "total"'
    )

    outcome = run("preview", "weekly", "--date", "2026-11-16")

    assert outcome.code == 1
    assert "no such event" in outcome.out
    assert "the nearest name is 'Sign Up'" in outcome.err


def test_send_posts_to_slack(run: Run) -> None:
    """The numbers in Slack are those of the loaded events."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2026-11-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "Sent the weekly report 2026-11-09 to 2026-11-15.\n"
    (message,) = slack.messages
    assert "Signups: 3, +200.0 % (up from 1)" in message["text"]
    assert "New users: 2, +100.0 % (up from 1)" in json.dumps(message["blocks"])


def test_a_late_run_sends_the_same_days(run: Run) -> None:
    """On Thursday the week is still the one that was due on Monday."""
    with SlackStandIn() as slack:
        run(
            "send",
            "weekly",
            "--date",
            "2026-11-19",
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert "November 9 to November 15, 2026" in slack.messages[0]["text"]


def test_a_dry_run_prints_the_message(run: Run) -> None:
    """Nothing is posted."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2026-11-16", "--dry-run"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert slack.messages == []
    assert outcome.code == 0
    assert json.loads(outcome.out)["blocks"][0]["type"] == "header"


def test_a_report_with_something_missing_is_sent_with_code_3(run: Run) -> None:
    """The rest arrives, and both Slack and stderr name what is missing."""
    Path("report.toml").write_text(
        REPORT + '[[metric]]\nname = "Sales"\nevent = "Sale"\nkind = "total"'
    )
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2026-11-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert outcome.code == 3
    assert outcome.err.startswith("Sales is missing: the project has no event 'Sale'")
    assert "Sales is missing" in slack.messages[0]["text"]


def test_a_report_without_any_number_is_not_sent(run: Run) -> None:
    """Slack gets nothing, the run fails."""
    Path("report.toml").write_text(
        '[[metric]]\nname = "S"\nevent = "Sale"\nkind = "total"'
    )
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2026-11-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, slack.messages) == (1, [])
    assert "nothing was sent" in outcome.err


def test_a_fortnight_that_is_not_due_is_not_sent(run: Run) -> None:
    """The line says when it is due, and the run is no failure."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "biweekly", "--date", "2026-11-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, slack.messages) == (0, [])
    assert outcome.err == ("Nothing sent: the biweekly report is due on 2026-11-23.\n")


def test_a_fortnight_that_is_due_is_sent(run: Run) -> None:
    """2026-11-09 is 22 fortnights after the anchor."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "biweekly", "--date", "2026-11-09"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert outcome.code == 0
    assert "October 26 to November 8, 2026" in slack.messages[0]["text"]


def test_a_message_that_slack_refuses_fails(
    run: Run, serve_answers: Callable[..., Any]
) -> None:
    """The line has Slack's word and the remedy, but not the address."""
    server = serve_answers((404, {}, "no_service"))

    outcome = run(
        *("send", "weekly", "--date", "2026-11-16"),
        SLACK_WEBHOOK_URL=f"{server.url}/services/T1/B2/s3cret",
    )

    assert outcome.code == 1
    assert "no_service" in outcome.err
    assert "s3cret" not in outcome.err + outcome.out


def test_missing_settings_are_named_together(run: Run) -> None:
    """One line for all of them."""
    outcome = run(
        *("send", "weekly"), MIXPANEL_SECRET="", MIXPANEL_PROJECT_ID="", TIMEZONE="Mars"
    )

    assert outcome.code == 1
    assert outcome.err.count("\n") == 1
    for name in (
        "MIXPANEL_SECRET",
        "MIXPANEL_PROJECT_ID",
        "TIMEZONE",
        "SLACK_WEBHOOK_URL",
    ):
        assert name in outcome.err


def test_settings_come_from_a_dotenv_file(run: Run) -> None:
    """What the environment lacks is read from .env."""
    Path(".env").write_text("COMPANY_NAME=From File\n")

    outcome = run("preview", "weekly", "--date", "2026-11-16")

    assert outcome.out.startswith("From File: Weekly Report")


def test_wrong_credentials_are_one_line(run: Run) -> None:
    """The project checks them; the secret is not shown."""
    outcome = run(
        *("preview", "weekly", "--date", "2026-11-16"), MIXPANEL_SECRET="wrong-s3cret"
    )

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1
    assert "wrong-s3cret" not in outcome.err


def test_credentials_that_cannot_be_are_one_line(run: Run) -> None:
    """A colon in the name would end it in HTTP."""
    outcome = run("preview", "weekly", "--date", "2026-11-16", MIXPANEL_USERNAME="a:b")

    assert outcome.code == 1
    assert outcome.err.startswith("Error: the Mixpanel settings cannot be used: ")


def test_a_host_that_is_not_there_is_one_line(run: Run) -> None:
    """The line names the host."""
    outcome = run(
        *("preview", "weekly", "--date", "2026-11-16"),
        MIXPANEL_BASE_URL="http://127.0.0.1:9",
    )

    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "127.0.0.1:9" in outcome.err


def test_a_bad_report_file_is_one_line(run: Run) -> None:
    """The line names the file and the key."""
    Path("report.toml").write_text("max_calls = 0")

    outcome = run("preview", "weekly", "--date", "2026-11-16")

    assert outcome.code == 1
    assert outcome.err == (
        "Error: report.toml: max_calls is 0; give a whole number from 1 to 60\n"
    )


def test_the_file_names_the_timezone_unless_the_environment_does(run: Run) -> None:
    """TIMEZONE wins, then the file."""
    Path("report.toml").write_text('timezone = "Asia/Tokyo"\n' + REPORT)
    command = ("preview", "weekly", "--date", "2026-11-16", "--format", "json")

    from_file = json.loads(run(*command).out)["timezone"]
    from_environment = json.loads(run(*command, TIMEZONE="UTC").out)["timezone"]

    assert (from_file, from_environment) == ("Asia/Tokyo", "UTC")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("preview",), "Missing argument 'PERIOD'"),
        (("preview", "yearly"), "'yearly' is not one of 'daily', 'weekly'"),
        (("preview", "weekly", "--date", "16.11.2026"), "write it as 2026-11-16"),
        (("preview", "weekly", "--date", "9999-12-31"), "which is not over"),
        (("preview", "weekly", "--from", "2026-11-01"), "are for custom"),
        (("preview", "custom", "--from", "2026-11-01"), "takes --from and --to"),
        (("preview", "custom", "--from=2026-11-02", "--to=2026-11-01"), "swap the two"),
        (("preview", "weekly", "--format", "pdf"), "'pdf' is not one of"),
        (("prevue",), "No such command 'prevue'"),
    ],
)
def test_wrong_usage_exits_with_2(
    run: Run, arguments: tuple[str, ...], told: str
) -> None:
    """The message says what is allowed."""
    outcome = run(*arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err


@pytest.mark.parametrize("command", [(), ("preview",), ("send",), ("demo",)])
def test_help_has_examples(run: Run, command: tuple[str, ...]) -> None:
    """Every command shows how it is used."""
    outcome = run(*command, "--help")

    assert outcome.code == 0
    assert "Example" in outcome.out


def test_the_version_is_that_of_the_package(run: Run) -> None:
    """It is read from the installed metadata."""
    assert run("--version").out.startswith("mixpanel-slack-report, version 0.")


def test_ctrl_c_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped run exits with 130."""
    from mixpanel_slack_report.command import job

    def stop(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "prepare_job", stop)

    outcome = run("preview", "weekly")

    assert outcome.code == 130
    assert outcome.err.strip() == "Stopped."


def test_a_reader_that_goes_away_is_no_traceback(mixpanel: str, tmp_path: Path) -> None:
    """``mixpanel-slack-report preview … | head -0`` ends quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    environ = {
        **os.environ,
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": mixpanel,
    }
    command = [sys.executable, "-m", "mixpanel_slack_report", "preview", "weekly"]
    run = subprocess.run(
        [*command, "--date", "2026-11-16", "--format", "html"],
        cwd=tmp_path,
        env=environ,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writing)

    assert (run.returncode, run.stderr) == (1, "")
