"""What travels together, and what an attempt leads to; without network or clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.lanes import Backoff, Lane
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.shelves import MemoryShelf

SET = Message("people", '{"$set":{}}', True)
ADD = Message("people", '{"$add":{}}', False)
GROUP = Message("groups", '{"$set":{}}', True)

ACCEPTED = Attempt(Outcome.ACCEPTED)
REFUSED = Attempt(Outcome.REFUSED, "status 400")
NOT_APPLIED = Attempt(Outcome.NOT_APPLIED, "ConnectError")
AMBIGUOUS = Attempt(Outcome.AMBIGUOUS, "status 500")
TOO_LARGE = Attempt(Outcome.TOO_LARGE, "status 413")


def lane_of(*messages: Message, largest: int = 200) -> Lane:
    """Make a lane that holds messages."""
    shelf = MemoryShelf()
    shelf.extend(messages)
    return Lane("test", largest, backoff=Backoff(first=1.0, longest=60.0), shelf=shelf)


def shelf_of(lane: Lane) -> MemoryShelf:
    """Give where the messages of a lane wait."""
    assert isinstance(lane.shelf, MemoryShelf)
    return lane.shelf


def settle(lane: Lane, attempt: Attempt, now: float = 0.0) -> str:
    """Draw the consequence of an attempt on the next batch, with full jitter."""
    result = lane.settle(lane.next_batch(), attempt, now=now, jitter=1.0)
    (what,) = (
        name
        for name in ("sent", "refused", "unknown", "retried")
        if getattr(result, name)
    )
    return what


def test_a_batch_is_no_larger_than_its_limit() -> None:
    """Mixpanel takes 2,000 events, and recommends 200 profiles."""
    assert len(lane_of(*[SET] * 500, largest=200).next_batch()) == 200


def test_a_batch_has_one_endpoint() -> None:
    """Profiles and groups go to different paths, in the order of their tracking."""
    lane = lane_of(SET, SET, GROUP, SET)

    batches = []
    while batch := lane.next_batch():
        batches.append([message.endpoint for message in batch])
        settle(lane, ACCEPTED)
    assert batches == [["people", "people"], ["groups"], ["people"]]


def test_lesson_8_counters_travel_apart() -> None:
    """So an unclear answer never loses one kind, and never doubles the other."""
    lane = lane_of(SET, ADD, ADD, SET)

    batches = []
    while batch := lane.next_batch():
        batches.append(batch)
        settle(lane, ACCEPTED)
    assert batches == [[SET], [ADD, ADD], [SET]]


def test_a_batch_is_bounded_in_bytes() -> None:
    """Two megabytes, unless a single message is larger."""
    large = Message("events", "x" * 900_000, True)
    huge = Message("events", "x" * 3_000_000, True)

    assert len(lane_of(large, large, large).next_batch()) == 2
    assert lane_of(huge, large).next_batch() == [huge]


@pytest.mark.parametrize(
    ("attempt", "message", "result", "left"),
    [
        (ACCEPTED, SET, "sent", 0),
        (ACCEPTED, ADD, "sent", 0),
        (REFUSED, SET, "refused", 0),
        (REFUSED, ADD, "refused", 0),
        (NOT_APPLIED, SET, "retried", 1),
        (NOT_APPLIED, ADD, "retried", 1),
        (AMBIGUOUS, SET, "retried", 1),
        (AMBIGUOUS, ADD, "unknown", 0),
        (TOO_LARGE, SET, "refused", 0),
    ],
)
def test_lesson_8_what_becomes_of_a_message(
    attempt: Attempt, message: Message, result: str, left: int
) -> None:
    """A counter whose batch ended unclear is never sent twice."""
    lane = lane_of(message)

    assert settle(lane, attempt) == result
    assert len(shelf_of(lane).waiting) == left
    assert shelf_of(lane).settled == 1 - left


def test_a_batch_that_is_too_large_is_halved() -> None:
    """Until it fits; then batches grow again, by and by."""
    lane = lane_of(*[SET] * 10, largest=10)

    assert settle(lane, TOO_LARGE) == "retried"
    assert len(lane.next_batch()) == 5
    assert settle(lane, TOO_LARGE) == "retried"
    assert len(lane.next_batch()) == 2
    assert settle(lane, ACCEPTED) == "sent"
    assert len(lane.next_batch()) == 3


def test_a_failure_is_followed_by_a_pause_that_doubles() -> None:
    """Up to a minute, and none after a success."""
    lane = lane_of(SET)
    pauses = []
    for _ in range(8):
        settle(lane, NOT_APPLIED, now=100.0)
        pauses.append(lane.retry_at - 100.0)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]

    settle(lane, ACCEPTED, now=200.0)
    assert (lane.retry_at, lane.failures) == (200.0, 0)


def test_a_counter_that_ended_unclear_is_followed_by_a_pause_too() -> None:
    """The service is in trouble, whatever becomes of the message."""
    lane = lane_of(ADD)
    settle(lane, AMBIGUOUS, now=100.0)

    assert lane.retry_at == 101.0


def test_the_service_may_ask_for_a_longer_pause() -> None:
    """And nothing hurries it then."""
    lane = lane_of(SET)
    settle(lane, Attempt(Outcome.NOT_APPLIED, "status 429", retry_after=30.0), now=5.0)
    lane.hurry(6.0)

    assert lane.retry_at == 35.0


def test_a_pause_of_our_own_can_be_cut_short() -> None:
    """When somebody waits for the delivery."""
    lane = lane_of(SET)
    settle(lane, NOT_APPLIED, now=5.0)
    lane.hurry(5.5)

    assert lane.retry_at == 5.5


@given(failures=st.integers(1, 10_000), jitter=st.floats(0, 1, exclude_max=True))
def test_a_pause_is_bounded(failures: int, jitter: float) -> None:
    """However long the outage."""
    assert 0.5 <= Backoff(first=1.0, longest=60.0).delay(failures, jitter) <= 60.0


@given(
    st.lists(st.sampled_from([SET, ADD, GROUP])),
    st.lists(st.sampled_from([ACCEPTED, REFUSED, NOT_APPLIED, AMBIGUOUS, TOO_LARGE])),
)
def test_no_message_is_lost_count_of(
    messages: list[Message], attempts: list[Attempt]
) -> None:
    """Whatever happens, taken in is what is settled and what waits."""
    lane = lane_of(*messages, largest=3)
    for attempt in attempts:
        if shelf_of(lane).waiting:
            settle(lane, attempt)

    assert (
        shelf_of(lane).accepted
        == len(messages)
        == shelf_of(lane).settled + len(shelf_of(lane).waiting)
    )
    assert list(shelf_of(lane).waiting) == messages[shelf_of(lane).settled :]


def test_a_lane_with_patience_gives_up_what_its_service_does_not_take() -> None:
    """Once the service has been away for that long; the pauses go on."""
    lane = lane_of(SET, ADD)
    lane.patience = 2.0
    results = [
        lane.settle(lane.next_batch(), NOT_APPLIED, now=now, jitter=1.0)
        for now in (10.0, 11.0, 12.0, 13.0)
    ]

    assert [result.retried for result in results] == [1, 1, 0, 0]
    assert [result.dropped for result in results] == [0, 0, 1, 1]
    assert lane.retry_at == 21.0
    assert lane.shelf.is_empty()


def test_patience_begins_anew_with_each_success() -> None:
    """What counts is the outage, not how often there was one."""
    lane = lane_of(*[SET] * 3, largest=1)
    lane.patience = 2.0
    for now, attempt in ((10.0, NOT_APPLIED), (11.0, ACCEPTED)):
        lane.settle(lane.next_batch(), attempt, now=now, jitter=1.0)
    result = lane.settle(lane.next_batch(), NOT_APPLIED, now=13.0, jitter=1.0)

    assert (result.retried, result.dropped) == (1, 0)


def test_a_counter_that_may_have_been_applied_is_not_given_up_but_unknown() -> None:
    """Also where patience is over."""
    lane = lane_of(ADD)
    lane.patience = 0.0
    result = lane.settle(lane.next_batch(), AMBIGUOUS, now=10.0, jitter=1.0)

    assert (result.unknown, result.dropped) == (1, 0)


def mixing(*messages: Message) -> Lane:
    """Make a lane where what counts travels with what does not."""
    lane = lane_of(*messages)
    lane.mixes = True
    return lane


def test_where_many_wait_both_kinds_travel_together() -> None:
    """In the order of their tracking; of fewer, each kind travels by itself."""
    assert mixing(*[ADD, SET, SET] * 7).next_batch() == [ADD, SET, SET] * 7
    assert mixing(*[ADD, SET, SET] * 6).next_batch() == [ADD]
    assert mixing(*[ADD] * 3, *[SET] * 16).next_batch() == [ADD] * 3
    assert lane_of(*[ADD, SET, SET] * 7).next_batch() == [ADD]


def test_in_trouble_both_kinds_travel_apart_until_it_is_over() -> None:
    """An unclear answer takes what counts; what may be repeated stays, in order."""
    lane = mixing(*[ADD, SET] * 10, GROUP)
    result = lane.settle(lane.next_batch(), AMBIGUOUS, now=0.0, jitter=1.0)
    shelf_of(lane).extend([ADD, SET] * 10)

    assert (result.unknown, result.retried) == (10, 10)
    assert list(shelf_of(lane).waiting) == [*[SET] * 10, GROUP, *[ADD, SET] * 10]
    assert settle(lane, NOT_APPLIED) == "retried"
    assert lane.next_batch() == [SET] * 10
    assert shelf_of(lane).settled == 0  # a flush waits for what stayed
    assert settle(lane, ACCEPTED) == "sent"
    assert shelf_of(lane).settled == 20
    assert settle(lane, ACCEPTED) == "sent"
    assert lane.next_batch() == [ADD, SET] * 10


def test_what_counts_is_not_put_at_risk_by_another_ones_refusal() -> None:
    """It may have been applied, which is unknown; all else is tried by itself."""
    lane = mixing(*[ADD, SET] * 10)
    result = lane.settle(lane.next_batch(), REFUSED, now=0.0, jitter=1.0)
    shelf_of(lane).extend([ADD, SET] * 10)

    assert (result.refused, result.unknown, result.retried) == (0, 10, 10)
    assert lane.next_batch() == [SET] * 10
    assert settle(lane, ACCEPTED) == "sent"
    assert lane.next_batch() == [ADD, SET] * 10


def test_a_single_update_that_counts_is_not_put_at_risk_either() -> None:
    """Whether it is the one that was refused is as little known."""
    lane = mixing(*[SET] * 10, ADD, *[SET] * 9)
    result = lane.settle(lane.next_batch(), REFUSED, now=0.0, jitter=1.0)

    assert (result.refused, result.unknown, result.retried) == (0, 1, 19)
