"""Measure what mixpanel-schema costs, beside what cannot be avoided.

Two ratios from interleaved runs, so that a busy machine slows both sides alike:
checking and building a message against ``json.dumps`` of the same message, and
importing the package against importing the standard modules that it is made of.

Run it with ``python benchmarks/schema_cost.py``, in an environment whose packages
have their bytecode (pip sees to that; ``python -m compileall`` does it elsewhere).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import timeit
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial

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

ROUNDS = 31
CALLS = 4_000
STANDARD = "import dataclasses, typing, datetime, enum"
PACKAGE = "import mixpanel_schema"
TIMED = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"

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
WIRE = {
    "token": "0123456789abcdef0123456789abcdef",
    "distinct_id": "user-12345",
    "time": datetime(2026, 11, 22, tzinfo=timezone.utc).timestamp(),
    "insert_id": "0f8fad5bd9cb469fa16570867728950e",
}


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


def catalogue_call(values: dict[str, object]) -> Callable[[], dict[str, object]]:
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

    def call() -> dict[str, object]:
        plan.check_event(event, given)
        return event_message(event, given, **WIRE)

    return call


def typed_call() -> Callable[[], dict[str, object]]:
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

    def call() -> dict[str, object]:
        plan.check_event(event)
        return event_message(event, **WIRE)

    return call


def message_ratios() -> None:
    """Print how long a message takes, beside ``json.dumps`` of it."""
    calls = {name: catalogue_call(values) for name, values in VALUES.items()}
    calls["10 typed"] = typed_call()
    for name, call in calls.items():
        message = call()
        ours, dumps = [], []
        for _ in range(ROUNDS):
            ours.append(microseconds_of(call))
            dumps.append(microseconds_of(partial(json.dumps, message)))
        show(f"check and message, {name}", ours, "json.dumps", dumps, "µs")


def microseconds_of(call: Callable[[], object]) -> float:
    """Time a call."""
    return timeit.timeit(call, number=CALLS) / CALLS * 1e6


def import_ratio() -> None:
    """Print how long the import takes, beside that of standard modules."""
    ours, standard = [], []
    for _ in range(ROUNDS):
        standard.append(milliseconds_of(STANDARD))
        ours.append(milliseconds_of(PACKAGE))
    show(PACKAGE, ours, STANDARD, standard, "ms")


def milliseconds_of(statement: str) -> float:
    """Time a statement in a fresh interpreter."""
    command = [sys.executable, "-c", TIMED.format(statement)]
    done = subprocess.run(  # this Python, and a statement from above
        command, capture_output=True, text=True, check=True
    )
    return float(done.stdout) * 1e3


def show(
    name: str, ours: list[float], other: str, others: list[float], unit: str
) -> None:
    """Print two medians and the median of the rounds' ratios."""
    ratio = statistics.median(a / b for a, b in zip(ours, others, strict=True))
    print(
        f"{name}: {statistics.median(ours):.2f} {unit}; "
        f"{other}: {statistics.median(others):.2f} {unit}; ratio {ratio:.2f}"
    )


if __name__ == "__main__":
    message_ratios()
    import_ratio()
