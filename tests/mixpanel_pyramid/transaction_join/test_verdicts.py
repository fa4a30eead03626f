"""Whether a transaction releases or discards what was tracked in it."""

from __future__ import annotations

import gc
from weakref import ref

import pytest
from pyramid.httpexceptions import HTTPFound
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events

from .shops import MakeShop, add_error_page, failing, tracked

VETO = {"tm.commit_veto": "pyramid_tm.default_commit_veto"}


def test_a_committed_transaction_releases(make_shop: MakeShop) -> None:
    """The plain case."""

    def view(request: Request) -> Response:
        tracked(request)
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["Page Viewed"]


@pytest.mark.parametrize("fails", [False, True])
def test_messages_are_not_kept_in_memory_by_a_transaction(
    make_shop: MakeShop, *, fails: bool
) -> None:
    """They go with the request, committed or aborted, without the collector."""

    def view(request: Request) -> Response:
        tracked(request)
        return Response("ok", status=500 if fails else 200)

    shop = make_shop(view, VETO)
    router = shop.app.web.app
    gc.disable()
    try:
        router(Request.blank("/home").environ, lambda status, headers: None)
        seen = ref(shop.app.requests[0].mixpanel.consumer)
        was_there = seen() is not None
        shop.app.requests.clear()
        is_gone = seen() is None
    finally:
        gc.enable()

    assert was_there
    assert is_gone


def test_a_committed_transaction_releases_for_any_answer(make_shop: MakeShop) -> None:
    """The data says that it happened; what was tracked later goes with the answer."""

    def fail(request: Request, response: Response) -> None:
        tracked(request, Events.user_disabled)
        response.status_int = 500

    def view(request: Request) -> Response:
        request.add_response_callback(fail)
        tracked(request)
        return Response("ok")

    shop = make_shop(view)
    shop.get(status=500)

    assert shop.released() == ["Page Viewed"]


def test_a_committed_5xx_releases(make_shop: MakeShop) -> None:
    """Without a commit veto, pyramid_tm commits what a view answers with 503."""

    def view(request: Request) -> Response:
        tracked(request)
        return Response("later", status=503)

    shop = make_shop(view)
    shop.get(status=503)

    assert shop.released() == ["Page Viewed"]


def test_an_exception_after_the_commit_releases(make_shop: MakeShop) -> None:
    """It reaches the server, but the commit is not undone."""

    def fail(request: Request, response: Response) -> None:
        raise LookupError("too late")

    def view(request: Request) -> Response:
        tracked(request)
        request.add_response_callback(fail)
        return Response("ok")

    shop = make_shop(view)
    with pytest.raises(LookupError):
        shop.get()

    assert shop.released() == ["Page Viewed"]


def test_an_exception_discards(make_shop: MakeShop) -> None:
    """pyramid_tm aborts."""

    def view(request: Request) -> Response:
        tracked(request)
        raise LookupError("gone")

    shop = make_shop(view)
    with pytest.raises(LookupError):
        shop.get()

    assert shop.released() == []


def test_an_exception_view_that_answers_200_discards(make_shop: MakeShop) -> None:
    """It runs inside the transaction, and what it tracks is aborted too."""

    def view(request: Request) -> Response:
        tracked(request)
        raise LookupError("gone")

    shop = make_shop(view, configure=add_error_page)
    shop.get()

    assert shop.released() == []


def test_a_doomed_transaction_discards(make_shop: MakeShop) -> None:
    """The answer is 200 all the same; tracked before or after makes no difference."""

    def view(request: Request) -> Response:
        tracked(request)
        request.tm.doom()
        tracked(request, Events.user_charged)
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == []


def test_an_abort_leaves_alone_what_was_tracked_now(make_shop: MakeShop) -> None:
    """It stands, whatever becomes of the transaction."""

    def view(request: Request) -> Response:
        tracked(request, Events.user_charged)
        request.mixpanel.track_now(Events.page_viewed)
        raise LookupError("gone")

    shop = make_shop(view, configure=add_error_page)
    shop.get()

    assert shop.released() == ["Page Viewed"]


@pytest.mark.parametrize(("status", "events"), [(200, ["Page Viewed"]), (404, [])])
def test_a_commit_veto_discards(
    make_shop: MakeShop, status: int, events: list[str]
) -> None:
    """Without transactions a returned 404 would release."""

    def view(request: Request) -> Response:
        tracked(request)
        return Response("x", status=status)

    shop = make_shop(view, VETO)
    shop.get(status=status)

    assert shop.released() == events


@pytest.mark.parametrize(("settings", "events"), [({}, []), (VETO, ["Page Viewed"])])
def test_a_raised_redirect_is_an_abort_without_a_commit_veto(
    make_shop: MakeShop, settings: dict[str, str], events: list[str]
) -> None:
    """As pyramid_tm has it."""

    def view(request: Request) -> Response:
        tracked(request)
        raise HTTPFound("/elsewhere")

    shop = make_shop(view, settings)
    shop.get(status=302)

    assert shop.released() == events


def test_a_returned_redirect_releases(make_shop: MakeShop) -> None:
    """Which is why the documentation says ``return``."""

    def view(request: Request) -> Response:
        tracked(request)
        return HTTPFound("/elsewhere")

    shop = make_shop(view)
    shop.get(status=302)

    assert shop.released() == ["Page Viewed"]


@pytest.mark.parametrize("fails_at", ["tpc_begin", "commit", "tpc_vote", "tpc_finish"])
def test_a_commit_that_fails_discards(make_shop: MakeShop, fails_at: str) -> None:
    """Whichever step it fails at; ours comes last."""
    shop = make_shop(failing(fails_at))
    with pytest.raises(ValueError, match="disk full"):
        shop.get()

    assert shop.released() == []


def test_a_commit_that_fails_discards_with_an_exception_view(
    make_shop: MakeShop,
) -> None:
    """The view runs after the transaction, and there is an exception."""
    shop = make_shop(failing("tpc_vote"), configure=add_error_page)
    shop.get()

    assert shop.released() == []


def test_a_hook_that_prevents_the_commit_discards(make_shop: MakeShop) -> None:
    """No data manager is told of it."""

    def refuse() -> None:
        raise ValueError("not today")

    def view(request: Request) -> Response:
        tracked(request)
        request.tm.get().addBeforeCommitHook(refuse)
        return Response("ok")

    shop = make_shop(view, configure=add_error_page)
    shop.get()

    assert shop.released() == []


def test_what_comes_after_the_commit_and_the_answer_is_released(
    make_shop: MakeShop,
) -> None:
    """In a finished callback; the transaction is over, and binds nothing."""

    def late(request: Request) -> None:
        tracked(request, Events.user_charged)

    def view(request: Request) -> Response:
        tracked(request)
        request.add_finished_callback(late)
        return Response("ok")

    shop = make_shop(view)
    shop.get()

    assert shop.released() == ["Page Viewed", "User Charged"]
