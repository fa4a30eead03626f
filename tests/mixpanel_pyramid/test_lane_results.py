"""What a lane says of an attempt: what is counted, what died, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.lanes import Backoff, Lane, Result
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.shelves import Dead, MemoryShelf

SET = Message("people", '{"$set":{}}', True)
ADD = Message("people", '{"$add":{}}', False)
ACCEPTED = Attempt(Outcome.ACCEPTED)
NONE_TAKEN = Attempt(Outcome.ACCEPTED, refused=((0, "too old"),))
REFUSED = Attempt(Outcome.REFUSED, "status 400")
NOT_APPLIED = Attempt(Outcome.NOT_APPLIED, "status 429", retry_after=30.0)
AMBIGUOUS = Attempt(Outcome.AMBIGUOUS, "status 500")
TOO_LARGE = Attempt(Outcome.TOO_LARGE, "status 413")


class NotedShelf(MemoryShelf):
    """A shelf in memory that keeps what died, as an outbox does."""

    died: tuple[Dead, ...] = ()
    times_put_back = 0

    def put_back(self) -> None:
        """Count how often a batch stayed."""
        self.times_put_back += 1

    def settle(self, dead: Sequence[Dead] = (), kept: Collection[int] = ()) -> None:
        """Keep what died."""
        self.died = (*self.died, *dead)
        super().settle(dead, kept)


def lane_of(*messages: Message, largest: int = 200) -> tuple[Lane, NotedShelf]:
    """Make a lane that holds messages, and its shelf."""
    shelf = NotedShelf()
    shelf.extend(messages)
    return Lane("test", largest, shelf=shelf), shelf


def settled(lane: Lane, attempt: Attempt, now: float = 100.0) -> Result:
    """Draw the consequence of an attempt on the next batch, with full jitter."""
    return lane.settle(lane.next_batch(), attempt, now=now, jitter=1.0)


@pytest.mark.parametrize(
    ("attempt", "messages", "result"),
    [
        (ACCEPTED, [SET, SET], Result(sent=2)),
        (NONE_TAKEN, [SET], Result(refused=1, reason="too old")),
        (REFUSED, [SET], Result(refused=1, reason="status 400")),
        (REFUSED, [ADD, ADD], Result(refused=2, reason="status 400")),
        (REFUSED, [SET, SET], Result(retried=2, reason="status 400")),
        (TOO_LARGE, [ADD, ADD], Result(retried=2, reason="status 413")),
        (NOT_APPLIED, [SET, SET], Result(retried=2, reason="status 429")),
        (AMBIGUOUS, [SET, SET], Result(retried=2, reason="status 500")),
        (AMBIGUOUS, [ADD, ADD], Result(unknown=2, reason="status 500")),
    ],
)
def test_a_result_counts_the_whole_batch_and_says_why(
    attempt: Attempt, messages: list[Message], result: Result
) -> None:
    """Nothing is counted twice."""
    lane, _ = lane_of(*messages)

    assert settled(lane, attempt) == result


def test_a_batch_may_be_taken_but_for_some_of_it() -> None:
    """Those died where they were in the batch; the first reason stands for them."""
    lane, shelf = lane_of(SET, SET, SET)
    refused = ((0, "too old"), (2, "no id"))

    result = settled(lane, Attempt(Outcome.ACCEPTED, refused=refused))

    assert result == Result(sent=1, refused=2, reason="too old")
    assert shelf.died == (Dead(0, "refused", "too old"), Dead(2, "refused", "no id"))
    assert shelf.is_empty()


def test_what_is_refused_dies_with_its_reason() -> None:
    """Each of the batch, in its place."""
    lane, shelf = lane_of(ADD, ADD)
    settled(lane, REFUSED)

    assert shelf.died == (
        Dead(0, "refused", "status 400"),
        Dead(1, "refused", "status 400"),
    )


@pytest.mark.parametrize("attempt", [AMBIGUOUS, REFUSED])
def test_of_a_mixed_batch_what_counts_dies_as_unknown(attempt: Attempt) -> None:
    """What may be repeated stays, and is tried again."""
    lane, shelf = lane_of(*[SET, ADD] * 10)
    lane.mixes = True

    result = settled(lane, attempt)

    assert result == Result(unknown=10, retried=10, reason=attempt.reason)
    assert shelf.died == tuple(
        Dead(place, "unknown", attempt.reason) for place in range(1, 20, 2)
    )
    assert list(shelf.waiting) == [SET] * 10


def test_one_counting_update_is_not_put_at_risk_either() -> None:
    """Among many that may be repeated, as its refusal may be that of another."""
    lane, shelf = lane_of(ADD, *[SET] * 19)
    lane.mixes = True

    result = settled(lane, REFUSED)

    assert result == Result(unknown=1, retried=19, reason="status 400")
    assert shelf.died == (Dead(0, "unknown", "status 400"),)


def test_what_is_given_up_is_dropped_with_its_reason() -> None:
    """It is neither refused nor unknown."""
    lane, shelf = lane_of(SET, SET)
    lane.patience = 0.0

    assert settled(lane, NOT_APPLIED) == Result(dropped=2, reason="status 429")
    assert (shelf.died, shelf.is_empty()) == ((), True)


@pytest.mark.parametrize("attempt", [REFUSED, TOO_LARGE, NOT_APPLIED, AMBIGUOUS])
def test_what_stays_is_put_back(attempt: Attempt) -> None:
    """An outbox must know that it may be sent again."""
    lane, shelf = lane_of(SET, SET)
    settled(lane, attempt)

    assert (shelf.times_put_back, len(shelf.waiting)) == (1, 2)


@pytest.mark.parametrize(
    ("refusals", "result"),
    [
        (15, Result(retried=2, reason="status 400")),
        (16, Result(refused=2, reason="status 400")),
    ],
)
def test_after_sixteen_refusals_in_a_row_nothing_is_halved(
    refusals: int, result: Result
) -> None:
    """The service refuses all then, and not one of a batch."""
    lane, _ = lane_of(*[SET] * 30, largest=1)
    for _ in range(refusals):
        settled(lane, REFUSED)
    lane.largest = lane.limit = 2

    assert settled(lane, REFUSED) == result


@pytest.mark.parametrize(
    ("refused", "refusals"), [((), 0), (((0, "old"),), 0), (((0, ""), (1, "")), 1)]
)
def test_refusals_are_in_a_row_until_something_is_taken(
    refused: tuple[tuple[int, str], ...], refusals: int
) -> None:
    """A batch of which every message was refused is no end of it."""
    lane, _ = lane_of(ADD, SET, SET)
    settled(lane, REFUSED)
    settled(lane, Attempt(Outcome.ACCEPTED, refused=refused))

    assert lane.refusals == refusals


def test_a_halved_batch_grows_by_a_twentieth_and_one() -> None:
    """Up to the largest."""
    lane, _ = lane_of(*[SET] * 1000, largest=100)
    settled(lane, TOO_LARGE)
    sizes = []
    for _ in range(10):
        sizes.append(len(lane.next_batch()))
        settled(lane, ACCEPTED)

    assert sizes == [50, 56, 62, 68, 74, 80, 86, 92, 98, 100]


def test_a_refusal_is_no_failure_of_the_service() -> None:
    """The next attempt may be made at once, and of the pauses none is left."""
    lane, _ = lane_of(ADD, SET)
    settled(lane, NOT_APPLIED, now=100.0)
    settled(lane, REFUSED, now=140.0)
    lane.hurry(150.0)

    assert (lane.failures, lane.retry_at, lane.is_held) == (0, 140.0, False)


def test_a_batch_that_is_halved_is_tried_at_once() -> None:
    """It takes no pause."""
    lane, _ = lane_of(SET, SET)
    settled(lane, TOO_LARGE, now=100.0)

    assert (lane.retry_at, lane.attempted_at) == (0.0, 100.0)


@pytest.mark.parametrize(
    ("asked", "retry_at", "hurried"), [(30.0, 130.0, 130.0), (0.1, 101.0, 101.0)]
)
def test_the_longer_pause_counts_and_nothing_hurries_what_was_asked_for(
    asked: float, retry_at: float, hurried: float
) -> None:
    """Of the server's and our own."""
    lane, _ = lane_of(SET)
    settled(lane, Attempt(Outcome.NOT_APPLIED, retry_after=asked))
    assert lane.retry_at == retry_at
    lane.hurry(100.5)

    assert lane.retry_at == hurried


