"""Checks of what is on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mixpanel_slack_report.checks import settings_checks
from mixpanel_slack_report.checks.findings import Finding
from mixpanel_slack_report.checks.settings_checks import (
    check_function_app,
    check_installation,
    check_names,
    check_report_file,
    settled,
)

WHOLE = {
    "MIXPANEL_USERNAME": "reports",
    "MIXPANEL_SECRET": "s3cret-s3cret",
    "MIXPANEL_PROJECT_ID": "7",
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
}


def test_an_installation_that_is_whole() -> None:
    """The line names this Python."""
    found = check_installation()

    assert found.state == "ok"
    assert sys.executable in found.line


def test_a_module_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy installs the package for the very Python that lacks it."""
    monkeypatch.setattr(settings_checks, "PARTS", {"no_such_module": "the-package"})

    found = check_installation()

    assert found.state == "mend"
    assert found.line.endswith(
        f"has no module no_such_module; run {sys.executable} -m pip install the-package"
    )


def test_settings_that_are_complete(tmp_path: Path) -> None:
    """They are read, and the line says from where."""
    settings, found = settled(WHOLE, tmp_path / ".env")

    assert settings is not None
    assert found == [Finding("settings", "ok", "complete, from the environment")]


def test_settings_of_a_file_env(tmp_path: Path) -> None:
    """Both places are named, as the environment may hide what the file says."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("SLACK_WEBHOOK_URL=https://hooks.slack.com/services/T0/B0/x\n")
    given = {name: value for name, value in WHOLE.items() if name[0] == "M"}

    settings, found = settled(given, dotenv)

    assert settings is not None
    assert found == [
        Finding("settings", "ok", f"complete, from the environment and {dotenv}")
    ]


def test_a_misspelt_name_in_the_file(tmp_path: Path) -> None:
    """It says which setting was meant, and never the value."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("REPORT_FIL=report.toml\n")

    assert check_names(WHOLE, dotenv) == [
        Finding(
            "settings",
            "mend",
            f"REPORT_FIL in {dotenv} is no setting; nearest is REPORT_FILE: "
            "correct or remove it",
        )
    ]


@pytest.mark.parametrize(
    "line",
    ["DATABASE_URL=x", "MIXPANEL_TIMEZONE=UTC", "MIXPANEL_API_SECRET=x", "TIMEZONE=x"],
    ids=["another program's", "a sibling's", "nearest is set", "a setting"],
)
def test_a_name_in_the_file_that_is_no_slip(line: str, tmp_path: Path) -> None:
    """Other programs may read the same file."""
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"{line}\n")

    assert check_names(WHOLE, dotenv) == []


def test_names_of_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """That is said elsewhere, once."""
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"\xff")

    assert check_names(WHOLE, dotenv) == []


def test_every_problem_has_a_line(tmp_path: Path) -> None:
    """What Mixpanel needs and what Slack needs are told at once."""
    settings, found = settled({"MIXPANEL_PROJECT_ID": "abc"}, tmp_path / ".env")

    assert settings is None
    assert [finding.line.split()[0] for finding in found] == [
        "MIXPANEL_USERNAME",
        "MIXPANEL_SECRET",
        "MIXPANEL_PROJECT_ID",
        "SLACK_WEBHOOK_URL",
    ]


def test_a_missing_webhook_keeps_nobody_from_asking_mixpanel(tmp_path: Path) -> None:
    """What can be checked is checked."""
    given = {name: value for name, value in WHOLE.items() if name[0] == "M"}

    settings, found = settled(given, tmp_path / ".env")

    assert settings is not None
    assert [finding.state for finding in found] == ["mend"]


def test_a_file_env_that_is_no_text(tmp_path: Path) -> None:
    """It is named, and nothing else is guessed."""
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"\xff\xfe\x00")

    settings, found = settled(WHOLE, dotenv)

    assert settings is None
    assert str(dotenv) in found[0].line


def test_a_report_file_that_cannot_be_read(tmp_path: Path) -> None:
    """The problem of the file is the line."""
    path = tmp_path / "report.toml"
    path.write_text("max_calls = 0")
    settings, _ = settled({**WHOLE, "REPORT_FILE": str(path)}, tmp_path / ".env")
    assert settings is not None

    report_file, found = check_report_file(settings)

    assert report_file is None
    assert found.line == (f"{path}: max_calls is 0; give a whole number from 1 to 60")


def test_a_folder_without_a_function_app_has_no_timers(tmp_path: Path) -> None:
    """Who sends from cron is not told of Azure."""
    assert check_function_app(tmp_path, {}) == []


def test_timers_without_storage(tmp_path: Path) -> None:
    """They would not fire, and say nothing."""
    (tmp_path / "host.json").write_text("{}")

    (found,) = check_function_app(tmp_path, {})

    assert found.state == "mend"
    assert "AzureWebJobsStorage is not set" in found.line


def test_timers_with_storage(tmp_path: Path) -> None:
    """A connection is named, never shown."""
    (tmp_path / "host.json").write_text("{}")
    environ = {"AzureWebJobsStorage": "AccountKey=s3cret"}

    assert check_function_app(tmp_path, environ) == [
        Finding("timers", "ok", "AzureWebJobsStorage names their storage")
    ]


def test_timers_with_a_file_of_settings(tmp_path: Path) -> None:
    """On this machine the file names the storage, which has to be started."""
    (tmp_path / "host.json").write_text("{}")
    (tmp_path / "local.settings.json").write_text("{}")

    assert check_function_app(tmp_path, {}) == [
        Finding(
            "timers",
            "ok",
            "local.settings.json is there; on this machine its storage has to run: "
            "npx azurite",
        )
    ]
