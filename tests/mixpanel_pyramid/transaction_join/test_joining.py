"""How a request joins a transaction, and how that ends."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import transaction
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid.consumer import BufferConsumer, Fate, MockedConsumer
from mixpanel_pyramid.transaction_join import TransactionJoin

from .shops import EXPLICIT, Store, tracked

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp


def test_the_requests_own_manager_is_joined(make_app: MakeApp) -> None:
    """Not the thread-local one, which may be in the middle of something else."""

    def view(request: Request) -> Response:
        tracked(request)
        joined.extend(request.tm.get()._resources)
        others.extend(transaction.get()._resources)
        return Response("ok")

    joined: list[object] = []
    others: list[object] = []
    app = make_app(
        {"home": view}, EXPLICIT, lambda config: config.include("pyramid_tm")
    )
    app.web.get("/home")

    assert [type(resource) for resource in joined] == [TransactionJoin]
    assert others == []


def test_several_tracks_join_once(make_app: MakeApp) -> None:
    """One data manager a transaction, and it sorts after all others."""

    def view(request: Request) -> Response:
        tracked(request)
        tracked(request)
        (join,) = request.tm.get()._resources
        keys.append(join.sortKey())
        return Response("ok")

    keys: list[str] = []
    app = make_app({"home": view}, None, lambda config: config.include("pyramid_tm"))
    app.web.get("/home")

    assert keys[0] > "~~~~~sqlalchemy:1"
    assert keys[0] > "\uffff"


def test_a_request_that_tracks_nothing_joins_nothing(make_app: MakeApp) -> None:
    """It does not even make its tracker."""

    def view(request: Request) -> Response:
        seen.extend(request.tm.get()._resources)
        return Response("ok")

    seen: list[object] = []
    app = make_app({"home": view}, None, lambda config: config.include("pyramid_tm"))
    app.web.get("/home")

    assert seen == []


def test_a_mark_without_a_manager_is_no_error(make_app: MakeApp) -> None:
    """Something else may set ``tm.active``; then the answer decides."""

    def view(request: Request) -> Response:
        tracked(request)
        tracked(request)
        return Response("ok")

    app = make_app({"home": view})
    app.web.get("/home", extra_environ={"tm.active": True})

    consumer = app.requests[0].mixpanel.consumer
    assert app.recorded() == ["Page Viewed", "Page Viewed"]
    assert consumer.flush()
    assert consumer.mark() == 0


def test_lesson_12_finishing_never_raises(caplog: pytest.LogCaptureFixture) -> None:
    """It would leave the transaction manager, and the data, half way."""

    def broken() -> None:
        raise RuntimeError("who knows")

    manager, store = transaction.TransactionManager(explicit=True), Store()
    manager.begin()
    manager.get().join(TransactionJoin(MockedConsumer(), broken))
    manager.get().join(store)
    with caplog.at_level(logging.ERROR):
        manager.commit()

    assert store.asked == ["tpc_begin", "commit", "tpc_vote", "tpc_finish"]
    assert [record.getMessage() for record in caplog.records] == [
        "a transaction's Mixpanel messages were not handed over"
    ]


def test_what_is_over_cannot_be_finished_or_aborted_again() -> None:
    """Each of these may come twice."""
    calls: list[str] = []
    consumer = BufferConsumer("t", lambda messages: calls.append("handed over"))
    join = TransactionJoin(consumer, lambda: calls.append("committed"))
    join.tpc_finish(None)
    join.tpc_finish(None)
    join.tpc_abort(None)

    assert calls == ["committed"]


def test_a_commit_that_fails_last_discards_at_once() -> None:
    """The others have voted; ours has too, and is told by ``tpc_abort`` alone."""
    consumer = MockedConsumer(fate=lambda: Fate.BIND)
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    manager.get().join(TransactionJoin(consumer, lambda: None))
    manager.get().join(Store("tpc_finish"))
    consumer.keep("events", {"event": "one"})
    shown = consumer.mocked_messages
    with pytest.raises(ValueError, match="disk full"):
        manager.commit()

    assert shown == []


WITHOUT = """
import sys
sys.modules["transaction"] = sys.modules["pyramid_tm"] = None
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from mixpanel_pyramid import Events

def view(request):
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(Events.page_viewed)
    print(len(request.mixpanel.mocked_messages))
    return Response("ok")

with Configurator(settings={"mixpanel.token": "false"}) as config:
    config.include("mixpanel_pyramid")
    config.add_route("home", "/")
    config.add_view(view, route_name="home")
    app = config.make_wsgi_app()
Request.blank("/").get_response(app)
"""


def test_neither_transaction_nor_pyramid_tm_is_needed() -> None:
    """They are imported nowhere."""
    done = subprocess.run(
        [sys.executable, "-Wignore", "-c", WITHOUT],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout == "1\n"
