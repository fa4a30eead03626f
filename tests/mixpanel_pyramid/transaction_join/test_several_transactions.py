"""Requests with several transactions, or with none that is active."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events

from .shops import MakeShop, View, tracked


def test_a_new_transaction_is_joined_anew(make_shop: MakeShop) -> None:
    """What the aborted one held is gone; what the committed one held is not."""

    def view(request: Request) -> Response:
        tracked(request)
        request.tm.abort()
        request.tm.begin()
        tracked(request, Events.user_charged)
        request.tm.commit()
        request.tm.begin()
        tracked(request, Events.user_logged_in)
        request.tm.doom()
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["User Charged"]


def around(handler: View, registry: object) -> View:
    """Make a tween that tracks before and after what it is around of."""

    def tween(request: Request) -> object:
        tracked(request, Events.user_logged_in)
        response = handler(request)
        tracked(request, Events.user_charged)
        return response

    return tween


@pytest.mark.parametrize(
    ("status", "events"),
    [(200, ["User Logged In", "Page Viewed", "User Charged"]), (500, ["Page Viewed"])],
)
def test_what_is_tracked_outside_goes_with_the_answer(
    make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch, status: int, events: list[str]
) -> None:
    """Before the transaction and after it; they leave in the order of tracking."""
    module = SimpleNamespace(around=around)
    monkeypatch.setitem(sys.modules, "mixpanel_pyramid_tweens", module)

    def configure(config: Configurator) -> None:
        tween = "mixpanel_pyramid_tweens.around"
        config.add_tween(tween, over="pyramid_tm.tm_tween_factory")

    def view(request: Request) -> Response:
        tracked(request)
        return Response("x", status=status)

    shop = make_shop(view, configure=configure)
    shop.get(status=status)

    assert shop.released() == events


@pytest.mark.parametrize(("status", "events"), [(200, ["Page Viewed"]), (500, [])])
def test_an_inactive_transaction_manager_decides_nothing(
    make_shop: MakeShop, status: int, events: list[str]
) -> None:
    """pyramid_tm is there, but was told to leave this request alone."""

    def view(request: Request) -> Response:
        tracked(request)
        return Response("x", status=status)

    shop = make_shop(view, {"tm.activate_hook": "operator.not_"})
    shop.get(status=status)

    assert shop.released() == events


def test_between_two_transactions_the_answer_decides(make_shop: MakeShop) -> None:
    """The view ended one by hand; the thread-local manager begins another itself."""

    def view(request: Request) -> Response:
        request.tm.commit()
        tracked(request)
        if request.tm.explicit:
            request.tm.begin()
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["Page Viewed"]
