"""JSON Schema of messages, tried with the jsonschema library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import jsonschema
import pytest

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    Property,
    TrackingPlan,
    TypedEvent,
    UndeclaredNameError,
    event_message,
    prop,
)
from mixpanel_schema.documents import event_json_schema, to_json_schema


class Channel(Enum):
    """Where a customer is."""

    WEB = "web"
    APP = "app"


class ShopProperties(EventProperties):
    """What events may carry."""

    search_text = Property("Search Text", type=str)


class ShopEvents(Events):
    """A catalogue with a name that needs care in an address."""

    searched = Event("Searched / 100%~", description="A search.")
    left = Event("Left", properties=())


class OrderCompleted(TypedEvent, event_name="Order Completed"):
    """Every type that a property may have."""

    amount: Decimal = prop("Amount")
    quantity: int = prop("Quantity")
    channel: Channel = prop("Channel", description="Where.")
    method: Literal["card", 1, True] = prop("Method")
    products: list[str] = prop("Products")
    place: tuple[float, float] = prop("Place")
    extra: dict[str, int] = prop("Extra")
    day: date = prop("Day")
    paid_at: datetime = prop("Paid At")
    order_id: UUID = prop("Order ID")
    gift: bool = prop("Gift")
    note: object | None = prop("Note", default=None)
    coupon: str | None = prop("Coupon", default=None)


PLAN = TrackingPlan(
    events=ShopEvents, event_properties=ShopProperties, typed_events=(OrderCompleted,)
)
ORDER: dict[str, Any] = {
    "amount": Decimal("9.50"),
    "quantity": 2,
    "channel": Channel.APP,
    "method": True,
    "products": ["a", "b"],
    "place": (1.5, 2),
    "extra": {"a": 1},
    "day": date(2026, 11, 22),
    "paid_at": datetime(2026, 11, 22, 9, 30, tzinfo=timezone.utc),
    "order_id": UUID(int=1),
    "gift": False,
}


def message(
    event: Event | TypedEvent, properties: Mapping[Property, object] | None = None
) -> dict[str, Any]:
    """Build a message as an app does."""
    return event_message(
        event,  # type: ignore[arg-type, unused-ignore]
        properties,
        token="t",
        distinct_id="u",
        time=1_700_000_000.5,
        insert_id="i",
    )


def is_valid(sent: object, schema: dict[str, Any]) -> bool:
    """Tell whether a message fits a schema that is one itself."""
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).is_valid(sent)


def test_a_message_of_a_typed_event_is_valid() -> None:
    """What event_message builds fits the event's schema and the plan's."""
    sent = message(OrderCompleted(**ORDER))

    assert is_valid(sent, event_json_schema(PLAN, "Order Completed"))
    assert is_valid(sent, to_json_schema(PLAN))


def test_a_message_of_a_catalogue_event_is_valid() -> None:
    """An event that lists no properties may carry any of the catalogue."""
    carried = {ShopProperties.search_text: "shoe", EventProperties.title: "Home"}
    sent = message(ShopEvents.searched, carried)

    assert is_valid(sent, event_json_schema(PLAN, "Searched / 100%~"))
    assert is_valid(sent, to_json_schema(PLAN))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Amount", "9.50"),
        ("Quantity", 1.5),
        ("Channel", "fax"),
        ("Method", "cash"),
        ("Products", ["a", 1]),
        ("Place", [1.5]),
        ("Place", [1.5, 2, 3]),
        ("Extra", {"a": "b"}),
        ("Day", "2026-11-22T09:30:00"),
        ("Paid At", "yesterday"),
        ("Gift", 0),
        ("Coupon", 5),
        ("Surprise", 1),
        ("token", 1),
    ],
)
def test_a_wrong_value_is_not_valid(name: str, value: object) -> None:
    """One wrong property makes a message wrong."""
    sent = message(OrderCompleted(**ORDER))
    sent["properties"][name] = value

    assert not is_valid(sent, event_json_schema(PLAN, "Order Completed"))
    assert not is_valid(sent, to_json_schema(PLAN))


def test_a_required_property_may_not_be_missing() -> None:
    """What the class requires, the schema requires."""
    sent = message(OrderCompleted(**ORDER))
    del sent["properties"]["Amount"]

    assert not is_valid(sent, event_json_schema(PLAN, "Order Completed"))


@pytest.mark.parametrize(
    ("event", "carried"),
    [
        (ShopEvents.searched, {OrderCompleted.__event__.properties[0]: 1}),  # type: ignore[index]
        (ShopEvents.left, {EventProperties.title: "Home"}),
        (Event("Unknown"), {}),
    ],
    ids=["another event's property", "listed none", "unknown event"],
)
def test_what_the_plan_refuses_is_not_valid(
    event: Event, carried: dict[Property, object]
) -> None:
    """The schema is as strict as check_event."""
    with pytest.raises(UndeclaredNameError):
        PLAN.check_event(event, carried)
    assert not is_valid(message(event, carried), to_json_schema(PLAN))


def test_the_shared_properties_keep_apart_from_an_event_of_that_name() -> None:
    """An event may have the name under which the shared properties stand."""

    class Odd(Events):
        odd = Event("properties of any event", properties=())

    schema = to_json_schema(TrackingPlan(events=Odd))

    assert is_valid(message(Odd.odd), schema)
    assert is_valid(message(Odd.page_viewed, {EventProperties.title: "A"}), schema)


def test_descriptions_are_in_the_schema() -> None:
    """An editor can show them."""
    schema: Any = to_json_schema(PLAN)

    assert schema["$defs"]["Searched / 100%~"]["description"] == "A search."
    order = schema["$defs"]["Order Completed"]["properties"]["properties"]
    assert order["properties"]["Channel"] == {
        "enum": ["web", "app"],
        "description": "Where.",
    }


def test_an_unknown_event_has_no_schema() -> None:
    """The message names the events that there are."""
    with pytest.raises(UndeclaredNameError, match="'Lost' is not in the tracking plan"):
        event_json_schema(PLAN, "Lost")
