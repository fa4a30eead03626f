"""The rows of docs/guarantees.md: what is promised, and which tests show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGE", "Row", "has_test", "read_page"]

PAGE = "docs/guarantees.md"
ROW = re.compile(r"^\| (?P<name>[A-Z]\d+) \|(?P<cells>.*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[^`\s]+\.py::test_\w+)`")


@dataclass(frozen=True)
class Row:
    """One promise.

    Attributes:
        name: Its id, such as ``D3``.
        promise: What is promised.
        tests: Which tests show it, as pytest names them.
        limits: Where it ends.
    """

    name: str
    promise: str
    tests: tuple[str, ...]
    limits: str


def read_page(text: str) -> list[Row]:
    """Read the rows of the page, in their order.

    Raises:
        ValueError: If a row has other cells than it should have.
    """
    rows = []
    for found in ROW.finditer(text):
        cells = [cell.strip() for cell in found["cells"].split("|")]
        if len(cells) != 3 or not all(cells):
            raise ValueError(
                f"row {found['name']} has {len(cells)} cells after its id; "
                "write promise, tests and limits, none of them empty"
            )
        promise, tests, limits = cells
        rows.append(Row(found["name"], promise, tuple(TEST.findall(tests)), limits))
    return rows


def has_test(root: Path, test: str) -> bool:
    """Tell whether a test is there."""
    file, _, name = test.partition("::")
    path = root / file
    if not path.is_file():
        return False
    found = re.search(rf"^(async )?def {name}\(", path.read_text("utf-8"), re.MULTILINE)
    return found is not None
