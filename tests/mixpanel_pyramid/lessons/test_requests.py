"""Outages, failures and libraries that must not reach a request.

Each test is named after what was found in pyramid_mixpanel 0.13 or the official
libraries, and runs a real app that posts to real sockets. Those on losses at restart
(11), on repeats by the libraries (13) and on attributes that are older than the latest
edit (14) are beside the delivery and Customer.io's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from mixpanel import BufferedConsumer
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import (
    EventProperties,
    Events,
    ProfileProperties,
    QueuedConsumer,
    delivery_stats,
    flush,
)

from .tracked_pages import MakeShop, free_port, tracking

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink, Workspace


HERE = __name__

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
