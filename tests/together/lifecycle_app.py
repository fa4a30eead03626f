"""Applications whose requests end in every way, behind one server.

``python lifecycle_app.py`` serves them with waitress, and ``python lifecycle_app.py
script`` runs scripts; gunicorn serves ``lifecycle_app:main()``. All of them track to
``MIXPANEL_URL``, by way of ``MIXPANEL_OUTBOX`` if there is such a thing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from lifecycle_transactions import RETRIES, TRANSACTIONS
from lifecycle_views import (
    ANSWERS,
    EXCEPTION_VIEWS,
    STREAMS,
    SUBREQUESTS,
    returning,
    track,
)
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.router import Router
from pyramid.scripting import prepare
from pyramid_tm import explicit_manager
from waitress.server import create_server

EXPLICIT = {
    "tm.manager_hook": "pyramid_tm.explicit_manager",
    "tm.activate_hook": "lifecycle_transactions.is_transactional",
}
LOCAL = {"tm.activate_hook": "lifecycle_transactions.is_transactional"}
VETO = {**EXPLICIT, "tm.commit_veto": "pyramid_tm.default_commit_veto"}
TWEENS = {"pyramid.tweens": "pyramid.tweens.excview_tween_factory"}
TM_TWEENS = {"pyramid.tweens": "pyramid_tm.tm_tween_factory", **EXPLICIT}
OUR_VETO = {"mixpanel.commit_veto": "lifecycle_views.is_not_found"}
NO_TWEENS = {"pyramid.tweens": "lifecycle_transactions.tracking_tween"}

VIEWS = {**ANSWERS, **STREAMS, **SUBREQUESTS, **TRANSACTIONS, **RETRIES}
Environ = dict[str, object]
Wsgi = Callable[[Environ, Callable[..., object]], Iterable[bytes]]


def make_app(*includes: str, **settings: str) -> Router:
    """Make an application that has all views."""
    url = os.environ["MIXPANEL_URL"]
    ours = {"mixpanel.token": "token-of-the-project", "mixpanel.base_url": url}
    if "MIXPANEL_OUTBOX" in os.environ:
        ours["mixpanel.outbox"] = os.environ["MIXPANEL_OUTBOX"]
    with Configurator(settings={**ours, **settings}) as config:
        config.include("mixpanel_pyramid")
        for each in includes:
            config.include(each)
        if "pyramid_tm" in includes and "pyramid.tweens" not in settings:
            tween, inner = "lifecycle_transactions.tracking_tween", "pyramid_tm"
            config.add_tween(tween, over=f"{inner}.tm_tween_factory")
        for name, view in VIEWS.items():
            config.add_route(name, f"/{name}")
            config.add_view(view, route_name=name)
        for context, view in EXCEPTION_VIEWS.items():
            config.add_view(view, context=context)
    return config.make_wsgi_app()


def around(app: Wsgi) -> Wsgi:
    """Begin a transaction around each request, as tests of an application do."""

    def with_transaction(
        environ: Environ, start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        manager = explicit_manager(None)
        manager.begin()
        environ |= {"tm.active": True, "tm.manager": manager}
        body = app(environ, start_response)
        if "abort" in str(environ["QUERY_STRING"]):
            manager.abort()
        else:
            manager.commit()
        return body

    return with_transaction


def main() -> Wsgi:
    """Make all applications, each below its name."""
    apps: dict[str, Wsgi] = {
        "plain": make_app(),
        "explicit": make_app("pyramid_tm", **EXPLICIT),
        "local": make_app("pyramid_tm", **LOCAL),
        "veto": make_app("pyramid_tm", **VETO),
        "retry": make_app("pyramid_retry"),
        "retry-tm": make_app("pyramid_tm", "pyramid_retry", **EXPLICIT),
        "around": around(make_app("pyramid_tm", **EXPLICIT)),
        "tweens": make_app(**TWEENS),
        "tweens-tm": make_app("pyramid_tm", **TM_TWEENS),
        "no-tweens": make_app(**NO_TWEENS),
        "our-veto": make_app(**OUR_VETO),
        "our-veto-tm": make_app("pyramid_tm", **EXPLICIT, **OUR_VETO),
    }

    def dispatch(
        environ: Environ, start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        _, name, rest = str(environ["PATH_INFO"]).split("/", 2)
        environ |= {"SCRIPT_NAME": f"/{name}", "PATH_INFO": f"/{rest}"}
        return apps[name](environ, start_response)

    return dispatch


def run_scripts() -> None:
    """Do what scripts do, and fail as they do."""
    registry = make_app().registry
    for row, fails in [("script/ends", False), ("script/raises", True)]:
        request = Request.blank(f"/?row={row}")
        try:
            with prepare(request, registry=registry) as env:
                returning(200)(env["request"])
                if fails:
                    raise KeyError(row)
        except KeyError:
            track(request, "handler")


def serve() -> None:
    """Serve with waitress on a free port, which is printed."""
    server = create_server(main(), host="127.0.0.1", port=0, threads=4)
    print(server.effective_port, flush=True)  # noqa: T201  # for who started it
    server.run()


if __name__ == "__main__":
    run_scripts() if sys.argv[1:] == ["script"] else serve()
