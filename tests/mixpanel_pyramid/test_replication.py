"""What ``track`` and ``profile_set`` replicate to Customer.io."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from customerio import CustomerIO, CustomerIOException

from mixpanel_pyramid import (
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)
from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.consumer import BufferConsumer, Fate
from mixpanel_pyramid.customerio_mirror import ulid
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.settings import TrackingSettings, read_settings
from mixpanel_schema import InvalidValueError, UndeclaredNameError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Workspace

HERE = __name__
ACCOUNT = CustomerioAccount("the-site", "the-key", "eu", "https://track-eu.customer.io")
UTC = dt.timezone.utc
MOMENT = dt.datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)
HEX = "0123456789abcdef0123456789abcdef"


class ShopProperties(EventProperties):
    """What events of the tests carry."""

    when = Property("When")
    dollar_n = Property("$n")
    dollar_created = Property("$created")
    basket = Property("Basket")
    recipient = Property("recipient")
    own_id = Property("$insert_id")
    own_time = Property("time")
    own_user = Property("distinct_id")


class ShopProfile(ProfileProperties):
    """What profiles of the tests have."""

    email = Property("email")
    plan = Property("$plan", type=str)
    note = Property("Note")
    seen = Property("Seen")
    id = Property("id")


def shop_settings(**given: str) -> TrackingSettings:
    """Read settings of an app with Customer.io."""
    settings = read_settings(
        {
            "mixpanel.token": "false",
            "mixpanel.event_properties": f"{HERE}.ShopProperties",
            "mixpanel.profile_properties": f"{HERE}.ShopProfile",
            **{f"mixpanel.{name}": value for name, value in given.items()},
        }
    )
    return replace(settings, customerio=ACCOUNT)


@pytest.fixture
def tracker() -> MixpanelTrack:
    """A tracker that records."""
    return MixpanelTrack(shop_settings(), distinct_id="joe")


class Kept(list[Message]):
    """Collects what a tracker hands over."""

    def items(self) -> list[Any]:
        """Give what goes to Customer.io."""
        return [json.loads(m.text) for m in self if m.endpoint == "customer.io"]


@pytest.fixture
def kept() -> Kept:
    """What the tracker ``live`` hands over."""
    return Kept()


@pytest.fixture
def live(kept: Kept) -> MixpanelTrack:
    """A tracker that would send."""
    settings = shop_settings(token="the-token")
    consumer = BufferConsumer("t", kept.extend)
    return MixpanelTrack(settings, distinct_id="joe", consumer=consumer)


def test_recorded_messages_are_those_of_pyramid_mixpanel(
    tracker: MixpanelTrack,
) -> None:
    """Mixpanel's first; what differs is in a table of ``docs/pyramid/customerio.md``.

    Expected is what pyramid_mixpanel 0.13 records for these calls, but for ``When``,
    which it leaves a datetime, and ``ip``, which it sends along as an attribute.
    """
    tracker.global_event_props = {EventProperties.dollar_referrer: "https://a"}
    props = {ShopProperties.when: MOMENT, ShopProperties.dollar_n: None}
    tracker.track(
        Events.page_viewed,
        {EventProperties.path: "/", **props, ShopProperties.dollar_created: 5},
    )
    tracker.track(Events.page_viewed, {EventProperties.path: "/2"}, True)
    tracker.profile_set(
        {
            ProfileProperties.dollar_email: "a@b.c",
            ShopProfile.email: "later@b.c",
            ProfileProperties.dollar_created: MOMENT,
        },
        meta={ProfileMetaProperties.dollar_ip: "1.2.3.4"},
    )

    endpoints = [message["endpoint"] for message in tracker.mocked_messages]
    recorded = [
        message["msg"]
        for message in tracker.mocked_messages
        if message["endpoint"] == "customer.io"
    ]
    assert endpoints == ["events", "customer.io", "events", "people", "customer.io"]
    assert recorded == [
        {
            "customer_id": "joe",
            "name": "Page Viewed",
            "referrer": "https://a",
            "Path": "/",
            "When": 1_767_323_046,
            "n": None,
            "created": 5,
        },
        {"id": "joe", "email": "later@b.c", "created_at": 1_767_323_046},
    ]


def test_without_settings_nothing_is_replicated() -> None:
    """An app that does not use Customer.io pays nothing, and sends nothing."""
    settings = replace(shop_settings(), customerio=None)
    tracker = MixpanelTrack(settings, distinct_id="joe")
    tracker.track(Events.page_viewed)
    tracker.profile_set({ProfileProperties.dollar_name: "Joe"})

    endpoints = [message["endpoint"] for message in tracker.mocked_messages]
    assert endpoints == ["events", "people"]


def test_a_call_may_skip_customerio(tracker: MixpanelTrack) -> None:
    """By argument, as in pyramid_mixpanel."""
    tracker.track(Events.page_viewed, skip_customerio=True)
    tracker.track_now(Events.page_viewed, skip_customerio=True)
    tracker.profile_set({ProfileProperties.dollar_name: "Joe"}, skip_customerio=True)

    endpoints = [message["endpoint"] for message in tracker.mocked_messages]
    assert endpoints == ["events", "events", "people"]


def test_only_tracks_and_sets_are_replicated(tracker: MixpanelTrack) -> None:
    """Customer.io has no appends, increments or groups."""
    props = {ProfileProperties.dollar_name: "Joe"}
    tracker.profile_set_once(props)
    tracker.profile_append(props)
    tracker.profile_union({ProfileProperties.dollar_name: ["Joe"]})
    tracker.profile_unset([ProfileProperties.dollar_name])
    tracker.profile_delete()

    endpoints = {message["endpoint"] for message in tracker.mocked_messages}
    assert endpoints == {"people"}


def test_both_services_hold_the_same_event(live: MixpanelTrack, kept: Kept) -> None:
    """Its ULID is Mixpanel's insert id, and its time Mixpanel's time."""
    live.track(Events.page_viewed)

    mixpanel = json.loads(kept[0].text)["properties"]
    (item,) = kept.items()
    assert item["id"] == ulid(mixpanel["$insert_id"], "Page Viewed", "joe")
    assert item["timestamp"] == int(mixpanel["time"])


def test_an_event_says_when_it_happened(live: MixpanelTrack, kept: Kept) -> None:
    """In whole seconds, however the app says it."""
    live.track(Events.page_viewed, time=MOMENT)
    live.track(Events.page_viewed, time=1_767_323_045.9)
    live.track(Events.page_viewed, time=1_767_323_045_900)  # Mixpanel takes these too

    assert [item["timestamp"] for item in kept.items()] == [1_767_323_045] * 3


def test_properties_that_settle_the_event_settle_it_here_too(
    live: MixpanelTrack, kept: Kept
) -> None:
    """What stands in Mixpanel's place of an id or a time counts."""
    live.track(
        Events.page_viewed,
        {
            ShopProperties.own_id: HEX,
            ShopProperties.own_time: 1_767_323_045,
            ShopProperties.own_user: "ann",
        },
    )

    (item,) = kept.items()
    assert item["id"] == "014D2PF2DBSQQG28T5CY4TQKFF"
    assert item["timestamp"] == 1_767_323_045
    assert item["identifiers"] == {"id": "ann"}


