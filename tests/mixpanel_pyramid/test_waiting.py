"""Messages wait in order, each for its own end."""

from __future__ import annotations

from mixpanel_pyramid.consumer import BufferConsumer, Fate, MockedConsumer
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.waiting import Waiting

ONE, TWO, THREE, FOUR = ({"event": name} for name in ("one", "two", "three", "four"))


def filled() -> Waiting[dict[str, str]]:
    """One and four wait for the answer, two and three for a transaction."""
    waiting: Waiting[dict[str, str]] = Waiting()
    waiting.add([ONE], is_bound=False)
    waiting.add([TWO, THREE], is_bound=True)
    waiting.add([FOUR], is_bound=False)
    return waiting


def test_what_is_bound_is_not_released() -> None:
    """It waits on, and leaves after the commit."""
    waiting = filled()
    assert waiting.release() == [ONE, FOUR]
    waiting.commit()

    assert waiting.release() == [TWO, THREE]
    assert len(waiting) == 0


def test_after_the_commit_everything_leaves_in_order() -> None:
    """Of two updates of a profile the later one must win."""
    waiting = filled()
    waiting.commit()

    assert waiting.release() == [ONE, TWO, THREE, FOUR]


def test_an_answer_takes_nothing_back_that_was_committed() -> None:
    """Nor what is still bound."""
    waiting = filled()
    assert waiting.discard() == [ONE, FOUR]
    waiting.commit()
    waiting.add([ONE], is_bound=False)

    assert waiting.discard() == [ONE]
    assert waiting.release() == [TWO, THREE]


def test_rolling_back_keeps_what_came_before_the_mark() -> None:
    """It gives what it dropped."""
    waiting = filled()

    assert waiting.roll_back(1) == [THREE]
    assert waiting.roll_back(1) == []
    assert waiting.roll_back() == [TWO]
    assert waiting.release() == [ONE, FOUR]


def test_equal_messages_are_told_apart() -> None:
    """The same was tracked before the savepoint and after it."""
    waiting: Waiting[dict[str, str]] = Waiting()
    waiting.add([dict(ONE)], is_bound=True)
    waiting.add([dict(ONE)], is_bound=True)
    waiting.roll_back(1)
    waiting.commit()

    assert waiting.release() == [ONE]


def test_what_comes_committed_is_never_bound() -> None:
    """A subrequest committed it in a transaction of its own."""
    waiting: Waiting[dict[str, str]] = Waiting()
    waiting.add([ONE, TWO], is_bound=True, committed=[TWO])

    assert waiting.roll_back() == [ONE]
    assert waiting.discard() == []
    assert waiting.release() == [TWO]


def test_a_buffer_that_discards_hands_over_what_comes_committed() -> None:
    """The request around it has failed, but the data is there."""
    out: list[list[Message]] = []
    buffer = BufferConsumer("t", out.append, lambda: Fate.DISCARD)
    first, second = (Message("events", text, True) for text in ("1", "2"))
    buffer.take([first, second], committed=[second])
    buffer.take([first])

    assert out == [[second]]


def test_a_recorder_that_discards_shows_what_comes_committed() -> None:
    """In production it would be sent."""
    outer = MockedConsumer(fate=lambda: Fate.DISCARD)
    inner = MockedConsumer(hand_over=outer.adopt, fate=lambda: Fate.BIND)
    inner.keep("events", {"event": "one"})
    inner.commit()
    inner.fate = lambda: Fate.WAIT
    inner.keep("events", {"event": "two"})
    inner.release()

    assert outer.mocked_messages == [{"endpoint": "events", "msg": {"event": "one"}}]
    assert inner.mocked_messages == outer.mocked_messages


def test_a_recorder_that_has_nothing_committed_was_not_flushed() -> None:
    """What is bound may still be discarded."""
    consumer = MockedConsumer(fate=lambda: Fate.BIND)
    consumer.keep("events", {"event": "one"})
    consumer.discard()
    assert not consumer.flushed
    consumer.commit()
    consumer.discard()

    assert consumer.flushed
    assert len(consumer.mocked_messages) == 1
