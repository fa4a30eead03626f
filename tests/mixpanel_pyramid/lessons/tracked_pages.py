"""Views that track, for the tests of what others got wrong."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events, ProfileProperties

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App


View = Callable[[Request], Response]
MakeShop = Callable[..., "App"]


def tracking(number: int = 1) -> View:
    """Make a view that tracks so many events and increments, one of each in turn."""

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        for _ in range(number):
            request.mixpanel.track(Events.page_viewed)
            request.mixpanel.profile_increment({ProfileProperties.dollar_name: 1})
        return Response("ok")

    return view


def free_port() -> int:
    """Find a port where nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port
