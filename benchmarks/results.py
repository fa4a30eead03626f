"""Results files, and the page that shows the newest of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT
from benchmarks.rows import Row, row_of
from benchmarks.table import table

__all__ = ["FOLDER", "PAGE", "newest", "page_with", "written_out"]

FOLDER = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- results begin -->", "<!-- results end -->"


def areas_of(document: dict[str, Any]) -> list[tuple[str, list[Row]]]:
    """Read the rows of a results file."""
    return [
        (area["area"], [row_of(row) for row in area["rows"]])
        for area in document["areas"]
    ]


def written_out(document: dict[str, Any]) -> str:
    """Write a results file as Markdown: where it was made, and the table."""
    machine, load = document["machine"], document["load"]
    ours = document["versions"]["ours"]
    packages = [f"{name} {version}" for name, version in ours.items()]
    lines = [
        f"Measured on {document['taken'].replace('T', ' ')}, in "
        f"{document['minutes']:.0f} minutes, on {machine['processor']} with "
        f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}.",
        f"Load averages: {load['before']} before, {load['after']} after; "
        f"{load['says']}.",
        f"With ours: {', '.join(packages)}.",
    ]
    for environment, found in document["versions"].items():
        if environment != "ours" and found:
            peers = ", ".join(f"{name} {version}" for name, version in found.items())
            lines.append(f"Peers, environment `{environment}`: {peers}.")
    if document["is_quick"]:
        text = (
            "**A short run: it shows which rows there are, and its figures nothing.**"
        )
        lines = [text, *lines]
    return "\n".join([*lines, "", table(areas_of(document)), ""])


def newest(folder: Path = FOLDER) -> dict[str, Any]:
    """Read the results that were taken last; short runs count only by themselves.

    Raises:
        FileNotFoundError: If there are none.
    """
    documents = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
    if not documents:
        raise FileNotFoundError(f"{folder} has no results; run: nox -s bench")
    return max(documents, key=lambda found: (not found["is_quick"], found["taken"]))


def page_with(page: str, document: dict[str, Any]) -> str:
    """Give a page that shows these results between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{written_out(document)}\n{END}{after}"
