"""What pyramid_retry tries again, where no transaction looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import RetryableException

from mixpanel_pyramid import Events, flush

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink


def test_without_a_transaction_only_the_last_attempt_counts(
    make_app: MakeApp, sink: Sink
) -> None:
    """Nothing makes an answer out of what an earlier one raised."""
    attempts: list[int] = []

    def view(request: Request) -> Response:
        attempts.append(1)
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.page_viewed)
        if len(attempts) < 3:
            raise RetryableException
        request.mixpanel.track(Events.user_charged)
        return Response("ok")

    def configure(config: Configurator) -> None:
        config.include("pyramid_retry")

    settings = {
        "mixpanel.token": "t",
        "mixpanel.base_url": sink.base_url,
        "retry.attempts": "3",
    }
    app = make_app({"home": view}, settings, configure)
    app.web.get("/home")

    assert flush(app.registry, 10)
    assert len(attempts) == 3
    assert sink.event_names() == ["Page Viewed", "User Charged"]
