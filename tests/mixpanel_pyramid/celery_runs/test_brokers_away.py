"""A broker that is away: no request notices, and what can be kept is kept."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events, delivery_stats, flush

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.celery_runs.conftest import MakeShop, OwnRedis
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink, Until


def buy(request: Request) -> Response:
    """Track an event, and count."""
    request.mixpanel.distinct_id = "user-1"
    request.mixpanel.track(Events.page_viewed)
    request.mixpanel.api.people_increment("user-1", {"Logins": 1})
    return Response("bought")


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_without_an_outbox_a_broker_that_stays_away_costs_the_messages(
    make_shop: MakeShop,
    make_app: MakeApp,
    closed_port: int,
    caplog: pytest.LogCaptureFixture,
    scheme: str,
) -> None:
    """They are counted as dropped; the app hears nothing, the log two lines."""
    shop = make_shop("http://127.0.0.1:9", f"{scheme}://127.0.0.1:{closed_port}/0")
    app = make_app({"buy": buy}, shop.settings)
    with caplog.at_level(logging.WARNING, "mixpanel_pyramid"):
        assert [app.web.get("/buy").text for _ in range(20)] == ["bought"] * 20
        assert flush(app.registry, 20)

    stats = delivery_stats(app.registry)
    assert dict(stats.dropped) == {"broker down": 40}
    assert (stats.queued, stats.sent, stats.unknown) == (0, 0, 0)
    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith(f"the broker of {shop.name}.app takes no messages (")
    assert second.startswith(f"the broker of {shop.name}.app is still away (")


def test_a_request_waits_for_no_broker(
    make_shop: MakeShop, make_app: MakeApp, silent_port: int
) -> None:
    """Many are answered while the first attempt to connect still hangs."""
    shop = make_shop("http://127.0.0.1:9", f"amqp://127.0.0.1:{silent_port}//")
    app = make_app({"buy": buy}, shop.settings)
    answers = [app.web.get("/buy").text for _ in range(50)]

    assert answers == ["bought"] * 50
    stats = delivery_stats(app.registry)
    assert (stats.queued, stats.retried, dict(stats.dropped)) == (100, 0, {})


def test_with_an_outbox_everything_arrives_when_the_broker_is_back(
    make_shop: MakeShop,
    make_app: MakeApp,
    own_redis: OwnRedis,
    sink: Sink,
    until: Until,
) -> None:
    """Nothing is dropped, and nothing is enqueued twice."""
    shop = make_shop(sink.base_url, own_redis.url, outbox="outbox.sqlite")
    app = make_app({"buy": buy}, shop.settings)
    for _ in range(20):
        app.web.get("/buy")
    assert not flush(app.registry, 3.0)
    own_redis.start()
    assert flush(app.registry, 10)
    shop.work()
    until(lambda: len(sink.accepted("/track") + sink.accepted("/engage")) == 40)

    identifiers = {e["properties"]["$insert_id"] for e in sink.accepted("/track")}
    assert len(identifiers) == 20
    assert len(sink.accepted("/engage")) == 20
    stats = delivery_stats(app.registry)
    assert (stats.sent, dict(stats.dropped), stats.unknown) == (40, {}, 0)
