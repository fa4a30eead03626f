"""What the tracker takes, what it refuses, and what messages it makes."""

from __future__ import annotations

import json
import math
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    MixpanelTrack,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)
from mixpanel_pyramid.consumer import BufferConsumer, MockedConsumer
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_pyramid.message import Message
from mixpanel_schema import InvalidValueError, UndeclaredNameError

RECORD = {"mixpanel.token": "false"}
UNDECLARED = Property("Undeclared")


@pytest.fixture
def tracker() -> MixpanelTrack:
    """A tracker that records."""
    return MixpanelTrack(RECORD, distinct_id="joe")


class Kept:
    """Collects what a tracker hands over."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def bodies(self) -> list[dict[str, Any]]:
        """Give the messages as data."""
        return [json.loads(message.text) for message in self.messages]


@pytest.fixture
def kept() -> Kept:
    """What the tracker ``live`` hands over."""
    return Kept()


@pytest.fixture
def live(kept: Kept) -> MixpanelTrack:
    """A tracker that would send."""
    return MixpanelTrack(
        {"mixpanel.token": "the-token"},
        distinct_id="joe",
        consumer=BufferConsumer("t", kept.messages.extend),
    )


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
    live.track(Events.page_viewed)
    live.track(Events.page_viewed)

    first, second = (body["properties"]["$insert_id"] for body in kept.bodies())
    assert len(first) == len(second) == 32
    assert first != second
    assert int(first, 16) >= 0


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


def test_an_event_outside_the_plan_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel, and with the nearest name as the cause."""
    with pytest.raises(ValueError, match="is not a member") as caught:
        tracker.track(Event("Page Veiwed"))

    assert str(caught.value) == (
        "Event 'Event(name='Page Veiwed')' is not a member of self.events"
    )
    assert "nearest is 'Page Viewed'" in str(caught.value.__cause__)
    assert tracker.mocked_messages == []


@pytest.mark.parametrize("event", ["Page Viewed", None, 3])
def test_only_an_event_is_an_event(tracker: MixpanelTrack, event: object) -> None:
    """Text is what the plan exists to avoid."""
    with pytest.raises(ValueError, match=r"is not a member of self\.events"):
        tracker.track(event)  # type: ignore[arg-type]


def test_an_event_property_outside_the_plan_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(ValueError, match="is not a member") as caught:
        tracker.track(
            Events.page_viewed, {EventProperties.title: "Home", UNDECLARED: 1}
        )

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' "
        "is not a member of self.event_properties"
    )


def test_a_profile_property_outside_the_plan_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(ValueError, match="is not a member") as caught:
        tracker.profile_set({UNDECLARED: 1})

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' "
        "is not a member of self.profile_properties"
    )


def test_a_meta_property_outside_the_plan_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(ValueError, match="is not a member") as caught:
        tracker.profile_set({ProfileProperties.dollar_name: "J"}, {UNDECLARED: 1})

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' "
        "is not a member of self.profile_meta_properties"
    )


