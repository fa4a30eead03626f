"""What becomes of a request's messages, in a real Pyramid app."""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import ref

import pytest
from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.httpexceptions import (
    HTTPForbidden,
    HTTPFound,
    HTTPInternalServerError,
    HTTPNoContent,
    HTTPNotFound,
    HTTPOk,
    HTTPServiceUnavailable,
    exception_response,
)
from pyramid.interfaces import IResponse
from pyramid.request import Request
from pyramid.response import Response
from pyramid.scripting import prepare
from pyramid.testing import DummyRequest
from pyramid.tweens import EXCVIEW
from webtest import TestApp
from zope.interface import implementer

from mixpanel_pyramid import (
    Event,
    Events,
    MixpanelTrack,
    ProfileProperties,
    delivery_stats,
    flush,
)
from mixpanel_pyramid.dispatch import Dispatch, dispatch_for
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.request_lifecycle import request_tracker
from mixpanel_pyramid.settings import read_settings

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink

View = Callable[[Request], Any]
Answer = Exception | type[Exception]


def tracked(request: Request, *events: Event) -> None:
    """Track events, Page Viewed by default."""
    request.mixpanel.distinct_id = "joe"
    for event in events or (Events.page_viewed,):
        request.mixpanel.track(event)


def answering(response: object) -> View:
    """Make a view that tracks, and then returns."""

    def view(request: Request) -> object:
        tracked(request)
        return response() if isinstance(response, type) else response

    return view


def raising(error: Exception | type[Exception]) -> View:
    """Make a view that tracks, and then raises."""

    def view(request: Request) -> None:
        tracked(request)
        raise error

    return view


def error_page(request: Request) -> Response:
    """Make an answer out of any exception."""
    return Response("sorry", status=request.registry.settings["error_status"])


def add_error_page(config: Configurator, status: int = 500) -> None:
    """Give an app an exception view."""
    config.registry.settings["error_status"] = status
    config.add_view(error_page, context=Exception)


@pytest.mark.parametrize("status", [200, 201, 204, 302, 304, 400, 403, 404, 409, 499])
def test_a_returned_answer_below_500_releases(make_app: MakeApp, status: int) -> None:
    """A refusal that the view returns is a decision, not a failure."""
    view = answering(exception_response(status) if status < 499 else Response("x", 499))
    app = make_app({"home": view})
    app.web.get("/home", status=status)

    assert app.recorded() == ["Page Viewed"]
    assert app.requests[0].mixpanel.api._consumer.flushed


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_returned_5xx_discards(make_app: MakeApp, status: int) -> None:
    """What the messages tell of did not happen."""
    app = make_app({"home": answering(exception_response(status))})
    app.web.get("/home", status=status)

    assert app.recorded() == []
    assert not app.requests[0].mixpanel.api._consumer.flushed


@pytest.mark.parametrize("answer", [HTTPOk, HTTPNoContent, HTTPFound("/elsewhere")])
def test_a_raised_answer_below_400_releases(make_app: MakeApp, answer: Answer) -> None:
    """Raising a redirect is a way to answer."""
    app = make_app({"home": raising(answer)})
    app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


@pytest.mark.parametrize(
    "answer",
    [HTTPForbidden, HTTPNotFound, HTTPInternalServerError, HTTPServiceUnavailable],
)
def test_a_raised_answer_from_400_discards(make_app: MakeApp, answer: Answer) -> None:
    """Raising a refusal undoes what the view has done."""
    app = make_app({"home": raising(answer)})
    app.web.get("/home", expect_errors=True)

    assert app.recorded() == []


def test_an_exception_discards(make_app: MakeApp) -> None:
    """Without an exception view it reaches the server."""
    app = make_app({"home": raising(KeyError("no such thing"))})
    with pytest.raises(KeyError):
        app.web.get("/home")

    assert app.recorded() == []


def test_a_raised_redirect_without_exception_views_discards(make_app: MakeApp) -> None:
    """Nothing makes an answer of it, so it fails like any exception."""
    views = {"home": raising(HTTPFound("/elsewhere"))}
    app = make_app(views, {"pyramid.tweens": "mixpanel_pyramid_no_tweens.nothing"})
    with pytest.raises(HTTPFound):
        app.web.get("/home")

    assert app.recorded() == []


