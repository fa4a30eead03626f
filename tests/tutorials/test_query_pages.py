"""The pages about mixpanel-query that a reader can paste from, followed."""

from __future__ import annotations

from pathlib import Path

from tests.tutorials.pasted_page import Followed, follow

PAGES = Path(__file__).parents[2] / "docs" / "query"


def test_the_tutorial(tmp_path: Path) -> None:
    """A newcomer gets every answer that it shows, from an empty folder."""
    done = follow(PAGES / "tutorial.md", tmp_path)

    assert done == Followed(commands=15, files=4, installations=3)


def test_exporting_years(tmp_path: Path) -> None:
    """Three years are in a folder with the calls that the page counts."""
    done = follow(PAGES / "exporting-years.md", tmp_path, limit=120)

    assert done == Followed(commands=8, files=2, installations=3)


def test_unit_testing_jql(tmp_path: Path) -> None:
    """The tests on the page pass, but for the one that is to fail."""
    done = follow(PAGES / "unit-testing-jql.md", tmp_path)

    assert done == Followed(commands=4, files=7, installations=3)


def test_lexicon_and_drift(tmp_path: Path) -> None:
    """A plan is uploaded, read, deleted, and compared with what arrives."""
    done = follow(PAGES / "lexicon-and-drift.md", tmp_path)

    assert done == Followed(commands=13, files=2, installations=1)
