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
from mixpanel_slack_report.slack.stand_in import SlackStandIn

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
        "MIXPANEL_ATTEMPTS": "1",
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
    top = {"event": "Sign Up", "count": 3, "previous": 1}
    assert document["top_events"] == [top]
    assert document["api_calls"] == 3


def test_preview_is_text_by_default(run: Run) -> None:
    """The terminal shows the days and the numbers."""
    outcome = run("preview", "weekly", "--date", "2026-11-16", COMPANY_NAME="Acme")

    assert outcome.out.startswith("Acme: Weekly Report\nNovember 9 to November 15")
    assert "Signups    3  up 2 from 1 (+200.0 %)" in outcome.out


@pytest.mark.parametrize(
    ("form", "begin"),
    [
        ("text", "Weekly"),
        ("json", "{"),
        ("html", "<!doctype"),
        ("url", "https://app.slack.com/block-kit-builder/#%7B%22blocks%22:"),
    ],
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


def test_preview_counts_named_events(run: Run) -> None:
    """As send does, so that what is sent can be looked at before."""
    outcome = run(
        *("preview", "weekly", "--date", "2026-11-16"),
        *("--events", "Sign Up", "--format", "json"),
    )

    metrics = json.loads(outcome.out)["metrics"]
    assert [(each["name"], each["value"]) for each in metrics] == [("Sign Up", 3)]


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
    assert "Signups: 3, up 2 from 1 (+200.0 %)" in message["text"]
    metrics, _ = [block for block in message["blocks"] if "caption" in block]
    new_users = [cell["text"] for cell in metrics["rows"][2]]
    assert new_users == ["New users", "2", "up 1 from 1 (+100.0 %)"]


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


@pytest.mark.parametrize("period", ["weekly", "biweekly"])
def test_a_dry_run_needs_no_webhook(run: Run, period: str) -> None:
    """Nothing is posted, so nobody has to say where."""
    outcome = run("send", period, "--date", "2026-11-09", "--dry-run")

    assert outcome.code == 0
    assert json.loads(outcome.out)["blocks"][0]["type"] == "header"


def test_a_fortnight_that_is_not_due_needs_no_webhook(run: Run) -> None:
    """The line is the same with and without one."""
    outcome = run("send", "biweekly", "--date", "2026-11-16")

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == "Nothing sent: the biweekly report is due on 2026-11-23.\n"


@pytest.mark.parametrize("period", ["weekly", "biweekly"])
def test_a_report_that_is_due_needs_a_webhook_before_any_call(
    run: Run, period: str
) -> None:
    """Mixpanel, which is not there, is not asked."""
    outcome = run(
        *("send", period, "--date", "2026-11-09"),
        MIXPANEL_BASE_URL="http://127.0.0.1:9",
    )

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        "Error: SLACK_WEBHOOK_URL is not set; give the address of a Slack incoming "
        "webhook (api.slack.com/apps); settings come from the environment and from "
        ".env in this folder\n"
    )


def test_days_before_the_project_had_data_are_not_sent(run: Run) -> None:
    """A row of zeros that nobody measured is no report; Slack has a notice of it."""
    with SlackStandIn() as slack:
        outcome = run(
            *("send", "weekly", "--date", "2020-01-16"),
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, len(slack.messages)) == (1, 1)
    assert slack.messages[0]["text"].startswith("Weekly Report was not sent, January 6")
    assert outcome.err == (
        "Error: nothing was sent, as no number could be had. Signups and New users are "
        "missing: no event at all was counted from 2020-01-06 to 2020-01-12 (names "
        "asked for: 1); the project may have no data from then.\n"
        "A notice of the failure was posted to the webhook's channel.\n"
    )


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
    assert outcome.err.startswith("Sales is missing: 'Sale' is not among the 1 ")
    assert "Sales is missing" in slack.messages[0]["text"]


def test_a_report_without_any_number_is_not_sent(run: Run) -> None:
    """The run fails, as often as it is run; Slack gets one notice of the failure."""
    Path("report.toml").write_text(
        '[[metric]]\nname = "S"\nevent = "Sale"\nkind = "total"'
    )
    command = ("send", "weekly", "--date", "2026-11-16")
    with SlackStandIn() as slack:
        outcome = run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)
        again = run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)

    assert (outcome.code, again.code, len(slack.messages)) == (1, 1, 1)
    assert slack.messages[0]["text"].startswith("Weekly Report was not sent, November")
    assert "nothing was sent" in again.err


def test_settings_that_are_wrong_are_told_to_the_channel(run: Run) -> None:
    """Nobody may be watching; where to post is known."""
    with SlackStandIn() as slack:
        outcome = run(
            "send",
            "weekly",
            TIMEZONE="Mars",
            MIXPANEL_SECRET="",
            SLACK_WEBHOOK_URL=slack.webhook_url,
        )

    assert (outcome.code, len(slack.messages)) == (1, 1)
    assert "MIXPANEL_SECRET is not set" in slack.messages[0]["text"]


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


