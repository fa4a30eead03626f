"""Whatever the documentation tells to install can be installed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.tutorials.installations import requirement_problems

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted(ROOT.glob("packages/*/README.md")),
    *sorted(ROOT.glob("examples/*/README.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
]


def own_requirements(page: Path) -> list[str]:
    """List what a page installs of this repository."""
    told = re.findall(r"pip install ([^`\n]+)", page.read_text("utf-8"))
    words = [word for text in told for word in shlex.split(text.split("&&")[0])]
    return [word for word in words if word.startswith("mixpanel-")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_extras_are_there(page: Path) -> None:
    """Each package and each extra that is named is declared."""
    problems = [
        each for word in own_requirements(page) for each in requirement_problems(word)
    ]

    assert problems == []


def test_installations_are_found() -> None:
    """In many places: the check above is not idle."""
    found = [word for page in PAGES for word in own_requirements(page)]

    assert len(found) > 30
    assert "mixpanel-query[cli,local]" in found


@pytest.mark.parametrize(
    ("requirement", "problems"),
    [
        ("mixpanel-query[cli,local]>=0.1", []),
        ("mixpanel-schema", []),
        (
            "mixpanel-schema[fast]",
            ["mixpanel-schema has no extra 'fast'; it has ['cli']"],
        ),
        ("mixpanel-sql", ["mixpanel-sql is not installed where the page is tested"]),
        ("mixpanel-query[cli", ["'mixpanel-query[cli' is no requirement"]),
    ],
)
def test_a_requirement_that_cannot_be_met(
    requirement: str, problems: list[str]
) -> None:
    """What is wrong is said with what is there."""
    assert requirement_problems(requirement) == problems
