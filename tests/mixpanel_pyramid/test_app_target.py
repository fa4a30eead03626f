"""``mixpanel.consumer``: the application's own, in place of the delivery."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyramid import testing
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import (
    Events,
    MixpanelTrack,
    QueuedConsumer,
    delivery_stats,
    flush,
)

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Reply, Sink, Workspace

HERE = __name__
queue: list[tuple[str, str]] = []
log: list[str] = []


class TaskConsumer(QueuedConsumer):
    """A queue, of the shape that pyramid_mixpanel documents."""

    def send(  # type: ignore[override]
        self, endpoint: str, json_message: str
    ) -> None:
        """Queue a message."""
        log.append("send")
        queue.append((endpoint, json_message))


class BrokenConsumer:
    """Its broker is away."""

    def send(self, endpoint: str, json_message: str) -> None:
        """Fail."""
        raise OSError("no broker")


@pytest.fixture(autouse=True)
def emptied() -> None:
    """Begin with nothing queued."""
    queue.clear()
    log.clear()


def settings_for(name: str, base_url: str = "http://127.0.0.1:9") -> dict[str, str]:
    """Write the settings of an app with a consumer of its own."""
    consumer = name if name.islower() else f"{HERE}.{name}"
    return {
        "mixpanel.token": f"token of {name}",
        "mixpanel.base_url": base_url,
        "mixpanel.consumer": consumer,
    }


def view(request: Request) -> Response:
    """Track, and answer as the request wants it."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(Events.page_viewed)
    request.mixpanel.track_now(Events.user_logged_in)
    log.append("view")
    return Response("ok", status=int(request.params["status"]))


def events() -> list[str]:
    """Give the names of the events that were queued."""
    return [json.loads(text)["event"] for _, text in queue]


def test_a_queue_of_the_apps_own_gets_what_is_released(make_app: MakeApp) -> None:
    """After the view, with the project's token; ``track_now`` whatever happens."""
    app = make_app({"view": view}, settings_for("TaskConsumer"))
    app.web.get("/view?status=200")
    app.web.get("/view?status=500", status=500)
    first: dict[str, Any] = json.loads(queue[0][1])

    assert sorted(events()) == ["Page Viewed", "User Logged In", "User Logged In"]
    assert log == ["view", "send", "send", "view", "send"]
    assert first["properties"]["token"] == "token of TaskConsumer"
    assert flush(app.registry)
    assert delivery_stats(app.registry).sent == 3


def test_a_subrequest_waits_for_the_outermost_request(make_app: MakeApp) -> None:
    """A consumer may wait for the network, which no view shall."""

    def outer(request: Request) -> Response:
        request.invoke_subrequest(Request.blank("/view?status=200"))
        log.append("outer")
        return Response("ok")

    make_app({"view": view, "outer": outer}, settings_for("TaskConsumer")).web.get(
        "/outer"
    )

    assert log == ["view", "outer", "send", "send"]


def test_a_consumer_that_fails_breaks_no_request(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told of once, and counted."""
    app = make_app({"view": view}, settings_for("BrokenConsumer"))
    for _ in range(3):
        app.web.get("/view?status=200")

    assert delivery_stats(app.registry).dropped == {"send failed": 6}
    assert [line for line in caplog.messages if "BrokenConsumer" in line] == [
        "the consumer BrokenConsumer does not take a message (OSError: no broker); "
        "what is lost is counted"
    ]


@pytest.mark.parametrize("is_inside", [False, True], ids=["another", "the same"])
def test_a_dummy_request_around_the_app_keeps_nothing(
    make_app: MakeApp, *, is_inside: bool
) -> None:
    """As of a test that calls ``pyramid.testing.setUp``; it never ends."""
    app = make_app({"view": view}, settings_for("TaskConsumer"))
    registry = app.registry if is_inside else None
    with testing.testConfig(registry=registry, request=testing.DummyRequest()):
        app.web.get("/view?status=200")
        assert sorted(events()) == ["Page Viewed", "User Logged In"]


def test_buffered_posts_after_the_view(make_app: MakeApp, sink: Sink) -> None:
    """In the thread of the request, before the answer leaves."""
    app = make_app({"view": view}, settings_for("buffered", sink.base_url))
    app.web.get("/view?status=200")

    assert sorted(sink.event_names()) == ["Page Viewed", "User Logged In"]
    assert delivery_stats(app.registry).sent == 2


def test_buffered_breaks_no_request(
    make_app: MakeApp, sink: Sink, reply: type[Reply]
) -> None:
    """And sends with the next what the network has lost."""
    sink.script.extend([reply(0), reply(0)])
    app = make_app({"view": view}, settings_for("buffered", sink.base_url))
    app.web.get("/view?status=200")
    app.web.get("/view?status=200")

    assert len(sink.event_names()) == 4


def test_a_tracker_made_by_hand_uses_it_too() -> None:
    """At each call; of two trackers in one thread both the same object."""
    for _ in range(2):
        with MixpanelTrack(settings_for("TaskConsumer"), "joe") as mixpanel:
            mixpanel.track(Events.page_viewed)

    assert events() == ["Page Viewed", "Page Viewed"]


def test_a_tracker_made_by_hand_hands_over_inside_a_request_too(
    make_app: MakeApp,
) -> None:
    """As in a task that ends by ``os._exit``, and whose request is never over."""

    def task(request: Request) -> Response:
        with MixpanelTrack(request.registry.settings, "joe") as mixpanel:
            mixpanel.track(Events.page_viewed)
        log.append("view")
        return Response("ok")

    make_app({"task": task}, settings_for("TaskConsumer")).web.get("/task")

    assert log == ["send", "view"]


@pytest.mark.filterwarnings("default")
def test_an_outbox_holds_nothing_of_what_the_app_delivers_itself(
    make_app: MakeApp, tmp_path: Path
) -> None:
    """The settings warn of it; the consumer gets everything."""
    settings = {
        **settings_for("TaskConsumer"),
        "mixpanel.outbox": str(tmp_path / "outbox.sqlite"),
    }
    app = make_app({"view": view}, settings)

    app.web.get("/view?status=200")

    assert delivery_stats(app.registry).queued == 0
    assert len(queue) == 2


@pytest.mark.filterwarnings("default")
def test_what_goes_to_customerio_takes_the_outbox_all_the_same(
    make_app: MakeApp, workspace: Workspace, tmp_path: Path
) -> None:
    """The consumer of the app is one for Mixpanel alone."""
    path = tmp_path / "outbox.sqlite"
    settings = {
        **settings_for("TaskConsumer"),
        "mixpanel.outbox": str(path),
        "customerio.tracking.site_id": "the-site",
        "customerio.tracking.api_key": "the-key",
        "customerio.tracking.region": "us",
        "customerio.tracking.base_url": workspace.base_url,
    }
    app = make_app({"view": view}, settings)

    app.web.get("/view?status=200")

    assert flush(app.registry, 10)
    assert sorted(item["name"] for item in workspace.items()) == [
        "Page Viewed",
        "User Logged In",
    ]
    with closing(sqlite3.connect(path)) as outbox:
        sequence = outbox.execute(
            "SELECT seq FROM sqlite_sequence WHERE name='messages'"
        )
        assert sequence.fetchone() == (2,)
    assert len(queue) == 2
