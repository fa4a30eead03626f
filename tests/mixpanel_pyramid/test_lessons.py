"""What pyramid_mixpanel 0.13 and the official libraries get wrong, and ours does not.

Each test is named after what was found, and runs a real app that posts to real sockets.
Those on losses at restart (11), on repeats by the libraries (13) and on attributes that
are older than the latest edit (14) are beside the delivery and Customer.io's.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from mixpanel import BufferedConsumer
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import (
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileProperties,
    QueuedConsumer,
    delivery_stats,
    flush,
)

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App, MakeApp, Reply, Sink, Workspace

HERE = __name__
View = Callable[[Request], Response]
MakeShop = Callable[..., "App"]
queue: list[tuple[str, str]] = []


class TaskConsumer(QueuedConsumer):
    """Written as the documentation of pyramid_mixpanel has it."""

    def send(  # type: ignore[override]
        self, endpoint: str, json_message: str
    ) -> None:
        """Queue a message."""
        queue.append((endpoint, json_message))


class LibraryConsumer(BufferedConsumer):  # type: ignore[misc]  # it has no hints
    """The official library's, told of a Mixpanel that is not there."""

    def __init__(self) -> None:
        nowhere = "http://127.0.0.1:9"
        super().__init__(events_url=nowhere, people_url=nowhere, retry_limit=0)


@pytest.fixture
def make_shop(make_app: MakeApp, sink: Sink) -> MakeShop:
    """Make an app with one view that sends to the sink."""

    def make(
        view: View,
        configure: Callable[[Configurator], None] = lambda config: None,
        **more: str,
    ) -> App:
        settings = {
            "mixpanel.token": "t",
            "mixpanel.base_url": sink.base_url,
            **{f"mixpanel.{name}": value for name, value in more.items()},
        }
        return make_app({"view": view}, settings, configure)

    return make


def tracking(number: int = 1) -> View:
    """Make a view that tracks so many events and increments, one of each in turn."""

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        for _ in range(number):
            request.mixpanel.track(Events.page_viewed)
            request.mixpanel.profile_increment({ProfileProperties.dollar_name: 1})
        return Response("ok")

    return view


def free_port() -> int:
    """Find a port where nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@pytest.mark.parametrize("consumer", ["background", "buffered"])
def test_lesson_01_an_outage_reaches_no_request(
    make_shop: MakeShop, make_sink: Callable[[int], Sink], consumer: str
) -> None:
    """The 50th track, of any kind, raises in no view; it is sent when all is well."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = make_shop(tracking(60), base_url=url, consumer=consumer)
    app.web.get("/view")
    sink = make_sink(port)
    app.web.get("/view")
    assert flush(app.registry, 10)

    assert len(sink.accepted("/track")) == 120


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
@pytest.mark.parametrize("consumer", ["background", "buffered"])
def test_lesson_01_no_answer_of_mixpanel_reaches_a_request(
    make_shop: MakeShop, sink: Sink, reply: type[Reply], status: int, consumer: str
) -> None:
    """Not one of them raises, in the view or after it."""
    sink.script.extend([reply(status, b"<h1>no</h1>")] * 2)
    app = make_shop(tracking(), consumer=consumer)

    assert app.web.get("/view").text == "ok"
    sink.wait_for(1)
    assert app.web.get("/view").text == "ok"
    flush(app.registry, 10)


def test_lesson_01_the_librarys_own_consumer_breaks_no_request(
    make_shop: MakeShop, caplog: pytest.LogCaptureFixture
) -> None:
    """It raises at the 50th message, and at each flush."""
    app = make_shop(tracking(60), consumer=f"{HERE}.LibraryConsumer")

    assert app.web.get("/view").text == "ok"
    assert sum(delivery_stats(app.registry).dropped.values()) == 120
    assert len([line for line in caplog.messages if "LibraryConsumer" in line]) == 1


@pytest.mark.parametrize("status", [200, 500])
def test_lesson_02_an_exception_view_sends_nothing(
    make_shop: MakeShop, sink: Sink, status: int
) -> None:
    """Whatever it answers, what was tracked did not happen."""

    def failing(request: Request) -> Response:
        tracking()(request)
        if "fails" in request.params:
            raise RuntimeError("the order is not saved")
        return Response("ok")

    def sorry(error: Exception, request: Request) -> Response:
        return Response("sorry", status=status)

    app = make_shop(failing, lambda config: config.add_exception_view(sorry))
    app.web.get("/view?fails=1", status=status)
    assert flush(app.registry)
    assert sink.posts == []

    app.web.get("/view")
    assert flush(app.registry)
    assert sink.event_names() == ["Page Viewed"]


