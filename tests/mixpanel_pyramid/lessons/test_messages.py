"""Messages as pyramid_mixpanel 0.13 and the official libraries get them wrong."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import EventProperties, Events, ProfileProperties, flush

from .tracked_pages import MakeShop, tracking

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Sink


def test_lesson_05_the_callers_dicts_are_not_changed(
    make_shop: MakeShop, sink: Sink
) -> None:
    """Nor does it matter what becomes of them before the request is over."""
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    props = {ProfileProperties.dollar_created: moment}
    items = ["a"]
    event_props = {EventProperties.title: items}
    seen: list[object] = []

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.profile_set(props)
        request.mixpanel.track(Events.page_viewed, event_props)
        seen.append(dict(props))
        items.append("too late")
        props[ProfileProperties.dollar_created] = moment.replace(year=1970)
        return Response("ok")

    app = make_shop(view)
    app.web.get("/view")
    assert flush(app.registry)
    (profile,), (event,) = sink.accepted("/engage"), sink.accepted("/track")

    assert seen == [{ProfileProperties.dollar_created: moment}]
    assert profile["$set"] == {"$created": "2026-01-02T03:04:05"}
    assert event["properties"]["Title"] == ["a"]


def test_lesson_06_nothing_is_built_twice(make_shop: MakeShop, sink: Sink) -> None:
    """Settings, plan and connection are made at start-up, for all requests."""
    app = make_shop(tracking())
    for _ in range(3):
        app.web.get("/view")
        assert flush(app.registry)
    trackers = [request.mixpanel for request in app.requests]

    assert len({id(tracker.settings) for tracker in trackers}) == 1
    assert len({id(tracker.settings.plan) for tracker in trackers}) == 1
    assert len(sink.posts) == 6
    assert len({post.connection for post in sink.posts}) == 1


def test_lesson_07_headers_of_strangers_are_kept_in_bounds(
    make_shop: MakeShop, sink: Sink
) -> None:
    """They say neither who, nor when, nor anything long or unclean."""
    hostile: dict[str, str] = {
        "X-Mixpanel-Title": "a\x1b[31m" + "é" * 400,
        "X-Mixpanel-Ip": "192.0.2.1",
        "X-Mixpanel-Dollar-Ignore": "true",
        "X-Mixpanel-Distinct-Id": "admin",
        "X-Mixpanel-Time": "0",
        "X-Mixpanel-Token": "theirs",
        "X-Mixpanel-Utm-Source": "not declared by the app",
    }
    app = make_shop(tracking())
    app.web.get("/view", headers=hostile)
    assert flush(app.registry)
    (event,) = sink.accepted("/track")
    properties = event["properties"]

    assert properties["Title"] == "a [31m" + "é" * 124
    assert properties["distinct_id"] == "joe"
    assert properties["token"] == "t"
    assert properties["time"] > 1_700_000_000
    assert properties.keys().isdisjoint({"ip", "$ignore", "utm_source"})
    assert app.requests[0].mixpanel.settings.invalid_counts.mended == 0


def test_lesson_09_nan_does_not_go_out(make_shop: MakeShop, sink: Sink) -> None:
    """The rest of the event does, and what goes out is JSON."""

    def view(request: Request) -> Response:
        props = {EventProperties.title: float("nan"), EventProperties.path: "/"}
        request.mixpanel.track(Events.page_viewed, props, distinct_id="joe")
        return Response("ok")

    app = make_shop(view)
    app.web.get("/view")
    assert flush(app.registry)
    (event,) = sink.accepted("/track")

    assert event["properties"]["Path"] == "/"
    assert "Title" not in event["properties"]


def test_lesson_10_datetimes_are_in_utc(make_shop: MakeShop, sink: Sink) -> None:
    """Converted, not stripped of their timezone; naive ones are UTC already."""
    there = timezone(timedelta(hours=5, minutes=30))

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(
            Events.page_viewed,
            {
                EventProperties.title: datetime(2026, 1, 1, 2, 0, tzinfo=there),
                EventProperties.path: datetime(2026, 1, 1, 2, 0),  # noqa: DTZ001, RUF100
                EventProperties.dollar_referrer: date(2026, 1, 1),
            },
        )
        request.mixpanel.api.track(
            "joe", "Free", {"At": datetime(2026, 1, 1, 2, 0, tzinfo=there)}
        )
        return Response("ok")

    app = make_shop(view)
    app.web.get("/view")
    assert flush(app.registry)
    first, second = (event["properties"] for event in sink.accepted("/track"))

    assert first["Title"] == "2025-12-31T20:30:00"
    assert first["Path"] == "2026-01-01T02:00:00"
    assert first["$referrer"] == "2026-01-01"
    assert second["At"] == "2025-12-31T20:30:00"


@pytest.mark.parametrize("manager", ["pyramid_tm.explicit_manager", ""])
def test_lesson_12_the_transaction_decides_and_is_not_broken(
    make_shop: MakeShop, sink: Sink, manager: str
) -> None:
    """That of ``request.tm``, whichever manager it is; nothing raises in its end."""

    def view(request: Request) -> Response:
        tracking()(request)
        request.tm.get().addAfterCommitHook(after, args=(request,))
        if "fails" in request.params:
            raise RuntimeError("not saved")
        if "refused" in request.params:
            request.mixpanel.track_now(Events.user_logged_in)
            raise HTTPForbidden
        return Response("ok")

    def after(is_committed: bool, request: Request) -> None:
        request.mixpanel.track(Events.user_charged)

    def configure(config: Configurator) -> None:
        config.add_settings({"tm.manager_hook": manager} if manager else {})
        config.include("pyramid_tm")

    app = make_shop(view, configure)
    with pytest.raises(RuntimeError):
        app.web.get("/view?fails=1")
    app.web.get("/view?refused=1", status=403)
    app.web.get("/view")
    assert flush(app.registry)

    assert sink.event_names() == ["User Logged In", "Page Viewed", "User Charged"]


@pytest.mark.parametrize("off", ["false", "off", "no", "0", "none", "False", False])
def test_lesson_15_off_is_off(make_shop: MakeShop, sink: Sink, off: object) -> None:
    """Nothing is sent, by any call; the text ``false`` was a token once."""

    def view(request: Request) -> Response:
        request.user = SimpleNamespace(distinct_id="joe")
        request.mixpanel.track(Events.page_viewed)
        request.mixpanel.track_now(Events.user_logged_in)
        request.mixpanel.alias("joe@web")
        request.mixpanel.api.alias("joe@app", "joe")
        request.mixpanel.api.people_set("joe", {"Plan": "pro"})
        request.mixpanel.api._consumer.flush()
        return Response("ok")

    app = make_shop(view, token=off)
    app.web.get("/view")
    assert flush(app.registry)

    assert sink.posts == []
    assert len(app.requests[0].mixpanel.mocked_messages) == 5
