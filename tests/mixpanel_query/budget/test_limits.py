"""What a budget lets through, with a clock that the tests set."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixpanel_query import Budget
from mixpanel_query.budget import ProjectGate
from mixpanel_query.exceptions import InvalidQueryError, RateLimitedError
from mixpanel_query.wire import QueryRequest

from .turns import EXPORT, JQL, NOON, QUERY, Clock, Make, answered, limited, sent

LEXICON = QueryRequest("/api/app/x", family="app", limits=("lexicon",))


def test_sixty_an_hour(gate: ProjectGate) -> None:
    """The 61st query of an hour is refused at once, with what is used and when."""
    answered(gate, 60)

    with pytest.raises(RateLimitedError) as caught:
        gate.enter(QUERY)
    error = caught.value
    assert (error.status, error.body, error.retry_after) == (429, "", 3600.0)
    assert error.request is QUERY
    assert str(error) == (
        "mixpanel.com project 12345: 60 of 60 queries of the last hour are used, and "
        "/api/query/events may wait 60 seconds; nothing was sent; ask again in 3600 "
        "seconds, at 13:00:00 UTC, or allow a longer max_wait"
    )


def test_hour_begins_with_the_answer(gate: ProjectGate, clock: Clock) -> None:
    """A call counts until an hour after its answer, not after its beginning."""
    first = sent(gate)
    answered(gate, 59)
    clock.now += 1800
    first.end()

    clock.now = NOON + 3600
    answered(gate, 59)
    clock.now = NOON + 5390
    assert gate.enter(QUERY) == 1.0
    clock.now = NOON + 5400
    sent(gate)


def test_call_under_way_counts(gate: ProjectGate, clock: Clock) -> None:
    """A call without an answer counts however long it takes."""
    sent(gate)
    answered(gate, 59)
    clock.now += 3599
    with pytest.raises(RateLimitedError):
        gate.enter(QUERY, 60.0)

    clock.now += 100_000
    answered(gate, 59)
    with pytest.raises(RateLimitedError):
        gate.enter(QUERY)


def test_five_at_once(gate: ProjectGate) -> None:
    """A sixth query waits a moment, and is let through when one has its answer."""
    turns = [sent(gate) for _ in range(5)]
    seconds = gate.enter(QUERY)
    assert isinstance(seconds, float)
    assert 0.0 < seconds < 0.2

    turns[2].end()
    sent(gate)
    assert isinstance(gate.enter(QUERY), float)


def test_five_at_once_for_too_long(gate: ProjectGate) -> None:
    """Who has waited for a place as long as is allowed is told so."""
    for _ in range(5):
        sent(gate)

    with pytest.raises(RateLimitedError, match="5 of 5 queries are under way") as error:
        gate.enter(QUERY, waited=60.0)
    assert error.value.retry_after is None
    assert "ask again later" in str(error.value)


def test_turn_ends_once(gate: ProjectGate, clock: Clock) -> None:
    """Ending a turn again changes nothing, also when its record is another call's."""
    turn = sent(gate)
    turn.end()
    clock.now += 3601
    others = [sent(gate) for _ in range(5)]
    turn.end()

    assert isinstance(gate.enter(QUERY), float)
    assert len(others) == 5


def test_jql_counts_twice(gate: ProjectGate) -> None:
    """A JQL request counts as one, and as a query."""
    answered(gate, 40, JQL)
    answered(gate, 20)

    used = {row.limit: (row.used, row.left) for row in gate.status().allowances}
    assert used == {
        "query": (60, 0),
        "jql": (40, 0),
        "export": (0, 60),
        "lexicon": (0, 5),
    }


def test_exports_have_a_budget_of_their_own(gate: ProjectGate, clock: Clock) -> None:
    """Queries that are used up leave the exports, of which 3 may begin a second."""
    answered(gate, 60)
    answered(gate, 3, EXPORT)
    assert gate.enter(EXPORT) == 1.0
    clock.now += 0.25
    assert gate.enter(EXPORT) == 0.75

    clock.now += 0.75
    answered(gate, 3, EXPORT)


def test_many_exports_at_once(gate: ProjectGate, clock: Clock) -> None:
    """Exports that take long do not keep others waiting, but for the hour."""
    for _ in range(60):
        sent(gate, EXPORT)
        clock.now += 0.5

    with pytest.raises(RateLimitedError, match="60 of 60 exports of the last hour"):
        gate.enter(EXPORT)


def test_five_lexicon_requests_a_minute(make: Make, clock: Clock) -> None:
    """The Lexicon takes five requests a minute."""
    gate = make(max_wait=30)
    answered(gate, 5, LEXICON)
    with pytest.raises(RateLimitedError, match="5 of 5 Lexicon requests of the last m"):
        gate.enter(LEXICON)

    clock.now += 60
    sent(gate, LEXICON)


def test_request_without_limits(gate: ProjectGate) -> None:
    """A request that counts against nothing is let through."""
    answered(gate, 61, QueryRequest("/api/app/me", limits=()))

    assert gate.status().allowance("query").used == 0


def test_waiting_is_told(make: Make, clock: Clock) -> None:
    """Whoever watches hears how long it takes and why, and when it is over."""
    told: list[tuple[float, str]] = []
    gate = make(max_wait=100, on_wait=lambda *said: told.append(said))
    gate.was_limited(limited(retry_after=90))
    gate.enter(QUERY, 0.0)
    clock.now += 89
    gate.enter(QUERY, 89.0)
    clock.now += 1
    gate.enter(QUERY, 90.0)

    reason = "Mixpanel asked to wait"
    assert told == [(90.0, reason), (1.0, reason), (0.0, "")]


def test_status(gate: ProjectGate, clock: Clock, tmp_path: Path) -> None:
    """The state of a budget says what is used, left, under way, and until when."""
    answered(gate, 2)
    clock.now += 60
    sent(gate)
    status = gate.status()

    row = status.allowance("query")
    assert (row.allowed, row.seconds, row.at_once) == (60, 3600.0, 5)
    assert (row.used, row.left, row.under_way, row.outside) == (3, 57, 1, 0)
    assert row.next_freed is not None
    assert row.next_freed.isoformat() == "2026-11-26T13:00:00+00:00"
    assert row.held_until is None
    assert status.file == str(tmp_path / "b")
    assert [found["limit"] for found in status.to_dicts()] == [
        "query",
        "jql",
        "export",
        "lexicon",
    ]


def test_unknown_limit(gate: ProjectGate) -> None:
    """A limit that is not there is refused with those that are."""
    with pytest.raises(InvalidQueryError, match="one of query, jql, export, lexicon"):
        gate.status().allowance("people")  # type: ignore[arg-type]


@pytest.mark.parametrize("max_wait", [-1.0, float("nan")])
def test_max_wait_that_cannot_be(max_wait: float, tmp_path: Path) -> None:
    """A wait that is no length of time is refused."""
    with pytest.raises(InvalidQueryError, match="give seconds"):
        Budget(tmp_path / "b", max_wait=max_wait)


def test_nothing_is_waited_for_at_all(make: Make) -> None:
    """With 0 seconds, a place that is taken is an error at once."""
    gate = make(max_wait=0)
    for _ in range(5):
        sent(gate)

    with pytest.raises(RateLimitedError):
        gate.enter(QUERY)
