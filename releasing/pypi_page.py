"""What PyPI shows of a package: its README, which stands there without a repository."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["problems"]

FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"(?<!`)\]\(([^)\s]+)[^)]*\)")
WHOLE = re.compile(r"https?:|mailto:|#")
# https://packaging.python.org/en/latest/specifications/well-known-project-urls/
ADDRESSES = re.compile(r"^\[project\.urls\]\n+\S+ *= *\"https://", re.MULTILINE)


def problems(folder: Path) -> list[str]:
    """Say what readers of a package's page could not find from there.

    Args:
        folder: The package's folder.
    """
    text = FENCED.sub("", (folder / "README.md").read_text(encoding="utf-8"))
    found = [
        f"PyPI has nothing where README.md links to {target}; name it, or give its "
        "whole address"
        for target in dict.fromkeys(TARGET.findall(text))
        if not WHOLE.match(target)
    ]
    metadata = (folder / "pyproject.toml").read_text(encoding="utf-8")
    if not ADDRESSES.search(metadata):
        found.append(
            "PyPI would not say where the repository is; write its address into "
            "[project.urls] of pyproject.toml"
        )
    return found
