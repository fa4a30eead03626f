"""What a terminal is told, and what becomes of output that nobody takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mixpanel_slack_report.slack.stand_in import SlackStandIn

from .outcomes import REPORT, Outcome, Run


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
        (("prevue",), "No such command 'prevue'. Did you mean 'preview'?"),
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
