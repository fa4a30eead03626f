"""Typed events as callers write them; read by mypy and pyright, never run.

A line that ends in ``# refused`` has to be an error for both, every other line for
neither.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Literal
from uuid import UUID

from mixpanel_schema import TrackingPlan, TypedEvent, event_message, prop


class Plan(Enum):
    """A property's values as an enumeration."""

    FREE = "free"
    PRO = "pro"


class AccountEvent(TypedEvent):
    """A base shared by several events."""

    account: str = prop("Account")


class PlanUpgraded(AccountEvent, event_name="Plan Upgraded"):
    """An event with required and optional properties."""

    plan: Literal["free", "pro"] = prop("Plan")
    seats: int = prop("Seats", description="Paid seats after the upgrade.")
    coupon: str | None = prop("Coupon", default=None, pii=True)


class Everything(TypedEvent, event_name="Everything Tracked"):
    """An event with a property of each type."""

    flag: bool = prop("Flag")
    ratio: float = prop("Ratio")
    day: date = prop("Day")
    moment: datetime = prop("Moment")
    price: Decimal = prop("Price")
    order: UUID = prop("Order")
    tier: Plan = prop("Tier")
    tags: list[str] = prop("Tags")
    sizes: dict[str, int] = prop("Sizes")


class Unknown(TypedEvent, event_nam="Misspelt"):  # refused
    """A class argument that does not exist."""


upgraded = PlanUpgraded(account="Acme", plan="pro", seats=3)
PlanUpgraded(account="Acme", plan="free", seats=3, coupon="SPRING")
PlanUpgraded(account="Acme", plan="gold", seats=3)  # refused
PlanUpgraded(account="Acme", plan="pro", seats="3")  # refused
PlanUpgraded(account="Acme", plan="pro", seats=None)  # refused
PlanUpgraded(account="Acme", plan="pro", seats=3, coupon=7)  # refused
PlanUpgraded(account="Acme", plan="pro")  # refused
PlanUpgraded(plan="pro", seats=3)  # refused
PlanUpgraded(account="Acme", plan="pro", seats=3, seat=4)  # refused
PlanUpgraded("Acme", "pro", 3)  # refused
upgraded.seats = 4  # refused
missing = upgraded.seat  # refused

seats: int = upgraded.seats
coupon: str = upgraded.coupon  # refused

everything = Everything(
    flag=True,
    ratio=1,
    day=date(2026, 1, 1),
    moment=datetime(2026, 1, 1),
    price=Decimal(1),
    order=UUID(int=0),
    tier=Plan.PRO,
    tags=["a"],
    sizes={"a": 1},
)
everything.tags.append("b")
everything.tags.append(1)  # refused

plan = TrackingPlan(typed_events=[PlanUpgraded, Everything])
plan.check_event(upgraded)
plan.check_event(PlanUpgraded)
plan.check_event("Plan Upgraded")  # refused
event_message(upgraded, token="t", distinct_id="u", time=0.0, insert_id="i")
event_message(upgraded, token=1, distinct_id="u", time=0.0, insert_id="i")  # refused
plan.event_message(upgraded, token="t", distinct_id="u", time=0.0, insert_id="i")
plan.event_message("Plan", token="t", distinct_id="u", time=0, insert_id="i")  # refused
