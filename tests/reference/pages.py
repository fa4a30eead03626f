"""Reads the pages of docs/reference: their headings, and the rows of their tables."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["REFERENCE", "anchors", "page", "rows", "section"]

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def page(name: str) -> str:
    """Return the text of a page."""
    return (REFERENCE / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    (level,) = re.findall(rf"^(#+) {re.escape(heading)}$", text, re.M)
    after = text.partition(f"\n{level} {heading}\n")[2]
    return re.split(rf"^#{{1,{len(level)}}} ", after, maxsplit=1, flags=re.M)[0]


def rows(text: str) -> list[list[str]]:
    r"""Return the cells of each row of all tables in a text, without their heads.

    >>> rows("| a | b |\n| --- | --- |\n| `x` | 1 \\| 2 |")
    [['`x`', '1 | 2']]
    """
    found: list[list[str]] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if not line.startswith("|") or line.startswith("| ---"):
            continue
        if below.startswith("| ---"):
            continue
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        found.append([cell.strip().replace(r"\|", "|") for cell in cells])
    return found


def anchors(text: str) -> list[str]:
    """Return the anchors that a page has, those of its headings left out."""
    return re.findall(r'<a id="([^"]+)"></a>', text)
