"""The demonstration, over real sockets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from mixpanel_slack_report.command import main
from mixpanel_slack_report.demo import demonstrate, loopback_without_proxy

pytest.importorskip("duckdb", reason="needs duckdb: the extra demo")


def test_the_message_has_the_numbers_of_the_sample(
    clock: Callable[[], datetime],
) -> None:
    """What Slack got is what was counted by hand in the sample data."""
    from mixpanel_query.local.engine.sample_data import sample_events

    shown = demonstrate(clock)

    signups, users = 0, set()
    for event in sample_events(date(2026, 11, 18)):
        properties = event["properties"]
        day = datetime.fromtimestamp(properties["time"], tz=clock().tzinfo).date()
        if date(2026, 11, 9) <= day <= date(2026, 11, 15):
            signups += event["event"] == "Sign Up"
            users.add(properties["distinct_id"])
    numbers = {value.metric.name: value.value for value in shown.report.metrics}
    assert (numbers["New Signups"], numbers["Weekly Active Users"]) == (
        signups,
        len(users),
    )
    assert f"New Signups: {signups}, " in shown.message["text"]
    assert shown.report.is_whole


def test_proxies_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment does not swallow this machine's own servers."""
    monkeypatch.setenv("NO_PROXY", "intranet")

    with loopback_without_proxy():
        inside = os.environ["NO_PROXY"]

    assert (inside, os.environ["NO_PROXY"]) == ("intranet,127.0.0.1", "intranet")


def test_the_environment_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that was not set is not set afterwards."""
    monkeypatch.delenv("NO_PROXY", raising=False)

    with loopback_without_proxy():
        pass

    assert "NO_PROXY" not in os.environ


def test_the_page_goes_where_it_is_asked_to(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """``--html`` names the file, and talk is on stderr."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit) as stop:
        main(["demo", "--html", "page.html"])

    printed = capsys.readouterr()
    assert stop.value.code == 0
    assert "Page View" in (tmp_path / "page.html").read_text()
    assert "took the message" in printed.err
    assert not (tmp_path / "report.html").exists()


def test_the_command_shows_and_writes_the_report(tmp_path: Path) -> None:
    """It works behind a proxy that does not answer, and names its file."""
    environ = {
        **os.environ,
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }
    run = subprocess.run(
        [sys.executable, "-m", "mixpanel_slack_report", "demo"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (run.returncode, run.stderr.count("Traceback")) == (0, 0)
    assert "Demo Shop: Weekly Report" in run.stdout
    assert str(tmp_path / "report.html") in run.stdout
    assert "<!doctype html>" in (tmp_path / "report.html").read_text()


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    """One line says what to install."""
    script = (
        "import sys; sys.modules['duckdb'] = None\n"
        "from mixpanel_slack_report.command import main; main(['demo'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == (
        "Error: the demo needs duckdb, which is not installed; "
        "run pip install 'mixpanel-slack-report[demo]'"
    )
    assert "Traceback" not in run.stderr
