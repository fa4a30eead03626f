"""What becomes of what was tracked inside a transaction, under a real pyramid_tm."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import ref

import pytest
import transaction
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import RetryableException
from pyramid_tm import explicit_manager
from transaction.interfaces import TransientError

from mixpanel_pyramid import Event, Events, flush
from mixpanel_pyramid.consumer import BufferConsumer, Fate, MockedConsumer
from mixpanel_pyramid.transaction_join import TransactionJoin

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App, MakeApp, Sink

View = Callable[[Request], Any]
Configure = Callable[[Configurator], None]

EXPLICIT = {"tm.manager_hook": "pyramid_tm.explicit_manager"}
VETO = {"tm.commit_veto": "pyramid_tm.default_commit_veto"}


def tracked(request: Request, event: Event = Events.page_viewed) -> None:
    """Track an event."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(event)


@dataclass
class Store:
    """A data manager that notes what is asked of it, and fails where it is told to."""

    fails_at: str = ""
    error: Exception = field(default_factory=lambda: ValueError("disk full"))
    asked: list[str] = field(default_factory=list)

    def sortKey(self) -> str:  # noqa: N802, RUF100
        """Sort as zope.sqlalchemy does."""
        return "~sqlalchemy:1"

    def __getattr__(self, name: str) -> Callable[[object], None]:
        if name not in {"abort", "commit"} and not name.startswith("tpc_"):
            raise AttributeError(name)

        def ask(transaction: object) -> None:
            self.asked.append(name)
            if name == self.fails_at:
                raise self.error

        return ask


@dataclass
class Shop:
    """An app with transactions, and where its messages come out.

    Attributes:
        app: The app.
        sink: Where they are sent; None while they are recorded.
    """

    app: App
    sink: Sink | None

    def get(self, status: int = 200, **extra: object) -> None:
        """Ask for the first view."""
        self.app.web.get("/home", status=status, **extra)

    def released(self) -> list[str]:
        """Give the names of the events that were released, in order."""
        if self.sink is None:
            messages = self.app.requests[-1].mixpanel.mocked_messages
            return [message["msg"]["event"] for message in messages]
        assert flush(self.app.registry)
        return self.sink.event_names()


MakeShop = Callable[..., Shop]


@pytest.fixture(params=["explicit", "thread-local"])
def manager(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings that choose the transaction manager."""
    return EXPLICIT if request.param == "explicit" else {}


@pytest.fixture(params=["recorded", "sent"])
def make_shop(
    request: pytest.FixtureRequest, make_app: MakeApp, manager: dict[str, str]
) -> MakeShop:
    """Make an app with pyramid_tm, which records or sends, with either manager."""
    sink = request.getfixturevalue("sink") if request.param == "sent" else None

    def make(
        view: View,
        settings: dict[str, str] | None = None,
        configure: Configure = lambda config: None,
        **views: View,
    ) -> Shop:
        def include(config: Configurator) -> None:
            config.include("pyramid_tm")
            configure(config)

        chosen = {**manager, **(settings or {})}
        if sink is not None:
            chosen |= {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
        return Shop(make_app({"home": view, **views}, chosen, include), sink)

    return make


def add_error_page(config: Configurator) -> None:
    """Give an app an exception view that tracks, and answers 200."""

    def error_page(request: Request) -> Response:
        tracked(request, Events.user_disabled)
        return Response("sorry")

    config.add_view(error_page, context=Exception)


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


def failing(fails_at: str, error: Exception | None = None) -> View:
    """Make a view whose commit fails."""

    def view(request: Request) -> Response:
        tracked(request)
        request.tm.get().join(Store(fails_at, error or ValueError("disk full")))
        return Response("ok")

    return view


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
        return Response("ok")

    app = make_app({"home": view})
    app.web.get("/home", extra_environ={"tm.active": True})

    assert app.recorded() == ["Page Viewed"]


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
