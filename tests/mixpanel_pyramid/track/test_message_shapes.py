"""What messages a tracker makes."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone

import pytest

from mixpanel_pyramid import (
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileMetaProperties,
    ProfileProperties,
)
from mixpanel_pyramid.consumer import MockedConsumer
from mixpanel_schema import InvalidValueError

from .kept_messages import Kept


def test_a_recorded_event_has_the_shape_of_pyramid_mixpanel(
    tracker: MixpanelTrack,
) -> None:
    """What every message has is left out."""
    tracker.track(Events.page_viewed, {EventProperties.path: "/about"})

    assert tracker.mocked_messages == [
        {
            "endpoint": "events",
            "msg": {
                "event": "Page Viewed",
                "properties": {"distinct_id": "joe", "Path": "/about"},
            },
        }
    ]


def test_a_recorded_profile_has_the_shape_of_pyramid_mixpanel(
    tracker: MixpanelTrack,
) -> None:
    """Meta properties stand beside ``$set``."""
    tracker.profile_set(
        {ProfileProperties.dollar_name: "Joe"},
        meta={ProfileMetaProperties.dollar_ip: "1.1.1.1"},
    )

    assert tracker.mocked_messages == [
        {
            "endpoint": "people",
            "msg": {
                "$distinct_id": "joe",
                "$set": {"$name": "Joe"},
                "$ip": "1.1.1.1",
            },
        }
    ]


def test_a_live_event_has_what_mixpanel_needs(live: MixpanelTrack, kept: Kept) -> None:
    """Token, time and insert id are in the message when it is tracked."""
    live.track(
        Events.page_viewed,
        {EventProperties.title: "Home"},
        time=1_700_000_000,
        insert_id="order-17",
    )

    (message,) = kept.bodies()
    properties = message["properties"]
    assert message["event"] == "Page Viewed"
    assert properties["token"] == "the-token"
    assert properties["distinct_id"] == "joe"
    assert properties["time"] == 1_700_000_000
    assert properties["$insert_id"] == "order-17"
    assert properties["Title"] == "Home"


def test_an_insert_id_is_random_and_fits(live: MixpanelTrack, kept: Kept) -> None:
    """128 bits in 32 hexadecimal digits; Mixpanel takes 36 characters."""
    for _ in range(64):
        live.track(Events.page_viewed)

    ids = [body["properties"]["$insert_id"] for body in kept.bodies()]
    assert {len(each) for each in ids} == {32}
    assert len({int(each, 16) for each in ids}) == 64
    # Nothing in an id follows from its other parts: each stands for random bits.
    parts = {each[start : start + 8] for each in ids for start in (0, 8, 16, 24)}
    assert len(parts) > 250


@pytest.mark.parametrize("insert_id", ["", "a b", "a" * 37, "é"])
def test_an_insert_id_that_mixpanel_would_not_take_is_refused(
    tracker: MixpanelTrack, insert_id: str
) -> None:
    """It would be an event that nothing deduplicates."""
    with pytest.raises(InvalidValueError, match="insert_id"):
        tracker.track(Events.page_viewed, insert_id=insert_id)


def test_the_time_may_be_a_datetime(live: MixpanelTrack, kept: Kept) -> None:
    """An aware one is converted, a naive one is UTC."""
    ahead = timezone(timedelta(hours=2))
    live.track(Events.page_viewed, time=datetime(2023, 11, 15, 0, 13, 20, tzinfo=ahead))
    live.track(Events.page_viewed, time=datetime(2023, 11, 14, 22, 13, 20))

    times = [body["properties"]["time"] for body in kept.bodies()]
    assert times == [1_700_000_000, 1_700_000_000]


def test_a_time_that_is_no_time_is_refused_while_recording(
    tracker: MixpanelTrack,
) -> None:
    """An event has a time, or it is none."""
    with pytest.raises(InvalidValueError, match="time"):
        tracker.track(Events.page_viewed, time=math.nan)


def test_what_cannot_be_mended_is_logged_in_production(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """An error page would help nobody."""
    live.track(Events.page_viewed, time=math.nan)
    live.track(Events.page_viewed, insert_id="not an id")

    assert kept.messages == []
    assert len(caplog.records) == 2
    assert all(
        record.getMessage().startswith("a Mixpanel message is not sent: ")
        for record in caplog.records
    )


def test_lesson_15_false_sends_nothing(tracker: MixpanelTrack) -> None:
    """Recording needs no network, and no real token."""
    tracker.consumer.DROP_SYSTEM_MESSAGE_PROPERTIES = False  # type: ignore
    tracker.track(Events.page_viewed)
    tracker.api.people_increment("joe", {"Logins": 1})

    event, profile = (message["msg"] for message in tracker.mocked_messages)
    assert tracker.is_recording
    assert event["properties"]["token"] == "testing"
    assert profile["$token"] == "testing"


def test_recorded_messages_are_where_users_look_for_them(
    tracker: MixpanelTrack,
) -> None:
    """The documented habit of pyramid_mixpanel's users."""
    tracker.track(Events.page_viewed)

    consumer = tracker.api._consumer
    assert isinstance(consumer, MockedConsumer)
    assert consumer.mocked_messages is tracker.mocked_messages
    assert len(consumer.mocked_messages) == 1


def test_nothing_is_recorded_while_sending(live: MixpanelTrack) -> None:
    """Asking for it says how to record."""
    assert not hasattr(live, "mocked_messages")
    with pytest.raises(AttributeError, match=r"set mixpanel\.token to false"):
        _ = live.mocked_messages


def test_skip_customerio_keeps_its_place(tracker: MixpanelTrack) -> None:
    """Callers that come from pyramid_mixpanel pass it third."""
    tracker.track(Events.page_viewed, {}, True)
    tracker.profile_set({ProfileProperties.dollar_name: "Joe"}, {}, True)

    assert len(tracker.mocked_messages) == 2


def test_a_tracker_made_by_hand_reads_its_settings() -> None:
    """A script has settings, and no request."""
    tracker = MixpanelTrack(settings={}, distinct_id="joe")
    tracker.track(Events.user_logged_in)

    assert len(tracker.mocked_messages) == 1
    assert tracker.events == Events()
    assert tracker.global_event_props == {}
