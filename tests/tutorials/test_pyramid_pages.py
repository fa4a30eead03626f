"""The pages about mixpanel-pyramid work when they are pasted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.tutorials.page_steps import fenced_blocks
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
    "who-it-was",
]
# Their commands need a Redis, an app in production, and another package.
OTHERS = ["delivering-with-celery", "moving-from-pyramid-mixpanel", "outbox"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_works_when_pasted(name: str, tmp_path: Path) -> None:
    """Each command prints what the page shows."""
    assert follow(DOCS / f"{name}.md", tmp_path).commands > 0


def test_no_page_is_forgotten() -> None:
    """A new page is followed, or named with the reason."""
    assert sorted(path.stem for path in DOCS.glob("*.md")) == sorted([*PAGES, *OTHERS])


def test_the_module_of_the_page_about_celery_registers_both_tasks(
    tmp_path: Path,
) -> None:
    """With the settings of the page, and without a broker."""
    page = (DOCS / "delivering-with-celery.md").read_text("utf-8")
    for block in fenced_blocks(page):
        if block.title is not None:
            path = tmp_path / block.title
            path.parent.mkdir(exist_ok=True)
            text = "\n".join(block.lines)
            path.write_text(text.replace("/var/lib/shop", str(tmp_path)))
    (tmp_path / "shop" / "__init__.py").write_text("def main(_, **settings): ...\n")
    program = (
        "from shop.tasks import app\n"
        "print([name for name in sorted(app.tasks) if name.startswith('mixpanel')])"
    )

    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "SHOP_INI": "production.ini"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stdout == (
        "['mixpanel_pyramid.deliver', 'mixpanel_pyramid.deliver_once']\n"
    ), ran.stderr
