"""The pages about mixpanel-pyramid work when they are pasted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tutorials.pasted_page import follow

DOCS = Path(__file__).parents[2] / "docs" / "pyramid"


PAGES = [
    "consumers",
    "customerio",
    "deferral",
    "surviving-an-outage",
    "testing-your-app",
    "tracking",
    "tutorial",
]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_works_when_pasted(name: str, tmp_path: Path) -> None:
    """Each command prints what the page shows."""
    assert follow(DOCS / f"{name}.md", tmp_path).commands > 0
