"""The journal of a request: what became of each message, whoever keeps it."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.scripting import prepare
from transaction import TransactionManager
from transaction.interfaces import TransactionFailedError

from mixpanel_pyramid import Event, EventProperties, Events
from mixpanel_pyramid.journal import Entry, Journal
from mixpanel_pyramid.message import event_message
from mixpanel_pyramid.observation import observe
from mixpanel_schema import UndeclaredNameError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App, MakeApp, Sink

View = Callable[[Request], Any]
Kept = Callable[..., list[tuple[str, str]]]


@pytest.fixture(params=["recording", "sending"])
def kept(request: pytest.FixtureRequest, make_app: MakeApp, sink: Sink) -> Kept:
    """Ask a view, under pyramid_tm, and give states and reasons of its messages."""
    sending = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    settings = sending if request.param == "sending" else {}

    def ask(view: View, **environ: object) -> list[tuple[str, str]]:
        def configure(config: Configurator) -> None:
            config.include("pyramid_tm")

        app = make_app({"home": view, "inner": tracked}, settings, configure)
        entries = entries_of(app)
        with suppress(TransactionFailedError):
            app.web.get("/home", extra_environ=environ, expect_errors=True)
        return [(entry.state.value, entry.why) for entry in entries]

    return ask


def entries_of(app: App) -> list[Entry]:
    """Give a list that has every entry which an app makes from here on."""
    entries: list[Entry] = []
    observe(app.registry).listeners.append(entries.append)
    return entries


def tracked(request: Request) -> Response:
    """Track an event."""
    request.mixpanel.track(Events.page_viewed, distinct_id="joe")
    return Response("seen")


def test_what_a_failed_transaction_takes_in_is_discarded_at_once(kept: Kept) -> None:
    """It can only be aborted."""

    def view(request: Request) -> Response:
        class Broken:
            """A data manager that fails at the commit."""

            def sortKey(self) -> str:  # noqa: N802, RUF100
                return "a"

            def __getattr__(self, name: str) -> Callable[[object], None]:
                def fail(transaction: object) -> None:
                    if name == "tpc_begin":
                        raise OSError("disk full")

                return fail

        transaction = request.tm.get()
        transaction.join(Broken())
        with pytest.raises(OSError, match="disk full"):
            transaction.commit()
        return tracked(request)

    assert kept(view) == [("discarded", "its transaction had failed already")]


def test_what_comes_after_the_verdict_has_its_reason(kept: Kept) -> None:
    """As in a finished callback."""

    def view(request: Request) -> Response:
        request.tm.commit()
        request.environ["tm.active"] = False
        request.mixpanel.distinct_id = "joe"
        request.add_finished_callback(tracked)
        return Response("later", status=503)

    assert kept(view) == [("discarded", "the answer was 503")]


def test_a_subrequests_message_has_the_reason_of_its_parent(kept: Kept) -> None:
    """It shares its transaction."""

    def view(request: Request) -> Response:
        request.invoke_subrequest(Request.blank("/inner"))
        tracked(request)
        request.tm.doom()
        return Response("done")

    assert kept(view) == [
        ("discarded", "its transaction was rolled back"),
        ("discarded", "its transaction was rolled back"),
    ]


def test_a_committed_message_says_so_whatever_the_answer_is(kept: Kept) -> None:
    """The transaction decides, not the answer."""

    def view(request: Request) -> Response:
        tracked(request)
        return Response("later", status=503)

    assert kept(view) == [("released", "its transaction was committed")]


@pytest.mark.parametrize(
    ("is_doomed", "status", "state", "why"),
    [
        (False, 200, "held", "the transaction was begun around the request"),
        (True, 200, "waits", ""),
        (False, 503, "waits", ""),
    ],
)
def test_a_message_may_wait_for_a_transaction_around_the_request(
    kept: Kept, is_doomed: bool, status: int, state: str, why: str
) -> None:
    """As one that a test begins; it waits for nothing else, if nothing went wrong."""
    manager = TransactionManager(explicit=True)
    transaction = manager.begin()
    if is_doomed:
        transaction.doom()

    def view(request: Request) -> Response:
        tracked(request)
        return Response("done", status=status)

    ((found, said),) = kept(view, **{"tm.active": True, "tm.manager": manager})

    assert (found, said[: len(why)]) == (state, why)
    assert bool(said) is bool(why)


def test_a_message_without_a_transaction_is_not_held(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """It leaves with the answer, and nothing is wrong with that."""

    def view(request: Request) -> Response:
        request.tm.commit()
        request.environ["tm.active"] = False
        return tracked(request)

    assert kept(view) == [("released", "the answer was 200")]
    assert "not handed over" not in caplog.text


def test_an_answer_that_was_made_out_of_an_exception_says_so(
    make_app: MakeApp,
) -> None:
    """With the exception's class, and not that it was raised."""

    def view(request: Request) -> None:
        tracked(request)
        raise ValueError("no seat")

    def sorry(request: Request) -> Response:
        return Response("sorry", status=500)

    def configure(config: Configurator) -> None:
        config.add_view(sorry, context=ValueError)

    app = make_app({"home": view}, {}, configure)
    entries = entries_of(app)
    app.web.get("/home", status=500)

    assert [entry.why for entry in entries] == [
        "the answer was 500, made out of ValueError"
    ]


