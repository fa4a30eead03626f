"""``track_now``: an event that stands, whatever becomes of its request."""

from __future__ import annotations

import inspect
import json
import math
from typing import TYPE_CHECKING

import pytest
from pyramid.httpexceptions import HTTPForbidden
from pyramid.request import Request

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    MixpanelTrack,
    delivery_stats,
    flush,
)
from mixpanel_pyramid.consumer import BufferConsumer
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_pyramid.message import Message
from mixpanel_schema import InvalidValueError, UndeclaredNameError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Reply, Sink


def refuse(request: Request) -> object:
    """Refuse a login, telling of it."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(Events.user_logged_in)
    request.mixpanel.track_now(Events.page_viewed, {EventProperties.title: "Login"})
    raise HTTPForbidden


def fail(request: Request) -> object:
    """Fail, having told of two things."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track_now(Events.page_viewed)
    request.mixpanel.track(Events.user_logged_in)
    raise RuntimeError


def test_track_now_takes_what_track_takes() -> None:
    """One is exchanged for the other without another thought."""
    ours = inspect.signature(MixpanelTrack.track_now)
    assert ours == inspect.signature(MixpanelTrack.track)


def test_a_refused_login_is_on_record(make_app: MakeApp) -> None:
    """The other event is not: the login has not happened."""
    app = make_app({"login": refuse})
    app.web.get("/login", status=403)

    assert app.requests[0].mixpanel.mocked_messages == [
        {
            "endpoint": "events",
            "msg": {
                "event": "Page Viewed",
                "properties": {"distinct_id": "joe", "Title": "Login"},
            },
        }
    ]


def test_it_is_on_record_when_a_view_raises(make_app: MakeApp) -> None:
    """The order of the calls does not matter."""
    app = make_app({"home": fail})
    with pytest.raises(RuntimeError):
        app.web.get("/home")

    assert app.recorded() == ["Page Viewed"]


def test_it_is_recorded_once_when_the_request_succeeds(make_app: MakeApp) -> None:
    """In the order of the calls."""

    def view(request: Request) -> object:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.user_logged_in)
        request.mixpanel.track_now(Events.page_viewed)
        request.mixpanel.track(Events.user_charged)
        return request.response

    app = make_app({"home": view})
    app.web.get("/home")

    assert app.recorded() == ["User Logged In", "Page Viewed", "User Charged"]


def test_lesson_12_a_refused_login_is_delivered(make_app: MakeApp, sink: Sink) -> None:
    """The other event is not."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"login": refuse}, settings)
    app.web.get("/login", status=403)

    assert flush(app.registry, 10)
    assert sink.event_names() == ["Page Viewed"]


def test_it_leaves_while_the_view_still_runs(make_app: MakeApp, sink: Sink) -> None:
    """It skips the verdict; what is tracked in the ordinary way waits for it."""
    seen = []

    def view(request: Request) -> object:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.user_logged_in)
        request.mixpanel.track_now(Events.page_viewed)
        flush(request.registry, 10)
        seen.extend(sink.event_names())
        return request.response

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"home": view}, settings)
    app.web.get("/home")

    assert flush(app.registry, 10)
    assert seen == ["Page Viewed"]
    assert sink.event_names() == ["Page Viewed", "User Logged In"]


def test_it_never_skips_the_queue(
    make_app: MakeApp, sink: Sink, reply: type[Reply]
) -> None:
    """While Mixpanel is down it waits with the others, and nothing is raised."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"login": refuse}, settings)
    sink.script.append(reply(status=503))
    app.web.get("/login", status=403)

    assert flush(app.registry, 10)
    assert sink.event_names() == ["Page Viewed"]
    assert delivery_stats(app.registry).retried == 1


def test_from_a_subrequest_it_passes_the_parent_too(
    make_app: MakeApp, sink: Sink
) -> None:
    """Both fail; the event stands all the same."""

    def outer(request: Request) -> object:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.user_charged)
        request.invoke_subrequest(Request.blank("/inner"))
        raise AssertionError

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"outer": outer, "inner": fail}, settings)
    with pytest.raises(RuntimeError):
        app.web.get("/outer")

    assert flush(app.registry, 10)
    assert sink.event_names() == ["Page Viewed"]


def test_alone_it_is_the_same_as_track() -> None:
    """A tracker of a script hands over at each call."""
    kept: list[Message] = []
    tracker = MixpanelTrack(
        {"mixpanel.token": "t"}, "joe", consumer=BufferConsumer("t", kept.extend)
    )
    tracker.track(Events.page_viewed, time=1_700_000_000, insert_id="one")
    tracker.track_now(Events.page_viewed, time=1_700_000_000, insert_id="one")

    first, second = (json.loads(message.text) for message in kept)
    assert first == second
    assert [message.repeatable for message in kept] == [True, True]


def test_it_refuses_what_track_refuses() -> None:
    """The plan, the values and the distinct id are looked at."""
    tracker = MixpanelTrack({"mixpanel.token": "false"}, "joe")
    with pytest.raises(UndeclaredNameError, match="is not a member"):
        tracker.track_now(Event("Page Veiwed"))
    with pytest.raises(InvalidValueError):
        tracker.track_now(Events.page_viewed, {EventProperties.title: math.nan})
    tracker.distinct_id = None
    with pytest.raises(DistinctIdMissingError):
        tracker.track_now(Events.page_viewed)

    assert tracker.mocked_messages == []
