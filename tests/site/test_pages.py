"""What the built pages hold: links that lead somewhere, and nothing from elsewhere."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from html_page import HtmlPage, read_page


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[Path, HtmlPage]:
    """All pages of the site, by their file."""
    paths = [path.resolve() for path in built_site.rglob("*.html")]
    return {path: read_page(path) for path in paths if path.name != "404.html"}


def problem(page: HtmlPage, link: str, pages: dict[Path, HtmlPage]) -> str:
    """Say what is wrong with a link of a page, if something is."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    target = (page.path.parent / unquote(parts.path)).resolve()
    target = page.path if not parts.path else target
    if not target.is_file():
        return "no such file"
    anchors = pages[target].anchors if target in pages else {""}
    anchor = unquote(parts.fragment)
    return "" if anchor in {"", "__top", *anchors} else "no such anchor"


def test_there_are_pages(pages: dict[Path, HtmlPage]) -> None:
    """The tests below look at something: start page, READMEs, API and how-tos."""
    assert len(pages) > 40


def test_every_link_of_the_site_leads_somewhere(pages: dict[Path, HtmlPage]) -> None:
    """A link within the site has a page, and a part of a page has an anchor."""
    found = [
        f"{page.path.name}: {link}: {wrong}"
        for page in pages.values()
        for link in {*page.links, *page.loads}
        if (wrong := problem(page, link, pages))
    ]

    assert found == []


def test_a_page_loads_nothing_from_elsewhere(pages: dict[Path, HtmlPage]) -> None:
    """Scripts, styles, fonts and pictures are the site's own."""
    found = [
        f"{page.path.name}: {address}"
        for page in pages.values()
        for address in page.loads
        if urlsplit(address).netloc
    ]

    assert found == []


@pytest.mark.parametrize(
    "mark", ["```", "::\n", "](", "\n- ", "\n* ", ">>> ", "| ---", "{#"]
)
def test_no_page_shows_markdown(pages: dict[Path, HtmlPage], mark: str) -> None:
    """What is written for Markdown is not read as text."""
    assert [page.path.name for page in pages.values() if mark in page.text] == []
