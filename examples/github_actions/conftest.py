"""Runs the steps of a workflow in a copy of this repository, as a runner does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
# https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
SHELLS = {
    None: ["bash", "-e"],
    "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
}
EXPRESSION = re.compile(r"\$\{\{ (\w+)\.(\w+)(?: \|\| '(.*?)')? \}\}")
PROGRAMS = {
    # The packages are there already; what is asked for is kept.
    "pip": 'echo "$@" >>"$ASKED_OF_PIP"',
    # So that a Monday can be any day; what it is asked is which weekday it is.
    "date": 'test "$*" = "-u +%u" && echo "$WEEKDAY"',
}


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of programs that stand before those of the machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, line in PROGRAMS.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of this folder, without its tests."""
    folder = tmp_path / "repository"
    ignored = shutil.ignore_patterns("__pycache__", "conftest.py", "test_*")
    shutil.copytree(FOLDER, folder, ignore=ignored)
    return folder


@pytest.fixture
def run_steps(
    programs: Path, repository: Path, tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the ``run:`` steps of a workflow in order, up to one that fails.

    It takes the name of the file, the contexts of expressions, and variables of the
    runner; it gives the last step that was run.
    """

    def run(
        name: str, contexts: Mapping[str, Mapping[str, str]], **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the only job of a workflow."""
        workflow = read_workflow(repository / ".github" / "workflows" / name)
        (job,) = workflow["jobs"].values()
        shell = workflow.get("defaults", {}).get("run", {}).get("shell")
        path = os.pathsep.join([str(programs), str(Path(sys.executable).parent)])
        environ = {
            **os.environ,
            "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
            "ASKED_OF_PIP": str(tmp_path / "asked-of-pip"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            **{key: evaluated(text, contexts) for key, text in job["env"].items()},
            **variables,
        }
        for step in job["steps"]:
            if "run" in step:
                script = tmp_path / "step.sh"
                script.write_text(step["run"])
                done = subprocess.run(  # noqa: S603 - this repository's own
                    [*SHELLS[shell], str(script)],
                    cwd=repository,
                    env=environ,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                if done.returncode:
                    break
        return done

    return run


def read_workflow(path: Path) -> dict[Any, Any]:
    """Read a workflow; the key ``on`` is true in YAML 1.1."""
    yaml = pytest.importorskip("yaml", reason="needs examples/requirements.txt")
    workflow: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    workflow["on"] = workflow.pop(True)
    return workflow


def evaluated(text: str, contexts: Mapping[str, Mapping[str, str]]) -> str:
    """Fill in expressions such as ``${{ vars.TIMEZONE || 'UTC' }}``."""

    def value(found: re.Match[str]) -> str:
        context, name, default = found.groups()
        return contexts.get(context, {}).get(name) or default or ""

    filled = EXPRESSION.sub(value, text)
    assert "${{" not in filled
    return filled