@pytest.fixture(autouse=True)
def no_tweens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tween that does nothing, for hand-written lists of tweens."""
    module = SimpleNamespace(nothing=lambda handler, registry: handler)
    monkeypatch.setitem(sys.modules, "mixpanel_pyramid_no_tweens", module)


@pytest.mark.parametrize("status", [200, 400, 500])
def test_lesson_2_an_exception_view_does_not_make_it_a_success(
    make_app: MakeApp, status: int
) -> None:
    """pyramid_mixpanel sent the events of a request that failed."""
    app = make_app(
        {"home": raising(ValueError("broken"))},
        configure=lambda config: add_error_page(config, status),
    )
    app.web.get("/home", status=status)

    assert app.recorded() == []


def test_an_exception_view_leaves_a_raised_redirect_a_success(
    make_app: MakeApp,
) -> None:
    """Pyramid's own exception view makes the answer."""
    app = make_app(
        {"home": raising(HTTPFound("/elsewhere"))},
        configure=lambda config: add_error_page(config),
    )
    app.web.get("/home", status=302)

    assert app.recorded() == ["Page Viewed"]


def test_an_error_that_the_view_handles_is_none(make_app: MakeApp) -> None:
    """Only what leaves the view counts."""

    def view(request: Request) -> Response:
        tracked(request)
        try:
            raise KeyError
        except KeyError:
            return Response("all the same")

    app = make_app({"home": view})
    app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


@pytest.mark.parametrize(
    ("tweens", "view", "kept"),
    [
        (EXCVIEW, answering(HTTPOk), ["Page Viewed"]),
        (EXCVIEW, raising(ValueError("broken")), []),
        ("mixpanel_pyramid_no_tweens.nothing", answering(HTTPOk), ["Page Viewed"]),
    ],
    ids=["released", "discarded", "without exception views"],
)
def test_a_hand_written_list_of_tweens_changes_nothing(
    make_app: MakeApp, tweens: str, view: View, kept: list[str]
) -> None:
    """Such a list drops the tweens of add-ons silently; this package has none."""
    app = make_app({"home": view}, {"pyramid.tweens": tweens}, add_error_page)
    app.web.get("/home", expect_errors=True)

    assert app.recorded() == kept


def test_recorded_messages_are_there_from_track_on(make_app: MakeApp) -> None:
    """A view, or a test of one, can look at once."""
    seen = []

    def view(request: Request) -> Response:
        tracked(request)
        seen.extend(request.mixpanel.mocked_messages)
        return Response("ok")

    make_app({"home": view}).web.get("/home")

    assert len(seen) == 1


@pytest.mark.parametrize(
    ("view", "kept"),
    [
        (answering(HTTPOk), ["Page Viewed", "User Charged"]),
        (answering(HTTPInternalServerError), []),
    ],
    ids=["released", "discarded"],
)
def test_what_is_tracked_after_the_verdict_follows_it(
    make_app: MakeApp, view: View, kept: list[str]
) -> None:
    """In finished callbacks, before ours and after."""

    def late(request: Request) -> None:
        request.mixpanel.track(Events.user_charged)

    def view_with_callback(request: Request) -> Response:
        response = view(request)
        request.add_finished_callback(late)
        return response

    app = make_app({"home": view_with_callback})
    app.web.get("/home", expect_errors=True)

    assert app.recorded() == kept


