"""The shop tracks what it should; nothing leaves the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from itertools import islice
from pathlib import Path
from threading import Timer

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


def started(**environ: str) -> Generator[str, None, None]:
    """Start the shop as its README does; give the lines of its standard error."""
    with subprocess.Popen(  # noqa: S603  # our own file
        [sys.executable, app.__file__],
        env={**os.environ, "PORT": "0", **environ},
        stderr=subprocess.PIPE,
        text=True,
    ) as shop:
        assert shop.stderr is not None
        deadline = Timer(30, shop.kill)
        deadline.start()
        try:
            yield from shop.stderr
        finally:
            deadline.cancel()
            shop.terminate()


def test_the_shop_says_where_it_is_and_whether_it_sends() -> None:
    """On standard error, once it can be visited."""
    lines = started(MIXPANEL_TOKEN="off")  # noqa: S106  # no secret
    (configured,) = islice((line for line in lines if "configured" in line), 1)

    assert configured.startswith("Mixpanel configured: recording only")
    assert next(lines).startswith("Serving on http://127.0.0.1:")
    lines.close()


def test_settings_that_cannot_work_end_the_shop_in_a_line() -> None:
    """Without a traceback."""
    (*_, last) = started(MIXPANEL_BASE_URL="nowhere")

    assert last.startswith("mixpanel.base_url: is no address of a service")


def test_the_environment_names_project_and_host() -> None:
    """And nothing else of it is read."""
    environ = {"MIXPANEL_TOKEN": "t", "MIXPANEL_BASE_URL": "http://x", "HOME": "/"}

    assert app.settings_from(environ) == {
        "mixpanel.token": "t",
        "mixpanel.base_url": "http://x",
    }
