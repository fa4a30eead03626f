"""Installations on a page: not run, but held to what can be installed."""

from __future__ import annotations

import re
import shlex
from importlib.metadata import PackageNotFoundError, metadata

VENV = re.compile(r"(?:\S*/)?python3? -m venv \S+$|(?:\.|source) \S+/activate$")
PIP = re.compile(r"(?:\S*/)?(?:python3? -m )?pip install (?P<arguments>[^|;&]+)")
REQUIREMENT = re.compile(
    r"(?P<name>[\w.-]+?)(?:\[(?P<extras>[\w,-]*)\])?(?:[<>=!~].*)?"
)


def is_installation(command: str) -> bool:
    """Tell whether a command makes an environment, or installs into it."""
    parts = command.split("&&")
    return any(VENV.match(part.strip()) or PIP.match(part.strip()) for part in parts)


def installation_problems(command: str) -> list[str]:
    """Say what a command installs that is not there, or has no such extra."""
    problems: list[str] = []
    for part in (part.strip() for part in command.split("&&")):
        if found := PIP.fullmatch(part):
            words = [w for w in shlex.split(found["arguments"]) if w[0] != "-"]
            problems += [each for word in words for each in requirement_problems(word)]
        elif not VENV.fullmatch(part):
            problems.append(f"{part!r} goes untested: give it a line of its own")
    return problems


def requirement_problems(requirement: str) -> list[str]:
    """Say what is wrong with one requirement."""
    found = REQUIREMENT.fullmatch(requirement)
    if found is None:
        return [f"{requirement!r} is no requirement"]
    try:
        declared = metadata(found["name"]).get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return [f"{found['name']} is not installed where the page is tested"]
    extras = [extra for extra in (found["extras"] or "").split(",") if extra]
    return [
        f"{found['name']} has no extra {extra!r}; it has {sorted(declared)}"
        for extra in extras
        if extra not in declared
    ]
