"""The tracking plan: what the shop may track."""

from mixpanel_schema import TrackingPlan, TypedEvent, prop


class OrderCompleted(
    TypedEvent, event_name="Order Completed", description="An order was paid."
):
    """An order was paid."""

    order_id: int = prop("Order ID")
    amount: float = prop("Amount", description="In euros.")


plan = TrackingPlan(typed_events=[OrderCompleted])
