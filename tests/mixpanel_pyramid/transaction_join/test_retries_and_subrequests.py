"""Attempts that are retried, subrequests, and transactions around a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import RetryableException
from pyramid_tm import explicit_manager
from transaction.interfaces import TransientError

from mixpanel_pyramid import Events

from .shops import EXPLICIT, Configure, MakeShop, View, add_error_page, failing, tracked

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp


def retrying(attempts: list[int], error: Exception) -> View:
    """Make a view that fails twice, and counts its attempts."""

    def view(request: Request) -> Response:
        attempts.append(1)
        tracked(request)
        if len(attempts) < 3:
            raise error
        tracked(request, Events.user_charged)
        return Response("ok")

    return view


@pytest.mark.parametrize("error", [RetryableException(), TransientError()])
@pytest.mark.parametrize("configure", [lambda config: None, add_error_page])
def test_of_retried_attempts_only_the_last_counts(
    make_shop: MakeShop, error: Exception, configure: Configure
) -> None:
    """Each attempt is a request of its own; an exception view changes nothing."""
    attempts: list[int] = []

    def include(config: Configurator) -> None:
        config.include("pyramid_retry")
        configure(config)

    shop = make_shop(retrying(attempts, error), {"retry.attempts": "3"}, include)
    shop.get()

    assert shop.released() == ["Page Viewed", "User Charged"]
    first = shop.app.requests[0].mixpanel
    assert len(attempts) == 3
    assert shop.sink or first.mocked_messages == []


def test_a_commit_that_is_retried_counts_once(make_shop: MakeShop) -> None:
    """The conflict is found while voting, as PostgreSQL and ZODB do."""
    attempts: list[int] = []

    def view(request: Request) -> Response:
        attempts.append(1)
        fails_at = "tpc_vote" if len(attempts) < 3 else ""
        return failing(fails_at, TransientError())(request)

    shop = make_shop(view, configure=lambda config: config.include("pyramid_retry"))
    shop.get()

    assert len(attempts) == 3
    assert shop.released() == ["Page Viewed"]


def test_a_subrequest_without_tweens_joins_its_parents_transaction(
    make_shop: MakeShop,
) -> None:
    """It has nothing of its own, and shares the fate of its parent."""

    def inner(request: Request) -> Response:
        tracked(request)
        return Response("ok")

    def outer(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        request.invoke_subrequest(Request.blank("/inner"))
        request.tm.doom()
        return Response("ok")

    shop = make_shop(outer, inner=inner)
    shop.get()

    assert shop.released() == []
    assert shop.sink or shop.app.requests[0].mixpanel.mocked_messages == []


@pytest.mark.parametrize("ending", ["commit", "abort"])
def test_a_subrequest_inside_the_transaction_shares_it(
    make_shop: MakeShop, ending: str
) -> None:
    """A copy of the request has its transaction too, and outlives the subrequest."""

    def inner(request: Request) -> Response:
        tracked(request)
        return Response("ok")

    def outer(request: Request) -> Response:
        subrequest = request.copy_get()
        subrequest.path_info = "/inner"
        request.invoke_subrequest(subrequest, use_tweens=True)
        if ending == "abort":
            request.tm.doom()
        return Response("later", status=503)

    shop = make_shop(outer, inner=inner)
    shop.get(status=503)

    assert shop.released() == (["Page Viewed"] if ending == "commit" else [])


def test_a_subrequests_own_commit_outlives_the_failure_of_its_parent(
    make_app: MakeApp,
) -> None:
    """Its transaction is over, and its data is there; what else it tracked goes."""

    def late(request: Request, response: Response) -> None:
        tracked(request, Events.user_charged)

    def inner(request: Request) -> Response:
        tracked(request)
        request.add_response_callback(late)
        return Response("ok")

    def outer(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        request.invoke_subrequest(Request.blank("/inner"), use_tweens=True)
        request.tm.doom()
        return Response("no", status=500)

    views = {"home": outer, "inner": inner}
    app = make_app(views, EXPLICIT, lambda config: config.include("pyramid_tm"))
    app.web.get("/home", status=500)

    first, second = (request.mixpanel.mocked_messages for request in app.requests)
    assert [message["msg"]["event"] for message in first] == ["Page Viewed"]
    assert second == first


@pytest.mark.parametrize(
    ("ending", "events"), [("commit", ["Page Viewed"]), ("abort", [])]
)
def test_a_transaction_around_the_request_decides_when_it_ends(
    make_shop: MakeShop, ending: str, events: list[str]
) -> None:
    """As in the tests of Pyramid's cookiecutter, which roll back after each."""

    def view(request: Request) -> Response:
        tracked(request)
        return Response("ok")

    shop, outer = make_shop(view), explicit_manager(None)
    outer.begin()
    shop.get(extra_environ={"tm.active": True, "tm.manager": outer})
    assert shop.sink is None or shop.released() == []
    getattr(outer, ending)()

    assert shop.released() == events
