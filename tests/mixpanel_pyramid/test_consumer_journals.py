"""What consumers write into a journal, where somebody wants to know."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mixpanel_pyramid import MockedConsumer
from mixpanel_pyramid.consumer import BufferConsumer, Fate
from mixpanel_pyramid.journal import ROLLED_BACK, Journal

Consumer = BufferConsumer | MockedConsumer
Make = Callable[[Journal, Fate], Consumer]


def buffer(journal: Journal, fate: Fate) -> Consumer:
    """Make a consumer that sends."""
    return BufferConsumer("t", journal.leave, lambda: fate, list, journal=journal)


def recorder(journal: Journal, fate: Fate) -> Consumer:
    """Make a consumer that records."""
    return MockedConsumer(fate=lambda: fate, journal=journal)


both = pytest.mark.parametrize("make", [buffer, recorder])


def states(journal: Journal) -> list[tuple[str, str, str]]:
    """Give where each message goes, its state, and why."""
    return [(entry.endpoint, entry.state.value, entry.why) for entry in journal.entries]


@both
@pytest.mark.parametrize(
    ("fate", "state", "why"),
    [
        (Fate.WAIT, "waits", ""),
        (Fate.BIND, "waits", ""),
        (Fate.RELEASE, "released", "the reason"),
        (Fate.DISCARD, "discarded", "the reason"),
    ],
)
def test_a_message_is_in_the_journal_with_its_fate(
    make: Make, fate: Fate, state: str, why: str
) -> None:
    """Whichever way it came."""
    journal = Journal("GET /", cause="the reason")
    consumer = make(journal, fate)
    consumer.keep("people", {"$set": {}})
    consumer.keep_event("Seen", {"time": 1.5})
    consumer.keep_profile({"$time": 1.5})

    assert states(journal) == [
        ("people", state, why),
        ("events", state, why),
        ("people", state, why),
    ]


@both
@pytest.mark.parametrize("fate", [Fate.WAIT, Fate.BIND, Fate.DISCARD])
def test_what_is_for_now_says_so(make: Make, fate: Fate) -> None:
    """Whatever becomes of its request."""
    journal = Journal("GET /", cause="the reason")
    make(journal, fate).keep("events", {"event": "Seen"}, now=True)

    assert states(journal) == [("events", "released", "track_now")]


@both
def test_what_waited_vanishes_with_the_cause_of_the_verdict(make: Make) -> None:
    """What was committed does not."""
    journal = Journal("GET /")
    consumer = make(journal, Fate.BIND)
    consumer.keep("events", {"event": "Committed"})
    consumer.commit()
    consumer.fate = lambda: Fate.WAIT
    consumer.keep("events", {"event": "Waiting"})
    journal.cause = "the answer was 500"
    consumer.discard()

    assert states(journal)[1] == ("events", "discarded", "the answer was 500")
    assert states(journal)[0][1] != "discarded"


@both
def test_a_veto_takes_what_was_committed_too(make: Make) -> None:
    """With the cause that the journal has then."""
    journal = Journal("GET /")
    consumer = make(journal, Fate.BIND)
    consumer.keep("events", {"event": "Committed"})
    consumer.commit()
    journal.cause = "vetoed"
    consumer.drop()

    assert states(journal) == [("events", "discarded", "vetoed")]


@both
def test_what_is_rolled_back_says_how_far(make: Make) -> None:
    """To a savepoint, or all of it."""
    journal = Journal("GET /", cause="the reason")
    consumer = make(journal, Fate.BIND)
    for name in ("first", "second"):
        consumer.keep("events", {"event": name})
    consumer.roll_back(1, ROLLED_BACK)
    consumer.roll_back(0)

    assert [why for _, _, why in states(journal)] == [
        "its transaction was rolled back",
        "its transaction was rolled back to a savepoint",
    ]


@both
def test_a_subrequests_messages_are_lost_with_those_around_it(make: Make) -> None:
    """Those that were committed are not."""
    journal = Journal("GET /", cause="the answer was 500")
    outer = make(journal, Fate.DISCARD)
    inner = make(journal, Fate.BIND)
    inner.keep("events", {"event": "Committed"})
    inner.commit()
    inner.fate = lambda: Fate.WAIT
    inner.keep("events", {"event": "Waiting"})
    messages = list(inner.waiting.messages)
    if isinstance(outer, BufferConsumer):
        outer.take(messages, inner.waiting.committed)
    else:
        outer.adopt(inner, messages)

    lost = [state == "discarded" for _, state, _ in states(journal)]
    assert lost == [False, True]


def test_an_item_for_customerio_is_recorded_like_a_message() -> None:
    """It vanishes with the request, unless it is for now."""
    item = {
        "type": "person",
        "action": "identify",
        "identifiers": {"id": "joe"},
        "attributes": {"name": "Joe"},
    }
    consumer = MockedConsumer(fate=lambda: Fate.WAIT)
    consumer.replicate(item, 1.5, now=True)
    consumer.replicate(item, 1.5)
    consumer.discard()

    assert consumer.mocked_messages == [
        {"endpoint": "customer.io", "msg": {"id": "joe", "name": "Joe"}}
    ]


@pytest.mark.parametrize(("journal", "does"), [(None, True), (Journal("GET /"), False)])
def test_a_journal_has_an_entry_for_a_message_and_for_its_replica(
    journal: Journal | None, does: bool
) -> None:
    """So a consumer that keeps one leaves the making of replicas to others."""
    assert BufferConsumer("t", list, journal=journal).replicates_itself is does
    assert MockedConsumer(journal=journal).replicates_itself is False