def test_without_a_word_of_the_server_our_own_pause_counts() -> None:
    """Half a second, where chance takes most of the first one away."""
    lane, _ = lane_of(SET)
    lane.settle(lane.next_batch(), AMBIGUOUS, now=100.0, jitter=0.0)

    assert (lane.retry_at, lane.is_held) == (100.5, False)


def test_hurrying_does_not_put_off_what_is_due() -> None:
    """A lane that may be attempted already stays due."""
    lane, _ = lane_of(SET)
    settled(lane, Attempt(Outcome.NOT_APPLIED), now=100.0)
    lane.hurry(200.0)

    assert lane.retry_at == 101.0


def test_an_outage_began_with_its_first_failure() -> None:
    """The second one does not begin another."""
    lane, _ = lane_of(SET)
    settled(lane, NOT_APPLIED, now=100.0)
    settled(lane, NOT_APPLIED, now=140.0)

    assert (lane.failing_since, lane.failures) == (100.0, 2)


@pytest.mark.parametrize(
    ("failures", "jitter", "delay"),
    [
        (1, 0.0, 0.5),
        (1, 1.0, 1.0),
        (2, 0.5, 1.5),
        (31, 1.0, 2.0**30),
        (32, 1.0, 2.0**30),
    ],
)
def test_a_delay_doubles_thirty_times_and_half_of_it_is_chance(
    failures: int, jitter: float, delay: float
) -> None:
    """A power of two that grows for ever would be too large for a number."""
    assert Backoff(first=1.0, longest=1e99).delay(failures, jitter) == delay
