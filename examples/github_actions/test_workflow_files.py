"""What holds of both workflows: their form, their times, what they install."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml", reason="needs examples/requirements.txt")
pytest.importorskip("check_jsonschema", reason="needs examples/requirements.txt")

FOLDER = Path(__file__).parent
WORKFLOWS = sorted((FOLDER / ".github" / "workflows").glob("*.yml"))
WHEN = re.compile(r"^\| `([\w-]+\.yml)` \| (.*?) \|", re.MULTILINE)
TRIGGERS = {"workflow_dispatch": "by hand", "pull_request": "on pull requests"}


def test_workflows_fit_the_schema_of_workflows() -> None:
    """GitHub would not read another; the schema comes with the checker."""
    check = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]

    done = subprocess.run(  # noqa: S603 - a checker of the tests
        [sys.executable, *check, *map(str, WORKFLOWS)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert len(WORKFLOWS) == 2


def test_the_readme_says_when_workflows_run() -> None:
    """Its table has each file with its cron lines and other triggers."""
    said = dict(WHEN.findall((FOLDER / "README.md").read_text("utf-8")))

    found = {}
    for path in WORKFLOWS:
        on = yaml.safe_load(path.read_text("utf-8"))[True]  # YAML 1.1: on is true
        times = [f"`{line['cron']}`" for line in on.get("schedule", [])]
        others = [TRIGGERS[name] for name in on if name != "schedule"]
        found[path.name] = ", and ".join([*times, *others])
    assert said == found
    assert len(found) == 2


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_installs_this_release(path: Path) -> None:
    """What is published is what was tried."""
    ((package, asked),) = re.findall(
        r'pip install "([\w-]+)\[\w+\]~=(.+)"', path.read_text("utf-8")
    )

    assert version(package) == asked
