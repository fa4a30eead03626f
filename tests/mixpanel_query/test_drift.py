"""Tests of mixpanel_query.drift, without a network."""

from __future__ import annotations

import enum
from datetime import date, datetime, timezone
from typing import Any, Literal

import pytest

from mixpanel_query import DriftFinding, ExportedEvent
from mixpanel_query.drift.arrived import Arrived
from mixpanel_query.drift.event_drift import event_drift
from mixpanel_query.drift.measuring import unseen
from mixpanel_query.drift.near import near_names
from mixpanel_query.drift.property_drift import property_drift
from mixpanel_query.drift.value_fit import fits
from mixpanel_schema import Event, EventProperties, Events, Property, TrackingPlan
from mixpanel_schema.value_shapes import shape_of


class Size(enum.Enum):
    """Values that a property may have."""

    small = "S"
    large = "L"


class ShopEvents(Events):
    """Three events, of which one lists its properties, and one had another name."""

    paid = Event(
        "Order Paid",
        properties=(
            Property("Amount", type=float),
            Property("Plan", type=Literal["free", "pro"]),
            Property("Order Lines"),
        ),
        required=("Amount",),
    )
    signed_up = Event("User Signed Up", renamed_from=("Registered",))
    left = Event("Account Closed")


class ShopProperties(EventProperties):
    """What an event without a list of its own may carry."""

    source = Property("Source", type=str)


PLAN = TrackingPlan(events=ShopEvents, event_properties=ShopProperties)


def row(event: str, **properties: object) -> ExportedEvent:
    """An exported event."""
    moment = datetime(2026, 11, 9, tzinfo=timezone.utc)
    return ExportedEvent(event, "user-1", moment, None, properties)


def found(rows: list[ExportedEvent], **named: Any) -> list[str]:  # noqa: ANN401
    """What is found in rows, in one line each."""
    arrived = Arrived(PLAN)
    for each in rows:
        arrived.add(each)
    for event, (names, is_all) in named.items():
        seen = arrived.events[event.replace("_", " ")]
        seen.named, seen.is_all_named = frozenset(names), is_all
    return [str(finding) for finding in property_drift(PLAN, arrived)]


def test_events_that_are_as_declared() -> None:
    """Where all declared events arrive, and only they, nothing is found."""
    names = ["Order Paid", "User Signed Up", "Account Closed"]

    assert list(event_drift(PLAN, names)) == []


def test_events_of_mixpanel_are_no_drift() -> None:
    """Names that Mixpanel gives are no drift, nor unused events of the catalogue."""
    own = ["$ae_session", "$identify", "$mp_web_page_view", "mp_anything"]
    declared = ["Order Paid", "User Signed Up", "Account Closed"]

    assert list(event_drift(PLAN, [*own, "Session Start", *declared])) == []


def test_events_that_differ() -> None:
    """Unknown, misspelt, former and dead events are told apart."""
    arrived = [
        "order_paid",
        "Order Piad",
        "Registered",
        "Coupon Used",
        "User Signed In",
    ]

    assert list(event_drift(PLAN, arrived)) == [
        DriftFinding("misspelt event", "order_paid", nearest="Order Paid"),
        DriftFinding("misspelt event", "Order Piad", nearest="Order Paid"),
        DriftFinding(
            "former event",
            "Registered",
            nearest="User Signed Up",
            detail="its former name still arrives",
        ),
        DriftFinding("unknown event", "Coupon Used"),
        DriftFinding("unknown event", "User Signed In", nearest="User Signed Up"),
        DriftFinding("dead event", "User Signed Up"),
        DriftFinding("dead event", "Order Paid"),
        DriftFinding("dead event", "Account Closed"),
    ]


@pytest.mark.parametrize(
    ("unknown", "declared", "is_misspelt"),
    [
        ("Level 11 Done", "Level 12 Done", False),
        ("Purchse Made", "Purchase Made", True),
        ("Purchases Made", "Purchase Made", True),
        ("Cart Cleared", "Cart Cleaned", False),
        ("Tidy", "Tid", False),
        ("purchase-made", "Purchase Made", True),
        ("Purchase Failed", "Purchase Made", False),
    ],
)
def test_near(unknown: str, declared: str, is_misspelt: bool) -> None:
    """Only what can be nothing else is called misspelt."""
    near = near_names([unknown], [declared], event=True)[unknown]

    assert near == (declared, is_misspelt)


def test_nothing_near() -> None:
    """A name that is like no other has no nearest one."""
    assert near_names(["Coupon Used"], ["Order Paid"], event=True) == {}


def test_properties_that_are_as_declared() -> None:
    """What is declared, what Mixpanel sets, and null are no drift."""
    own = {
        "time": 1,
        "distinct_id": "1",
        "$city": "x",
        "mp_lib": "y",
        "utm_source": "z",
    }
    values = {"Amount": 3, "Plan": "pro", "Order Lines": [1], **own}
    signed_up = row("User Signed Up", Source="ad", Referrer=None)

    assert found([row("Order Paid", **values), signed_up]) == []


