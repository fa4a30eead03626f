"""What the README points to is there; its examples are doctests."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "packages/mixpanel-schema/README.md").read_text("utf-8")


def test_the_pages_that_the_readme_names_are_there() -> None:
    """Each is a file or a folder of the repository."""
    named = re.findall(r"`((?:docs|examples)/[^`]+)`", README)

    assert len(named) > 6
    assert [name for name in named if not (ROOT / name).exists()] == []
