"""Every setting, command and key is in the README of the package."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from mixpanel_slack_report.command import COMMANDS, group
from mixpanel_slack_report.metrics import METRIC_KINDS
from mixpanel_slack_report.periods import PERIODS
from mixpanel_slack_report.report_file import parse_report_file
from mixpanel_slack_report.settings import SETTINGS

ROOT = Path(__file__).parents[3]
README = ROOT / "packages" / "mixpanel-slack-report" / "README.md"
PAGE = ROOT / "docs/slack-report/report-file.md"
# As the tables of the report file are read: on top, in a metric, in its alert.
KEYS = (
    *("timezone", "week_start", "biweekly_anchor", "compare", "max_calls"),
    *("annotations", "skip", "holidays", "holiday_periods", "limit"),
    *("name", "kind", "event", "where", "property", "over", "of", "report_id", "as"),
    *("alert", "below", "above", "drop_percent", "rise_percent", "minimum", "mention"),
)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_is_explained(setting: object) -> None:
    """It has a line in the table."""
    rows = [row for row in README.read_text().splitlines() if row.startswith("|")]

    assert any(f"`{getattr(setting, 'name', '')}`" in row for row in rows)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_explained(name: str) -> None:
    """It has a line in the table."""
    rows = [row for row in README.read_text().splitlines() if row.startswith("|")]

    assert any(f"`mixpanel-slack-report {name}" in row for row in rows)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_of_a_command_has_help(name: str) -> None:
    """So that --help is enough."""
    command = group.get_command(click.Context(group), name)
    assert command is not None
    options = [one for one in command.params if one.param_type_name == "option"]

    assert [one.name for one in options if not getattr(one, "help", "")] == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("file", [README, PAGE], ids=["README", "page"])
def test_a_key_of_the_report_file_is_explained(file: Path, key: str) -> None:
    """In an example, or as code in a sentence."""
    assert re.search(rf"^{key} = |[{{ ,]{key} = |`{key}`", file.read_text(), re.M)


@pytest.mark.parametrize("kind", METRIC_KINDS)
@pytest.mark.parametrize("file", [README, PAGE], ids=["README", "page"])
def test_a_kind_of_metric_is_explained(file: Path, kind: str) -> None:
    """It has a line in the table."""
    rows = [row for row in file.read_text().splitlines() if row.startswith("|")]

    assert any(f"`{kind}`" in row for row in rows)


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_is_named(period: str) -> None:
    """Where the commands are explained."""
    assert f"`{period}`" in README.read_text()


@pytest.mark.parametrize("file", [README, PAGE], ids=["README", "page"])
def test_the_report_files_shown_are_read(file: Path) -> None:
    """They can be copied as they are."""
    toml = pytest.importorskip("tomllib", reason="Python 3.10 has no tomllib")
    pytest.importorskip("holidays", reason="needs the extra holidays")
    (shown,) = re.findall(r"```toml\n(.*?)```", file.read_text(), re.S)

    assert parse_report_file(toml.loads(shown), source=file.name).top_events == 5


def test_each_page_that_is_named_is_there() -> None:
    """A reader finds them in the repository."""
    named = set(re.findall(r"docs/[\w/-]+\.md", README.read_text()))

    assert {page for page in named if not (ROOT / page).is_file()} == set()
    assert len(named) >= 6
