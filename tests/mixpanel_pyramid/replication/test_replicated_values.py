"""Values and names that Customer.io takes otherwise."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

import pytest

from mixpanel_pyramid import Events, MixpanelTrack, ProfileProperties, Property
from mixpanel_pyramid.replication import stand_ins
from mixpanel_schema import InvalidValueError, UndeclaredNameError

from .replicated_shop import HEX, Kept, ShopProfile, ShopProperties


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


def test_only_a_text_can_be_cut_into_what_is_taken() -> None:
    """Anything else is taken as it is, or not at all."""
    assert list(stand_ins("Seats", 7)) == [7]

    whole, cut = stand_ins("Note", "é" * 2000)

    assert whole == "é" * 2000
    assert cut == "é" * len(cut)
    assert 0 < len(cut) < 2000