def test_unknown_properties() -> None:
    """Unknown ones are counted; misspelt ones, and those of other events, are named."""
    rows = [
        row("Order Paid", Amount=1, order_lines=1, Source="a"),
        row("Order Paid", Amount=1, Voucher="b"),
    ]

    assert found(rows) == [
        "unknown property 'Order Paid' 'Source': declared, but not for this event; "
        "1 of 2 events",
        "unknown property 'Order Paid' 'Voucher': 1 of 2 events",
        "misspelt property 'Order Paid' 'order_lines': 1 of 2 events; "
        "nearest is 'Order Lines'",
    ]


def test_property_that_is_required() -> None:
    """One event without a required property is enough."""
    rows = [row("Order Paid", Amount=1), row("Order Paid", Amount=None)]

    assert found(rows) == [
        "missing property 'Order Paid' 'Amount': required, and not in 1 of 2 events"
    ]


def test_property_that_is_never_there() -> None:
    """One that is not required is missing where enough events do not have it."""
    few = [row("Order Paid", Amount=1, Plan="free")] * 29

    assert found(few) == []
    assert found([*few, few[0]]) == [
        "missing property 'Order Paid' 'Order Lines': in none of 30 events"
    ]


def test_names_that_mixpanel_lists() -> None:
    """A full list shows what is missing and unknown without a single row."""
    names = ["Amount", "Plan", "Voucher", "$os"]

    assert found([], Order_Paid=(names, True)) == [
        "unknown property 'Order Paid' 'Voucher'",
        "missing property 'Order Paid' 'Order Lines': "
        "in none of the properties that Mixpanel lists",
    ]
    assert found([], Order_Paid=(names, False)) == [
        "unknown property 'Order Paid' 'Voucher'"
    ]


def test_wrong_types() -> None:
    """Values of another type are counted, and never shown."""
    rows = [
        row("Order Paid", Amount="secret"),
        row("Order Paid", Amount=True),
        row("Order Paid", Amount="secret"),
        row("Order Paid", Amount=1.5, Plan="gold"),
    ]

    assert found(rows) == [
        "wrong type 'Order Paid' 'Amount': "
        "declared float, other text and true or false in 3 of 4 events",
        "wrong type 'Order Paid' 'Plan': "
        "declared Literal['free', 'pro'], other text in 1 of 4 events",
    ]


@pytest.mark.parametrize(
    ("value", "declared", "expected"),
    [
        (1, int, True),
        (1.0, int, True),
        (1.5, int, False),
        (float("inf"), int, False),
        (True, int, False),
        (True, float, False),
        (1, float, True),
        ("1", float, False),
        ("x", str, True),
        (1, str, False),
        (True, bool, True),
        (1, bool, False),
        ("2026-11-09", date, True),
        ("2026-11-09T10:00:00.123Z", datetime, True),
        ("2026-11-09T10:00:00+01:00", datetime, True),
        ("2026-11-31", date, False),
        ("9 November", date, False),
        (1_790_000_000, datetime, False),
        (["a", "b"], list[str], True),
        (["a", 1], list[str], False),
        ("a", list[str], False),
        ([1, "a"], tuple[int, str], True),
        ([1], tuple[int, str], False),
        ({"a": 1}, dict[str, int], True),
        ([], dict[str, int], False),
        ("S", Size, True),
        ("M", Size, False),
        (1, Literal[True], False),
        (None, int | None, True),
        ("x", int | None, False),
        ("x", int | str, True),
        ([None], object, True),
    ],
)
def test_fits(value: object, declared: object, expected: bool) -> None:
    """A value in an export is compared with what a declared type gives in JSON."""
    assert fits(value, shape_of(declared)) is expected


def test_rows_of_an_event_that_is_not_declared_are_counted_only() -> None:
    """They belong to the sample, and to nothing that is compared."""
    arrived = Arrived(TrackingPlan(events=ShopEvents))
    arrived.add(
        ExportedEvent(
            "Strange",
            time=datetime(2026, 11, 9, tzinfo=timezone.utc),
            distinct_id="u1",
            insert_id="i1",
            properties={"Amount": 1},
        )
    )

    assert arrived.rows == 1
    assert "Strange" not in arrived.events


def test_what_a_comparison_could_not_see_is_said() -> None:
    """5,000 names are all that are asked for, and properties of one event alone."""
    arrived = Arrived(TrackingPlan(events=ShopEvents))
    paid = arrived.events["Order Paid"]
    paid.named, paid.rows = frozenset({"Amount"}), 1
    arrived.rows = 500
    declared = ["Order Paid", "User Signed Up", "Account Closed"]

    said = unseen(["Some"] * 5000, declared, ["Order Paid"], arrived, 500)

    assert said == [
        "events that nobody did in the last 31 days look dead",
        "events beyond the 5000 commonest look dead too",
        "properties of 2 events were looked for in the sample only",
        "properties of 1 event beyond the 255 commonest were looked for in the sample "
        "only",
        "values of 2 events that the sample lacks",
        "the sample is cut after 500 events, which are not random",
    ]
