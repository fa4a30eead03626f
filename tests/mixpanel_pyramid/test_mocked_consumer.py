"""A consumer that records keeps messages in the shape that users know."""

from __future__ import annotations

import json

import pytest

from mixpanel_pyramid import MockedConsumer
from mixpanel_pyramid.consumer import Fate

PEOPLE = {
    "$token": "testing",
    "$time": 1546300800,
    "$distinct_id": "foo-123",
    "$set": {"$name": "Bob"},
}
EVENT = {
    "event": "Page Viewed",
    "properties": {
        "token": "testing",
        "distinct_id": "foo-123",
        "time": 1546300800,
        "$insert_id": "123e4567",
        "mp_lib": "python",
        "$lib_version": "4.9.0",
        "Path": "/hello",
    },
}


def test_a_mocked_consumer_drops_what_every_message_has() -> None:
    """As pyramid_mixpanel does, unless told otherwise."""
    consumer = MockedConsumer()
    consumer.send("people", json.dumps(PEOPLE))
    consumer.send(endpoint="events", json_message=json.dumps(EVENT))

    assert consumer.mocked_messages == [
        {
            "endpoint": "people",
            "msg": {"$distinct_id": "foo-123", "$set": {"$name": "Bob"}},
        },
        {
            "endpoint": "events",
            "msg": {
                "event": "Page Viewed",
                "properties": {"distinct_id": "foo-123", "Path": "/hello"},
            },
        },
    ]


def test_a_message_may_lack_what_every_message_has() -> None:
    """As one that an application makes by hand."""
    consumer = MockedConsumer()
    consumer.send("events", '{"event": "Seen", "properties": {"Path": "/"}}')
    consumer.send("people", '{"$set": {"$name": "Bob"}}')

    assert [message["msg"] for message in consumer.mocked_messages] == [
        {"event": "Seen", "properties": {"Path": "/"}},
        {"$set": {"$name": "Bob"}},
    ]


def test_a_mocked_consumer_can_keep_everything() -> None:
    """``DROP_SYSTEM_MESSAGE_PROPERTIES`` is pyramid_mixpanel's name for it."""
    consumer = MockedConsumer()
    consumer.DROP_SYSTEM_MESSAGE_PROPERTIES = False
    consumer.send("people", json.dumps(PEOPLE))
    consumer.send("events", json.dumps(EVENT))

    assert [message["msg"] for message in consumer.mocked_messages] == [PEOPLE, EVENT]


def test_a_mocked_consumer_knows_that_it_was_flushed() -> None:
    """Two fresh ones are equal, as in pyramid_mixpanel."""
    consumer = MockedConsumer()
    assert consumer == MockedConsumer()
    consumer.flush()

    assert consumer.flushed is True


def test_a_recorder_has_nothing_to_wait_for() -> None:
    """Its flush succeeds at once."""
    assert MockedConsumer().flush() is True


def test_a_recorder_shows_plain_messages_as_they_were_tracked() -> None:
    """Without the token, unless it is to keep what every message has."""
    consumer = MockedConsumer()
    consumer.keep_profile({"$set": {"$name": "Bob"}})
    consumer.DROP_SYSTEM_MESSAGE_PROPERTIES = False
    consumer.keep_profile({"$set": {"$name": "Bob"}})
    consumer.keep_event("Seen", {"time": 1.5})

    assert consumer.mocked_messages == [
        {"endpoint": "people", "msg": {"$set": {"$name": "Bob"}}},
        {"endpoint": "people", "msg": {"$token": "testing", "$set": {"$name": "Bob"}}},
        {
            "endpoint": "events",
            "msg": {"event": "Seen", "properties": {"token": "testing", "time": 1.5}},
        },
    ]


@pytest.mark.parametrize(("now", "kept"), [(False, 0), (True, 1)])
def test_a_recorder_keeps_what_is_for_now_of_a_request_that_fails(
    now: bool, kept: int
) -> None:
    """Messages, and items for Customer.io in the same way."""
    consumer = MockedConsumer(fate=lambda: Fate.WAIT)
    consumer.keep("events", {"event": "Page Viewed"}, now=now)
    consumer.discard()

    assert len(consumer.mocked_messages) == kept


@pytest.mark.parametrize("fate", [Fate.WAIT, Fate.BIND, Fate.RELEASE])
def test_a_recorder_shows_a_plain_event_also_while_it_waits(fate: Fate) -> None:
    """In one shape, whatever it waits for."""
    consumer = MockedConsumer(fate=lambda: fate)
    consumer.keep_event("Seen", {"distinct_id": "joe"})

    assert consumer.mocked_messages == [
        {
            "endpoint": "events",
            "msg": {"event": "Seen", "properties": {"distinct_id": "joe"}},
        }
    ]
