"""What a package's changelog says about the release at its top."""

from __future__ import annotations

import re
from dataclasses import dataclass

from releasing.versions import Change, Version

__all__ = ["Section", "newest_section", "problem_of"]

HEADING = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
# The headings of Keep a Changelog, https://keepachangelog.com/en/1.1.0/.
CHANGES = {
    "Added": Change.FEATURE,
    "Changed": Change.FEATURE,
    "Deprecated": Change.FEATURE,
    "Removed": Change.BREAK,
    "Fixed": Change.FIX,
    "Security": Change.FIX,
}


@dataclass(frozen=True)
class Section:
    """The newest section of a changelog: its heading and what stands below it."""

    title: str
    text: str

    @property
    def change(self) -> Change:
        """What the section says that callers have to expect."""
        if re.search(r"^[*-] \**Breaking\b", self.text, re.MULTILINE | re.IGNORECASE):
            return Change.BREAK
        named = re.findall(r"^### (\w+)", self.text, re.MULTILINE)
        return max(
            (CHANGES.get(name, Change.FEATURE) for name in named), default=Change.FIX
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is described in it."""
        return not re.search(r"^[*-] \S", self.text, re.MULTILINE)


def newest_section(text: str) -> Section | None:
    """Read a changelog's first section; None if there is none."""
    headings = list(HEADING.finditer(text))
    if not headings:
        return None
    end = headings[1].start() if len(headings) > 1 else len(text)
    return Section(headings[0]["title"].strip(), text[headings[0].end() : end])


def problem_of(section: Section | None, version: Version) -> str | None:
    """Say in one line why the changelog does not describe a release."""
    if section is None:
        return f"the changelog has no section; write '## {version} - YYYY-MM-DD'"
    dated = rf"{re.escape(str(version))} - \d{{4}}-\d{{2}}-\d{{2}}"
    if not re.fullmatch(dated, section.title):
        wanted = f"'## {version} - YYYY-MM-DD'"
        return f"the changelog begins with '## {section.title}'; make it {wanted}"
    if section.is_empty:
        return f"the changelog says nothing below '## {section.title}'"
    return None
