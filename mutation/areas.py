"""The areas of `areas.toml`: what is mutated, and which tests belong to it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

__all__ = ["Area", "chosen", "read_areas"]


# It is in the standard library from Python 3.11; tomli is the same before.
TOML = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


@dataclass(frozen=True)
class Area:
    """Files that decide one kind of thing, and their tests.

    Attributes:
        name: What is decided.
        modules: Their dotted names.
        tests: Files and folders of tests.
        keywords: Which of them, as pytest's ``-k`` takes it; empty for all.
    """

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    keywords: str = ""


def read_areas(path: Path) -> list[Area]:
    """Read the areas of a file, in its order."""
    return [
        Area(
            name,
            tuple(table["modules"]),
            tuple(table["tests"]),
            table.get("keywords", ""),
        )
        for name, table in TOML.loads(path.read_text()).items()
    ]


def chosen(areas: Iterable[Area], globs: Iterable[str]) -> list[Area]:
    """Choose areas by name, or some of their modules; without globs, everything.

    >>> area = Area("days", ("shop.window", "shop.calendar"), ("tests",))
    >>> chosen([area], ["*window"])[0].modules
    ('shop.window',)
    """
    wanted = list(globs)
    found = []
    for area in areas:
        modules = area.modules
        if wanted and not any(fnmatch(area.name, glob) for glob in wanted):
            modules = tuple(
                module
                for module in modules
                if any(fnmatch(module, glob) for glob in wanted)
            )
        if modules:
            found.append(Area(area.name, modules, area.tests, area.keywords))
    return found