def test_lesson_03_version_3_of_the_customerio_library_works(
    make_shop: MakeShop, sink: Sink, workspace: Workspace
) -> None:
    """Events and profiles are replicated, and none is dropped silently."""

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.page_viewed, {EventProperties.title: "Home"})
        request.mixpanel.profile_set({ProfileProperties.dollar_email: "joe@a.example"})
        return Response("ok")

    app = make_shop(
        view,
        lambda config: config.add_settings(
            {
                "customerio.tracking.site_id": "site",
                "customerio.tracking.api_key": "key",
                "customerio.tracking.region": "eu",
                "customerio.tracking.base_url": workspace.base_url,
            }
        ),
    )
    app.web.get("/view")
    assert flush(app.registry)
    items = workspace.items()

    assert [item["action"] for item in items] == ["event", "identify"]
    assert items[0]["attributes"] == {"Title": "Home"}
    assert items[1]["attributes"] == {"email": "joe@a.example"}
    assert sink.event_names() == ["Page Viewed"]


def test_lesson_04_the_documented_queue_is_a_consumer(make_shop: MakeShop) -> None:
    """pyramid_mixpanel's own check refuses the class that it documents."""
    queue.clear()
    app = make_shop(tracking(), consumer=f"{HERE}.TaskConsumer")
    app.web.get("/view")

    assert [endpoint for endpoint, _ in queue] == ["events", "people"]
    assert json.loads(queue[0][1])["event"] == "Page Viewed"
    assert delivery_stats(app.registry).sent >= 2


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


@pytest.mark.parametrize("consumer", ["background", "buffered"])
@pytest.mark.parametrize("status", [0, 500])
def test_lesson_08_no_counter_is_applied_twice(
    make_shop: MakeShop, sink: Sink, reply: type[Reply], consumer: str, status: int
) -> None:
    """After a partly failed flush; what may have been applied is not tried again."""
    app = make_shop(increments_only, consumer=consumer)
    # The first batch is applied; of the second nobody knows.
    sink.script.extend([reply(), reply(status, b"<h1>no</h1>")])
    for _ in range(3):
        app.web.get("/view")
        flush(app.registry, 10)
    asked = 3 * 60

    assert len(sink.accepted("/engage")) <= asked
    posted = [len(post.messages) for post in sink.posts]
    assert sum(posted) == asked
    lost = delivery_stats(app.registry)
    assert lost.sent + lost.unknown + sum(lost.dropped.values()) == asked
    assert len(sink.accepted("/engage")) == lost.sent


def increments_only(request: Request) -> Response:
    """Increment sixty times."""
    request.mixpanel.distinct_id = "joe"
    for _ in range(60):
        request.mixpanel.profile_increment({ProfileProperties.dollar_name: 1})
    return Response("ok")


@pytest.mark.parametrize("consumer", ["background", "buffered"])
def test_lesson_09_memory_is_bounded(
    make_shop: MakeShop, make_sink: Callable[[int], Sink], consumer: str
) -> None:
    """While Mixpanel is down; the newest are dropped, and counted."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = make_shop(tracking(30), base_url=url, consumer=consumer, queue_size="100")
    for _ in range(5):
        app.web.get("/view")
    stats = delivery_stats(app.registry)

    assert sum(stats.dropped.values()) + stats.unknown >= 200
    assert stats.queued <= 100
    sink = make_sink(port)
    assert flush(app.registry, 10)
    assert 0 < len(sink.accepted("/track")) <= 100


@pytest.mark.parametrize("consumer", ["background", "buffered"])
def test_lesson_09_there_is_a_time_limit(
    make_shop: MakeShop, sink: Sink, reply: type[Reply], consumer: str
) -> None:
    """A Mixpanel that never answers is given up, without a setting of the app."""
    hanging = reply()
    hanging.hold = threading.Event()
    sink.script.append(hanging)
    app = make_shop(tracking(), consumer=consumer, request_timeout="0.1")
    app.web.get("/view")
    app.web.get("/view")
    assert flush(app.registry, 10)

    assert len(sink.posts) >= 3
    assert app.requests[0].mixpanel.settings.request_timeout == 0.1
    assert MixpanelTrack({"mixpanel.token": "no"}).settings.request_timeout == 10.0


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