def test_debug_shows_where_an_error_came_from_without_secrets(
    run: Run, serve_answers: Callable[..., Any]
) -> None:
    """The traceback stands before the line that is there without it."""
    server = serve_answers((404, {}, "no_service"))
    secret = f"{server.url}/services/T1/B2/s3cretpath"

    outcome = run(
        *("--debug", "send", "weekly", "--date", "2026-11-16"),
        SLACK_WEBHOOK_URL=secret,
    )

    assert outcome.code == 1
    assert outcome.err.startswith("Traceback (most recent call last):\n")
    assert outcome.err.splitlines()[-1].startswith("Error: Slack answered 404")
    assert "s3cretpath" not in outcome.err
    assert "right-s3cret" not in outcome.err


def test_a_report_is_sent_once(run: Run) -> None:
    """The second run says when it was sent, and is no failure."""
    command = ("send", "weekly", "--date", "2026-11-16")
    with SlackStandIn() as slack:
        first = run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)
        second = run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)

    assert (first.code, second.code, len(slack.messages)) == (0, 0, 1)
    assert second.out == ""
    assert second.err.startswith(
        "Nothing sent: the weekly report 2026-11-09 to 2026-11-15 was sent at "
    )
    assert second.err.endswith(" UTC; --force sends it again.\n")


def test_force_sends_it_again(run: Run) -> None:
    """Whatever is on record."""
    command = ("send", "weekly", "--date", "2026-11-16")
    with SlackStandIn() as slack:
        run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)
        forced = run(*command, "--force", SLACK_WEBHOOK_URL=slack.webhook_url)

    assert (forced.code, len(slack.messages)) == (0, 2)
    assert forced.out == "Sent the weekly report 2026-11-09 to 2026-11-15.\n"


def test_named_events_are_a_report_of_their_own(run: Run) -> None:
    """It is sent beside the report of the file, and the period may be left out."""
    days = ("--from", "2026-11-09", "--to", "2026-11-15")
    with SlackStandIn() as slack:
        run("send", *days, SLACK_WEBHOOK_URL=slack.webhook_url)
        named = run(
            "send", *days, "--events", "Sign Up", SLACK_WEBHOOK_URL=slack.webhook_url
        )

    assert named.out == "Sent the custom report 2026-11-09 to 2026-11-15.\n"
    assert "Sign Up: 3, " in slack.messages[1]["text"]
    assert "New users" not in slack.messages[1]["text"]


def test_two_projects_share_a_channel_and_a_ledger(run: Run) -> None:
    """What one sent keeps nothing of the other back."""
    command = ("send", "weekly", "--date", "2026-11-16")
    with SlackStandIn() as slack:
        run(*command, SLACK_WEBHOOK_URL=slack.webhook_url)
        run(*command, SLACK_WEBHOOK_URL=slack.webhook_url, MIXPANEL_PROJECT_ID="2")

    assert len(slack.messages) == 2


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
    assert outcome.err.endswith(
        "; settings come from the environment and from .env in this folder\n"
    )


def test_a_report_file_is_made_and_then_used(run: Run) -> None:
    """What is said to be set makes the next report measure the project's events."""
    written = run("init", "report", "mine")
    setting = written.out.partition("Next: set ")[2].partition(",")[0]
    name, _, value = setting.partition("=")
    document = run(
        *("preview", "weekly", "--date", "2026-11-16", "--format", "json"),
        **{name: value},
    ).out

    assert setting == "REPORT_FILE=mine/report.toml"
    assert json.loads(document)["metrics"][1]["value"] == 3


def test_the_list_of_commands_is_not_cut_off(run: Run) -> None:
    """Each is described in words that fit into a line."""
    commands = run("--help").out.partition("Commands:\n")[2].splitlines()

    assert len(commands) == 7
    assert [line for line in commands if line.endswith("...")] == []


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
    assert outcome.err.endswith("; mixpanel-slack-report check says which is wrong\n")


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
        (("preview",), "no period was given; name one of daily, weekly"),
        (("preview", "yearly"), "'yearly' is not one of 'daily', 'weekly'"),
        (("preview", "weekly", "--date", "16.11.2026"), "write it as 2026-11-16"),
        (("preview", "weekly", "--date", "9999-12-31"), "which is not over"),
        (("preview", "weekly", "--from", "2026-11-01"), "are for custom"),
        (("preview", "custom", "--from", "2026-11-01"), "takes --from and --to"),
        (("preview", "custom", "--from=2026-11-02", "--to=2026-11-01"), "swap the two"),
        (("preview", "weekly", "--format", "pdf"), "'pdf' is not one of"),
        (("send", "weekly", "--events", " ,"), "' ,' names no event"),
        (("init", "report", "new.toml"), "name a folder for it, such as ."),
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


