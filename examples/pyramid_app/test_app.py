"""The shop tracks what it should; nothing leaves the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from itertools import islice
from pathlib import Path
from threading import Timer
from unittest.mock import ANY

import pytest
from webtest import TestApp

from mixpanel_pyramid import ProfileProperties
from mixpanel_pyramid.testing import Recorder

sys.path.insert(0, str(Path(__file__).parents[1]))

from pyramid_app import app


@pytest.fixture
def shop() -> TestApp:
    """The shop."""
    return TestApp(app.main({}))


def test_a_visit_is_tracked(shop: TestApp, mixpanel_recorder: Recorder) -> None:
    """With the page's path, under the visitor's id."""
    shop.get("/")

    mixpanel_recorder.assert_tracked(
        app.ShopEvents.page_viewed,
        {app.ShopProperties.path: "/", app.ShopProperties.title: "Shop"},
        distinct_id=shop.cookies["visitor"],
    )


def test_a_visitor_is_recognised(shop: TestApp, mixpanel_recorder: Recorder) -> None:
    """A sign-up and an order of one browser are one person's."""
    shop.post("/sign-up")
    shop.post("/order")

    assert [event.name for event in mixpanel_recorder.events] == [
        "User Signed Up",
        "Order Completed",
    ]
    assert len({event.distinct_id for event in mixpanel_recorder.events}) == 1


def test_a_sign_up_makes_a_profile(shop: TestApp, mixpanel_recorder: Recorder) -> None:
    """With the time of the sign-up."""
    shop.post("/sign-up")

    mixpanel_recorder.assert_profile_updated({ProfileProperties.dollar_created: ANY})


def test_an_order_is_tracked_with_its_amount(
    shop: TestApp, mixpanel_recorder: Recorder
) -> None:
    """In euros."""
    shop.post("/order")
    (order,) = mixpanel_recorder.tracked(app.ShopEvents.order_completed)

    assert order[app.ShopProperties.amount] == 19.5


def test_an_order_that_failed_is_not_tracked(
    shop: TestApp, mixpanel_recorder: Recorder
) -> None:
    """The view tracked it, and failed afterwards."""
    shop.post("/broken", status=500)

    mixpanel_recorder.assert_not_tracked(app.ShopEvents.order_completed)


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

    assert ", recording only, " in configured
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
