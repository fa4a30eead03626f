"""Whether the page, the tables, the tests and the sources go together."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from guarantees.breakages import Breakage, read_breakages
from guarantees.page import PAGE, Row, has_test, read_page

__all__ = ["problems"]


def problems(root: Path) -> list[str]:
    """List what does not go together, in a repository; nothing is run."""
    rows = read_page((root / PAGE).read_text("utf-8"))
    breakages = read_breakages(root)
    return [
        *problems_of_rows(root, rows, {breakage.row for breakage in breakages}),
        *problems_of_breakages(root, breakages, {row.name for row in rows}),
    ]


def problems_of_rows(root: Path, rows: list[Row], broken: set[str]) -> list[str]:
    """List what is wrong with the rows of the page."""
    found = [] if rows else [f"{PAGE} has no row"]
    times = Counter(row.name for row in rows)
    found += [f"{name} stands twice" for name, number in times.items() if number > 1]
    for row in rows:
        if not row.tests:
            found.append(f"{row.name} names no test")
        if row.name not in broken:
            found.append(f"{row.name} has no breakage")
        missing = [test for test in row.tests if not has_test(root, test)]
        found += [f"{row.name} names {test}, which is not there" for test in missing]
    return found


def problems_of_breakages(
    root: Path, breakages: list[Breakage], names: set[str]
) -> list[str]:
    """List what is wrong with the breakages."""
    found = []
    for breakage in breakages:
        what = f"{breakage.row} ({breakage.breaks})"
        if breakage.row not in names:
            found.append(f"{what}: the page has no such row")
        path = root / breakage.path
        if not path.is_file():
            found.append(f"{what}: there is no {breakage.path}")
            continue
        try:
            breakage.apply(path.read_text("utf-8"))
        except ValueError as error:
            found.append(f"{what}: {error}")
    return found