def test_nobodys_event_is_not_replicated(live: MixpanelTrack, kept: Kept) -> None:
    """Customer.io has people only; Mixpanel takes an event of nobody."""
    live.track(Events.page_viewed, {ShopProperties.own_user: ""})

    assert [message.endpoint for message in kept] == ["events"]


def test_an_item_may_be_repeated(live: MixpanelTrack, kept: Kept) -> None:
    """Events have an id, and attributes are set."""
    live.track(Events.page_viewed)
    live.profile_set({ProfileProperties.dollar_name: "Joe"})

    assert [message.repeatable for message in kept] == [True] * 4


def test_items_obey_the_deferral(kept: Kept) -> None:
    """They wait for the same verdict, in the same order, but for ``track_now``."""
    held = BufferConsumer("t", kept.extend, lambda: Fate.WAIT, kept.extend)
    settings = shop_settings(token="t")
    tracker = MixpanelTrack(settings, distinct_id="joe", consumer=held)
    tracker.track(Events.page_viewed)
    tracker.track_now(Events.page_viewed)
    before = [message.endpoint for message in kept]
    held.discard()
    tracker.profile_set({ProfileProperties.dollar_name: "Joe"})
    held.release()

    assert before == ["events", "customer.io"]
    assert [m.endpoint for m in kept] == [*before, "people", "customer.io"]


