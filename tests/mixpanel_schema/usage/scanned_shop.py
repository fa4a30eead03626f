"""A shop's plan, and scans of code that uses it."""

from __future__ import annotations

from pathlib import Path

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
from mixpanel_schema.usage import UsageReport, find_usages


class ShopEvents(Events):
    """Events of the shop."""

    order_placed = Event("Order Placed")
    cart_emptied = Event("Cart Emptied")


class ShopProperties(EventProperties):
    """Properties of the shop's events."""

    total = Property("Total")
    voucher = Property("Voucher")


class ShopProfile(ProfileProperties):
    """Properties of the shop's customers."""

    orders = Property("Orders")


class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    """A typed event of the shop."""

    plan: str = prop("Plan")
    seats: int = prop("Seats", default=1)
    coupon: str | None = prop("Coupon", default=None)


PLAN = TrackingPlan(
    events=ShopEvents,
    event_properties=ShopProperties,
    profile_properties=ShopProfile,
    typed_events=[PlanUpgraded],
)
DECLARATIONS = """\
from mixpanel_schema import Event, Events, EventProperties, ProfileProperties
from mixpanel_schema import Property, TrackingPlan, TypedEvent, prop

class ShopEvents(Events):
    order_placed: Event = Event("Order Placed")
    cart_emptied = Event("Cart Emptied")

class ShopProperties(EventProperties):
    total = Property("Total")
    voucher = Property("Voucher")

class ShopProfile(ProfileProperties):
    orders = Property("Orders")

class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    plan: str = prop("Plan")
    seats: int = prop("Seats", default=1)
    coupon: str | None = prop("Coupon", default=None)

plan = TrackingPlan(events=ShopEvents, typed_events=[PlanUpgraded])
"""


def scan(folder: Path, code: str) -> UsageReport:
    """Scan the shop's declarations and one file beside them."""
    (folder / "names.py").write_text(DECLARATIONS, encoding="utf-8")
    (folder / "app.py").write_text(code, encoding="utf-8")
    return find_usages(folder, PLAN)


def told(report: UsageReport, kind: str) -> list[tuple[str, str, int]]:
    """List the findings of one kind: name, file name and line."""
    return [
        (finding.name, Path(finding.path).name, finding.line)
        for finding in report.findings
        if finding.kind == kind
    ]


def lines(report: UsageReport, name: str) -> list[int]:
    """List the lines on which an event is tracked."""
    return [place.line for place in report.tracked.get(name, ())]
