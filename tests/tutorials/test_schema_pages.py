"""The pages about mixpanel-schema work when they are pasted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tutorials.pasted_page import follow

from mixpanel_schema.naming import RULES

DOCS = Path(__file__).parents[2] / "docs" / "schema"


PAGES = ["export-the-plan", "naming-events", "other-frameworks", "tutorial"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_works_when_pasted(name: str, tmp_path: Path) -> None:
    """Each command prints what the page shows."""
    assert follow(DOCS / f"{name}.md", tmp_path).commands > 0


def test_no_page_is_forgotten() -> None:
    """A new page is followed too."""
    assert sorted(path.stem for path in DOCS.glob("*.md")) == PAGES


def test_the_page_about_names_has_every_rule() -> None:
    """Each with the words of the code."""
    lines = (DOCS / "naming-events.md").read_text("utf-8").splitlines()

    assert [line for line in lines if line.startswith("| `")] == [
        f"| `{rule}` | {says} |" for rule, says in RULES.items()
    ]
