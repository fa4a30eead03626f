"""A copy of the sources in which mutmut works.

mutmut names a module by its path below the folder that it runs in, and knows of one
folder `src`. With four packages, each in a `src` of its own, the names that it gives to
mutants would never be those of the modules that tests import. So the copy has the four
packages side by side in one `src`, and mutmut's settings for one area.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from mutation.areas import Area

__all__ = ["MutantTree", "verdict"]

VARIABLES = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "",  # or each run compiles the tests again
}
# Looking for plugins, of which these tests need none, costs more than most of them.
# So does looking for garbage after each run; and mixpanel is loaded once for all.
PYTEST = ["-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "mixpanel"]
# Seconds that all tests of an area may take without a mutant; the longest take some 30.
LIMIT = 300


class MutantTree:
    """One area's copy.

    Args:
        root: The repository.
        folder: Where the copy is made; what was there is removed.
        area: What is mutated.
    """

    def __init__(self, root: Path, folder: Path, area: Area) -> None:
        self.folder, self.area = folder, area
        shutil.rmtree(folder, ignore_errors=True)
        for source in sorted(root.glob("packages/*/src")):
            shutil.copytree(source, folder / "src", dirs_exist_ok=True)
        shutil.copytree(root / "tests", folder / "tests")
        settings = (root / "pyproject.toml").read_text() + mutmut_settings(area)
        (folder / "pyproject.toml").write_text(settings)

    def run(self) -> None:
        """Run the tests against each mutant, in as many processes as there are cores.

        Raises:
            CalledProcessError: If they fail without one, or mutmut cannot work.
        """
        self.mutmut("run", "--max-children", str(os.cpu_count() or 1))

    def run_again(self, names: Iterable[str]) -> dict[str, str]:
        """Run mutants alone, each with several times what the tests take without one.

        Returns:
            What became of each, in mutmut's words.

        Raises:
            RuntimeError: If the tests fail without a mutant.
        """
        start = time.monotonic()
        if self.run_alone("") != "survived":
            raise RuntimeError(f"the tests of {self.area.name} fail without a mutant")
        limit = 20 + 5 * (time.monotonic() - start)
        return {name: self.run_alone(name, limit) for name in names}

    def run_alone(self, name: str, limit: float = LIMIT) -> str:
        """Run all tests of the area against one mutant, in a process without mutmut.

        Args:
            name: Of the mutant; empty for none.
            limit: Seconds that they may take.

        Returns:
            What became of it, in mutmut's words.
        """
        sources = str(self.folder.resolve() / "mutants" / "src")
        places = [sources, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            "MUTANT_UNDER_TEST": name,
            "PYTHONPATH": os.pathsep.join(places),
        }
        pytest = [sys.executable, "-m", "pytest", "-x", "-q"]
        try:
            done = subprocess.run(
                [*pytest, *options(self.area), *self.area.tests],
                cwd=self.folder / "mutants",
                env={**os.environ, **VARIABLES, **environment},
                stdout=subprocess.DEVNULL,
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "timeout"
        return verdict(done.returncode)

    def results(self) -> dict[str, str]:
        """Give what became of each mutant, in mutmut's words."""
        lines = self.mutmut("results", "--all", "true", is_shown=False).splitlines()
        pairs = (line.strip().rpartition(": ") for line in lines if "__mutmut_" in line)
        return {name: status for name, _, status in pairs}

    def difference(self, name: str) -> list[str]:
        """Give what a mutant changes: lines that begin with ``-`` or ``+``."""
        lines = self.mutmut("show", name, is_shown=False).splitlines()
        return [
            line
            for line in lines
            if line[:1] in {"-", "+"} and line[:3] not in {"---", "+++"}
        ]

    def mutmut(self, *arguments: str, is_shown: bool = True) -> str:
        """Run mutmut in the copy, and give what it prints unless that is shown."""
        program = Path(sys.executable).with_name("mutmut")
        done = subprocess.run(
            [str(program), *arguments],
            cwd=self.folder,
            env={**os.environ, **VARIABLES},
            stdout=None if is_shown else subprocess.PIPE,
            check=True,
            text=True,
        )
        return done.stdout or ""


def verdict(code: int) -> str:
    """Say what pytest's exit code tells of a mutant, in mutmut's words.

    >>> verdict(0), verdict(1), verdict(-11), verdict(4)
    ('survived', 'killed', 'segfault', 'suspicious')
    """
    # https://docs.pytest.org/en/stable/reference/exit-codes.html; any other code says
    # that the tests could not be run, and so nothing of the mutant.
    if code < 0:
        return "segfault"
    return {0: "survived", 1: "killed"}.get(code, "suspicious")


def options(area: Area) -> list[str]:
    """List what pytest is told besides the tests."""
    return [*PYTEST, *(["-k", area.keywords] if area.keywords else [])]


def mutmut_settings(area: Area) -> str:
    """Write the settings of mutmut, whose arrays of text are those of JSON."""
    files = [f"src/{module.replace('.', '/')}.py" for module in area.modules]
    settings = {
        "source_paths": ["src"],
        "only_mutate": files,
        "pytest_add_cli_args": options(area),
        "pytest_add_cli_args_test_selection": list(area.tests),
        "process_isolation": "forkserver",
        # A busy machine gives little time; what hangs is run again alone.
        "timeout_multiplier": 4.0,
        "timeout_constant": 20.0,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    return "\n".join(["\n[tool.mutmut]", *lines, "use_git_change_detection = false\n"])
