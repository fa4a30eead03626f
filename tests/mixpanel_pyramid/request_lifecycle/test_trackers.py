"""When a request has a tracker, for how long, and for whom."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from pyramid import testing
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPOk
from pyramid.interfaces import IResponse
from pyramid.request import Request
from pyramid.response import Response
from pyramid.scripting import prepare
from zope.interface import implementer

from mixpanel_pyramid import Events, MockedConsumer
from mixpanel_pyramid.dispatch import Dispatch, dispatch_for
from mixpanel_pyramid.journal import Entry
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.observation import observe
from mixpanel_pyramid.request_lifecycle import request_tracker
from mixpanel_pyramid.settings import read_settings

from .views import answering, tracked

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp


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


def test_a_dummy_request_has_no_end_that_a_message_waits_for() -> None:
    """As in a unit test of a view, around which ``testConfig`` puts one."""
    request = testing.DummyRequest()
    with testing.testConfig(request=request):
        tracker = request_tracker(request, read_settings({}), None)
        tracker.track(Events.page_viewed, distinct_id="joe")

    consumer = tracker.consumer
    assert isinstance(consumer, MockedConsumer)
    assert len(consumer.mocked_messages) == 1
    assert len(consumer.waiting) == 0


def test_a_journal_says_that_a_dummy_request_has_no_end() -> None:
    """Or whoever reads it would wonder why the message left at once."""
    entries: list[Entry] = []
    request = testing.DummyRequest()
    with testing.testConfig(request=request) as config:
        observation = observe(config.registry)
        observation.listeners.append(entries.append)
        tracker = request_tracker(request, read_settings({}), None, observation)
        tracker.track(Events.page_viewed, distinct_id="joe")

    assert [(entry.state.value, entry.why) for entry in entries] == [
        ("released", "a DummyRequest has no end to wait for")
    ]