@pytest.mark.parametrize(
    ("error", "kept"),
    [(KeyError, []), (HTTPForbidden, []), (HTTPFound, ["User Charged"])],
)
def test_what_is_tracked_only_after_the_answer_follows_its_exception(
    error: type[Exception], kept: list[str]
) -> None:
    """An exception view has made an answer of it, which nobody noted."""
    seen = []

    def view(request: Request) -> Response:
        request.add_finished_callback(late)
        raise error

    def late(request: Request) -> None:
        request.mixpanel.track(Events.user_charged, distinct_id="joe")
        request.add_finished_callback(after)

    def after(request: Request) -> None:
        seen.extend(m["msg"]["event"] for m in request.mixpanel.mocked_messages)

    with Configurator(settings={"mixpanel.token": "false"}) as config:
        config.include("mixpanel_pyramid")
        config.add_route("home", "/")
        config.add_view(view, route_name="home")
        config.add_exception_view(lambda error, request: Response("sorry"), KeyError)
    Request.blank("/").get_response(config.make_wsgi_app())

    assert seen == kept


def test_a_response_callback_that_fails_discards(make_app: MakeApp) -> None:
    """The answer was good, but it does not reach the client."""

    def failing(request: Request, response: Response) -> None:
        raise KeyError("too late")

    def view(request: Request) -> Response:
        tracked(request)
        request.add_response_callback(failing)
        return Response("ok")

    app = make_app({"home": view})
    with pytest.raises(KeyError):
        app.web.get("/home")

    assert app.recorded() == []


def test_a_tracker_made_after_the_response_releases(make_app: MakeApp) -> None:
    """A subscriber to NewResponse is the first to track."""
    app = make_app(
        {"home": lambda request: Response("ok")},
        configure=lambda config: config.add_subscriber(
            lambda event: tracked(event.request), NewResponse
        ),
    )
    app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


def test_an_outer_error_does_not_discard(make_app: MakeApp) -> None:
    """A middleware may call the app while it handles an error of its own."""
    app = make_app({"home": answering(HTTPOk)})
    try:
        raise KeyError("of the middleware")
    except KeyError:
        app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