def test_a_property_that_the_event_does_not_list_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An event may say what it carries; then nothing else goes with it."""

    class Narrow(Events):
        home_viewed = Event("Home Viewed", properties=(EventProperties.title,))

    module = SimpleNamespace(Narrow=Narrow)
    monkeypatch.setitem(sys.modules, "narrow_names", module)
    tracker = MixpanelTrack(
        {**RECORD, "mixpanel.events": "narrow_names.Narrow"}, distinct_id="joe"
    )

    with pytest.raises(UndeclaredNameError, match="'Path'"):
        tracker.track(Narrow.home_viewed, {EventProperties.path: "/"})


@pytest.mark.parametrize("nobody", [None, ""])
def test_nothing_is_tracked_of_nobody(nobody: str | None) -> None:
    """In the words of pyramid_mixpanel, as an AttributeError too."""
    tracker = MixpanelTrack(RECORD, distinct_id=nobody)

    with pytest.raises(DistinctIdMissingError) as caught:
        tracker.track(Events.page_viewed)
    with pytest.raises(AttributeError):
        tracker.profile_set({ProfileProperties.dollar_name: "Joe"})

    assert str(caught.value) == (
        "distinct_id must be set before you can send events or set properties"
    )


def test_the_distinct_id_may_be_set_later(tracker: MixpanelTrack) -> None:
    """As pyramid_mixpanel documents it."""
    tracker.distinct_id = "ann"
    tracker.track(Events.page_viewed)
    tracker.track(Events.page_viewed, distinct_id="tom")

    ids = [m["msg"]["properties"]["distinct_id"] for m in tracker.mocked_messages]
    assert ids == ["ann", "tom"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (17, "17"),
        (
            UUID("12345678-1234-5678-1234-567812345678"),
            "12345678-1234-5678-1234-567812345678",
        ),
    ],
)
def test_a_distinct_id_is_text_on_the_wire(
    tracker: MixpanelTrack, given: object, sent: str
) -> None:
    """Mixpanel takes text only, databases give numbers and UUIDs."""
    tracker.distinct_id = given
    tracker.track(Events.page_viewed)

    (message,) = tracker.mocked_messages
    assert message["msg"]["properties"]["distinct_id"] == sent


def test_the_distinct_id_is_asked_for_until_it_is_known() -> None:
    """A user may log in after the tracker was made; later it is not asked again."""
    answers = iter([None, "joe"])
    tracker = MixpanelTrack(RECORD, find_distinct_id=lambda: next(answers))

    assert tracker.distinct_id is None
    assert tracker.distinct_id == "joe"
    assert tracker.distinct_id == "joe"


def test_global_properties_are_on_every_event() -> None:
    """A property of the event itself wins."""
    tracker = MixpanelTrack(
        RECORD, distinct_id="joe", global_event_props={EventProperties.title: "Every"}
    )
    tracker.track(Events.page_viewed)
    tracker.track(Events.page_viewed, {EventProperties.title: "This"})

    titles = [m["msg"]["properties"]["Title"] for m in tracker.mocked_messages]
    assert titles == ["Every", "This"]


def test_global_properties_are_checked_too(tracker: MixpanelTrack) -> None:
    """They are in the plan, or nothing is tracked."""
    tracker.global_event_props = {UNDECLARED: 1}

    with pytest.raises(ValueError, match=r"a member of self\.event_properties"):
        tracker.track(Events.page_viewed)


def test_lesson_5_the_callers_dicts_are_never_changed(tracker: MixpanelTrack) -> None:
    """pyramid_mixpanel turned the caller's datetimes into text, in place."""
    created = datetime(2026, 1, 2, 3, 4, 5)
    props = {ProfileProperties.dollar_created: created}
    meta = {ProfileMetaProperties.dollar_ip: "0"}
    tracker.profile_set(props, meta)

    assert props == {ProfileProperties.dollar_created: created}
    assert meta == {ProfileMetaProperties.dollar_ip: "0"}
    assert tracker.mocked_messages[0]["msg"]["$set"] == {
        "$created": "2026-01-02T03:04:05"
    }


@pytest.mark.parametrize("live_or_not", ["tracker", "live"])
def test_lesson_5_values_are_those_of_the_moment(
    live_or_not: str, request: pytest.FixtureRequest, kept: Kept
) -> None:
    """What the caller does to a list afterwards is not sent."""
    tracker = request.getfixturevalue(live_or_not)
    shelf = {"row": ["left"]}
    tracker.track(Events.page_viewed, {EventProperties.title: shelf})
    shelf["row"].append("right")

    bodies = [m["msg"] for m in getattr(tracker.consumer, "mocked_messages", [])]
    (body,) = bodies or kept.bodies()
    assert body["properties"]["Title"] == {"row": ["left"]}


@pytest.mark.parametrize("way", ["track", "profile_set", "api"])
def test_lesson_10_datetimes_are_converted_to_utc(
    tracker: MixpanelTrack, way: str
) -> None:
    """The official library drops the offset without converting."""
    moment = datetime(2026, 6, 1, 12, 0, tzinfo=timezone(timedelta(hours=-7)))
    if way == "track":
        tracker.track(Events.page_viewed, {EventProperties.title: moment})
    elif way == "profile_set":
        tracker.profile_set({ProfileProperties.dollar_created: moment})
    else:
        tracker.api.people_set("joe", {"$created": moment})

    assert "2026-06-01T19:00:00" in json.dumps(tracker.mocked_messages)


def test_lesson_9_nan_is_refused_while_recording(tracker: MixpanelTrack) -> None:
    """The official library sends it, as JSON that is none."""
    with pytest.raises(InvalidValueError, match="'Title' is not finite"):
        tracker.track(Events.page_viewed, {EventProperties.title: math.nan})
    with pytest.raises(InvalidValueError, match=r"'\$name' has a object"):
        tracker.profile_set({ProfileProperties.dollar_name: object()})
    with pytest.raises(InvalidValueError, match="is not finite"):
        tracker.api.people_increment("joe", {"Logins": math.inf})

    assert tracker.mocked_messages == []


