"""The site in a browser: on a telephone and a screen, by day and by night."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

WIDTHS = (390, 1400)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PAGES = (
    "index.html",
    "architecture.html",
    "pyramid/tutorial.html",
    "api/query-clients.html",
    "reference/settings.html",
)
View = tuple[str, int, Scheme]
VIEWS: list[View] = [*product(PAGES, WIDTHS, SCHEMES)]
in_views = pytest.mark.parametrize(
    "view", VIEWS, ids=[f"{page}-{width}-{scheme}" for page, width, scheme in VIEWS]
)
DRAWING = "architecture.html"


@dataclass
class Visit:
    """What was seen of a page.

    Attributes:
        seen: What ``look.js`` found.
        complaints: What the page wrote to its console, or threw.
        foreign: Requests to anywhere else; none was let through.
    """

    seen: dict[str, Any] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def watch(page: Page, address: str) -> Visit:
    """Take down what a browser's page complains of, and asks of other hosts."""
    visit = Visit()

    def decide(route: Route) -> None:
        url = route.request.url
        if url.startswith((f"{address}/", "data:", "blob:", "file:")):
            route.continue_()
            return
        visit.foreign.append(url)
        route.abort()

    page.route("**/*", decide)
    page.on("console", lambda message: visit.complaints.append(message.text))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    return visit


@pytest.fixture(scope="module")
def visits(chromium: Browser, site_address: str) -> dict[View, Visit]:
    """Every page that is looked at, in every view."""
    look = Path(__file__).with_name("look.js").read_text()
    found = {}
    for width, scheme in product(WIDTHS, SCHEMES):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        for name in PAGES:
            page = context.new_page()
            visit = watch(page, site_address)
            page.goto(f"{site_address}/{name}", wait_until="networkidle")
            visit.seen = page.evaluate(look)
            found[name, width, scheme] = visit
            page.close()
        context.close()
    return found


@in_views
def test_a_page_does_not_scroll_sideways(visits: dict[View, Visit], view: View) -> None:
    """Tables and code may, inside of the page."""
    assert visits[view].seen["width"] == view[1]


@in_views
def test_text_is_seen_against_what_is_behind_it(
    visits: dict[View, Visit], view: View
) -> None:
    """Words, code and drawings have a contrast of 4.5 or more."""
    seen = visits[view].seen

    assert seen["texts"] > 20
    assert seen["faint"] == []


@in_views
def test_a_page_complains_of_nothing(visits: dict[View, Visit], view: View) -> None:
    """The console stays empty."""
    assert visits[view].complaints == []


@in_views
def test_a_page_asks_nobody_else(visits: dict[View, Visit], view: View) -> None:
    """No font, script or picture comes from another host."""
    assert visits[view].foreign == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_drawing_can_be_read(visits: dict[View, Visit], width: int) -> None:
    """Its letters are of 10 pixels or more, and none of them is cut off."""
    seen = visits[DRAWING, width, "light"].seen

    assert seen["smallest"] >= 10
    assert seen["outside"] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_dark_where_the_system_is(
    visits: dict[View, Visit], page: str
) -> None:
    """Nobody has to choose."""
    grounds = {scheme: visits[page, 1400, scheme].seen["ground"] for scheme in SCHEMES}

    assert grounds["light"] == [255, 255, 255]
    assert max(grounds["dark"]) < 64


@pytest.mark.parametrize("place", ["a server", "files"])
def test_search_leads_to_a_page(
    chromium: Browser, site_address: str, built_site: Path, place: str
) -> None:
    """Typed letters find pages, and the first of them is a key away."""
    start = {"a server": site_address, "files": built_site.resolve().as_uri()}[place]
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    visit = watch(page, site_address)

    page.goto(f"{start}/index.html")
    field = page.get_by_role("textbox", name="Search")
    field.press_sequentially("outbox in production")
    page.locator(".md-search-result__link").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{start}/pyramid/outbox.html*")
    title = page.locator("h1").inner_text()
    page.close()

    assert title.startswith("The outbox in production")
    assert visit.complaints + visit.foreign == []


def test_a_prompt_is_not_copied(chromium: Browser, site_address: str) -> None:
    """The button beside an example copies what a reader would type."""
    context = chromium.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()

    page.goto(f"{site_address}/query/budget.html")
    page.locator(".md-code__button").first.click()
    page.get_by_text("Copied to clipboard").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()

    assert copied == "mixpanel-query budget"
