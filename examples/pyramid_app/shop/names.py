"""The tracking plan: what the shop may track, beside the built-in names."""

from __future__ import annotations

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    ProfileProperties,
    Property,
    TypedEvent,
    prop,
)


class ShopEvents(Events):
    """Events that carry what ``ShopProperties`` allows."""

    checkout_started = Event("Checkout Started", description="Somebody ordered.")
    payment_refused = Event("Payment Refused", description="The bank said no.")
    page_missed = Event("Page Missed", description="There was no such page.")


class ShopProperties(EventProperties):
    """What events may carry; ``path`` and ``title`` are built in."""

    reason = Property("Reason", description="Why the bank said no.")


class ShopProfile(ProfileProperties):
    """What the shop notes of a customer; ``dollar_email`` is built in."""

    last_order = Property("Last Order", type=int, description="Its number.")


class OrderCompleted(
    TypedEvent, event_name="Order Completed", description="An order was paid."
):
    """An order was paid."""

    order_id: int = prop("Order ID")
    amount: float = prop("Amount", description="In euros.")
