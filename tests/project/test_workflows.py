"""What no workflow of the repository does, nor one that it hands to others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml", reason="needs examples/requirements.txt")

ROOT = Path(__file__).parents[2]
TEMPLATES = (
    "packages/mixpanel-slack-report/src/mixpanel_slack_report/deploy/templates/github"
)
WORKFLOWS = [
    *sorted(ROOT.glob(".github/workflows/*.yml")),
    *sorted(ROOT.glob("examples/*/.github/workflows/*.yml")),
    *sorted(ROOT.glob(f"{TEMPLATES}/*.yml.txt")),
]
COMMIT = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")

all_workflows = pytest.mark.parametrize(
    "path", WORKFLOWS, ids=[str(path.relative_to(ROOT)) for path in WORKFLOWS]
)


def jobs_of(path: Path) -> Iterator[tuple[dict[str, object], list[dict[str, object]]]]:
    """Give what each job may do, and its steps."""
    workflow = yaml.safe_load(path.read_text("utf-8"))
    for job in workflow["jobs"].values():
        yield job.get("permissions", workflow["permissions"]), job["steps"]


def test_the_workflows_are_found() -> None:
    """Four of the repository, two of the example, and what `init github` writes."""
    assert len(WORKFLOWS) == 7


@all_workflows
def test_no_text_is_pasted_into_a_script(path: Path) -> None:
    """The name of a branch or a tag may be a command; it travels as a variable.

    https://docs.github.com/actions/reference/security/secure-use
    """
    scripts = [step.get("run", "") for _, steps in jobs_of(path) for step in steps]

    assert any(scripts)
    assert [script for script in scripts if "${{" in str(script)] == []


@all_workflows
def test_nothing_of_a_stranger_runs_with_rights(path: Path) -> None:
    """A pull request's code runs with read access, and without secrets."""
    workflow = yaml.safe_load(path.read_text("utf-8"))

    assert "pull_request_target" not in workflow[True]  # YAML 1.1: on is true
    assert "workflow_run" not in workflow[True]
    assert workflow["permissions"] == {"contents": "read"}


@all_workflows
def test_no_checkout_leaves_its_credentials_behind(path: Path) -> None:
    """Whatever is installed and run later could read them."""
    for _, steps in jobs_of(path):
        for step in steps:
            if str(step.get("uses", "")).startswith("actions/checkout@"):
                options = step.get("with", {})
                assert isinstance(options, dict)
                assert options.get("persist-credentials") is False


@all_workflows
def test_who_may_write_uses_commits(path: Path) -> None:
    """A tag or a branch of an action can be moved to other code by its owner."""
    for rights, steps in jobs_of(path):
        if "write" in rights.values():
            used = [str(step["uses"]) for step in steps if "uses" in step]
            assert [action for action in used if not COMMIT.fullmatch(action)] == []