def test_a_subrequest_has_nothing_to_do_with_the_exception_around_it(
    make_app: MakeApp,
) -> None:
    """As in an ``except`` block, where Python still knows what was raised."""

    def view(request: Request) -> Response:
        try:
            raise ValueError("no seat")
        except ValueError:
            request.invoke_subrequest(Request.blank("/inner"))
        return Response("done")

    def inner(request: Request) -> Response:
        tracked(request)
        return Response("sorry", status=503)

    app = make_app({"home": view, "inner": inner})
    entries = entries_of(app)
    app.web.get("/home")

    assert [entry.why for entry in entries] == ["the answer was 503"]


def test_an_exception_that_nothing_handles_says_that_it_was_raised(
    make_app: MakeApp,
) -> None:
    """There is no answer then."""

    def view(request: Request) -> None:
        tracked(request)
        raise ValueError("no seat")

    app = make_app({"home": view})
    entries = entries_of(app)
    with pytest.raises(ValueError, match="no seat"):
        app.web.get("/home")

    assert [entry.why for entry in entries] == ["ValueError was raised"]


def test_a_script_has_no_answer_to_name(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Its request just ends, and nothing is wrong with that."""
    app = make_app({})
    entries = entries_of(app)
    with prepare(registry=app.registry) as env:
        tracked(env["request"])

    assert [(entry.state.value, entry.why) for entry in entries] == [
        ("released", "the request ended")
    ]
    assert "not handed over" not in caplog.text


def test_what_a_savepoint_takes_back_says_so(kept: Kept) -> None:
    """What came before it was committed."""

    def view(request: Request) -> Response:
        tracked(request)
        savepoint = request.tm.savepoint()
        tracked(request)
        savepoint.rollback()
        return Response("done")

    assert kept(view) == [
        ("released", "its transaction was committed"),
        ("discarded", "its transaction was rolled back to a savepoint"),
    ]


def test_only_what_waits_in_the_request_itself_waits_for_what_is_around_it() -> None:
    """Not what left already, nor what a subrequest tracked: that asks for itself."""
    journal = Journal("POST /order")
    mine = journal.enter("events", event_message("A", {}))
    gone = journal.enter("events", event_message("B", {}), "it was tracked now")
    inner = journal.inner("GET /price").enter("events", event_message("C", {}))

    journal.hold()

    assert [entry.state.value for entry in (mine, gone, inner)] == [
        "held",
        "released",
        "waits",
    ]


def test_only_what_was_mended_is_told(make_app: MakeApp, sink: Sink) -> None:
    """By name; what is sent as it was given needs no word."""

    def view(request: Request) -> Response:
        values = {EventProperties.title: "Home", EventProperties.path: math.nan}
        request.mixpanel.track(Events.page_viewed, values, distinct_id="joe")
        return Response("seen")

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"home": view}, settings)
    entries = entries_of(app)
    app.web.get("/home")

    assert [entry.mended for entry in entries] == [
        ("left out: property 'Path' is not finite, which JSON has not; leave it out",)
    ]


def test_what_is_tracked_after_the_request_says_so(make_app: MakeApp) -> None:
    """It leaves at once, whatever the answer was."""
    app = make_app({"home": tracked})
    entries = entries_of(app)
    app.web.get("/home")
    tracked(app.requests[0])

    assert [(entry.state.value, entry.why) for entry in entries] == [
        ("released", "the answer was 200"),
        ("released", "the request was over already"),
    ]


def test_what_the_plan_refuses_is_in_the_journal_too(make_app: MakeApp) -> None:
    """A request that somebody watches has a tracker that notes it."""

    def view(request: Request) -> Response:
        with pytest.raises(UndeclaredNameError):
            request.mixpanel.track(Event("Page Veiwed"), distinct_id="joe")
        return Response("done")

    app = make_app({"home": view})
    entries = entries_of(app)
    app.web.get("/home")

    assert [(entry.endpoint, entry.state.value) for entry in entries] == [
        ("events", "refused")
    ]
