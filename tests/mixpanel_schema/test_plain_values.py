"""One pass over properties copies what needs no closer look, and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

import pytest

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    ProfileProperties,
    Property,
    TrackingPlan,
)
from mixpanel_schema.json_values import Json
from mixpanel_schema.plain_values import carry_plain


class ShopEvents(Events):
    """Events with and without a list of their own."""

    seen = Event("Seen")
    paid = Event("Paid", properties=(Property("Total", type=float),))


class ShopProperties(EventProperties):
    """Properties of every kind."""

    anything = Property("Anything")
    name = Property("Name", type=str)
    seats = Property("Seats", type=int)
    total = Property("Total", type=float)
    maybe = Property("Maybe", type=str | None)


@dataclass(frozen=True)
class Lookalike:
    """Something else that has a name."""

    name: str


class Named(Enum):
    """The same; a member has a name of itself."""

    Anything = 1


PLAN = TrackingPlan(events=ShopEvents, event_properties=ShopProperties)


def carry_event(
    event: Event,
    properties: dict[Property, object],
    body: dict[str, Json],
    plan: TrackingPlan = PLAN,
) -> bool:
    """Copy what an event of a plan carries, if none of it needs a closer look."""
    kinds = plan.event_kinds.get(event.name)
    return kinds is not None and carry_plain(properties, kinds, body)


def carry_profile(
    properties: dict[Property, object],
    body: dict[str, Json],
    plan: TrackingPlan = PLAN,
) -> bool:
    """Copy what a profile of a plan is to have in the same way."""
    return carry_plain(properties, plan.profile_kinds, body)


def carried(
    properties: dict[Property, object], event: Event = ShopEvents.seen
) -> dict[str, Json] | None:
    """Give what an event carries by name; None where it needs a closer look."""
    body: dict[str, Json] = {}
    return body if carry_event(event, properties, body) else None


@pytest.mark.parametrize(
    ("prop", "value"),
    [
        (ShopProperties.anything, "text"),
        (ShopProperties.anything, "x" * 255),
        (ShopProperties.anything, 7),
        (ShopProperties.anything, 2**53 - 1),
        (ShopProperties.anything, 7.5),
        (ShopProperties.anything, True),
        (ShopProperties.anything, None),
        (ShopProperties.name, "text"),
        (ShopProperties.seats, 7),
        (ShopProperties.total, 7),
        (ShopProperties.total, 7.5),
        (ShopProperties.maybe, None),
    ],
)
def test_what_is_plain_is_copied(prop: Property, value: object) -> None:
    """Short texts, numbers, booleans and None, of the declared type."""
    assert carried({prop: value}) == {prop.name: value}


@pytest.mark.parametrize(
    ("prop", "value"),
    [
        (ShopProperties.anything, "x" * 256),
        (ShopProperties.anything, "å"),
        (ShopProperties.anything, "\ud800"),
        (ShopProperties.anything, 2**53),
        (ShopProperties.anything, -(2**53)),
        (ShopProperties.anything, float("nan")),
        (ShopProperties.anything, float("inf")),
        (ShopProperties.anything, [1]),
        (ShopProperties.anything, dt.datetime(2026, 1, 1)),
        (ShopProperties.name, 7),
        (ShopProperties.name, None),
        (ShopProperties.seats, "7"),
        (ShopProperties.seats, True),
        (ShopProperties.seats, 7.5),
        (ShopProperties.total, "7"),
        (Property("Undeclared"), 1),
        (Event("Anything"), 1),
        (Lookalike("Anything"), 1),
        (Named.Anything, 1),
        ("Anything", 1),
        (7, 1),
    ],
)
def test_all_else_needs_a_closer_look(prop: object, value: object) -> None:
    """Which then tells what is wrong, if anything is."""
    assert carried({prop: value}) is None  # type: ignore[dict-item]  # on purpose


def test_an_event_carries_what_it_lists() -> None:
    """And nothing that only others may carry."""
    assert carried({Property("Total"): 9.5}, ShopEvents.paid) == {"Total": 9.5}
    assert carried({Property("Name"): "x"}, ShopEvents.paid) is None


def test_an_event_has_to_be_declared() -> None:
    """Also one that carries nothing."""
    assert carried({}, Event("Undeclared")) is None
    assert carried({}) == {}


def test_a_property_never_takes_the_place_of_an_id() -> None:
    """The message that is built has it already."""
    body: dict[str, Json] = {"Name": "the id"}

    assert not carry_event(ShopEvents.seen, {ShopProperties.name: "x"}, body)


@pytest.mark.parametrize("name", ["time", "$lib_version"])
def test_a_name_that_every_message_has_needs_a_closer_look(name: str) -> None:
    """In an event; to a profile it is a name like others."""
    prop = Property(name)
    events = type("Own", (EventProperties,), {"own": prop})
    profiles = type("Own", (ProfileProperties,), {"own": prop})
    plan = TrackingPlan(event_properties=events, profile_properties=profiles)

    assert not carry_event(Events.page_viewed, {prop: 1}, {}, plan)
    assert carry_profile({prop: 1}, {}, plan)


def test_a_hundred_properties_are_few_enough() -> None:
    """More are counted and measured together."""
    names = [Property(f"P{number}") for number in range(101)]
    catalogue = type("Many", (EventProperties,), {p.name: p for p in names})
    plan = TrackingPlan(events=ShopEvents, event_properties=catalogue)

    assert carry_event(ShopEvents.seen, dict.fromkeys(names[:100], 1), {}, plan)
    assert not carry_event(ShopEvents.seen, dict.fromkeys(names, 1), {}, plan)


def test_a_profile_is_looked_at_in_the_same_way() -> None:
    """Against its own catalogue."""
    body: dict[str, Json] = {}
    assert carry_profile({ProfileProperties.dollar_name: "Jo"}, body)
    assert body == {"$name": "Jo"}
    assert not carry_profile({ShopProperties.name: "Jo"}, {})
