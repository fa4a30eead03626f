"""What a savepoint that is rolled back takes with it."""

from __future__ import annotations

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events

from .shops import MakeShop, tracked


def test_a_savepoint_rolled_back_drops_what_came_after_it(make_shop: MakeShop) -> None:
    """What came before it, and after the rollback, stays, in order."""

    def view(request: Request) -> Response:
        tracked(request)
        savepoint = request.tm.savepoint()
        tracked(request, Events.user_charged)
        savepoint.rollback()
        tracked(request, Events.user_logged_in)
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["Page Viewed", "User Logged In"]


def test_a_savepoint_kept_keeps_everything(make_shop: MakeShop) -> None:
    """One that was made before the first track as well as later ones."""

    def view(request: Request) -> Response:
        request.tm.savepoint()
        tracked(request)
        request.tm.savepoint()
        tracked(request, Events.user_charged)
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["Page Viewed", "User Charged"]


@pytest.mark.parametrize(("rollbacks", "events"), [(1, ["User Charged"]), (2, [])])
def test_a_savepoint_older_than_the_join_drops_everything(
    make_shop: MakeShop, rollbacks: int, events: list[str]
) -> None:
    """The transaction forgets the join then; the next track joins anew."""

    def view(request: Request) -> Response:
        savepoint = request.tm.savepoint()
        tracked(request)
        savepoint.rollback()
        tracked(request, Events.user_charged)
        if rollbacks == 2:
            savepoint.rollback()
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == events


def test_an_inner_savepoint_leaves_the_outer_one_alone(make_shop: MakeShop) -> None:
    """What was tracked between the two stays."""

    def view(request: Request) -> Response:
        tracked(request)
        request.tm.savepoint()
        tracked(request, Events.user_charged)
        inner = request.tm.savepoint()
        tracked(request, Events.user_logged_in)
        inner.rollback()
        tracked(request, Events.user_signed_up)
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["Page Viewed", "User Charged", "User Signed Up"]


def test_an_outer_savepoint_takes_the_inner_one_with_it(make_shop: MakeShop) -> None:
    """It is older, so it drops more."""

    def view(request: Request) -> Response:
        tracked(request)
        outer = request.tm.savepoint()
        tracked(request, Events.user_charged)
        request.tm.savepoint()
        tracked(request, Events.user_logged_in)
        outer.rollback()
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["Page Viewed"]