def parent(inner: str, *, then: Exception | None = None) -> View:
    """Make a view that asks for a subrequest, and may fail afterwards."""

    def view(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        with contextlib.suppress(LookupError):
            request.invoke_subrequest(Request.blank(inner), use_tweens=True)
        if then is not None:
            raise then
        return Response("ok")

    return view


def test_a_subrequest_hands_its_messages_to_its_parent(make_app: MakeApp) -> None:
    """Where the parent succeeds, both are released."""
    app = make_app({"home": parent("/inner"), "inner": answering(HTTPOk)})
    app.web.get("/home")

    assert app.recorded() == ["User Logged In", "Page Viewed"]


def test_a_subrequest_shares_the_fate_of_its_parent(make_app: MakeApp) -> None:
    """Where the parent fails, both are discarded."""
    broken = parent("/inner", then=ValueError("broken"))
    app = make_app({"home": broken, "inner": answering(HTTPOk)}, None, add_error_page)
    app.web.get("/home", status=500)

    outer, inner = app.requests
    assert outer.mixpanel.mocked_messages == []
    assert inner.mixpanel.mocked_messages == []


def test_a_subrequest_that_fails_tells_its_parent_nothing(make_app: MakeApp) -> None:
    """The parent caught the error, and what it tracked itself is released."""
    app = make_app({"home": parent("/inner"), "inner": raising(LookupError("gone"))})
    app.web.get("/home")

    assert app.recorded() == ["User Logged In"]


def test_a_parent_that_tracks_nothing_itself_still_counts(make_app: MakeApp) -> None:
    """Its tracker is made when its subrequest hands over."""

    def view(request: Request) -> Response:
        request.invoke_subrequest(Request.blank("/inner"))
        raise ValueError("broken")

    app = make_app({"home": view, "inner": answering(HTTPOk)}, None, add_error_page)
    app.web.get("/home", status=500)

    assert app.recorded() == []


def test_another_app_inside_a_request_is_no_subrequest(make_app: MakeApp) -> None:
    """It has settings, and a project, of its own."""
    other = make_app({"inner": answering(HTTPOk)})

    def view(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        other.web.get("/inner")
        return Response("ok")

    app = make_app({"home": view})
    app.web.get("/home")

    assert app.recorded() == ["User Logged In"]
    assert other.recorded() == ["Page Viewed"]


def test_a_script_releases(make_app: MakeApp) -> None:
    """``prepare`` gives a request without an answer."""
    app = make_app({})
    with prepare(registry=app.registry) as env:
        tracked(env["request"])

    consumer = env["request"].mixpanel.api._consumer
    assert len(consumer.mocked_messages) == 1
    assert consumer.flushed


def test_a_script_that_fails_discards(make_app: MakeApp) -> None:
    """As a view that fails does."""

    def script() -> None:
        with prepare(registry=app.registry) as env:
            requests.append(env["request"])
            tracked(env["request"])
            raise KeyError

    app, requests = make_app({}), []
    with pytest.raises(KeyError):
        script()

    assert requests[0].mixpanel.mocked_messages == []


def test_a_request_that_tracks_nothing_makes_no_tracker(make_app: MakeApp) -> None:
    """It costs nothing, and it has no callbacks."""
    app = make_app({"home": lambda request: Response("ok")})
    app.web.get("/home")

    assert "mixpanel" not in app.requests[0].__dict__


def test_a_request_is_not_kept_in_memory_by_its_tracker(make_app: MakeApp) -> None:
    """No circle: it goes when Pyramid lets it go, not when the collector comes."""
    app = make_app({"home": answering(HTTPOk)})
    router = app.web.app
    gc.disable()
    try:
        router(Request.blank("/home").environ, lambda status, headers: None)
        seen = ref(app.requests.pop())
        is_gone = seen() is None
    finally:
        gc.enable()

    assert is_gone


def test_messages_are_not_kept_in_memory_by_what_decides_on_them(
    make_app: MakeApp,
) -> None:
    """They go with the request and its tracker, again without the collector."""
    app = make_app({"home": answering(HTTPOk)})
    router = app.web.app
    gc.disable()
    try:
        router(Request.blank("/home").environ, lambda status, headers: None)
        seen = ref(app.requests[0].mixpanel.consumer)
        was_there = seen() is not None
        app.requests.clear()
        is_gone = seen() is None
    finally:
        gc.enable()

    assert was_there
    assert is_gone


@pytest.mark.parametrize(("status", "events"), [(503, []), (404, ["Page Viewed"])])
def test_the_answer_counts_as_later_callbacks_leave_it(
    make_app: MakeApp, status: int, events: list[str]
) -> None:
    """A response callback that runs after ours may change the status."""

    def view(request: Request) -> Response:
        tracked(request)
        request.add_response_callback(
            lambda request, response: setattr(response, "status_int", status)
        )
        return Response("ok")

    app = make_app({"home": view})
    app.web.get("/home", status=status)

    assert app.recorded() == events


def test_an_error_of_our_own_is_logged_never_raised(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """A response without a status is beyond us, not beyond the app."""

    @implementer(IResponse)
    class Odd:
        """An IResponse, but not WebOb's."""

        def __call__(
            self, environ: object, start_response: Callable[..., object]
        ) -> list[bytes]:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"odd"]

    app = make_app({"home": answering(Odd)})
    answer = app.web.get("/home")

    assert answer.body == b"odd"
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == [
        "no verdict on a request's Mixpanel messages"
    ]


def test_a_delivery_that_fails_is_logged_never_raised(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the reason, the answer reaches the client."""

    class Broken(Dispatch):
        def put(self, messages: Sequence[Message]) -> None:
            raise RuntimeError("who knows")

    broken = Broken(dispatch_for(read_settings({"mixpanel.token": "t"})).mixpanel)

    def view(request: Request) -> Response:
        settings = read_settings({"mixpanel.token": "t"})
        tracker = request_tracker(request, settings, broken)
        tracker.track(Events.page_viewed, distinct_id="joe")
        return Response("ok")

    assert make_app({"home": view}).web.get("/home").text == "ok"
    assert [record.getMessage() for record in caplog.records] == [
        "a request's Mixpanel messages were not handed over"
    ]


def test_a_request_that_is_gone_leaves_its_tracker_working(make_app: MakeApp) -> None:
    """What is tracked then leaves at once, under the id it is given.

    The application is not asked whose request it is, as there is none to look at.
    """
    asked: list[Request] = []
    app = make_app({})
    request = Request.blank("/")
    request.registry = app.registry
    settings = read_settings({"mixpanel.token": "no"})
    settings = replace(settings, distinct_id=asked.append)
    tracker = request_tracker(request, settings, None)
    del request
    gc.collect()
    tracker.track(Events.page_viewed, distinct_id="joe")

    assert tracker.distinct_id is None
    assert len(tracker.mocked_messages) == 1
    assert asked == []


def test_a_subrequest_after_the_verdict_follows_it_too(make_app: MakeApp) -> None:
    """In a finished callback of a request that failed."""

    def late(request: Request) -> None:
        request.invoke_subrequest(Request.blank("/inner"))

    def view(request: Request) -> Response:
        tracked(request, Events.user_logged_in)
        request.add_finished_callback(late)
        return Response("sorry", status=500)

    app = make_app({"home": view, "inner": answering(HTTPOk)})
    app.web.get("/home", status=500)

    outer, inner = app.requests
    assert outer.mixpanel.mocked_messages == []
    assert inner.mixpanel.mocked_messages == []


def test_the_settings_may_come_after_the_include() -> None:
    """They are read when the configuration is committed."""
    config = Configurator()
    config.include("mixpanel_pyramid")
    config.add_settings({"mixpanel.token": "off"})
    config.add_settings({"mixpanel.distinct_id": "builtins.id"})
    registry = config.make_wsgi_app().registry

    with prepare(registry=registry) as env:
        assert env["request"].mixpanel.distinct_id == id(env["request"])


def test_a_user_is_who_the_request_says(make_app: MakeApp) -> None:
    """``request.user.distinct_id``, as in pyramid_mixpanel."""

    class User:
        distinct_id = "foo-123"

    def view(request: Request) -> Response:
        request.user = User()
        request.mixpanel.track(Events.page_viewed)
        return Response("ok")

    app = make_app({"home": view})
    app.web.get("/home")

    (message,) = app.requests[0].mixpanel.mocked_messages
    assert message["msg"]["properties"]["distinct_id"] == "foo-123"


def live(base_url: str) -> dict[str, str]:
    """Give the settings that send to a sink."""
    return {"mixpanel.token": "the-token", "mixpanel.base_url": base_url}


def test_released_messages_reach_mixpanel(make_app: MakeApp, sink: Sink) -> None:
    """Over HTTP, events and profiles, direct calls of the official library too."""

    def view(request: Request) -> Response:
        tracked(request)
        request.mixpanel.profile_set({ProfileProperties.dollar_name: "Joe"})
        request.mixpanel.api.people_increment("joe", {"Logins": 1})
        request.mixpanel.api.group_set("company", "acme", {"Seats": 5})
        return Response("ok")

    app = make_app({"home": view}, live(sink.base_url))
    app.web.get("/home")

    assert flush(app.registry)
    assert sink.event_names() == ["Page Viewed"]
    first, second = sink.accepted("/engage")
    assert (first["$set"], second["$add"]) == ({"$name": "Joe"}, {"Logins": 1})
    assert sink.accepted("/groups")[0]["$set"] == {"Seats": 5}
    assert delivery_stats(app.registry).sent == 4


@pytest.mark.parametrize(
    "view",
    [raising(ValueError("broken")), answering(HTTPInternalServerError)],
    ids=["raises", "answers 500"],
)
def test_discarded_messages_never_reach_mixpanel(
    make_app: MakeApp, sink: Sink, view: View
) -> None:
    """Only those of the request that succeeded do."""
    views = {"home": view, "good": answering(HTTPOk)}
    app = make_app(views, live(sink.base_url), add_error_page)
    app.web.get("/home", status=500)
    app.web.get("/good")

    assert flush(app.registry)
    assert sink.event_names() == ["Page Viewed"]


def test_nothing_is_sent_while_the_request_lasts(make_app: MakeApp, sink: Sink) -> None:
    """pyramid_mixpanel sends in the middle, at the 50th event."""
    seen: list[int] = []

    def view(request: Request) -> Response:
        tracked(request, *[Events.page_viewed] * 120)
        flush(request.registry, 0.2)
        request.mixpanel.api._consumer.flush()
        seen.append(len(sink.posts))
        return Response("ok")

    app = make_app({"home": view}, live(sink.base_url))
    app.web.get("/home")

    assert flush(app.registry)
    assert seen == [0]
    assert [len(post.messages) for post in sink.posts] == [120]


def test_a_streamed_body_hands_over_at_once(make_app: MakeApp, sink: Sink) -> None:
    """When the body is made, the request is over, and nothing will ask again."""

    def body(request: Request) -> Iterator[bytes]:
        yield b"one"
        request.mixpanel.track(Events.user_charged)
        yield b"two"

    def view(request: Request) -> Response:
        tracked(request)
        return Response(app_iter=body(request))

    app = make_app({"home": view}, live(sink.base_url))
    answer = app.web.get("/home")

    assert answer.body == b"onetwo"
    assert flush(app.registry)
    assert sink.event_names() == ["Page Viewed", "User Charged"]


def test_another_thread_hands_over_at_once(make_app: MakeApp, sink: Sink) -> None:
    """It may outlive the request, whose failure says nothing of it."""

    def view(request: Request) -> Response:
        tracked(request)
        charge = (Events.user_charged,)
        thread = threading.Thread(target=request.mixpanel.track, args=charge)
        thread.start()
        thread.join()
        raise ValueError("broken")

    app = make_app({"home": view}, live(sink.base_url), add_error_page)
    app.web.get("/home", status=500)

    assert flush(app.registry)
    assert sink.event_names() == ["User Charged"]


def test_a_subrequests_messages_wait_for_its_parent(
    make_app: MakeApp, sink: Sink
) -> None:
    """They leave together, in the order in which they were settled."""
    app = make_app(
        {"home": parent("/inner"), "inner": answering(HTTPOk)}, live(sink.base_url)
    )
    app.web.get("/home")

    assert flush(app.registry)
    assert [len(post.messages) for post in sink.posts] == [2]
    assert sink.event_names() == ["User Logged In", "Page Viewed"]


def test_a_subrequest_of_a_failed_parent_is_never_sent(
    make_app: MakeApp, sink: Sink
) -> None:
    """It succeeded, but what it was part of did not."""
    broken = parent("/inner", then=ValueError("broken"))
    views = {"home": broken, "inner": answering(HTTPOk)}
    app = make_app(views, live(sink.base_url), add_error_page)
    app.web.get("/home", status=500)

    assert flush(app.registry)
    assert sink.posts == []


def test_a_tracker_made_by_hand_hands_over_at_each_call(sink: Sink) -> None:
    """A script has no request to wait for."""
    tracker = MixpanelTrack(live(sink.base_url), distinct_id="joe")
    consumer = dispatch_for(tracker.settings)
    tracker.track(Events.page_viewed)
    assert consumer.flush(10)
    assert sink.event_names() == ["Page Viewed"]
    tracker.track(Events.user_charged)

    assert consumer.flush(10)
    assert sink.event_names() == ["Page Viewed", "User Charged"]


def test_a_request_that_is_not_pyramids_current_one_records(make_app: MakeApp) -> None:
    """As in a unit test that calls a view with a DummyRequest."""
    app = make_app({})
    request = DummyRequest()
    request.registry = app.registry
    request.mixpanel = MixpanelTrack(app.registry.settings, distinct_id="joe")
    request.mixpanel.track(Events.page_viewed)

    assert len(request.mixpanel.mocked_messages) == 1


def test_lesson_6_everything_is_made_once(make_app: MakeApp, sink: Sink) -> None:
    """pyramid_mixpanel rebuilt plan, consumer and connection for each request."""
    app = make_app({"home": answering(HTTPOk)}, live(sink.base_url))
    for _ in range(3):
        TestApp(app.web.app).get("/home")
        assert flush(app.registry)

    first, *others = (request.mixpanel for request in app.requests)
    assert all(tracker.settings is first.settings for tracker in others)
    assert len({post.connection for post in sink.posts}) == 1
