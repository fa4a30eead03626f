"""A tiny shop that tracks what its visitors do.

Run it with ``python examples/pyramid_app/app.py`` and open http://127.0.0.1:6543/.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
from datetime import datetime, timezone

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.router import Router
from waitress import serve

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    ProfileProperties,
    Property,
)
from mixpanel_pyramid.exceptions import MixpanelSettingsError

PRICE = 19.5
PAGE = """<!doctype html>
<html lang="en"><title>Shop</title>
<h1>{heading}</h1>
<form method="post" action="/sign-up"><button>Sign up</button></form>
<form method="post" action="/order"><button>Order for {price}</button></form>
<form method="post" action="/broken"><button>Order, and fail</button></form>
</html>"""


class ShopEvents(Events):
    """What the shop tracks, beside the built-in events."""

    order_completed = Event("Order Completed", description="An order was paid.")


class ShopProperties(EventProperties):
    """What the shop's events carry, beside the built-in properties."""

    amount = Property("Amount", type=float, description="What was paid, in euros.")


TRACKED = (
    ShopEvents.page_viewed,
    ShopEvents.user_signed_up,
    ShopEvents.order_completed,
)


def visitor_id(request: Request) -> str:
    """Recognise a visitor by a cookie, which new visitors get."""
    known = request.cookies.get("visitor")
    if known:
        return str(known)
    made = secrets.token_hex(8)
    request.add_response_callback(
        lambda request, response: response.set_cookie("visitor", made, httponly=True)
    )
    return made


def whose(request: Request) -> str:
    """Tell Mixpanel's distinct_id of a request (the setting mixpanel.distinct_id)."""
    return str(request.visitor_id)


def home(request: Request) -> Response:
    """Show the shop."""
    request.mixpanel.track(
        ShopEvents.page_viewed,
        {ShopProperties.path: request.path, ShopProperties.title: "Shop"},
    )
    return page("Shop")


def sign_up(request: Request) -> Response:
    """Make an account."""
    now = datetime.now(timezone.utc)
    request.mixpanel.track(ShopEvents.user_signed_up)
    request.mixpanel.profile_set({ProfileProperties.dollar_created: now})
    return page("Welcome")


def order(request: Request) -> Response:
    """Take an order."""
    request.mixpanel.track(ShopEvents.order_completed, {ShopProperties.amount: PRICE})
    return page("Thank you")


def broken(request: Request) -> Response:
    """Track an order, and fail afterwards: Mixpanel never hears of it."""
    order(request)
    raise RuntimeError("the payment failed after all")


def sorry(request: Request) -> Response:
    """Answer where a view failed."""
    return page("Sorry, that did not work", status=500)


def page(heading: str, status: int = 200) -> Response:
    """Make a page of the shop."""
    return Response(PAGE.format(heading=heading, price=PRICE), status=status)


def main(global_config: dict[str, str], **settings: object) -> Router:
    """Make the WSGI application.

    Args:
        global_config: What ``pserve`` passes; the shop needs nothing of it.
        **settings: The application's settings; ``mixpanel.token`` sends, without it
            messages are recorded only.
    """
    settings.setdefault("mixpanel.token", "false")
    settings["mixpanel.events"] = f"{__name__}.ShopEvents"
    settings["mixpanel.event_properties"] = f"{__name__}.ShopProperties"
    settings["mixpanel.distinct_id"] = f"{__name__}.whose"
    with Configurator(settings=settings) as config:
        config.include("mixpanel_pyramid")
        config.add_request_method(visitor_id, reify=True)
        for view, path, method in (
            (home, "/", "GET"),
            (sign_up, "/sign-up", "POST"),
            (order, "/order", "POST"),
            (broken, "/broken", "POST"),
        ):
            config.add_route(view.__name__, path, request_method=method)
            config.add_view(view, route_name=view.__name__)
        config.add_exception_view(sorry)
        config.add_notfound_view(lambda request: page("No such page", status=404))
        return config.make_wsgi_app()


def settings_from(environ: dict[str, str]) -> dict[str, object]:
    """Read the settings of Mixpanel from the environment."""
    names = {
        "MIXPANEL_TOKEN": "mixpanel.token",
        "MIXPANEL_BASE_URL": "mixpanel.base_url",
    }
    return {names[name]: environ[name] for name in names if name in environ}


if __name__ == "__main__":
    # Says on standard error where the shop is, and whether it sends or only records.
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    port = os.environ.get("PORT", "6543")
    try:
        serve(main({}, **settings_from(dict(os.environ))), listen=f"127.0.0.1:{port}")
    except MixpanelSettingsError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"port {port} cannot be used ({error}); set PORT to another")