def test_lesson_9_nan_is_left_out_in_production(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest is sent, and the log names the property."""
    title, path = EventProperties.title, EventProperties.path
    live.track(Events.page_viewed, {title: math.nan, path: "/"})
    live.profile_set(
        {ProfileProperties.dollar_name: "Joe", ProfileProperties.dollar_phone: b"1"},
        meta={ProfileMetaProperties.dollar_time: math.inf},
    )

    event, profile = kept.bodies()
    assert "Title" not in event["properties"]
    assert event["properties"]["Path"] == "/"
    assert profile["$set"] == {"$name": "Joe"}
    assert math.isfinite(profile["$time"])
    logged = [record.getMessage() for record in caplog.records]
    assert len(logged) == 3
    for line, name in zip(logged, ["Title", "$time", "$phone"], strict=True):
        assert line.startswith(f"property '{name}' is left out of a Mixpanel message: ")


def test_long_text_inside_a_list_is_cut_in_production(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest of the list is worth keeping."""
    live.track(Events.page_viewed, {EventProperties.title: ["short", "x" * 300]})

    (message,) = kept.bodies()
    assert message["properties"]["Title"] == ["short", "x" * 255]
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(
        "property 'Title' is cut in a Mixpanel message: Title.1: 300"
    )


BROKEN = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))


@pytest.mark.parametrize(
    "value",
    [
        "a secret \ud83d",
        {"a secret": "\ud83d"},
        BROKEN,
        Decimal("sNaN"),
        math.inf,
        b"a secret",
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_cannot_be_sent_is_left_out_and_not_shown(
    live: MixpanelTrack,
    tracker: MixpanelTrack,
    kept: Kept,
    caplog: pytest.LogCaptureFixture,
    value: object,
) -> None:
    """While recording it raises; in production the log names only the property."""
    with pytest.raises(InvalidValueError):
        tracker.track(Events.page_viewed, {EventProperties.title: value})
    live.track(
        Events.page_viewed, {EventProperties.title: value, EventProperties.path: "/"}
    )

    (message,) = kept.bodies()
    assert "Title" not in message["properties"]
    assert message["properties"]["Path"] == "/"
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("property 'Title' is left out of a Mixpanel message: ")
    assert "a secret" not in line


@pytest.mark.parametrize(
    "said",
    [
        {"time": 10**400},
        {"time": "x"},
        {"time": True},
        {"time": BROKEN},
        {"insert_id": 5},
    ],
    ids=repr,
)
def test_what_makes_no_event_is_logged_and_not_sent(
    live: MixpanelTrack,
    tracker: MixpanelTrack,
    kept: Kept,
    caplog: pytest.LogCaptureFixture,
    said: dict[str, Any],
) -> None:
    """While recording it raises one clear error."""
    with pytest.raises(InvalidValueError):
        tracker.track(Events.page_viewed, **said)
    live.track(Events.page_viewed, **said)

    assert kept.messages == []
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("a Mixpanel message is not sent: ")


def test_an_id_that_is_too_long_is_left_out_not_cut(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """Cut, it would be somebody else's."""
    live.track(
        Events.page_viewed,
        {EventProperties.dollar_user_id: "u" * 300, EventProperties.path: "/"},
    )

    (message,) = kept.bodies()
    assert "$user_id" not in message["properties"]
    assert message["properties"]["Path"] == "/"
    assert caplog.text.count("left out of a Mixpanel message") == 1


@pytest.mark.parametrize("who", ["anonymous", "None"])
def test_an_id_that_is_nobodys_is_refused_while_recording(
    tracker: MixpanelTrack, who: str
) -> None:
    """Mixpanel refuses the event, so that a test had better fail."""
    with pytest.raises(InvalidValueError, match="distinct_id"):
        tracker.track(Events.page_viewed, distinct_id=who)


def test_long_text_is_cut_in_production(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """At 255 bytes, never inside a character; the log does not repeat the text."""
    live.track(Events.page_viewed, {EventProperties.title: "é" * 200})

    (message,) = kept.bodies()
    assert message["properties"]["Title"] == "é" * 127
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("property 'Title' is cut in a Mixpanel message: Title: 400")
    assert "éé" not in line


def test_lesson_9_nan_is_left_out_of_direct_calls_too(
    live: MixpanelTrack, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """Calls of the official library end in the same messages."""
    live.api.people_set("joe", {"Ratio": math.nan, "Paid": Decimal("9.50")})
    live.api.people_set("joe", {"Plan": "pro"}, meta={"$latitude": math.nan})

    first, second = kept.bodies()
    assert first["$set"] == {"Paid": 9.5}
    assert "$latitude" not in second
    assert len(caplog.records) == 2


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
