"""The pages about mixpanel-slack-report that a reader can paste from, followed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.tutorials.pasted_page import Followed, follow

from mixpanel_slack_report.deploy.ready_folders import folder_files

PAGES = Path(__file__).parents[2] / "docs" / "slack-report"


def test_the_tutorial(tmp_path: Path) -> None:
    """A newcomer sees, chooses and posts a report, from an empty folder."""
    done = follow(PAGES / "tutorial.md", tmp_path)

    assert done == Followed(commands=21, files=3, installations=3)


def test_cron(tmp_path: Path) -> None:
    """The folder, the crontab and cron's own environment are as shown."""
    done = follow(PAGES / "cron.md", tmp_path)

    assert done == Followed(commands=11, installations=3)


def test_github_actions(tmp_path: Path) -> None:
    """The workflow has the schedule, secrets and variables of the page."""
    done = follow(PAGES / "github-actions.md", tmp_path)

    assert done == Followed(commands=4, installations=3)


def test_azure(tmp_path: Path) -> None:
    """The folder has the files and schedules of the page."""
    done = follow(PAGES / "azure.md", tmp_path)

    assert done == Followed(commands=3, installations=3)


def test_azure_has_the_commands_of_the_folder() -> None:
    """Each command that makes, fills, publishes and asks the app is in its README."""
    page = (PAGES / "azure.md").read_text("utf-8").split("## When do the timers")[0]
    shown = re.findall(r"```text\n(.*?)```", page, re.S)

    readme = folder_files("azure")["README.md"]

    assert len(shown) == 5
    assert [block for block in shown if block not in readme] == []