def test_discarded_items_are_recorded_no_longer() -> None:
    """``mocked_messages`` is emptied of both."""
    tracker = MixpanelTrack(shop_settings(), distinct_id="joe")
    consumer: Any = tracker.consumer
    consumer.fate = lambda: Fate.WAIT
    tracker.track(Events.page_viewed)
    tracker.track_now(Events.page_viewed)
    shown = [message["endpoint"] for message in tracker.mocked_messages]
    consumer.discard()

    assert shown == ["events", "customer.io"] * 2
    assert len(tracker.mocked_messages) == 2


def test_a_value_that_customerio_does_not_take_raises_while_recording(
    tracker: MixpanelTrack,
) -> None:
    """So that a test finds it; and nothing is recorded, at Mixpanel neither."""
    with pytest.raises(InvalidValueError, match="'id' is Customer"):
        tracker.profile_set({ShopProfile.id: "ann"})

    assert tracker.mocked_messages == []


def test_in_production_it_is_left_out_and_logged(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """By name, never by value, and the rest is sent to both."""
    live.profile_set({ShopProfile.id: "hush", ProfileProperties.dollar_name: "Joe"})

    assert [message.endpoint for message in kept] == ["people", "customer.io"]
    assert kept.items()[0]["attributes"] == {"name": "Joe"}
    assert json.loads(kept[0].text)["$set"] == {"id": "hush", "$name": "Joe"}
    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [
        (
            logging.WARNING,
            "property 'id' is left out of a Customer.io message: attribute 'id' is "
            "Customer.io's own and not for a profile; give it another name, or leave "
            "it out",
        )
    ]


def test_a_text_may_be_longer_there_than_at_mixpanel(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """Mixpanel's is cut to 255 bytes, Customer.io's to 1,000."""
    live.profile_set({ShopProfile.note: "é" * 300})
    live.profile_set({ShopProfile.note: "é" * 600})

    notes = [item["attributes"]["Note"] for item in kept.items()]
    assert notes == ["é" * 300, "é" * 500]
    assert [r.getMessage().split(":")[0] for r in caplog.records] == [
        "property 'Note' is cut in a Mixpanel message",
        "property 'Note' is cut in a Customer.io message",
    ]
    assert live.settings.invalid_counts.mended == 3


@pytest.mark.filterwarnings("default")
def test_what_the_plan_refuses_is_left_out_of_both(
    live: MixpanelTrack, kept: Kept
) -> None:
    """A value of another type than declared is no better over there."""
    live.profile_set({ShopProfile.plan: 7, ShopProfile.seen: dt.date(1970, 1, 2)})

    assert kept.items()[0]["attributes"] == {"Seen": 86_400}


def test_a_long_event_name_is_cut(live: MixpanelTrack, kept: Kept) -> None:
    """At a hundred bytes, in production; while recording it raises."""
    from mixpanel_pyramid.replication import event_replica

    message: Any = {
        "event": "n" * 101,
        "properties": {"distinct_id": "joe", "time": 1.0, "$insert_id": HEX},
    }
    replica = event_replica(message, {}, live.settings.invalid_counts)
    assert replica is not None
    assert replica.item["name"] == "n" * 100
    with pytest.raises(InvalidValueError, match="name: 101 bytes"):
        event_replica(message, {}, None)


def test_what_cannot_be_mended_is_not_sent(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """Such as an id that is too long for Customer.io; Mixpanel gets its message."""
    live.distinct_id = "j" * 151
    live.track(Events.page_viewed)

    assert [message.endpoint for message in kept] == ["events"]
    assert [r.getMessage() for r in caplog.records] == [
        "a Customer.io message is not sent: id: 151 bytes, at most 150 are taken; "
        "shorten it (customerio id)"
    ]
    assert live.settings.invalid_counts.invalid == 1


def test_a_name_outside_the_plan_is_refused_as_ever(tracker: MixpanelTrack) -> None:
    """Before anything is kept."""
    with pytest.raises(UndeclaredNameError):
        tracker.track(Events.page_viewed, {Property("Undeclared"): 1})

    assert tracker.mocked_messages == []


def test_reserved_event_data_is_sent_as_it_is(tracker: MixpanelTrack) -> None:
    """``recipient`` and its like are for campaigns; the page on Customer.io says so."""
    tracker.track(Events.page_viewed, {ShopProperties.recipient: "ann@example.com"})

    assert tracker.mocked_messages[1]["msg"] == {
        "customer_id": "joe",
        "name": "Page Viewed",
        "recipient": "ann@example.com",
    }


DATA = {
    ShopProperties.basket: [{"sku": "a", "at": MOMENT.replace(microsecond=0)}],
    ShopProperties.when: dt.datetime(2026, 1, 2, 3, 4, 5),
    ShopProperties.dollar_n: None,
    EventProperties.path: "/ü",
}


@pytest.fixture
def official(workspace: Workspace) -> CustomerIO:
    """The official library, talking to the stand-in, to which it speaks http."""
    client = CustomerIO("the-site", "the-key")
    client.base_url = f"{workspace.base_url}/api/v1"
    return client


def test_an_event_is_what_the_official_library_sends(
    live: MixpanelTrack, kept: Kept, official: CustomerIO, workspace: Workspace
) -> None:
    """Field by field: name, id, timestamp, data (there), attributes (here)."""
    live.track(Events.page_viewed, DATA, time=1_767_323_045.9, insert_id=HEX)
    official.track(
        "joe",
        "Page Viewed",
        data={prop.name.replace("$", ""): value for prop, value in DATA.items()},
        id="014D2PF2DBSQQG28T5CY4TQKFF",
        timestamp=1_767_323_045.9,
    )
    official.close()

    (item,), (call,) = kept.items(), workspace.calls
    assert call.method == "POST"
    assert call.path == f"/api/v1/customers/{item['identifiers']['id']}/events"
    assert call.body == {
        "name": item["name"],
        "id": item["id"],
        "timestamp": item["timestamp"],
        "data": item["attributes"],
    }


def test_a_profile_is_what_the_official_library_sends(
    live: MixpanelTrack, kept: Kept, official: CustomerIO, workspace: Workspace
) -> None:
    """Field by field; and no timestamp in either."""
    props = {
        ProfileProperties.dollar_email: "joe@example.com",
        ProfileProperties.dollar_created: dt.datetime(2026, 1, 2, 3, 4, 5),
        ShopProfile.seen: dt.datetime(
            2026, 1, 2, 5, 4, 5, tzinfo=dt.timezone(dt.timedelta(hours=2))
        ),
        ShopProfile.note: {"a": [1, None, 2.5]},
    }
    live.profile_set(props)
    official.identify(
        "joe",
        email="joe@example.com",
        created_at=dt.datetime(2026, 1, 2, 3, 4, 5),
        Seen=props[ShopProfile.seen],
        Note={"a": [1, None, 2.5]},
    )
    official.close()

    (item,), (call,) = kept.items(), workspace.calls
    assert call.method == "PUT"
    assert call.path == f"/api/v1/customers/{item['identifiers']['id']}"
    assert call.body == item["attributes"]
    assert item["attributes"]["created_at"] == 1_767_323_045
    assert item["attributes"]["Seen"] == 1_767_323_045


@pytest.mark.parametrize(
    ("value", "theirs", "ours"),
    [
        (MOMENT, 1_767_323_045, 1_767_323_046),
        (dt.timedelta(1), "error", "left out"),
        (dt.date(1970, 1, 2), "error", 86_400),
        ((1, 2), [1, 2], [1, 2]),
        ((MOMENT,), "error", [1_767_323_046]),
        ({1}, "error", [1]),
        (float("nan"), None, "left out"),
        ("x" * 1_001, "x" * 1_001, "x" * 1_000),
        ([float("nan")], [None], "left out"),
    ],
    ids=repr,
)
def test_the_intended_differences_are_these(
    both: Callable[[object], tuple[object, object]],
    value: object,
    theirs: object,
    ours: object,
) -> None:
    """The official library truncates, sends NaN as null, and knows few types."""
    assert both(value) == (theirs, ours)


@pytest.fixture
def both(
    live: MixpanelTrack, kept: Kept, official: CustomerIO, workspace: Workspace
) -> Callable[[object], tuple[object, object]]:
    """Send a value both ways, and give what came of it."""

    def send(value: object) -> tuple[object, object]:
        live.profile_set({ShopProfile.seen: value})
        try:
            official.identify("joe", Seen=value)
            sent = workspace.calls[0].body["Seen"]
        except CustomerIOException:
            sent = "error"
        official.close()
        return sent, kept.items()[0]["attributes"].get("Seen", "left out")

    return send
