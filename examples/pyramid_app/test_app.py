"""The shop tracks what it should; nothing leaves the machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pyramid.events import NewRequest
from pyramid.request import Request
from webtest import TestApp

sys.path.insert(0, str(Path(__file__).parents[1]))

from pyramid_app import app


@pytest.fixture
def requests() -> list[Request]:
    """The requests that the shop was sent."""
    return []


@pytest.fixture
def shop(requests: list[Request]) -> TestApp:
    """The shop, recording."""
    wsgi = app.main({})
    wsgi.registry.registerHandler(
        lambda event: requests.append(event.request), [NewRequest]
    )
    wsgi.registry.has_listeners = True
    return TestApp(wsgi)


def recorded(request: Request) -> list[str]:
    """Give the names of a request's events."""
    messages = request.mixpanel.mocked_messages
    return [m["msg"]["event"] for m in messages if m["endpoint"] == "events"]


def test_a_visit_is_tracked(shop: TestApp, requests: list[Request]) -> None:
    """With the page's path, under the visitor's id."""
    shop.get("/")
    (message,) = requests[0].mixpanel.mocked_messages

    assert message["msg"] == {
        "event": "Page Viewed",
        "properties": {
            "distinct_id": shop.cookies["visitor"],
            "Path": "/",
            "Title": "Shop",
        },
    }


def test_a_visitor_is_recognised(shop: TestApp, requests: list[Request]) -> None:
    """A sign-up and an order of one browser are one person's."""
    shop.post("/sign-up")
    shop.post("/order")

    assert [recorded(request) for request in requests] == [
        ["User Signed Up"],
        ["Order Completed"],
    ]
    assert len({request.mixpanel.distinct_id for request in requests}) == 1


def test_a_sign_up_makes_a_profile(shop: TestApp, requests: list[Request]) -> None:
    """With the time of the sign-up, in UTC."""
    shop.post("/sign-up")
    (profile,) = requests[0].mixpanel.mocked_messages[1:]

    assert profile["endpoint"] == "people"
    assert list(profile["msg"]["$set"]) == ["$created"]


def test_an_order_that_failed_is_not_tracked(
    shop: TestApp, requests: list[Request]
) -> None:
    """The view tracked it, and failed afterwards."""
    shop.post("/broken", status=500)

    assert recorded(requests[0]) == []


def test_a_page_that_is_not_there_is_no_failure(shop: TestApp) -> None:
    """It has a page of its own."""
    assert "No such page" in shop.get("/nowhere", status=404)


def test_the_environment_names_project_and_host() -> None:
    """And nothing else of it is read."""
    environ = {"MIXPANEL_TOKEN": "t", "MIXPANEL_BASE_URL": "http://x", "HOME": "/"}

    assert app.settings_from(environ) == {
        "mixpanel.token": "t",
        "mixpanel.base_url": "http://x",
    }
