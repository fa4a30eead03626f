"""Messages of a tracking plan: the check and the message in one call."""

from __future__ import annotations

import pytest

from mixpanel_schema import (
    Event,
    Events,
    GroupProperties,
    InvalidValueError,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    TrackingPlan,
    TypedEvent,
    UndeclaredNameError,
    prop,
)

MOMENT = 1_790_000_000
STRANGE = Property("Strange")
EVENT = {
    "token": "t",
    "distinct_id": "u1",
    "time": MOMENT,
    "insert_id": "0f8fad5bd9cb469fa16570867728950e",
}
PROFILE = {"token": "t", "distinct_id": "u1", "time": MOMENT}
GROUP = {"token": "t", "group_key": "Company", "group_id": "acme", "time": MOMENT}


class ShopProfiles(ProfileProperties):
    """What the test's shop knows of a customer."""

    seats = Property("Seats", type=int)
    plans = Property("Plans", type=list[str])


class ShopGroups(GroupProperties):
    """What the test's shop knows of a company."""

    seats = Property("Seats", type=int)
    plans = Property("Plans", type=list[str])


class SeatsBought(TypedEvent, event_name="Seats Bought"):
    """A customer bought seats."""

    seats: int = prop("Seats")


@pytest.fixture
def plan() -> TrackingPlan:
    """Build the shop's tracking plan."""
    return TrackingPlan(
        profile_properties=ShopProfiles,
        group_properties=ShopGroups,
        typed_events=[SeatsBought],
    )


def test_a_declared_event_becomes_its_message(plan: TrackingPlan) -> None:
    """The message names the event, whose it is, and when it happened."""
    message = plan.event_message(SeatsBought(seats=3), **EVENT)

    properties = message["properties"]
    assert message["event"] == "Seats Bought"
    assert {key: properties[key] for key in ("token", "distinct_id", "time")} == {
        "token": "t",
        "distinct_id": "u1",
        "time": MOMENT,
    }
    assert properties["$insert_id"] == "0f8fad5bd9cb469fa16570867728950e"
    assert properties["Seats"] == 3


@pytest.mark.parametrize(
    ("event", "properties"),
    [(Event("Strange"), None), (Events.page_viewed, {STRANGE: 1})],
    ids=["event", "property"],
)
def test_an_undeclared_name_is_no_event_message(
    plan: TrackingPlan, event: Event, properties: dict[Property, object] | None
) -> None:
    """No message is made of what the plan does not hold."""
    with pytest.raises(UndeclaredNameError, match="'Strange' is not in"):
        plan.event_message(event, properties, **EVENT)


def test_a_value_of_another_type_is_no_event_message(plan: TrackingPlan) -> None:
    """No message is made of a value that the plan declares otherwise."""
    with pytest.raises(InvalidValueError, match="'Seats' is a str, declared is int"):
        plan.event_message(SeatsBought(seats="3"), **EVENT)


def test_a_declared_change_becomes_a_profile_message(plan: TrackingPlan) -> None:
    """The message holds the change, and what is said of it."""
    meta = {ProfileMetaProperties.dollar_ip: "0"}

    assert plan.profile_message(
        "$set", {ShopProfiles.seats: 3}, meta=meta, **PROFILE
    ) == {
        "$token": "t",
        "$time": MOMENT,
        "$distinct_id": "u1",
        "$ip": "0",
        "$set": {"Seats": 3},
    }


def test_a_declared_change_becomes_a_group_message(plan: TrackingPlan) -> None:
    """The message holds the change, and which group it is of."""
    assert plan.group_message("$set", {ShopGroups.seats: 3}, **GROUP) == {
        "$token": "t",
        "$time": MOMENT,
        "$group_key": "Company",
        "$group_id": "acme",
        "$set": {"Seats": 3},
    }


@pytest.mark.parametrize(
    ("operation", "value"),
    [
        ("$set", {STRANGE: 1}),
        ("$append", {STRANGE: 1}),
        ("$remove", {STRANGE: 1}),
        ("$unset", [STRANGE]),
        ("$unset", iter([STRANGE])),
    ],
    ids=["set", "append", "remove", "unset", "unset by iterator"],
)
def test_an_undeclared_property_is_no_profile_message(
    plan: TrackingPlan, operation: str, value: object
) -> None:
    """Whatever is done with a property, the plan has to hold it."""
    with pytest.raises(UndeclaredNameError, match="profile property 'Strange'"):
        plan.profile_message(operation, value, **PROFILE)


def test_an_undeclared_meta_property_is_no_profile_message(plan: TrackingPlan) -> None:
    """What is said of the change has to be in the plan as well."""
    with pytest.raises(UndeclaredNameError, match="profile meta property 'Strange'"):
        plan.profile_message("$delete", meta={STRANGE: 1}, **PROFILE)


def test_an_undeclared_property_is_no_group_message(plan: TrackingPlan) -> None:
    """Groups have a catalogue of their own."""
    with pytest.raises(UndeclaredNameError, match="group property 'Strange'"):
        plan.group_message("$unset", [STRANGE], **GROUP)


@pytest.mark.parametrize("operation", ["$set", "$set_once", "$union"])
def test_whole_values_have_the_declared_type(
    plan: TrackingPlan, operation: str
) -> None:
    """An operation that takes all of a value is held to the type of all of it."""
    with pytest.raises(InvalidValueError, match="'Plans' is a str, declared is list"):
        plan.profile_message(operation, {ShopProfiles.plans: "pro"}, **PROFILE)
    with pytest.raises(InvalidValueError, match="'Plans' is a str, declared is list"):
        plan.group_message(operation, {ShopGroups.plans: "pro"}, **GROUP)


@pytest.mark.parametrize("operation", ["$append", "$remove"])
def test_an_item_need_not_be_a_list(plan: TrackingPlan, operation: str) -> None:
    """One item of a list that is declared as a list is added and removed."""
    message = plan.profile_message(operation, {ShopProfiles.plans: "pro"}, **PROFILE)

    assert message[operation] == {"Plans": "pro"}


def test_what_an_iterator_gives_is_both_checked_and_sent(plan: TrackingPlan) -> None:
    """The check leaves the names for the message."""
    names = iter([ShopProfiles.seats, ShopProfiles.plans])

    assert plan.profile_message("$unset", names, **PROFILE)["$unset"] == [
        "Seats",
        "Plans",
    ]


@pytest.mark.parametrize(
    ("operation", "value", "refusal"),
    [
        ("$set", None, "give a dict"),
        ("$unset", "Seats", "give a list"),
        ("$unset", ShopProfiles.seats, "give a list"),
        ("$push", {}, "operation '\\$push' is unknown"),
    ],
    ids=["nothing", "text", "property", "operation"],
)
def test_what_no_operation_takes_is_refused(
    plan: TrackingPlan, operation: str, value: object, refusal: str
) -> None:
    """A wrong call is told as without a plan."""
    with pytest.raises(InvalidValueError, match=refusal):
        plan.profile_message(operation, value, **PROFILE)
