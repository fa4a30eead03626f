"""What of a request's messages reaches Mixpanel, and when."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pyramid.httpexceptions import HTTPInternalServerError, HTTPOk
from pyramid.request import Request
from pyramid.response import Response
from pyramid.testing import DummyRequest
from webtest import TestApp

from mixpanel_pyramid import (
    Events,
    MixpanelTrack,
    ProfileProperties,
    delivery_stats,
    flush,
)
from mixpanel_pyramid.dispatch import dispatch_for

from .views import View, add_error_page, answering, parent, raising, tracked

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink


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


def test_no_token_waits_with_the_messages_of_a_request(
    make_app: MakeApp, sink: Sink
) -> None:
    """Whoever sends them puts it in; the official library gives it with each."""
    seen: list[str] = []

    def view(request: Request) -> Response:
        request.mixpanel.api.people_increment("joe", {"Logins": 1})
        seen.extend(each.text for each in request.mixpanel.consumer.waiting.messages)
        return Response("ok")

    make_app({"home": view}, live(sink.base_url)).web.get("/home")

    (text,) = seen
    assert "Logins" in text
    assert "the-token" not in text
