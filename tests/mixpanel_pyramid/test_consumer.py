"""Consumers hold messages, and record them in the shape that users know."""

from __future__ import annotations

import json

import pytest

from mixpanel_pyramid import MockedConsumer
from mixpanel_pyramid.consumer import BufferConsumer, Fate
from mixpanel_pyramid.message import Message

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


@pytest.mark.parametrize(
    ("fate", "waiting", "handed"),
    [(Fate.WAIT, 2, 0), (Fate.RELEASE, 0, 2), (Fate.DISCARD, 0, 0)],
)
def test_a_buffer_does_what_the_fate_says(
    fate: Fate, waiting: int, handed: int
) -> None:
    """Hold, hand over, or forget."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend, lambda: fate)
    buffer.send("people", json.dumps(PEOPLE))
    buffer.keep("events", {"event": "Page Viewed"})

    assert (len(buffer.waiting), len(out)) == (waiting, handed)


def test_a_buffer_hands_over_once() -> None:
    """Released twice, sent once."""
    out: list[list[Message]] = []
    buffer = BufferConsumer("t", out.append, lambda: Fate.WAIT)
    buffer.keep("events", {"event": "Page Viewed"})
    buffer.release()
    buffer.release()

    assert out == [[Message("events", '{"event":"Page Viewed"}', 1)]]


def test_a_discarded_buffer_hands_over_nothing() -> None:
    """What was held is forgotten."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend, lambda: Fate.WAIT)
    buffer.keep("events", {"event": "Page Viewed"})
    buffer.discard()
    buffer.release()

    assert out == []


@pytest.mark.parametrize(
    ("endpoint", "operation", "repeatable"),
    [
        ("events", "properties", True),
        ("people", "$set", True),
        ("people", "$set_once", True),
        ("people", "$union", True),
        ("people", "$unset", True),
        ("people", "$delete", True),
        ("people", "$add", False),
        ("people", "$append", False),
        ("people", "$remove", False),
        ("groups", "$remove", False),
    ],
)
def test_lesson_8_what_may_be_sent_twice_is_known(
    endpoint: str, operation: str, repeatable: bool
) -> None:
    """Both for text and for dicts."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend)
    buffer.keep(endpoint, {operation: {}})
    buffer.send(endpoint, json.dumps({operation: {}}))

    assert [message.repeatable for message in out] == [repeatable, repeatable]
