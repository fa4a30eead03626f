"""The debug toolbar's panel, as a browser draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

from .watched_shop import HOSTILE, make

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def shop(serve: Callable[[object], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a running app."""
    with serve(make()) as address:
        yield address


def opened(chromium: Any, shop: str, path: str) -> Page:  # noqa: ANN401
    """Open a page, then the toolbar, then the panel, as a person would."""
    page: Page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{shop}{path}")
    page.goto(str(page.get_attribute("#pShowToolBarButton", "href")))
    page.click("#pDebugPanel-mixpanel a")
    page.wait_for_selector(".mp-panel", state="visible")
    return page


def test_a_browser_shows_the_panel(chromium: Any, shop: str) -> None:  # noqa: ANN401
    """Hostile values are text, long ones open on a key, nothing overflows."""
    page = opened(chromium, shop, "/mended")
    page.focus(".mp-panel summary")
    page.keyboard.press("Enter")

    assert page.is_visible(".mp-whole")
    assert page.inner_text("#pDebugPanel-mixpanel .badge") == "4"
    box, table = page.locator(".mp-panel"), page.locator(".mp-panel table")
    assert table.bounding_box()["width"] <= box.bounding_box()["width"]  # type: ignore[index]
    page.close()


def test_a_narrow_window_scrolls_the_table_only(chromium: Any, shop: str) -> None:  # noqa: ANN401
    """The toolbar around it stays as wide as the window."""
    page = opened(chromium, shop, "/mended")
    page.set_viewport_size({"width": 700, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth") == 700
    page.close()


def test_a_browser_runs_nothing_of_a_value(chromium: Any, shop: str) -> None:  # noqa: ANN401
    """A script in a property is shown as it is written."""
    page = opened(chromium, shop, "/order")

    assert HOSTILE in page.inner_text(".mp-panel")
    assert page.title() == "Pyramid Debug Toolbar"
    page.close()


def test_the_table_can_be_heard(chromium: Any, shop: str) -> None:  # noqa: ANN401
    """It has a name and headings, and no state is told by colour alone."""
    page = opened(chromium, shop, "/failing")
    table = page.get_by_role("table", name="Messages of this request")

    assert table.get_by_role("columnheader").all_inner_texts() == [
        *("Message", "Properties", "Plan", "What became of it")
    ]
    assert table.get_by_role("rowheader").count() == 2
    assert table.get_by_text("discarded", exact=True).count() == 1
    page.close()
