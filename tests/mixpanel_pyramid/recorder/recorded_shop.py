"""A shop whose orders are recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Event, EventProperties, Events, Property, TypedEvent, prop
from mixpanel_pyramid.testing import Recorder


class ShopEvents(Events):
    """Events of a shop."""

    order_completed = Event("Order Completed")


class ShopProperties(EventProperties):
    """Properties of a shop's events."""

    amount = Property("Amount")
    placed = Property("Placed")


class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    """A typed event."""

    plan: str = prop("Plan")
    seats: int = prop("Seats")


TYPED = (PlanUpgraded,)
ORDER = {ShopProperties.amount: 19.5, ShopProperties.path: "/order"}
SETTINGS = {
    "mixpanel.events": f"{__name__}.ShopEvents",
    "mixpanel.event_properties": f"{__name__}.ShopProperties",
    "mixpanel.typed_events": f"{__name__}.TYPED",
}

View = Callable[[Request], Response]

Record = Callable[..., Recorder]


def order(request: Request) -> Response:
    """Track an order, and an upgrade."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(ShopEvents.order_completed, ORDER)
    request.mixpanel.track(PlanUpgraded(plan="pro", seats=3))
    return Response("thanks")


def told(check: Callable[[], object]) -> str:
    """Give what a failing assertion says."""
    with pytest.raises(AssertionError) as raised:
        check()
    return str(raised.value)
