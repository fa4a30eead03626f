"""What mixpanel-schema refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.reference.refusals.refusal import Refusal

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    Property,
    TrackingPlan,
    TypedEvent,
    event_message,
    prop,
)
from mixpanel_schema.exceptions import (
    DuplicateNameError,
    InvalidValueError,
    MixpanelSchemaError,
    NameStyleError,
    ReservedNameError,
    UndeclaredNameError,
)
from mixpanel_schema.naming import lint
from mixpanel_schema.profile_messages import profile_message
from mixpanel_schema.usage import python_files

__all__ = ["SCHEMA"]

AMOUNT = Property("Amount", type=float)
ORDERED = Event("Order Completed", properties=(AMOUNT,))
TOKEN = "0123456789abcdef0123456789abcdef"


class ShopEvents(Events):
    """The events of a shop."""

    ordered = ORDERED


class ShopProperties(EventProperties):
    """What they carry."""

    amount = AMOUNT


PLAN = TrackingPlan(events=ShopEvents(), event_properties=ShopProperties())


def checked(event: object, properties: object = None) -> Callable[[Path], object]:
    """Check an event against the plan of a shop."""
    return lambda _: PLAN.check_event(event, properties)  # type: ignore[arg-type]


def sent(value: object) -> Callable[[Path], object]:
    """Make the message of an event with one value."""
    return lambda _: event_message(
        ORDERED,
        {AMOUNT: value},
        token=TOKEN,
        distinct_id="user-1",
        time=1_795_000_000,
        insert_id="order-1",
    )


class TwoMeanings(Events):
    """One name with two meanings."""

    first = Event("Order Placed", properties=(Property("Amount"),))
    second = Event("Order Placed", properties=(Property("Coupon"),))


class OwnProperties(EventProperties):
    """A name that only Mixpanel may set."""

    processed = Property("mp_processing_time_ms")


class OddProperties(EventProperties):
    """A type that is none of JSON."""

    phase = Property("Phase", type=complex)


class TextEvents(Events):
    """A text in place of a declaration."""

    ordered = "Order Completed"


class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    """A field that does not say which property it is."""

    seats: int


def tracked(event: TypedEvent | type[TypedEvent]) -> Callable[[Path], object]:
    """Ask a typed event for what it is."""
    return lambda _: event.__event__


SCHEMA = [
    Refusal(
        UndeclaredNameError,
        checked(Event("Order Complete")),
        "The event is in no catalogue. Declare it, or write the name that is meant.",
    ),
    Refusal(
        UndeclaredNameError,
        checked(ORDERED, {Property("Amuont"): 1.0}),
        "The property is in no catalogue. Declare it, or write the name that is meant.",
    ),
    Refusal(
        UndeclaredNameError,
        checked("Order Completed"),
        "A text was given for an event. Use what the catalogue holds.",
    ),
    Refusal(
        DuplicateNameError,
        lambda _: TrackingPlan(events=TwoMeanings()),
        "Two declarations of one name say different things. Keep one.",
    ),
    Refusal(
        ReservedNameError,
        lambda _: TrackingPlan(event_properties=OwnProperties()),
        "Mixpanel gives the name a meaning of its own. Choose another one.",
    ),
    Refusal(
        InvalidValueError,
        checked(ORDERED, {AMOUNT: "19.50"}),
        "The value has another type than the property declares. The value itself is "
        "never shown.",
    ),
    Refusal(
        InvalidValueError,
        sent(range(3)),
        "The value has no form in JSON. Convert it before it is tracked.",
    ),
    Refusal(
        InvalidValueError,
        sent(float("nan")),
        "JSON has neither NaN nor infinity. Leave the property out.",
    ),
    Refusal(
        InvalidValueError,
        lambda _: TrackingPlan(event_properties=OddProperties()),
        "No JSON stands for the declared type. Declare one of those that are named.",
    ),
    Refusal(
        InvalidValueError,
        lambda _: profile_message(
            "$add", {AMOUNT: "many"}, token=TOKEN, distinct_id="user-1", time=0
        ),
        "An increment adds numbers.",
    ),
    Refusal(
        NameStyleError,
        lambda _: Event(" "),
        "A name has to be readable.",
    ),
    Refusal(
        NameStyleError,
        lambda _: Event(7),  # type: ignore[arg-type]
        "A name is text.",
    ),
    Refusal(
        MixpanelSchemaError,
        lambda _: TrackingPlan(events=TextEvents()),
        "A catalogue holds declarations. Wrap the name.",
    ),
    Refusal(
        MixpanelSchemaError,
        tracked(PlanUpgraded),
        "A field of a typed event says which property it is.",
    ),
    Refusal(
        MixpanelSchemaError,
        lambda _: prop("Tags", default=[]),
        "All events would share the list.",
    ),
    Refusal(
        MixpanelSchemaError,
        lambda _: lint(PLAN, ignore={"past-tense": ""}),
        "An exception of the linter needs a reason.",
    ),
    Refusal(
        MixpanelSchemaError,
        lambda _: list(python_files("missing.py")),
        "The path of `usage` does not exist.",
    ),
]
