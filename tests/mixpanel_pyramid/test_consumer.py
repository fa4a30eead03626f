"""A consumer that sends holds messages until their fate is known."""

from __future__ import annotations

import json

import pytest

from mixpanel_pyramid.consumer import BufferConsumer, Fate
from mixpanel_pyramid.journal import Journal
from mixpanel_pyramid.message import Message


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
    buffer.send("people", '{"$set":{"$name":"Bob"}}')
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


@pytest.mark.parametrize("journal", [None, Journal("GET /")], ids=["plain", "journal"])
@pytest.mark.parametrize("fate", [Fate.WAIT, Fate.RELEASE, Fate.DISCARD])
def test_what_is_for_now_asks_for_no_fate(fate: Fate, journal: Journal | None) -> None:
    """It leaves by a way of its own, whatever becomes of the request."""
    out: list[Message] = []
    now: list[Message] = []
    buffer = BufferConsumer("t", out.extend, lambda: fate, now.extend, journal=journal)
    buffer.keep("events", {"event": "Page Viewed"}, now=True)
    buffer.replicate({"type": "person"}, 1.5, now=True)

    assert now == [
        Message("events", '{"event":"Page Viewed"}', 1),
        Message("customer.io", '{"type":"person"}', 1, 1.5),
    ]
    assert (len(buffer.waiting), out) == (0, [])


@pytest.mark.parametrize("journal", [None, Journal("GET /")], ids=["plain", "journal"])
def test_what_leaves_at_once_goes_the_way_of_what_waited(
    journal: Journal | None,
) -> None:
    """A subrequest hands it to the request around it, and not to the delivery."""
    out: list[Message] = []
    now: list[Message] = []
    buffer = BufferConsumer(
        "t", out.extend, lambda: Fate.RELEASE, now.extend, journal=journal
    )
    buffer.keep("events", {"event": "Page Viewed"})

    assert out == [Message("events", '{"event":"Page Viewed"}', 1)]
    assert now == []


def test_an_item_for_customerio_waits_like_a_message() -> None:
    """It obeys the same deferral."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend, lambda: Fate.WAIT)
    buffer.replicate({"type": "person"}, 1.5)
    assert out == []
    buffer.release()

    assert out == [Message("customer.io", '{"type":"person"}', 1, 1.5)]


@pytest.mark.parametrize(("replicated", "traits"), [(False, 1), (True, 1 | 16)])
def test_a_buffer_knows_what_is_for_customerio_too(
    replicated: bool, traits: int
) -> None:
    """Of plain events and updates, whose replica is made when they are sent."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend)
    buffer.keep_event("Seen", {"time": 1.5}, replicated=replicated)
    buffer.keep_profile({"$time": 1.5}, replicated=replicated)

    assert [message.traits for message in out] == [traits, traits]


def test_without_a_word_nothing_is_for_customerio() -> None:
    """As an app without its credentials tracks."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend)
    buffer.keep_event("Seen", {"time": 1.5})
    buffer.keep_profile({"$time": 1.5})

    assert [message.traits for message in out] == [1, 1]


@pytest.mark.parametrize(
    ("given", "credentials"),
    [
        ((("key", "secret"),), ("key", "secret")),
        (("key", "secret"), ("key", "secret")),
        ((None, "secret"), (None, "secret")),
        (((None, None),), None),
        ((), None),
    ],
)
def test_a_buffer_keeps_what_an_import_came_with(
    given: tuple[object, ...], credentials: tuple[str | None, str | None] | None
) -> None:
    """The official library packs key and secret into a pair, or gives neither."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend)
    buffer.send("imports", '{"event":"Seen","properties":{}}', *given)  # type: ignore[arg-type]

    assert [message.credentials for message in out] == [credentials]


def test_a_buffer_keeps_no_token_of_the_project() -> None:
    """Also of what comes as text; whoever sends it puts the token in."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend)
    buffer.send("events", '{"event":"Seen","properties":{"token":"t"}}')
    buffer.keep("events", {"event": "Seen", "properties": {"token": "t"}})

    text = '{"properties":{},"event":"Seen"}'
    assert [message.text for message in out] == [text, text]


def test_flushing_in_a_request_tells_whether_anything_waits() -> None:
    """Nothing leaves before the request is over."""
    out: list[Message] = []
    buffer = BufferConsumer("t", out.extend, lambda: Fate.WAIT)
    assert buffer.flush() is True
    buffer.keep("events", {"event": "Page Viewed"})

    assert (buffer.flush(), out) == (False, [])


def test_flushing_outside_of_a_request_waits_for_the_delivery() -> None:
    """Five seconds at most, or as long as it is told."""
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == 1

    buffer = BufferConsumer("t", list, wait_for_delivery=wait)

    assert [buffer.flush(), buffer.flush(0.5)] == [True, False]
    assert waited == [5.0, 0.5]


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
