"""A shop that tracks what its visitors do: what ``pserve`` starts."""

from __future__ import annotations

import os

from pyramid.config import Configurator
from pyramid.router import Router

# What holds wherever the shop runs; ini files say what differs.
SETTINGS = {
    "tm.manager_hook": "pyramid_tm.explicit_manager",
    "mixpanel.events": "shop.names.ShopEvents",
    "mixpanel.event_properties": "shop.names.ShopProperties",
    "mixpanel.profile_properties": "shop.names.ShopProfile",
    "mixpanel.typed_events": "shop.names",
    "mixpanel.distinct_id": "shop.visitors.whose",
}
# Secrets are in no file; the command mixpanel-outbox reads MIXPANEL_TOKEN, too.
FROM_ENVIRONMENT = {
    "MIXPANEL_TOKEN": "mixpanel.token",
    "MIXPANEL_BASE_URL": "mixpanel.base_url",
    "SHOP_SECRET": "shop.secret",
}


def main(global_config: dict[str, str], **settings: str) -> Router:
    """Make the WSGI application.

    Args:
        global_config: What ``pserve`` passes; the shop needs nothing of it.
        **settings: Those of the ini file, which win over the environment.
    """
    for variable, name in FROM_ENVIRONMENT.items():
        if variable in os.environ:
            settings.setdefault(name, os.environ[variable])
    with Configurator(settings={**SETTINGS, **settings}) as config:
        config.include("pyramid_tm")
        config.include("mixpanel_pyramid")
        config.include(".database")
        config.include(".visitors")
        config.add_route("home", "/", request_method="GET")
        config.add_route("sign_up", "/sign-up", request_method="POST")
        config.add_route("order", "/order", request_method="POST")
        config.add_route("broken", "/broken", request_method="POST")
        config.scan()
        return config.make_wsgi_app()
