"""Views that track, answer and fail, for the tests of a request's life."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Event, Events

View = Callable[[Request], Any]


def tracked(request: Request, *events: Event) -> None:
    """Track events, Page Viewed by default."""
    request.mixpanel.distinct_id = "joe"
    for event in events or (Events.page_viewed,):
        request.mixpanel.track(event)


def answering(response: object) -> View:
    """Make a view that tracks, and then returns."""

    def view(request: Request) -> object:
        tracked(request)
        return response() if isinstance(response, type) else response

    return view


def raising(error: Exception | type[Exception]) -> View:
    """Make a view that tracks, and then raises."""

    def view(request: Request) -> None:
        tracked(request)
        raise error

    return view


def error_page(request: Request) -> Response:
    """Make an answer out of any exception."""
    return Response("sorry", status=request.registry.settings["error_status"])


def add_error_page(config: Configurator, status: int = 500) -> None:
    """Give an app an exception view."""
    config.registry.settings["error_status"] = status
    config.add_view(error_page, context=Exception)


def parent(inner: str, *, then: Exception | None = None) -> View:
    """Make a view that asks for a subrequest, and may fail afterwards."""

    def view(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        with contextlib.suppress(LookupError):
            request.invoke_subrequest(Request.blank(inner), use_tweens=True)
        if then is not None:
            raise then
        return Response("ok")

    return view
