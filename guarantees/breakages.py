"""Breakages: small changes of the sources, each of which breaks one promise."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

# tomllib is in the standard library from Python 3.11; tomli is the same before.
toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

__all__ = ["TABLES", "Breakage", "read_breakages"]

TABLES = "guarantees/tables"
# What a test raises that looked, and did not find what it looked for.
ASSERTIONS = ("AssertionError", "Failed")
KEYS = {"row", "breaks", "file", "old", "new", "raises"}


@dataclass(frozen=True)
class Breakage:
    """A change of one file.

    Attributes:
        row: The id of the promise that it breaks.
        breaks: What is wrong then, in a few words.
        file: The file, as it is imported: ``mixpanel_query/export.py``.
        old: The text that is replaced; it stands once in the file.
        new: The text in its place.
        raises: What the tests may raise beside assertions, as the promise is that
            nothing does.
    """

    row: str
    breaks: str
    file: str
    old: str
    new: str
    raises: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where the file is, from the root of the repository."""
        package = self.file.partition("/")[0].replace("_", "-")
        return f"packages/{package}/src/{self.file}"

    @property
    def kinds(self) -> set[str]:
        """The exceptions by which a test may say that the promise is broken."""
        return {*ASSERTIONS, *self.raises}

    def apply(self, text: str) -> str:
        """Give a file's text with the change.

        Raises:
            ValueError: If the old text does not stand in it exactly once, or what
                comes out is no Python.
        """
        number = text.count(self.old)
        if number != 1:
            raise ValueError(f"the old text stands {number} times in {self.file}")
        if self.old == self.new:
            raise ValueError("the new text is the old one")
        broken = text.replace(self.old, self.new)
        try:
            compile(broken, self.file, "exec")
        except SyntaxError as error:
            raise ValueError(f"what comes out is no Python: {error}") from error
        return broken


def read_breakages(root: Path) -> list[Breakage]:
    """Read the breakages of all tables below a repository's root.

    Raises:
        ValueError: If a table cannot be read.
    """
    breakages = []
    for path in sorted((root / TABLES).glob("*.toml")):
        for entry in toml.loads(path.read_text("utf-8")).get("breakage", []):
            if unknown := set(entry) - KEYS:
                raise ValueError(f"{path.name} has keys nobody reads: {unknown}")
            entry["raises"] = tuple(entry.get("raises", ()))
            breakages.append(Breakage(**entry))
    return breakages
