"""What a budget learns from Mixpanel's refusals."""

from __future__ import annotations

import pytest

from mixpanel_query.budget import ProjectGate
from mixpanel_query.exceptions import RateLimitedError

from .turns import EXPORT, JQL, NOON, QUERY, Clock, Make, answered, limited, sent


def test_clock_set_back(gate: ProjectGate, clock: Clock) -> None:
    """A clock that is set back by a day frees nothing, and blocks for an hour only."""
    first = sent(gate)
    answered(gate, 59)
    clock.now -= 86400
    with pytest.raises(RateLimitedError) as caught:
        gate.enter(QUERY)
    assert caught.value.retry_after == 3600.0

    first.end()
    clock.now += 3600
    answered(gate, 60)


def test_clock_set_back_while_mixpanel_wants_no_questions(
    gate: ProjectGate, clock: Clock
) -> None:
    """What Mixpanel asked for before the clock was set back lasts no longer."""
    gate.was_limited(limited(retry_after=30))
    clock.now -= 86400
    assert gate.enter(QUERY) == 1.0

    clock.now += 30
    sent(gate)


def test_retry_after_holds_all_back(make: Make, clock: Clock) -> None:
    """What Mixpanel asks of one, all who share the file do."""
    one, other = make(), make()
    one.was_limited(limited(retry_after=45))

    assert other.enter(QUERY) == 1.0
    status = other.status().allowance("query")
    assert status.held_until is not None
    assert status.held_until.isoformat() == "2026-11-26T12:00:45+00:00"
    sent(other, EXPORT)
    clock.now += 45
    sent(other)


def test_retry_after_beyond_max_wait(gate: ProjectGate) -> None:
    """Who would have to wait longer than is allowed is told at once."""
    gate.was_limited(limited(retry_after=61))

    with pytest.raises(RateLimitedError, match="Mixpanel asked to wait") as caught:
        gate.enter(QUERY)
    assert caught.value.retry_after == 61.0


def test_retry_after_of_years(make: Make, clock: Clock) -> None:
    """No server holds everybody back for longer than an hour."""
    gate = make(max_wait=10_000)
    gate.was_limited(limited(retry_after=1e9))
    clock.now += 3599.5
    assert gate.enter(QUERY) == 0.5

    clock.now += 0.5
    sent(gate)


def test_limit_without_a_reason(gate: ProjectGate, clock: Clock) -> None:
    """A 429 that says nothing holds everybody back for a few seconds."""
    gate.was_limited(limited(body="slow down"))
    assert gate.enter(QUERY) == 1.0

    clock.now += 5
    sent(gate)


def test_queries_of_other_machines(make: Make, clock: Clock) -> None:
    """What Mixpanel counted beyond ours is others', and counts here from then on.

    Of 61 queries 20 are ours and 41 others', taken to end evenly over the hour: two
    must end before the next one is let through, the second after 2 * 3600 / 41 seconds.
    """
    gate = make(max_wait=200)
    answered(gate, 20)
    text = (
        "1/5 queries running concurrently and 61/60 queries running in the last hour."
    )
    gate.was_limited(limited(body=f'{{"error": "Query rate limit exceeded: {text}"}}'))

    row = gate.status().allowance("query")
    assert (row.used, row.outside, row.left) == (61, 41, 0)
    clock.now += 175.6 - 0.1
    assert gate.enter(QUERY) == pytest.approx(0.11, abs=0.02)
    clock.now += 0.2
    sent(gate).end()
    assert isinstance(gate.enter(QUERY), float)
    clock.now = NOON + 3601
    row = gate.status().allowance("query")
    assert (row.used, row.outside) == (1, 0)


def test_jql_that_was_refused(gate: ProjectGate) -> None:
    """What Mixpanel says of queries when it refuses JQL is about the queries."""
    answered(gate, 20, JQL)
    text = "61/60 queries running in the last hour"
    gate.was_limited(limited(JQL, body=text))

    status = gate.status()
    assert status.allowance("query").outside == 41
    assert status.allowance("jql").outside == 0
    assert status.allowance("jql").left == 0


def test_others_and_retry_after(gate: ProjectGate, clock: Clock) -> None:
    """When the wait that Mixpanel named is over, one query may be sent."""
    answered(gate, 20)
    text = "61/60 queries running in the last hour"
    gate.was_limited(limited(body=text, retry_after=30))
    clock.now += 30

    sent(gate)
    with pytest.raises(RateLimitedError, match="about 39 of them on other machines"):
        gate.enter(QUERY)


def test_project_with_another_allowance(gate: ProjectGate) -> None:
    """A project that is allowed 400 and used 401 has nothing left either."""
    answered(gate, 20)
    gate.was_limited(limited(body="401/400 queries running in the last hour"))

    row = gate.status().allowance("query")
    assert (row.used, row.left, row.outside) == (61, 0, 41)


def test_concurrent_queries_of_other_machines(gate: ProjectGate, clock: Clock) -> None:
    """Where only the places are taken, the hour is counted as Mixpanel says."""
    answered(gate, 10)
    text = "6/5 queries running concurrently and 30/60 queries running in the last hour"
    gate.was_limited(limited(body=text))

    assert gate.enter(QUERY) == 1.0
    clock.now += 5
    row = gate.status().allowance("query")
    assert (row.used, row.outside) == (30, 20)
    sent(gate)
