"""What ``track`` and ``profile_set`` replicate to Customer.io."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from mixpanel_pyramid import (
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileMetaProperties,
    ProfileProperties,
)
from mixpanel_pyramid.consumer import BufferConsumer, Fate
from mixpanel_pyramid.customerio_mirror import ulid

from .replicated_shop import (
    HEX,
    MOMENT,
    Kept,
    ShopProfile,
    ShopProperties,
    shop_settings,
)


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
