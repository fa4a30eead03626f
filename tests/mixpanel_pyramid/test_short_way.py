"""The short way and the long way lead to the same message."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_pyramid import (
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileProperties,
    Property,
)
from mixpanel_pyramid.consumer import BufferConsumer, MockedConsumer
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_pyramid.message import Message
from mixpanel_schema import InvalidValueError

RECORD = {"mixpanel.token": "false"}
PROPERTIES = [EventProperties.title, EventProperties.path]

values = (
    st.text(max_size=300)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.lists(st.integers(), max_size=3)
    | st.binary(max_size=3)
)


class LongWay(MixpanelTrack):
    """A tracker that looks at every message closely."""

    takes_short_way = False


def recorded(
    cls: type[MixpanelTrack], call: str, props: dict[Property, object], full: bool
) -> object:
    """Give what a call records, or the error that it raises, without what is random."""
    consumer = MockedConsumer(DROP_SYSTEM_MESSAGE_PROPERTIES=not full)
    tracker = cls(RECORD, "joe", consumer=consumer)
    try:
        if call == "track":
            tracker.track(Events.page_viewed, props)
        else:
            tracker.profile_set(props)
    except (ValueError, TypeError) as error:
        return type(error), str(error)
    for message in consumer.mocked_messages:
        body: Any = message["msg"]
        for name in ("time", "$insert_id"):
            body.get("properties", {}).pop(name, None)
        body.pop("$time", None)
    return consumer.mocked_messages


@given(props=st.dictionaries(st.sampled_from(PROPERTIES), values), full=st.booleans())
def test_an_event_is_the_same(props: dict[Property, object], full: bool) -> None:
    """Message, or refusal."""
    assert recorded(MixpanelTrack, "track", props, full) == recorded(
        LongWay, "track", props, full
    )


@given(
    props=st.dictionaries(
        st.sampled_from(
            [ProfileProperties.dollar_name, ProfileProperties.dollar_phone]
        ),
        values,
    ),
    full=st.booleans(),
)
def test_a_profile_is_the_same(props: dict[Property, object], full: bool) -> None:
    """Message, or refusal."""
    assert recorded(MixpanelTrack, "profile_set", props, full) == recorded(
        LongWay, "profile_set", props, full
    )


def test_a_special_property_shows_no_more_than_it_did() -> None:
    """What every message has is left out of what is recorded, whoever set it."""
    props = {Property("time"): 1_700_000_000, EventProperties.title: "Home"}
    tracker = MixpanelTrack(
        {**RECORD, "mixpanel.event_properties": f"{__name__}.TimedProperties"}, "joe"
    )
    tracker.track(Events.page_viewed, props)

    (message,) = tracker.mocked_messages
    assert message["msg"] == {
        "event": "Page Viewed",
        "properties": {"distinct_id": "joe", "Title": "Home"},
    }


class TimedProperties(EventProperties):
    """With a name that a message has of its own."""

    when = Property("time")


def test_somebody_has_to_be_known() -> None:
    """On the short way too."""
    tracker = MixpanelTrack(RECORD)

    with pytest.raises(DistinctIdMissingError):
        tracker.track(Events.page_viewed)
    with pytest.raises(DistinctIdMissingError):
        tracker.profile_set({ProfileProperties.dollar_name: "Jo"})


def test_later_changes_to_what_was_given_do_not_matter() -> None:
    """The message is a copy."""
    props: dict[Property, object] = {EventProperties.title: "Home"}
    tracker = MixpanelTrack(RECORD, "joe")
    tracker.track(Events.page_viewed, props)
    props[EventProperties.title] = "Changed"

    (message,) = tracker.mocked_messages
    assert message["msg"]["properties"]["Title"] == "Home"  # type: ignore[index]


@pytest.mark.parametrize("cls", [MixpanelTrack, LongWay])
def test_a_plain_event_has_what_every_message_has(cls: type[MixpanelTrack]) -> None:
    """The moment, a random id and the library; on the short way and on the long one."""
    kept: list[Message] = []
    consumer = BufferConsumer("the-token", kept.extend)
    before = time.time()
    tracker = cls({"mixpanel.token": "the-token"}, "joe", consumer=consumer)
    tracker.track(Events.page_viewed, {EventProperties.title: "Home"})

    (message,) = kept
    document = json.loads(message.text)
    said = document["properties"]
    assert document["event"] == "Page Viewed"
    assert before <= said.pop("time") == message.moment <= time.time()
    assert re.fullmatch("[0-9a-f]{32}", said.pop("$insert_id"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", said.pop("$lib_version"))
    assert said == {"distinct_id": "joe", "mp_lib": "python", "Title": "Home"}


@pytest.mark.parametrize("call", ["track", "track_now"])
def test_what_is_given_takes_the_long_way(call: str) -> None:
    """Whose event it is, when it was, and which one it is."""
    kept: list[Message] = []
    consumer = BufferConsumer("the-token", kept.extend)
    tracker = MixpanelTrack({"mixpanel.token": "the-token"}, "joe", consumer=consumer)
    track = getattr(tracker, call)
    track(Events.page_viewed, distinct_id="ann")
    track(Events.page_viewed, time=1_700_000_000.5)
    track(Events.page_viewed, insert_id="order-17")

    said = [json.loads(message.text)["properties"] for message in kept]
    assert [one["distinct_id"] for one in said] == ["ann", "joe", "joe"]
    assert [one["time"] == 1_700_000_000.5 for one in said] == [False, True, False]
    assert [one["$insert_id"] == "order-17" for one in said] == [False, False, True]


def test_an_empty_insert_id_is_refused_in_words() -> None:
    """It would make all such events one."""
    tracker = MixpanelTrack(RECORD, "joe")

    with pytest.raises(InvalidValueError) as caught:
        tracker.track(Events.page_viewed, insert_id="")

    assert str(caught.value) == "insert_id is empty; give one, or leave it out"


def test_global_properties_take_the_long_way() -> None:
    """They are on the event, and its own values win."""
    tracker = MixpanelTrack(RECORD, "joe")
    tracker.global_event_props = {
        EventProperties.title: "Everywhere",
        EventProperties.path: "/",
    }
    tracker.track(Events.page_viewed, {EventProperties.title: "Here"})

    (message,) = tracker.mocked_messages
    assert message["msg"]["properties"] == {  # type: ignore[index]
        "distinct_id": "joe",
        "Title": "Here",
        "Path": "/",
    }


def test_another_user_counts_from_the_next_event_on() -> None:
    """Whose event it is, is asked anew."""
    tracker = MixpanelTrack(RECORD, "joe")
    tracker.track(Events.page_viewed)
    tracker.distinct_id = "ann"
    tracker.track(Events.page_viewed)

    assert [
        message["msg"]["properties"]["distinct_id"]  # type: ignore[index]
        for message in tracker.mocked_messages
    ] == ["joe", "ann"]


@pytest.mark.parametrize("cls", [MixpanelTrack, LongWay])
def test_an_id_that_is_nobodys_is_refused_either_way(cls: type[MixpanelTrack]) -> None:
    """A request that asks whose it is may be told so, for every visitor."""
    tracker = cls(RECORD, find_distinct_id=lambda: "null")

    with pytest.raises(InvalidValueError, match="means nobody or nothing"):
        tracker.track(Events.page_viewed)
