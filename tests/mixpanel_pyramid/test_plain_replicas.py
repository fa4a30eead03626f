"""What is made for Customer.io of a message when that is sent."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileProperties,
    Property,
)
from mixpanel_pyramid.consumer import BufferConsumer
from mixpanel_pyramid.customerio_mirror import event_item, profile_item, ulid
from mixpanel_pyramid.message import REPEATABLE, REPLICATED, Message
from mixpanel_pyramid.plain_replicas import (
    PlainReplicas,
    plain_replicas,
    replica_of,
    replica_text,
    written_replica_of,
)
from mixpanel_schema import TrackingPlan

LONG_NAME = "Order " + "x" * 95


class ShopEvents(Events):
    """An ordinary event, one with its own properties, and two that Customer.io cuts."""

    paid = Event("Paid")
    listed = Event("Listed", properties=(Property("Total"),))
    longest = Event(LONG_NAME[:100])
    too_long = Event(LONG_NAME)


class ShopProperties(EventProperties):
    """Names that are one without ``$``, and some that are not."""

    price = Property("Price")
    dollar_price = Property("$Price")
    created = Property("$created")
    seats = Property("Seats")


class ShopProfile(ProfileProperties):
    """The same of profiles."""

    plan = Property("Plan")
    dollar_plan = Property("$Plan")


SETTINGS = {
    "mixpanel.token": "t",
    "mixpanel.events": f"{__name__}.ShopEvents",
    "mixpanel.event_properties": f"{__name__}.ShopProperties",
    "mixpanel.profile_properties": f"{__name__}.ShopProfile",
    "customerio.tracking.site_id": "the-site",
    "customerio.tracking.api_key": "the-key",
    "customerio.tracking.region": "eu",
}
UPDATE = '{"$time":1764142000.0,"$distinct_id":"joe","$set":%s}'

plain = (
    st.text(st.characters(max_codepoint=127), max_size=255)
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e15, 1e15)
    | st.booleans()
    | st.none()
)


def kept(who: str, track: Callable[[MixpanelTrack], None]) -> list[Message]:
    """Give the messages that a tracker hands over."""
    messages: list[Message] = []
    consumer = BufferConsumer("t", messages.extend)
    track(MixpanelTrack(SETTINGS, who, consumer=consumer))
    return messages


@given(
    props=st.dictionaries(
        st.sampled_from(
            [
                ShopProperties.price,
                ShopProperties.dollar_price,
                ShopProperties.created,
                ShopProperties.title,
            ]
        ),
        plain,
    )
)
def test_a_plain_event_is_kept_once_and_sent_as_ever(
    props: dict[Property, object],
) -> None:
    """Its replica is the item that is made of it in the request otherwise."""
    (message,) = kept("joe", lambda tracker: tracker.track(ShopEvents.paid, props))

    said = json.loads(message.text)["properties"]
    expected = event_item(
        "joe",
        "Paid",
        props,
        unique=ulid(said["$insert_id"], "Paid", "joe"),
        timestamp=int(said["time"]),
    )
    assert message.traits == REPEATABLE | REPLICATED
    assert json.loads(replica_text(message)) == expected


@given(
    props=st.dictionaries(
        st.sampled_from(
            [
                ShopProfile.plan,
                ShopProfile.dollar_plan,
                ShopProfile.dollar_created,
                ShopProfile.dollar_email,
            ]
        ),
        plain,
        min_size=1,
    )
)
def test_a_plain_update_is_kept_once_and_sent_as_ever(
    props: dict[Property, object],
) -> None:
    """The same of a profile."""
    (message,) = kept("joe", lambda tracker: tracker.profile_set(props))

    assert message.traits == REPEATABLE | REPLICATED
    assert json.loads(replica_text(message)) == profile_item("joe", props)


def test_an_item_says_what_the_message_does() -> None:
    """Without what only Mixpanel asks for, and in the order of the properties."""
    text = (
        '{"properties":{"distinct_id":"joe","time":1700000000.75,'
        '"$insert_id":"00000000000000000000000000000021","mp_lib":"python",'
        '"$lib_version":"0.1.0","$Price":9.5,"Seats":null},"event":"Paid"}'
    )

    assert replica_text(Message("events", text, REPEATABLE | REPLICATED)) == (
        '{"type":"person","action":"event","identifiers":{"id":"joe"},"name":"Paid",'
        '"id":"00000000000000000000000011","timestamp":1700000000,'
        '"attributes":{"Price":9.5,"Seats":null}}'
    )


@pytest.mark.parametrize(
    ("who", "event", "count"),
    [
        ("j" * 38, ShopEvents.paid, 1),
        ("joe", ShopEvents.too_long, 1),
    ],
    ids=["long id", "long name"],
)
def test_what_wants_a_closer_look_has_an_item_of_its_own(
    who: str, event: Event, count: int
) -> None:
    """It may be refused, or cut."""
    messages = kept(who, lambda tracker: tracker.track(event))

    assert [message.endpoint for message in messages] == ["events", "customer.io"]
    assert [message.traits for message in messages] == [REPEATABLE, REPEATABLE]


def test_a_call_may_skip_customerio() -> None:
    """Then there is no replica to be made."""

    def track(tracker: MixpanelTrack) -> None:
        tracker.track(ShopEvents.paid, skip_customerio=True)
        tracker.profile_set({ShopProfile.plan: "pro"}, skip_customerio=True)

    assert [message.traits for message in kept("joe", track)] == [REPEATABLE] * 2


def many(base: type, names: list[str]) -> type:
    """Make a catalogue of such properties alone."""
    return type("Many", (base,), {f"p_{i}": Property(n) for i, n in enumerate(names)})


def test_so_many_properties_surely_fit_an_item() -> None:
    """With the longest names and values there are, each byte as six in JSON."""
    names = ["\x01" * 148 + f"{number:02}" for number in range(40)]
    plan = TrackingPlan(
        events=ShopEvents,
        event_properties=many(EventProperties, names),
        profile_properties=many(ProfileProperties, names),
    )
    replicas = plain_replicas(plan)
    most = replicas.events["Paid"]
    body = {
        "distinct_id": "\x01" * 37,
        "time": 1764142000.123456,
        "$insert_id": "f" * 32,
        **dict.fromkeys(names[:most], "\x01" * 255),
    }
    text = json.dumps({"properties": body, "event": "\x01" * 100})

    assert most == replicas.profiles >= 10
    replica = replica_text(Message("events", text, REPEATABLE | REPLICATED))
    assert 29_000 < len(replica) <= 32_767


@pytest.mark.parametrize("name", ["$", "x" * 151])
def test_a_name_that_customerio_has_not_wants_a_closer_look(name: str) -> None:
    """At each event that may carry it; others are as plain as before."""
    plan = TrackingPlan(
        events=ShopEvents,
        event_properties=many(EventProperties, [name]),
        profile_properties=many(ProfileProperties, [name]),
    )

    replicas = plain_replicas(plan)

    assert not replicas.take_event("joe", "Paid", {})
    assert replicas.take_event("joe", "Listed", {})
    assert not replicas.take_profile("joe", {})


@pytest.mark.parametrize("name", ["id", "$id", "cio_id", "_timestamp"])
def test_a_reserved_name_wants_a_closer_look_in_profiles(name: str) -> None:
    """It may be another person's id."""
    plan = TrackingPlan(profile_properties=many(ProfileProperties, [name]))

    assert not plain_replicas(plan).take_profile("joe", {})
    assert plain_replicas(TrackingPlan()).take_profile("joe", {})


