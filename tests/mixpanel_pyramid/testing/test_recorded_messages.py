"""What counts as tracked, in every way that an app is tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING
from urllib.request import ProxyHandler, build_opener

import pytest
from pyramid import testing
from pyramid.httpexceptions import HTTPForbidden
from pyramid.registry import Registry
from pyramid.request import Request, apply_request_extensions
from pyramid.response import Response
from pyramid.scripting import prepare
from webtest import TestApp

from mixpanel_pyramid import Events, MixpanelTrack, ProfileProperties
from mixpanel_pyramid.testing import (
    GroupUpdate,
    ProfileUpdate,
    Recorder,
    TrackedEvent,
    recorder,
    recording,
)

from .visits import OURS, TESTING, VISIT, View, broken, make, unavailable, visit

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App, MakeApp, Sink


Serve = Callable[[object], AbstractContextManager[str]]


@pytest.mark.parametrize("token", ["t", "false"], ids=["real", "off"])
def test_all_apps_of_the_process_are_recorded(token: str, sink: Sink) -> None:
    """As long as it lasts, and whatever their settings are."""
    settings = {"mixpanel.token": token, "mixpanel.base_url": sink.base_url}
    one, other = (make(visit, settings=settings, before=(OURS,)) for _ in "12")
    with recording() as made:
        TestApp(one).get("/visit")
        TestApp(other).get("/visit")
    TestApp(make(visit, before=(TESTING,))).get("/visit")

    assert made.events == [VISIT, VISIT]
    assert sink.posts == []


def test_after_the_recording_the_app_sends_again(sink: Sink) -> None:
    """Nothing of the recorder stays in the app."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make(visit, settings=settings, before=(OURS,))
    with recording() as made:
        TestApp(app).get("/visit")
    TestApp(app).get("/visit")
    sink.wait_for(1)

    assert made.events == [VISIT]
    assert sink.event_names() == ["Page Viewed"]


def test_an_apps_own_recorder_records_beside_that_of_all(seen: Recorder) -> None:
    """They do not disturb each other."""
    app = make(visit, before=(TESTING,))
    TestApp(app).get("/visit")
    seen.clear()

    assert recorder(app).events == [VISIT]
    assert seen.events == []


def test_a_real_server_is_recorded(serve: Serve) -> None:
    """Requests come from several threads at once, and none is lost."""
    app = make(visit, before=(TESTING,))
    direct = build_opener(ProxyHandler({}))

    def ask(url: str) -> bytes:
        with direct.open(url, timeout=30) as response:
            answer: bytes = response.read()
        return answer

    with serve(app) as address, ThreadPoolExecutor(4) as clients:
        answers = list(clients.map(ask, [f"{address}/visit"] * 100))

    assert answers == [b"seen"] * 100
    assert recorder(app).events == [VISIT] * 100


def test_a_script_is_recorded(seen: Recorder) -> None:
    """When it closes what ``prepare`` gave it."""
    with prepare(registry=make(before=(OURS,)).registry) as env:
        env["request"].mixpanel.distinct_id = "joe"
        env["request"].mixpanel.track(Events.page_viewed)

    seen.assert_tracked(Events.page_viewed, distinct_id="joe")


def test_a_view_that_is_called_alone_is_recorded(seen: Recorder) -> None:
    """A DummyRequest has no end, so what it tracks counts at once."""
    request = testing.DummyRequest(path="/alone")
    with testing.testConfig(request=request) as config:
        config.include("mixpanel_pyramid")
        config.commit()
        apply_request_extensions(request)
        visit(request)

    [found] = seen.events
    assert found.where == "GET /alone"
    assert len(request.mixpanel.mocked_messages) == 1


