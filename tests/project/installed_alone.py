"""Check one package that was installed from its wheel, with nothing else around.

Run as ``python -W error tests/project/installed_alone.py PACKAGE`` with the Python of
the environment that holds it. Uses the standard library alone, because the
environment has no test tools.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from importlib import import_module
from importlib.metadata import distribution, distributions, entry_points
from pathlib import Path

# What a package must not bring, because most of its users do not want it.
UNWANTED = {
    "mixpanel-schema": {"*"},
    "mixpanel-pyramid": {"slack-sdk", "duckdb", "celery", "click", "mixpanel-query"},
    "mixpanel-query": {"duckdb", "click", "rich", "slack-sdk", "pyramid", "mixpanel"},
    "mixpanel-slack-report": {"duckdb", "pyramid", "mixpanel", "uvicorn"},
}
# What importing a package's root must not load, because it costs every start.
UNLOADED = {
    "mixpanel-schema": {"json", "httpx", "importlib.metadata"},
    "mixpanel-pyramid": {"mixpanel", "requests", "httpx"},
    "mixpanel-query": {"duckdb", "httpx", "click", "rich"},
    "mixpanel-slack-report": {"duckdb", "httpx", "slack_sdk", "rich", "click"},
}
INSTALLERS = {"pip", "setuptools", "wheel"}


def normal(name: str) -> str:
    """Write a distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def brought(package: str) -> set[str]:
    """List what came with a package."""
    names = {normal(found.metadata["Name"]) for found in distributions()}
    return names - INSTALLERS - {package}


def faults(package: str) -> list[str]:
    """List what is wrong with a package's installation."""
    unwanted = UNWANTED[package]
    came = brought(package)
    found = [
        f"brings {name}"
        for name in sorted(came if "*" in unwanted else came & unwanted)
    ]
    before = set(sys.modules)
    import_module(package.replace("-", "_"))
    loaded = (set(sys.modules) - before) & UNLOADED[package]
    found += [f"loads {name} when imported" for name in sorted(loaded)]
    for script in entry_points(group="console_scripts"):
        if script.dist is not None and normal(script.dist.name) == package:
            found += command_faults(script.name)
    return found


def command_faults(name: str) -> list[str]:
    """Run a command's help; without its extra it has to say which one it needs."""
    command = Path(sys.executable).with_name(name)
    started = time.perf_counter()
    done = subprocess.run(  # a command that was just installed
        [command, "--help"], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    print(f"{name} --help: exit {done.returncode} after {seconds:.2f} s")
    if done.returncode == 0 and done.stdout.startswith("Usage:"):
        return []
    if done.returncode == 1 and "pip install" in done.stderr:
        return []
    return [f"{name} --help ends with {done.returncode}: {done.stderr[-300:]}"]


def main(package: str) -> int:
    """Print what came with a package, and its faults; tell whether there are none."""
    print(
        f"{package} {distribution(package).version} brings", *sorted(brought(package))
    )
    found = faults(package)
    print("\n".join(f"{package} {fault}" for fault in found) or "nothing is wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
