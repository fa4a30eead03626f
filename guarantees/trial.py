"""Trials: some tests, run in a copy of the tree whose sources may be broken."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guarantees import nursery, outcomes
from guarantees.breakages import Breakage

__all__ = ["Tree", "Trial"]

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__")

HERE = Path(__file__).parents[1]  # where the process finds this package


@dataclass
class Trial:
    """How tests ended.

    Attributes:
        passed: The tests of which every case passed.
        failed: The exceptions by which cases of the others failed, by test.
        errors: What else went wrong: in a fixture, or before any test.
        words: The last words of pytest.
    """

    passed: set[str] = field(default_factory=set)
    failed: dict[str, set[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    words: str = ""


class Tree:
    """A copy of the repository, in which sources are broken one at a time.

    Args:
        root: The repository.
        folder: Where the copy is made.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        self.outcomes = folder.with_suffix(".outcomes")
        self.output = folder.with_suffix(".output")
        self.process: subprocess.Popen[str] | None = None
        self.changes = 0
        shutil.copytree(root, folder, ignore=LEFT_OUT)

    @contextmanager
    def broken(self, breakage: Breakage) -> Iterator[None]:
        """Break one file for as long as the block lasts."""
        path = self.folder / breakage.path
        text = path.read_text("utf-8")
        self.write(path, breakage.apply(text))
        try:
            yield
        finally:
            self.write(path, text)

    def write(self, path: Path, text: str) -> None:
        """Write a source, with a time of its own: Python compares it with its cache."""
        path.write_text(text, "utf-8")
        self.changes += 1
        moment = path.stat().st_mtime + self.changes
        os.utime(path, (moment, moment))

    def start(self) -> subprocess.Popen[str]:
        """Start the process that runs pytest with the copy's own sources."""
        sources = sorted(map(str, self.folder.glob("packages/*/src")))
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([*sources, str(HERE)]),
            outcomes.FILE: str(self.outcomes),
            nursery.OUTPUT: str(self.output),
        }
        return subprocess.Popen(
            [sys.executable, "-m", nursery.__name__],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, tests: Iterable[str]) -> Trial:
        """Run tests in the copy."""
        self.outcomes.unlink(missing_ok=True)
        if self.process is None:
            self.process = self.start()
        command = ["-q", "-p", "no:cacheprovider", "-p", outcomes.__name__]
        command += ["--assert=plain", "--tb=line", *tests]
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(command) + "\n")
        stdin.flush()
        code = json.loads(stdout.readline())
        if code is None:
            return Trial(errors=[f"no end after {nursery.LONGEST:.0f} seconds"])
        trial = self.read_outcomes()
        trial.words = self.output.read_text("utf-8", "replace")[-3000:]
        if code not in {0, 1}:
            trial.errors.append(f"pytest ended with {code}")
        return trial

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate()
            self.process = None

    def read_outcomes(self) -> Trial:
        """Read what the plugin noted."""
        trial, seen = Trial(), set()
        text = self.outcomes.read_text("utf-8") if self.outcomes.exists() else ""
        for line in map(json.loads, text.splitlines()):
            test, step, outcome = line["test"], line["step"], line["outcome"]
            if step == "call":
                seen.add(test)
            if outcome == "failed" and step == "call":
                trial.failed.setdefault(test, set()).add(line["kind"])
            elif outcome == "failed" and test not in trial.failed:
                trial.errors.append(f"{line['kind']} in the {step} of {test}")
            elif outcome == "skipped":
                trial.errors.append(f"{test} was skipped")
        trial.passed = seen - set(trial.failed)
        return trial