def test_names_of_events_and_ids_have_their_limits() -> None:
    """In bytes, of which a character may take four."""
    replicas = plain_replicas(TrackingPlan(events=ShopEvents))

    assert replicas.take_event("j" * 37, LONG_NAME[:100], {})
    assert not replicas.take_event("j" * 38, "Paid", {})
    assert not replicas.take_event("joe", LONG_NAME, {})
    assert not replicas.take_profile("j" * 38, {})
    assert not PlainReplicas().take_event("joe", "Paid", {})


@pytest.mark.parametrize("values", ["{}", '{"$created":"x","$name":"Joe"}'])
def test_a_batch_has_room_for_replicas(values: str) -> None:
    """They may be a little longer than the messages that they are made of."""
    message = Message("people", UPDATE % values, REPEATABLE | REPLICATED)
    replica = replica_of(message)

    assert replica == ("customer.io", message.text, message.traits, 0.0, None)
    assert len(replica.text) < len(replica_text(replica)) < replica.size


def test_on_disk_is_what_will_be_sent() -> None:
    """So that whoever reads an outbox need not make it."""
    message = Message("people", UPDATE % "{}", REPEATABLE | REPLICATED, 1.5)

    replica = written_replica_of(message)

    assert replica.text == (
        '{"type":"person","action":"identify","identifiers":{"id":"joe"},'
        '"attributes":{}}'
    )
    assert replica[2:] == (REPEATABLE, 1.5, None)
    assert replica_text(replica) == replica.text
