"""What stops the build: a page outside the navigation, a link that leads nowhere."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

ROOT = Path(__file__).parents[2]
Builds = Callable[[dict[str, str]], "CompletedProcess[str]"]


@pytest.fixture
def build_pages(
    tmp_path: Path, mkdocs: Callable[..., "CompletedProcess[str]"]
) -> Builds:
    """Builds a small site with the settings of the real one, its plugins left out."""

    def build(pages: dict[str, str]) -> "CompletedProcess[str]":
        folder = tmp_path / "docs"
        folder.mkdir()
        for name, text in pages.items():
            (folder / name).write_text(text)
        settings = tmp_path / "mkdocs.yml"
        settings.write_text(
            f"INHERIT: {ROOT / 'mkdocs.yml'}\ndocs_dir: docs\nsite_dir: built\n"
            "hooks: []\nplugins: []\nexclude_docs: none\nnav: [index.md]\n"
        )
        return mkdocs("build", "--config-file", str(settings))

    return build


def test_pages_in_the_navigation_are_built(build_pages: Builds) -> None:
    """The refusals below are not those of the small site itself."""
    done = build_pages({"index.md": "# Start\n\n[Here](#start)\n"})

    assert done.returncode == 0, done.stderr


def test_a_page_outside_the_navigation_is_refused(build_pages: Builds) -> None:
    """Who adds a page is told that it has no place, and its name."""
    done = build_pages({"index.md": "# Start\n", "lost.md": "# Lost\n"})

    assert done.returncode == 1
    assert 'not included in the "nav" configuration:\n  - lost.md' in done.stderr


@pytest.mark.parametrize(
    "link", ["gone.md", "#gone", "/index.md"], ids=["page", "anchor", "absolute"]
)
def test_a_link_that_leads_nowhere_is_refused(build_pages: Builds, link: str) -> None:
    """The build names the link."""
    done = build_pages({"index.md": f"# Start\n\n[There]({link})\n"})

    assert done.returncode == 1
    assert f"'{link}'" in done.stderr
