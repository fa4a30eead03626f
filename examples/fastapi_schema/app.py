"""A small FastAPI shop that tracks what its visitors do.

Run it with ``MIXPANEL_TOKEN=… fastapi dev examples/fastapi_schema/app.py``.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import datetime, timezone
from uuid import uuid4

from fastapi import BackgroundTasks, FastAPI
from mixpanel import Consumer
from pydantic import BaseModel, Field

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
    """Checks against the plan, and sends when the response has gone.

    FastAPI drops the tasks of a view that raises, and with them what it tracked.

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
        tasks: BackgroundTasks,
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
        tasks.add_task(self.send, "events", message)

    def set_profile(
        self,
        tasks: BackgroundTasks,
        distinct_id: str,
        properties: Mapping[Property, object],
    ) -> None:
        """Set properties of the plan in a profile."""
        message = plan.profile_message(
            "$set",
            properties,
            token=self.token,
            distinct_id=distinct_id,
            time=datetime.now(timezone.utc),
        )
        tasks.add_task(self.send, "people", message)

    def send(self, endpoint: str, message: Mapping[str, object]) -> None:
        """Hand a message to the consumer; the shop goes on if Mixpanel is away."""
        try:
            self.consumer.send(endpoint, json.dumps(message))
        except Exception as error:
            logger.warning("not tracked, because Mixpanel did not take it: %s", error)


def mixpanel_consumer() -> Consumer:
    """Make a consumer that sends to Mixpanel, or where MIXPANEL_BASE_URL says."""
    base_url = os.environ.get("MIXPANEL_BASE_URL", "https://api.mixpanel.com")
    return Consumer(
        events_url=f"{base_url}/track",
        people_url=f"{base_url}/engage",
        request_timeout=5,
        retry_limit=0,  # it uses a thread of those that run the views
    )


class Order(BaseModel):
    """What a customer orders."""

    user: str
    order_id: str
    amount: float = Field(gt=0, allow_inf_nan=False)


def create_app(consumer: Consumer | None = None) -> FastAPI:
    """Make the app; without a consumer it sends to Mixpanel."""
    app = FastAPI()
    token = os.environ.get("MIXPANEL_TOKEN", "")
    tracker = app.state.tracker = Tracker(token, consumer or mixpanel_consumer())

    @app.get("/search")
    def search(user: str, q: str, tasks: BackgroundTasks) -> list[str]:
        """Search the shop; what is tracked is sent after the response."""
        found = [name for name in ("shoe", "sock") if q in name]
        carried = {ShopEventProperties.result_count: len(found)}
        tracker.track(tasks, user, ShopEvents.products_searched, carried)
        return found

    @app.post("/orders", status_code=201)
    def order(given: Order, tasks: BackgroundTasks) -> dict[str, str]:
        """Take an order."""
        paid = OrderCompleted(order_id=given.order_id, amount=given.amount)
        tracker.track(tasks, given.user, paid)
        profile = {ShopProfileProperties.last_order: given.order_id}
        tracker.set_profile(tasks, given.user, profile)
        return {"order_id": given.order_id}

    return app


app = create_app()