def test_a_tracker_without_a_request_is_recorded(seen: Recorder, sink: Sink) -> None:
    """As in a task of Celery, which a test calls as a function."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    tracker = MixpanelTrack(settings, distinct_id="joe")
    tracker.track(Events.page_viewed)

    assert seen.events == [TrackedEvent("Page Viewed", "joe", {})]
    assert seen.events[0].where == "no request"
    assert sink.posts == []


@pytest.mark.parametrize("view", [broken, unavailable], ids=["raises", "503"])
def test_what_a_failed_request_tracked_is_not_there(view: View, seen: Recorder) -> None:
    """It was never sent either."""
    app = make(view, before=(OURS,))
    with suppress(RuntimeError):
        TestApp(app).get(f"/{view.__name__}", status=503)

    seen.assert_not_tracked(Events.page_viewed)
    assert seen.messages == []


def test_what_is_tracked_now_is_there(seen: Recorder) -> None:
    """Whatever becomes of the request."""

    def login(request: Request) -> Response:
        request.mixpanel.track_now(Events.user_logged_in, distinct_id="joe")
        raise HTTPForbidden

    TestApp(make(login, before=(OURS,))).get("/login", status=403)

    seen.assert_tracked(Events.user_logged_in)


def test_what_a_stream_tracks_is_there(seen: Recorder) -> None:
    """Its request is over by then."""

    def stream(request: Request) -> Response:
        def body() -> Iterator[bytes]:
            visit(request)
            yield b"streamed"

        return Response(app_iter=body())

    TestApp(make(stream, before=(OURS,))).get("/stream")

    assert seen.events == [TrackedEvent("Page Viewed", "joe", {"Path": "/stream"})]


def asks_inside(request: Request) -> Response:
    """Ask the same app for a visit."""
    return request.invoke_subrequest(Request.blank("/visit"))


def fails_outside(request: Request) -> Response:
    """Ask the same app for a visit, and fail."""
    asks_inside(request)
    raise RuntimeError("no seat left")


def test_a_subrequest_shares_the_fate_of_its_parent(seen: Recorder) -> None:
    """It is there, once, when the parent has succeeded."""
    web = TestApp(make(visit, asks_inside, fails_outside, before=(OURS,)))
    web.get("/asks_inside")
    with pytest.raises(RuntimeError):
        web.get("/fails_outside")

    assert seen.events == [VISIT]
    assert [event.where for event in seen.events] == ["GET /visit"]


def test_profiles_and_groups_are_there(seen: Recorder) -> None:
    """Each with what was done to it."""

    def sign_up(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.profile_set({ProfileProperties.dollar_name: "Joe"})
        request.mixpanel.profile_unset([ProfileProperties.dollar_phone])
        groups = request.mixpanel.group_properties
        request.mixpanel.group_set("company", "acme", {groups.dollar_name: "Acme"})
        return Response("welcome")

    TestApp(make(sign_up, before=(OURS,))).get("/sign_up")

    assert seen.profile_updates == [
        ProfileUpdate("joe", "$set", {"$name": "Joe"}),
        ProfileUpdate("joe", "$unset", ["$phone"]),
    ]
    assert seen.group_updates == [
        GroupUpdate("company", "acme", "$set", {"$name": "Acme"})
    ]
    assert seen.messages[0] == {
        "endpoint": "people",
        "msg": {"$distinct_id": "joe", "$set": {"$name": "Joe"}},
    }
    assert repr(seen) == "<Recorder: 3 messages>"


def test_messages_come_in_the_order_in_which_they_left(make_app: MakeApp) -> None:
    """What leaves at once comes before what waited."""

    def order(request: Request) -> Response:
        visit(request)
        request.mixpanel.track_now(Events.user_logged_in)
        return Response("done")

    app: App = make_app({"order": order})
    found = recorder(app.registry)
    app.web.get("/order")

    assert [event.name for event in found.events] == ["User Logged In", "Page Viewed"]


def test_nobody_listens_to_an_app_without_a_recorder(make_app: MakeApp) -> None:
    """Its registry holds nothing of this module."""
    app = make_app({"visit": visit})
    app.web.get("/visit")

    assert isinstance(app.registry, Registry)
    assert [key for key in app.registry if str(key).startswith("mixpanel")] == [
        "mixpanel_pyramid"
    ]
    assert type(app.requests[0].mixpanel).__name__ == "MixpanelTrack"
