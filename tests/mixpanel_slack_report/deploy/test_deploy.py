"""Folders that are ready to be deployed."""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.deploy.folder import write_folder
from mixpanel_slack_report.deploy.ready_folders import FOLDERS, folder_files
from mixpanel_slack_report.deploy.report_toml import report_toml
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.report_file import ReportFile, parse_report_file
from mixpanel_slack_report.settings import SETTINGS

toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
SHOP = ["page view", "sign-up", "Add To Cart", "$identify", "checkout"]


def parsed(text: str) -> ReportFile:
    """Read a report file that was written."""
    return parse_report_file(toml.loads(text), source="report.toml")


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_file_of_a_folder_is_written(kind: str, tmp_path: Path) -> None:
    """Nothing is left of what a template has to be filled in with."""
    write_folder(tmp_path, folder_files(kind))

    written = {
        path.relative_to(tmp_path).as_posix(): path.read_text("utf-8")
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert set(written) == set(FOLDERS[kind])
    assert not [name for name, text in written.items() if "@release@" in text]


def test_a_folder_asks_for_this_release_of_the_package() -> None:
    """What is published is what was tried."""
    requirement = folder_files("azure")["requirements.txt"].strip()

    assert requirement == "mixpanel-slack-report[azure,holidays]~=0.1.0"


@pytest.mark.parametrize("kind", ["azure", "github", "cron"])
def test_a_folder_names_settings_that_exist(kind: str) -> None:
    """A setting that is misspelt in a template would be in vain."""
    known = {setting.name for setting in SETTINGS}
    text = "\n".join(folder_files(kind).values())
    words = {word.strip('"`:=,') for word in text.replace("=", " ").split()}

    named = {
        word
        for word in words
        if word.startswith(("MIXPANEL_", "SLACK_", "REPORT_")) and word.isupper()
    }
    assert named
    assert named <= known


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    """Where one file is there, none is written."""
    (tmp_path / "README.md").write_text("mine")

    with pytest.raises(SettingsError, match=r"has README.md already; .* --force"):
        write_folder(tmp_path, folder_files("cron"))

    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_workflow_goes_into_a_repository_that_is_there(tmp_path: Path) -> None:
    """Its README stays what it is."""
    (tmp_path / "README.md").write_text("# Shop\n")

    write_folder(tmp_path, folder_files("github"))

    assert (tmp_path / "README.md").read_text() == "# Shop\n"


def test_files_can_be_written_anew(tmp_path: Path) -> None:
    """Whoever insists gets the new ones."""
    (tmp_path / "README.md").write_text("mine")

    write_folder(tmp_path, folder_files("cron"), force=True)

    assert (tmp_path / "README.md").read_text("utf-8").startswith("# Mixpanel reports")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file in the place of the folder is one line, no traceback."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(SettingsError, match="taken cannot be written"):
        write_folder(tmp_path / "taken", {"a": ""})


def test_a_run_that_is_tried_again_keeps_its_ledger() -> None:
    """A cache is never written over, and attempts of a run share its id.

    https://docs.github.com/actions/reference/workflows-and-actions/dependency-caching
    """
    workflow = folder_files("github")[".github/workflows/mixpanel-report.yml"]
    keys = [line.strip() for line in workflow.splitlines() if " key: " in line]

    attempt = "${{ github.run_id }}-${{ github.run_attempt }}"
    assert keys == [f"key: mixpanel-report-ledger-{attempt}"] * 2


def test_what_was_sent_is_no_news_for_the_mail_of_cron() -> None:
    """Cron mails every line that is printed."""
    lines = folder_files("cron")["mixpanel-report.crontab"].splitlines()
    commands = [line for line in lines if " send " in line]

    assert len(commands) == 4
    assert [line for line in commands if not line.endswith(" >/dev/null")] == []


@pytest.mark.parametrize("name", [".env", ".env.production", "local.settings.json"])
def test_secrets_are_not_published(name: str) -> None:
    """A function app takes along whatever its folder has, but for this list."""
    patterns = folder_files("azure")[".funcignore"].split()

    assert any(fnmatch(name, pattern) for pattern in patterns)


@pytest.mark.parametrize("name", [".env", "local.settings.json"])
def test_secrets_are_not_committed(name: str) -> None:
    """Git leaves alone what this list has."""
    assert name in folder_files("azure")[".gitignore"].split()


def test_the_function_app_is_configured_in_json() -> None:
    """Both JSON files can be read."""
    files = folder_files("azure")

    host = json.loads(files["host.json"])
    local = json.loads(files["local.settings.json.example"])

    assert host["version"] == "2.0"
    assert local["Values"]["FUNCTIONS_WORKER_RUNTIME"] == "python"


def test_the_names_of_the_project_take_the_place_of_the_default_ones() -> None:
    """Case and signs do not count; the commonest others follow."""
    metrics = parsed(report_toml(SHOP, timezone="Europe/London")).metrics

    assert Metric("New Signups", ("sign-up",), "total") in metrics
    assert Metric("Page Views", ("page view",), "total") in metrics
    assert Metric("Add To Cart", ("Add To Cart",), "total") in metrics
    assert "$identify" not in {event for metric in metrics for event in metric.events}
    assert len(metrics) <= 8


def test_the_timezone_of_the_project_is_written() -> None:
    """It need not be looked up."""
    assert parsed(report_toml(SHOP, timezone="Europe/London")).timezone == (
        "Europe/London"
    )


@given(
    names=st.lists(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=30), max_size=12
    )
)
def test_any_names_give_a_file_that_can_be_read(names: list[str]) -> None:
    """Quotes, controls and signs of TOML in names stay data."""
    text = report_toml(names, timezone=None)

    report_file = parsed(text)

    measured = {event for metric in report_file.metrics for event in metric.events}
    assert measured <= set(names) or "[[metric]]" not in text
