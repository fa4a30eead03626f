"""Measure what mixpanel-schema costs, beside what cannot be avoided.

    python -m benchmarks.schema_cost

Building a plan, and checking and building a message against ``json.dumps`` of the same
message, in interleaved runs, so that a busy machine slows both sides alike.
"""

from __future__ import annotations

import json
import timeit
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial

from benchmarks.measuring import Given, Steadiness, alone
from benchmarks.rows import Beside, Row
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

AREA = "Declaring"

VALUES: dict[str, dict[str, object]] = {
    "10 texts": {f"Text {i}": f"value number {i}" for i in range(10)},
    "10 mixed": {
        "Plan": "pro",
        "Path": "/pricing?from=home",
        "Referrer": "https://example.com/a/page?with=query",
        "Seats": 3,
        "Amount": 99.5,
        "Currency": "EUR",
        "Trial": False,
        "Coupon": None,
        "Items": 12,
        "Country": "SI",
    },
}
VALUES["10 mixed, one not ASCII"] = {**VALUES["10 mixed"], "Country": "Črnomelj"}
VALUES["10 mixed, a datetime"] = {
    **VALUES["10 mixed"],
    "Coupon": datetime(2026, 11, 22, 9, 30, tzinfo=timezone.utc),
}
VALUES["10 mixed, a list"] = {**VALUES["10 mixed"], "Coupon": ["tea", "milk", "jam"]}
TIME = datetime(2026, 11, 22, tzinfo=timezone.utc).timestamp()


class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    """The typed event that is measured."""

    plan: str = prop("Plan")
    path: str = prop("Path")
    referrer: str = prop("Referrer")
    seats: int = prop("Seats")
    amount: float = prop("Amount")
    currency: str = prop("Currency")
    trial: bool = prop("Trial")
    items: int = prop("Items")
    country: str = prop("Country")
    campaign: str = prop("Campaign")


def catalogue_call(values: dict[str, object]) -> Callable[[], Mapping[str, object]]:
    """Make a call that checks and builds an event of a catalogue."""
    properties = {name: Property(name, type=type(v)) for name, v in values.items()}
    event = Event("Plan Upgraded")
    plan = TrackingPlan(
        events=type("Own", (Events,), {"own": event}),
        event_properties=type(
            "OwnProperties",
            (EventProperties,),
            {f"p{i}": found for i, found in enumerate(properties.values())},
        ),
    )
    given = {properties[name]: value for name, value in values.items()}

    def call() -> Mapping[str, object]:
        plan.check_event(event, given)
        return event_message(
            event,
            given,
            token="0123456789abcdef0123456789abcdef",  # noqa: S106  # made up
            distinct_id="user-12345",
            time=TIME,
            insert_id="0f8fad5bd9cb469fa16570867728950e",
        )

    return call


def typed_call() -> Callable[[], Mapping[str, object]]:
    """Make a call that checks and builds a typed event."""
    plan = TrackingPlan(typed_events=[PlanUpgraded])
    event = PlanUpgraded(
        plan="pro",
        path="/pricing",
        referrer="https://example.com/",
        seats=3,
        amount=99.5,
        currency="EUR",
        trial=False,
        items=12,
        country="SI",
        campaign="spring",
    )

    def call() -> Mapping[str, object]:
        plan.check_event(event)
        return event_message(
            event,
            token="0123456789abcdef0123456789abcdef",  # noqa: S106  # made up
            distinct_id="user-12345",
            time=TIME,
            insert_id="0f8fad5bd9cb469fa16570867728950e",
        )

    return call


def built_plan() -> TrackingPlan:
    """Build a plan of 100 events and 300 properties."""
    events = {f"e_{number}": Event(f"Thing {number} Done") for number in range(100)}
    properties = {
        f"p_{number}": Property(f"Property {number}", type=str) for number in range(300)
    }
    return TrackingPlan(
        events=type("Many", (Events,), events),
        event_properties=type("ManyProperties", (EventProperties,), properties),
    )


def row(
    what: str,
    unit: str,
    ours: Callable[[], object],
    other: tuple[str, Callable[[], object]],
    size: tuple[int, int],
) -> Row:
    """Time two calls in turn.

    Args:
        what: What ours is.
        unit: What both are counted in, µs or ms.
        ours: Our call.
        other: What is beside it.
        size: How many rounds, and how many calls in each.
    """
    rounds, calls = size
    factor = (1e6 if unit == "µs" else 1e3) / calls
    steadiness, found, beside = Steadiness(), [], []
    name, call = other
    for _ in range(rounds):
        found.append(timeit.timeit(ours, number=calls) * factor)
        beside.append(timeit.timeit(call, number=calls) * factor)
        steadiness.sample()
    return Row(what, unit, found, [Beside(name, beside)], steadiness.noise)


def measure(given: Given) -> list[Row]:
    """Measure a plan, then messages beside ``json.dumps`` of them."""
    rounds = 3 if given.quick else 21
    names = json.dumps({f"Thing {number} Done": {} for number in range(400)})
    rows = [
        row(
            "building a plan of 100 events and 300 properties",
            "ms",
            built_plan,
            ("json.loads of 400 names", partial(json.loads, names)),
            (rounds, 5),
        )
    ]
    calls = {name: catalogue_call(values) for name, values in VALUES.items()}
    calls["10 typed"] = typed_call()
    for name, call in calls.items():
        other = ("json.dumps of the message", partial(json.dumps, call()))
        size = (rounds, 400 if given.quick else 4_000)
        what = f"checking and building a message, {name}"
        rows.append(row(what, "µs", call, other, size))
    return rows


if __name__ == "__main__":
    raise SystemExit(alone(AREA, __doc__, measure))
