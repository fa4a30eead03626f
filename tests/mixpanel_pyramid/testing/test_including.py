"""How a test comes by a recorder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.router import Router
from webtest import TestApp

from mixpanel_pyramid import Events
from mixpanel_pyramid.testing import recorder

from .visits import OURS, TESTING, VISIT, make, visit

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Sink


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((OURS, TESTING), ()),
        ((TESTING, OURS), ()),
        ((TESTING,), (OURS,)),
        ((OURS,), (TESTING,)),
        ((TESTING,), ()),
    ],
    ids=["before", "after", "long before", "long after", "alone"],
)
@pytest.mark.parametrize("token", ["t", "false", None], ids=["real", "off", "absent"])
def test_the_order_of_includes_does_not_matter(
    before: tuple[str, ...], after: tuple[str, ...], token: str | None, sink: Sink
) -> None:
    """Nor does the token: everything is recorded, and nothing is sent."""
    settings = {"mixpanel.token": token} if token else {}
    settings["mixpanel.base_url"] = sink.base_url
    app = make(visit, settings=settings, before=before, after=after)
    TestApp(app).get("/visit")

    assert recorder(app).events == [VISIT]
    assert app.registry.settings["mixpanel.token"] == "false"
    assert sink.posts == []


def test_a_token_that_comes_late_sends_nothing(sink: Sink) -> None:
    """Also where the app sets it after the include."""

    def include_late(config: Configurator) -> None:
        config.add_settings({"mixpanel.token": "t", "mixpanel.base_url": sink.base_url})

    app = make(visit, before=(TESTING, include_late))  # type: ignore[arg-type]
    TestApp(app).get("/visit")

    recorder(app).assert_tracked(Events.page_viewed)
    assert app.registry.settings["mixpanel.token"] == "false"


def test_the_setting_of_pyramid_includes_it() -> None:
    """An app that has a main function needs no change."""
    settings = {"pyramid.includes": "mixpanel_pyramid.testing", "mixpanel.token": "t"}
    app = make(visit, settings=settings, after=(OURS,))
    TestApp(app).get("/visit")

    assert recorder(app).events == [VISIT]


def test_a_configurator_that_commits_at_once_takes_it() -> None:
    """As that of ``pyramid.testing.setUp`` does."""
    config = Configurator(settings={"mixpanel.token": "t"}, autocommit=True)
    config.include("mixpanel_pyramid")
    config.include("mixpanel_pyramid.testing")
    config.add_route("visit", "/visit")
    config.add_view(visit, route_name="visit")
    TestApp(config.make_wsgi_app()).get("/visit")

    assert recorder(config).events == [VISIT]


def test_a_finished_app_records_from_the_call_on(sink: Sink) -> None:
    """What was tracked before was sent; nothing is from here on."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make(visit, settings=settings, before=(OURS,))
    web = TestApp(app)
    web.get("/visit")
    sink.wait_for(1)
    found = recorder(web)
    web.get("/visit")

    assert found.events == [VISIT]
    assert sink.event_names() == ["Page Viewed"]


class Middleware:
    """WSGI middleware, which keeps the app as many do."""

    def __init__(self, application: object) -> None:
        self.application = application


def request_of(registry: Registry) -> Request:
    """Return a request of an app."""
    request = Request.blank("/")
    request.registry = registry
    return request


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda app: app,
        lambda app: app.registry,
        TestApp,
        lambda app: Middleware(Middleware(app)),
        lambda app: request_of(app.registry),
    ],
    ids=["app", "registry", "webtest", "middleware", "request"],
)
def test_the_recorder_is_found_from_anything(
    wrapped: Callable[[Router], object],
) -> None:
    """There is one for each app."""
    app, other = make(before=(TESTING,)), make(before=(TESTING,))

    assert recorder(wrapped(app)) is recorder(app)
    assert recorder(other) is not recorder(app)


def test_what_is_no_app_has_no_recorder() -> None:
    """The refusal says what to give."""
    with pytest.raises(TypeError, match=r"a str has no registry; give the Pyramid app"):
        recorder("app")
