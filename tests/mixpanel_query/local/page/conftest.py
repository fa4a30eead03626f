"""A browser, a project with a tracking plan, and its page in the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_schema import (
    Event,
    Events,
    GroupProperties,
    ProfileProperties,
    Property,
    TrackingPlan,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., Any]


class ShopEvents(Events):
    """Events of a shop."""

    order = Event(
        "Order Completed",
        properties=(
            Property("Amount", type=float),
            Property("Items", type=int),
            Property("Card", pii=True),
        ),
        required=frozenset({"Amount"}),
        renamed_from=("Order Paid",),
    )
    visit = Event("Shop Visited")


class ShopProfiles(ProfileProperties):
    """Properties of a shop's customers."""

    seats = Property("Seats", type=int)


class ShopGroups(GroupProperties):
    """Properties of companies."""

    size = Property("Size", type=int)


@pytest.fixture(scope="session")
def plan() -> TrackingPlan:
    """The plan of a shop."""
    return TrackingPlan(
        events=ShopEvents,
        profile_properties=ShopProfiles,
        group_properties=ShopGroups,
    )


@pytest.fixture
def shop(plan: TrackingPlan) -> Iterator[LocalProject]:
    """A project that compares what arrives with the plan."""
    with LocalProject(plan=plan) as project:
        yield project


@pytest.fixture
def shop_http(shop: LocalProject) -> Iterator[httpx.Client]:
    """An HTTP client of that project."""
    with httpx.Client(base_url=shop.base_url, trust_env=False) as client:
        yield client


@pytest.fixture
def opened(chromium: Any, shop: LocalProject) -> Iterator[Opened]:  # noqa: ANN401
    """The function that opens the page; what its console says fails the test."""
    pages: list[Page] = []
    said: list[str] = []

    def open_page(view: str = "events", **given: Any) -> Page:  # noqa: ANN401
        given.setdefault("viewport", {"width": 1280, "height": 900})
        page: Page = chromium.new_page(**given)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.set_default_timeout(60_000)
        page.goto(f"{shop.base_url}/#{view}")
        page.wait_for_selector("#state[data-state=live]")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    # The browser itself logs each answer that is an error.
    assert [text for text in said if "Failed to load" not in text] == []
