"""A small Flask shop that tracks what its visitors do.

Run it with ``MIXPANEL_TOKEN=… flask --app examples/flask_schema/app.py run``.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import partial
from math import inf
from uuid import uuid4

from flask import Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue
from mixpanel import Consumer

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    ProfileProperties,
    Property,
    TrackingPlan,
    TypedEvent,
    prop,
)

logger = logging.getLogger(__name__)
Message = Mapping[str, object]


class ShopEvents(Events):
    """Events that carry what the catalogue below allows."""

    products_searched: Event = Event(
        "Products Searched", description="A visitor searched the shop."
    )


class ShopEventProperties(EventProperties):
    """What events may carry, beside the built-in properties."""

    result_count: Property = Property("Result Count", type=int)


class ShopProfileProperties(ProfileProperties):
    """What the shop knows of a customer."""

    last_order: Property = Property("Last Order", type=str)


class OrderCompleted(
    TypedEvent, event_name="Order Completed", description="An order was paid."
):
    """An order was paid."""

    order_id: str = prop("Order ID")
    amount: float = prop("Amount", description="In euros.")
    coupon: str | None = prop("Coupon", default=None)


plan = TrackingPlan(
    events=ShopEvents,
    event_properties=ShopEventProperties,
    profile_properties=ShopProfileProperties,
    typed_events=[OrderCompleted],
)


class Tracker:
    """Checks against the plan, and sends what a request tracked once it succeeded.

    Args:
        token: The project's token.
        consumer: What sends: anything with ``send(endpoint, json_message)``, such as
            the official library's ``Consumer`` and ``BufferedConsumer``.
    """

    def __init__(self, token: str, consumer: Consumer) -> None:
        self.token = token
        self.consumer = consumer

    def track(
        self,
        distinct_id: str,
        event: Event | TypedEvent,
        properties: Mapping[Property, object] | None = None,
    ) -> None:
        """Track an event of the plan."""
        message = plan.event_message(
            event,
            properties,
            token=self.token,
            distinct_id=distinct_id,
            time=datetime.now(timezone.utc),
            insert_id=uuid4().hex,
        )
        self.keep("events", message)

    def set_profile(
        self, distinct_id: str, properties: Mapping[Property, object]
    ) -> None:
        """Set properties of the plan in a profile."""
        message = plan.profile_message(
            "$set",
            properties,
            token=self.token,
            distinct_id=distinct_id,
            time=datetime.now(timezone.utc),
        )
        self.keep("people", message)

    def keep(self, endpoint: str, message: Message) -> None:
        """Keep a message until the request has ended."""
        if "tracked" not in g:
            g.tracked = []
        g.tracked.append((endpoint, message))

    def release(self, response: Response) -> Response:
        """Send what a request tracked when its answer has gone, unless that is a 5xx.

        A view that raises without an error handler is a 500 here.
        """
        tracked = g.pop("tracked", [])
        if response.status_code < 500:
            response.call_on_close(partial(self.send, tracked))
        return response

    def send(self, messages: list[tuple[str, Message]]) -> None:
        """Hand messages to the consumer; the shop goes on if Mixpanel is away."""
        for endpoint, message in messages:
            try:
                self.consumer.send(endpoint, json.dumps(message))
            except Exception as error:
                logger.warning(
                    "not tracked, because Mixpanel did not take it: %s", error
                )


def mixpanel_consumer() -> Consumer:
    """Make a consumer that sends to Mixpanel, or where MIXPANEL_BASE_URL says."""
    base_url = os.environ.get("MIXPANEL_BASE_URL", "https://api.mixpanel.com")
    return Consumer(
        events_url=f"{base_url}/track",
        people_url=f"{base_url}/engage",
        request_timeout=5,
        retry_limit=0,  # the worker is busy meanwhile
    )


def create_app(consumer: Consumer | None = None) -> Flask:
    """Make the app; without a consumer it sends to Mixpanel."""
    app = Flask(__name__)
    token = os.environ.get("MIXPANEL_TOKEN", "")
    tracker = Tracker(token, consumer or mixpanel_consumer())
    app.extensions["tracker"] = tracker
    app.after_request(tracker.release)

    @app.get("/search")
    def search() -> ResponseReturnValue:
        """Search the shop."""
        found = [name for name in ("shoe", "sock") if request.args["q"] in name]
        carried = {ShopEventProperties.result_count: len(found)}
        tracker.track(request.args["user"], ShopEvents.products_searched, carried)
        return found

    @app.post("/orders")
    def order() -> ResponseReturnValue:
        """Take an order."""
        user, order_id = request.form["user"], request.form["order_id"]
        amount = request.form.get("amount", type=float)
        if amount is None or not 0 < amount < inf:
            abort(400, "amount is no amount")
        tracker.track(user, OrderCompleted(order_id=order_id, amount=amount))
        tracker.set_profile(user, {ShopProfileProperties.last_order: order_id})
        return {"order_id": order_id}, 201

    return app
