"""Where the command serve does not start."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mixpanel_slack_report.command.serve import greeting
from mixpanel_slack_report.settings import read_settings

from .processes import COMMAND


def refusal(
    environ: dict[str, str], *arguments: str, script: str = ""
) -> tuple[int, str]:
    """Run the command where it does not start; return its code and what it says."""
    command = [sys.executable, "-c", script] if script else COMMAND
    run = subprocess.run(
        [*command, *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_without_a_key_it_is_not_reached_from_elsewhere(
    environ: dict[str, str], host: str
) -> None:
    """It does not start, rather than be open or not be found."""
    code, said = refusal(environ, "--host", host)

    assert code == 1
    assert said == (
        "Error: REPORT_KEY is not set, and without it only 127.0.0.1 is served; "
        "set it, or leave out --host\n"
    )


def test_a_port_that_is_taken_is_told(environ: dict[str, str]) -> None:
    """In one line, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = refusal(environ, "--port", port)

    assert code == 1
    assert said.splitlines()[-1] == (
        f"Error: cannot listen at 127.0.0.1, port {port} (Address already in use); "
        "give another --host or --port"
    )


def test_a_ledger_that_cannot_be_used_is_told(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """Before anybody asks for a report."""
    code, said = refusal({**environ, "REPORT_LEDGER": str(tmp_path)})

    assert code == 1
    assert "REPORT_LEDGER" in said
    assert len(said.splitlines()) == 1


def test_without_the_extra_it_names_the_extra(environ: dict[str, str]) -> None:
    """In one line."""
    script = (
        "import sys; sys.modules['waitress'] = None\n"
        "from mixpanel_slack_report.command import main; main(['serve'])"
    )
    code, said = refusal(environ, script=script)

    assert code == 1
    assert said == (
        "Error: serve needs waitress, which is not installed; run pip install "
        "'mixpanel-slack-report[serve]'\n"
    )


def test_reports_that_cannot_be_posted_are_said_so_at_the_start() -> None:
    """Without a webhook they are made for who asks; the keys open the rest."""
    given = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "REPORT_KEY": "k3y-of-the-reports",
        "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    }

    (line,) = greeting(read_settings(given, to_send=False))

    assert line.startswith("SLACK_WEBHOOK_URL is not set; give the address of a ")
    assert line.endswith(": reports are made, and not posted.")


def test_a_key_that_is_not_set_is_said_at_the_start() -> None:
    """Each line names one that opens something."""
    given = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
    }

    assert list(greeting(read_settings(given, to_send=True))) == [
        "REPORT_KEY is not set: only programs of this machine are answered.",
        "SLACK_SIGNING_SECRET is not set: slash commands are refused.",
    ]
