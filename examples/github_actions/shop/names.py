"""The tracking plan: what the shop may track."""

from mixpanel_schema import Event, EventProperties, Events, Property, TrackingPlan


class ShopEvents(Events):
    """Everything that the shop tracks."""

    order_completed = Event("Order Completed", description="An order was paid.")


class ShopEventProperties(EventProperties):
    """What events may carry."""

    amount = Property("Amount", type=float, description="In euros.")


plan = TrackingPlan(events=ShopEvents, event_properties=ShopEventProperties)
