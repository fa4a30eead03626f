"""The pages that READMEs lead to are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = ["mixpanel-query", "mixpanel-slack-report"]


def test_each_link_of_the_first_page_leads_somewhere() -> None:
    """The README of the repository links to files of the repository."""
    text = (ROOT / "README.md").read_text("utf-8")
    linked = [
        target for target in re.findall(r"\]\(([^)#]+)", text) if ":" not in target
    ]

    assert len(linked) > 20
    assert [target for target in linked if not (ROOT / target).is_file()] == []


@pytest.mark.parametrize("package", READMES)
def test_each_page_of_a_package_is_named(package: str) -> None:
    """Its README names the pages of its folder, all of them, and no others."""
    topic = package.removeprefix("mixpanel-")
    text = (ROOT / "packages" / package / "README.md").read_text("utf-8")
    named = set(re.findall(rf"docs/{topic}/[\w-]+\.md", text))
    there = {
        f"docs/{topic}/{path.name}" for path in (ROOT / "docs" / topic).glob("*.md")
    }

    assert named == there


@pytest.mark.parametrize("package", READMES)
def test_no_link_of_a_readme_leaves_its_package(package: str) -> None:
    """On PyPI a link works if it is a whole address, or a file beside the README."""
    text = (ROOT / "packages" / package / "README.md").read_text("utf-8")
    linked = re.findall(r"\]\(([^)]+)\)", text)

    assert [
        target
        for target in linked
        if not target.startswith(("https://", "#"))
        and not (ROOT / "packages" / package / target).is_file()
    ] == []
    assert not any(target.startswith("..") for target in linked)
