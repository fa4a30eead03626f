"""What is tracked in the hooks of a commit."""

from __future__ import annotations

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events

from .shops import MakeShop, Store, tracked


def test_a_commit_hook_belongs_to_the_transaction(make_shop: MakeShop) -> None:
    """It runs while pyramid_tm commits; the answer that fails is no matter."""

    def view(request: Request) -> Response:
        tracked(request)
        hook, charged = request.tm.get().addBeforeCommitHook, Events.user_charged
        hook(tracked, (request, charged))
        return Response("later", status=503)

    shop = make_shop(view)
    shop.get(status=503)

    assert shop.released() == ["Page Viewed", "User Charged"]


@pytest.mark.parametrize("status", [200, 503])
def test_an_after_commit_hook_loses_nothing_that_was_committed(
    make_shop: MakeShop, status: int
) -> None:
    """The transaction aborts every data manager after such hooks; too late for us.

    What the hook itself tracks comes after the transaction, and goes with the answer.
    """

    def view(request: Request) -> Response:
        tracked(request)
        request.tm.get().addAfterCommitHook(
            lambda success: tracked(request, Events.user_charged)
        )
        return Response("x", status=status)

    shop = make_shop(view)
    shop.get(status=status)

    later = ["User Charged"] if status == 200 else []
    assert shop.released() == ["Page Viewed", *later]


def test_an_after_commit_hook_of_a_commit_by_hand(make_shop: MakeShop) -> None:
    """pyramid_tm is active still, but the transaction takes nobody in any more."""

    def view(request: Request) -> Response:
        hook, charged = request.tm.get().addAfterCommitHook, Events.user_charged
        hook(lambda success: tracked(request, charged))
        request.tm.commit()
        request.tm.begin()
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["User Charged"]


def test_a_failed_transaction_takes_nothing_in(make_shop: MakeShop) -> None:
    """It can only be aborted, and what was done in it is undone."""

    def view(request: Request) -> Response:
        tracked(request)
        request.tm.get().join(Store())
        with pytest.raises(TypeError):
            request.tm.savepoint()
        tracked(request, Events.user_charged)
        request.tm.abort()
        request.tm.begin()
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == []
