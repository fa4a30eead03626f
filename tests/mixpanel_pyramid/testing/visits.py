"""An app that tracks visits, made in every way that an app is tested."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.router import Router

from mixpanel_pyramid import EventProperties, Events
from mixpanel_pyramid.testing import TrackedEvent

View = Callable[[Request], Any]


def visit(request: Request) -> Response:
    """Track a visit."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(Events.page_viewed, {EventProperties.path: request.path})
    return Response("seen")


def broken(request: Request) -> Response:
    """Track a visit, and fail."""
    visit(request)
    raise RuntimeError("no seat left")


def unavailable(request: Request) -> Response:
    """Track a visit, and answer 503."""
    visit(request)
    return Response("later", status=503)


def make(
    *views: View,
    settings: dict[str, Any] | None = None,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> Router:
    """Make an app with a view a path, and what it includes."""
    with Configurator(settings=settings or {}) as config:
        for name in before:
            config.include(name)
        for view in views:
            config.add_route(view.__name__, f"/{view.__name__}")
            config.add_view(view, route_name=view.__name__)
        for name in after:
            config.include(name)
        return config.make_wsgi_app()


OURS, TESTING, TM = "mixpanel_pyramid", "mixpanel_pyramid.testing", "pyramid_tm"
VISIT = TrackedEvent("Page Viewed", "joe", {"Path": "/visit"})
