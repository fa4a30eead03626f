"""An app that tracks one of each kind with every request, served by waitress."""

from __future__ import annotations

import json
import os
import time

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.router import Router
from waitress.server import create_server

from mixpanel_pyramid import Events, ProfileProperties, Property

__all__ = ["Profile", "from_environment", "make_app"]


class Profile(ProfileProperties):
    """What the app says of its users."""

    visits = Property("Visits")
    pages = Property("Pages")


def tracked(request: Request) -> Response:
    """Track an event, two updates that count, and a ``$set``; take a while if asked.

    Those that count are first, so that a fault meets them first.
    """
    who, page = request.params["who"], request.params["page"]
    tracker = request.mixpanel
    tracker.distinct_id = who
    tracker.track(Events.page_viewed, insert_id=page)
    tracker.profile_increment({Profile.visits: 1})
    tracker.people_append({Profile.pages: page})
    tracker.profile_set({Profile.dollar_name: who})
    time.sleep(float(request.params.get("pause", 0)))
    return Response("tracked")


def plain(request: Request) -> Response:
    """Track nothing."""
    return Response("plain")


def raising(request: Request) -> Response:
    """Track the same, and fail."""
    tracked(request)
    raise ValueError("the request failed after it tracked")


def make_app(settings: dict[str, str]) -> Router:
    """Make the app."""
    catalogue = {"mixpanel.profile_properties": f"{__name__}.Profile"}
    with Configurator(settings={**catalogue, **settings}) as config:
        config.include("mixpanel_pyramid")
        for view in (tracked, plain, raising):
            config.add_route(view.__name__, f"/{view.__name__}")
            config.add_view(view, route_name=view.__name__)
    return config.make_wsgi_app()


def from_environment() -> Router:
    """Make the app with the settings in ``FAULT_APP_SETTINGS``, for gunicorn."""
    return make_app(json.loads(os.environ["FAULT_APP_SETTINGS"]))


def serve() -> None:
    """Serve the app with waitress on a free port, which is printed."""
    server = create_server(from_environment(), host="127.0.0.1", port=0, threads=4)
    print(server.effective_port, flush=True)  # noqa: T201  # for who started it
    server.run()


if __name__ == "__main__":
    serve()
