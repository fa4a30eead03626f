"""Which version comes after which, by what a release changes for callers."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

__all__ = ["Change", "Version", "least_next", "problem_of", "read_version"]


class Change(IntEnum):
    """What a release changes for callers; a larger one outweighs a smaller one."""

    FIX = 0
    FEATURE = 1
    BREAK = 2


class Version(NamedTuple):
    """MAJOR.MINOR.PATCH, which compares as its numbers do."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """Write the version as it stands in pyproject.toml."""
        return ".".join(map(str, self))


def read_version(text: str) -> Version:
    """Read MAJOR.MINOR.PATCH.

    Raises:
        ValueError: If it is anything else, a release candidate too.
    """
    parts = re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", text, re.ASCII)
    if parts is None:
        raise ValueError(f"version {text!r} is not MAJOR.MINOR.PATCH")
    return Version(*map(int, parts.groups()))


def steps(last: Version) -> list[Version]:
    """List the versions that may follow: the next patch, minor and major one."""
    return [
        Version(last.major, last.minor, last.patch + 1),
        Version(last.major, last.minor + 1, 0),
        Version(last.major + 1, 0, 0),
    ]


def least_next(last: Version, change: Change) -> Version:
    """Give the lowest version that a change may have.

    Below 1.0 a break raises the minor version, and everything else the patch: the
    ranges that siblings declare, such as ``>=0.1,<0.2``, end where callers break.
    """
    patch, minor, major = steps(last)
    if last.major == 0:
        return minor if change is Change.BREAK else patch
    return {Change.FIX: patch, Change.FEATURE: minor, Change.BREAK: major}[change]


def problem_of(version: Version, last: Version | None, change: Change) -> str | None:
    """Say in one line why a version cannot follow the last one; None if it can."""
    if last is None:
        return None
    least = least_next(last, change)
    asks = f"what changed since {last} is a {change.name.lower()}, and asks for {least}"
    if version <= last:
        return f"version {version} is not above {last}, the last release; {asks}"
    if version < least:
        return f"version {version} is too low: {asks}"
    if version not in steps(last):
        allowed = ", ".join(str(step) for step in steps(last) if step >= least)
        return f"version {version} leaves out others: after {last} come {allowed}"
    return None
