"""What a results file says of where it was made: machine, load, versions."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path

from benchmarks.measuring import ROOT, Given

__all__ = ["kind", "load", "machine", "now", "says", "versions"]

OURS = (
    "mixpanel-schema",
    "mixpanel-pyramid",
    "mixpanel-query",
    "mixpanel-slack-report",
)
# Beside ours, what they stand on and what is measured without a name.
WITH_OURS = ("pyramid", "mixpanel", "httpx", "duckdb", "slack_sdk", "click", "msgspec")
PEERS = {
    "pyramid": ("pyramid_mixpanel", "pyramid", "mixpanel", "customerio"),
    "clients": ("mixpanel", "posthog", "segment-analytics-python"),
    "readers": ("mixpanel-headless", "mixpanel-utils", "mixpanel-jql"),
}
LIST = """\
import importlib.metadata as m, sys
for name in sys.argv[1:]:
    try:
        print(name, m.version(name))
    except m.PackageNotFoundError:
        print(name, "-")
"""


def now() -> str:
    """Give the time, to the second, in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def kind() -> str:
    """Name the kind of machine and Python, as in the name of a results file."""
    python = ".".join(map(str, sys.version_info[:2]))
    machine_name = f"{platform.system()}-{platform.machine()}".lower()
    return f"python{python}-{machine_name}-{cores()}-cores"


def load() -> str:
    """Give the load averages of 1, 5 and 15 minutes, where there are any."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def says(before: str) -> str:
    """Say what a load before the run means."""
    first = before.split()[0]
    if first == "unknown":
        return "nothing is known of what else ran"
    is_quiet = float(first) < cores() / 2
    return "little else ran" if is_quiet else "**other work ran at the same time**"


def machine() -> dict[str, str]:
    """Say what processor and system this is."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text().splitlines()
        names = [line.partition(":")[2] for line in lines if "model name" in line]
        model = names[0].strip() if names else model
    return {
        "processor": model,
        "cores": str(cores()),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def versions(given: Given) -> dict[str, dict[str, str]]:
    """List versions: of ours, of what comes with them, and of peers by environment."""
    found = {"ours": {"commit": commit(), **installed(OURS + WITH_OURS)}}
    for environment, names in PEERS.items():
        python = given.pythons.get(environment)
        found[environment] = listed(python, names) if python else {}
    return found


def installed(names: tuple[str, ...]) -> dict[str, str]:
    """List versions in this environment."""
    known = {name.metadata["Name"] for name in metadata.distributions()}
    return {name: metadata.version(name) for name in names if name in known}


def listed(python: str, names: tuple[str, ...]) -> dict[str, str]:
    """List versions in another environment; a dash is one that is not there."""
    command = [python, "-c", LIST, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return dict(line.split() for line in done.stdout.splitlines())


def commit() -> str:
    """Give what is measured, as git names it."""
    command = ("git", "describe", "--always", "--dirty", "--tags")
    done = subprocess.run(  # the contributor's git
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
