"""What the commands say of settings, credentials and hosts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .outcomes import REPORT, Run


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
