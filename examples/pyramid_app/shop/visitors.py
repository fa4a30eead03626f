"""Who makes a request: a visitor with a signed cookie, and perhaps an account."""

from __future__ import annotations

import secrets

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid.session import SignedCookieSessionFactory
from pyramid.settings import asbool
from sqlalchemy import select

from shop.database import User

YEAR = 365 * 24 * 60 * 60  # seconds


def visitor_id(request: Request) -> str:
    """Recognise a visitor, from the first page on; a sign-up keeps the id.

    Mixpanel knows it, too. It opens nothing: the cookie is signed with our secret.
    """
    session = request.session
    if "visitor" not in session:
        session["visitor"] = secrets.token_hex(16)
    return str(session["visitor"])


def user(request: Request) -> User | None:
    """Find the visitor's account, if there is one."""
    mine = select(User).where(User.distinct_id == request.visitor_id)
    return request.dbsession.scalar(mine)


def whose(request: Request) -> str:
    """Tell Mixpanel's distinct_id of a request (the setting mixpanel.distinct_id).

    It asks no database, which may be what has failed when an error view tracks.
    """
    return str(request.visitor_id)


def includeme(config: Configurator) -> None:
    """Give requests a ``session``, a ``visitor_id`` and a ``user``."""
    settings = config.get_settings()
    if not settings.get("shop.secret"):
        problem = "shop.secret, which signs cookies, is not set"
        raise ConfigurationError(f"{problem}; give SHOP_SECRET a long random text")
    config.set_session_factory(
        SignedCookieSessionFactory(
            settings["shop.secret"],
            timeout=YEAR,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",  # other sites cannot order in a visitor's name
            secure=asbool(settings.get("shop.https", "false")),
        )
    )
    config.add_request_method(visitor_id, reify=True)
    config.add_request_method(user, reify=True)
