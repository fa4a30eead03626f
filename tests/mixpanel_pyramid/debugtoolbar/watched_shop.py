"""A shop under the debug toolbar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPFound
from pyramid.request import Request
from pyramid.response import Response
from webtest import TestApp

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    GroupProperties,
    ProfileProperties,
    Property,
)

if TYPE_CHECKING:
    from pyramid.router import Router


PAGE = "<html><body><h1>Shop</h1></body></html>"
HOSTILE = "<script>document.title = 'owned'</script>"
NOWHERE = "http://127.0.0.1:9"


class ShopEvents(Events):
    """Events of a shop."""

    order_completed = Event("Order Completed")


class ShopProperties(EventProperties):
    """Properties of a shop's events."""

    amount = Property("Amount", type=float)
    note = Property("Note")
    card = Property("Card", pii=True)


def order(request: Request) -> Response:
    """Track an order."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(
        ShopEvents.order_completed,
        {
            ShopProperties.amount: 19.5,
            ShopProperties.note: HOSTILE,
            ShopProperties.card: "4111 1111",
        },
    )
    return Response(PAGE)


def failing(request: Request) -> Response:
    """Track an order, and answer 503."""
    order(request)
    request.mixpanel.track_now(Events.user_logged_in)
    return Response(PAGE, status=503)


def raising(request: Request) -> Response:
    """Track an order, and raise."""
    order(request)
    raise RuntimeError("no seat left")


def redirected(request: Request) -> Response:
    """Track an order, and raise a redirect."""
    order(request)
    raise HTTPFound("/nothing")


def nothing(request: Request) -> Response:
    """Track nothing."""
    return Response(PAGE)


def profiles(request: Request) -> Response:
    """Change a profile and a group."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.profile_set({ProfileProperties.dollar_email: "joe@example.com"})
    request.mixpanel.profile_unset([ProfileProperties.dollar_phone])
    request.mixpanel.group_set("company", "acme", {GroupProperties.dollar_name: "Acme"})
    return Response(PAGE)


def mended(request: Request) -> Response:
    """Track what has to be mended, what cannot be, and what is refused."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(
        ShopEvents.order_completed,
        {ShopProperties.amount: float("nan"), ShopProperties.note: "é" * 200},
    )
    request.mixpanel.track(Events.page_viewed, distinct_id="anonymous")
    with pytest.raises(ValueError, match="not a member"):
        request.mixpanel.track(Event("Odrer Completed"))
    request.mixpanel.api.track("joe", "Raw", {"text": "x" * 10_000, "time": 1e30})
    return Response(PAGE)


def outer(request: Request) -> Response:
    """Ask for an order inside."""
    return request.invoke_subrequest(Request.blank("/order"), use_tweens=True)


def streamed(request: Request) -> Response:
    """Track in the body of the answer."""

    def body() -> Iterator[bytes]:
        order(request)
        yield PAGE.encode()

    return Response(app_iter=body(), content_type="text/plain")


def many(request: Request) -> Response:
    """Track more than anybody reads."""
    for number in range(310):
        request.mixpanel.track(Events.page_viewed, distinct_id=f"user-{number}")
    return Response(PAGE)


def committed(request: Request) -> Response:
    """Track before and after a savepoint that is rolled back."""
    request.mixpanel.track(Events.page_viewed, distinct_id="joe")
    savepoint = request.tm.savepoint()
    order(request)
    savepoint.rollback()
    return Response(PAGE)


def vetoed(request: Request, response: Response) -> bool:
    """Discard what has a header."""
    return "Veto" in response.headers


def unwanted(request: Request) -> Response:
    """Track, and say that it does not count."""
    order(request)
    return Response(PAGE, headers={"Veto": "1"})


VIEWS = (
    *(order, failing, raising, redirected, nothing, profiles, mended, outer),
    *(streamed, many, committed, unwanted),
)


def make(*, includes: tuple[str, ...] = ("mixpanel_pyramid",), **given: str) -> Router:
    """Make an app with the toolbar and the panel."""
    settings = {
        "mixpanel.token": "t0ken",
        "mixpanel.base_url": NOWHERE,
        "mixpanel.events": f"{__name__}.ShopEvents",
        "mixpanel.event_properties": f"{__name__}.ShopProperties",
        "mixpanel.commit_veto": f"{__name__}.vetoed",
        "debugtoolbar.includes": "mixpanel_pyramid.debugtoolbar",
        **{name.replace("__", "."): value for name, value in given.items()},
    }
    with Configurator(settings=settings) as config:
        for name in (*includes, "pyramid_debugtoolbar"):
            config.include(name)
        for view in VIEWS:
            config.add_route(view.__name__, f"/{view.__name__}")
            config.add_view(view, route_name=view.__name__)
        return config.make_wsgi_app()


def panel(app: Router, path: str) -> list[str]:
    """Ask for a page, and give the lines of its panel."""
    web = TestApp(app, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    web.get(path, expect_errors=True)
    (newest, *_) = app.registry.pdtb_history.last(1)
    html = web.get(f"/_debug_toolbar/{newest[0]}").text
    found = html.split('<div class="mp-panel">')[1].split("</table>\n", maxsplit=1)[0]
    text = re.sub(r"<[^>]+>", "\n", found.split('<div id="pDebugPanel')[0])
    return [line.strip() for line in unescape(text).splitlines() if line.strip()]


def after(lines: list[str], start: str) -> list[str]:
    """Give what follows a line."""
    return lines[lines.index(start) + 1 :]
