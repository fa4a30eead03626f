"""Counters that are applied once, and queues with bounds of size and time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import MixpanelTrack, ProfileProperties, delivery_stats, flush

from .tracked_pages import MakeShop, free_port, tracking

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink


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