@pytest.mark.parametrize("command", [(), ("preview",), ("plan",), ("send",), ("demo",)])
def test_help_has_examples(run: Run, command: tuple[str, ...]) -> None:
    """Every command shows how it is used, before its options, as the siblings do."""
    outcome = run(*command, "--help")

    assert outcome.code == 0
    assert "\\b" not in outcome.out
    assert 0 < outcome.out.find("  Example") < outcome.out.find("\nOptions:\n")


def test_a_terminal_is_told_what_is_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mixpanel may take minutes; the line is wiped in the end."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    outcome = run("preview", "weekly", "--date", "2026-11-16", "--format", "json")

    lines = [line.rstrip() for line in outcome.err.split("\r")]
    assert list(filter(None, lines)) == [
        "Asking Mixpanel for event names … (0 of 3 answered)",
        "Asking Mixpanel for totals … (1 of 3 answered)",
        "Asking Mixpanel for unique users … (2 of 3 answered)",
    ]
    assert outcome.err.endswith(" \r")
    assert json.loads(outcome.out)["api_calls"] == 3


def test_a_fortnight_is_asked_for_by_event_on_a_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers are those of the same report elsewhere."""
    command = ("preview", "biweekly", "--date", "2026-11-09", "--format", "json")
    elsewhere = json.loads(run(*command).out)["metrics"]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    assert json.loads(run(*command).out)["metrics"] == elsewhere


@pytest.mark.parametrize(
    "address", ["http://a..b", f"https://{'a' * 80}.example", "https://a..b"]
)
def test_a_host_that_cannot_be_is_one_line(run: Run, address: str) -> None:
    """Names of hosts have rules of their own."""
    outcome = run(
        *("preview", "weekly", "--date", "2026-11-16"), MIXPANEL_BASE_URL=address
    )

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert outcome.err.startswith("Error: ")


def test_certificates_that_are_not_there_are_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names the variable."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexist")

    for command in (("preview", "weekly"), ("send", "weekly"), ("demo",)):
        outcome = run(*command)

        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err == (
            "Error: SSL_CERT_FILE is '/nonexist', which is no file; name a file of "
            "certificates, or unset it\n"
        )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    ("redirection", "told"),
    [
        (">&-", "stdout is closed, so nothing can be shown"),
        (">/dev/full", "stdout cannot be written: No space left on device"),
    ],
)
def test_a_stdout_that_takes_nothing_is_one_line(
    mixpanel: str, tmp_path: Path, redirection: str, told: str, form: str
) -> None:
    """No traceback, neither at once nor when the interpreter ends."""
    command = f"preview weekly --date 2026-11-16 --format {form} {redirection}"

    outcome = run_in_shell(command, mixpanel, tmp_path)

    assert outcome.code == 1
    assert outcome.err.startswith(f"Error: {told}")
    assert outcome.err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
@pytest.mark.parametrize("redirection", [">&-", ">/dev/full"])
def test_a_post_that_cannot_be_told_of_is_no_failure(
    mixpanel: str, tmp_path: Path, redirection: str
) -> None:
    """Whoever sees a failure would post again."""
    with SlackStandIn() as slack:
        command = f"send weekly --date 2026-11-16 {redirection}"
        outcome = run_in_shell(command, mixpanel, tmp_path, slack.webhook_url)

    assert len(slack.messages) == 1
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
@pytest.mark.parametrize("command", ["--help >/dev/full", "demo >/dev/full"])
def test_other_commands_say_that_stdout_is_full(
    mixpanel: str, tmp_path: Path, command: str
) -> None:
    """The last line says what is wrong."""
    outcome = run_in_shell(command, mixpanel, tmp_path)

    assert outcome.code == 1
    assert "Traceback" not in outcome.err
    assert "No space left on device" in outcome.err.splitlines()[-1]


def run_in_shell(
    command: str, mixpanel: str, folder: Path, webhook_url: str = ""
) -> Outcome:
    """Run a command line of the shell with the settings of the local project."""
    (folder / "report.toml").write_text(REPORT)
    environ = {
        **os.environ,
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": mixpanel,
        "SLACK_WEBHOOK_URL": webhook_url,
        "REPORT_FILE": "report.toml",
    }
    # It would hide what the interpreter tries to write when it ends.
    environ.pop("PYTHONUNBUFFERED", None)
    run = subprocess.run(
        ["/bin/sh", "-c", f"'{sys.executable}' -m mixpanel_slack_report {command}"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Outcome(run.returncode, run.stdout, run.stderr)


def test_the_version_is_that_of_the_package(run: Run) -> None:
    """It is read from the installed metadata."""
    assert run("--version").out.startswith("mixpanel-slack-report, version 0.")


def test_ctrl_c_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped run exits with 130."""
    from mixpanel_slack_report.runs import job

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
