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
from pathlib import Path

from mutation.areas import Area

__all__ = ["MutantTree"]

VARIABLES = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "",  # or each run compiles the tests again
}
# Looking for plugins, of which these tests need none, costs more than most of them.
# So does looking for garbage after each run; and mixpanel is loaded once for all.
PYTEST = ["-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "mixpanel"]


class MutantTree:
    """One area's copy.

    Args:
        root: The repository.
        folder: Where the copy is made; what was there is removed.
        area: What is mutated.
    """

    def __init__(self, root: Path, folder: Path, area: Area) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        for source in sorted(root.glob("packages/*/src")):
            shutil.copytree(source, folder / "src", dirs_exist_ok=True)
        shutil.copytree(root / "tests", folder / "tests")
        settings = (root / "pyproject.toml").read_text() + mutmut_settings(area)
        (folder / "pyproject.toml").write_text(settings)

    def run(self, *names: str, processes: int = os.cpu_count() or 1) -> None:
        """Run the tests against each mutant, or against those that are named.

        Raises:
            CalledProcessError: If they fail without one, or mutmut cannot work.
        """
        self.mutmut("run", "--max-children", str(processes), *names)

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


def mutmut_settings(area: Area) -> str:
    """Write the settings of mutmut, whose arrays of text are those of JSON."""
    files = [f"src/{module.replace('.', '/')}.py" for module in area.modules]
    left_out = ["-k", area.keywords] if area.keywords else []
    settings = {
        "source_paths": ["src"],
        "only_mutate": files,
        "pytest_add_cli_args": [*PYTEST, *left_out],
        "pytest_add_cli_args_test_selection": list(area.tests),
        "process_isolation": "forkserver",
        # What hangs is run twice; several times what its tests take is long enough.
        "timeout_multiplier": 4.0,
        "timeout_constant": 4.0,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    return "\n".join(["\n[tool.mutmut]", *lines, "use_git_change_detection = false\n"])
