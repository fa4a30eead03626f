"""Tests of what a budget lets through, with a clock that the tests set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mixpanel_query import Budget, ServiceAccount
from mixpanel_query.budget import ProjectGate, Turn
from mixpanel_query.exceptions import InvalidQueryError, RateLimitedError
from mixpanel_query.wire import Destination, QueryRequest

NOON = 1_795_694_400.0  # 2026-11-26 12:00 UTC
QUERY = QueryRequest("/api/query/events")
JQL = QueryRequest("/api/query/jql", limits=("jql", "query"))
EXPORT = QueryRequest("/api/2.0/export", family="export", limits=("export",))
LEXICON = QueryRequest("/api/app/x", family="app", limits=("lexicon",))
ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
HERE = Destination(ACCOUNT)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at noon."""
    return Clock()


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Callable[..., ProjectGate]:
    """Make gates of budgets that all share one file."""

    def make_gate(destination: Destination = HERE, **options: object) -> ProjectGate:
        return Budget(tmp_path / "b", clock=clock, **options).gate(destination)  # type: ignore[arg-type]

    return make_gate


@pytest.fixture
def gate(make: Callable[..., ProjectGate]) -> ProjectGate:
    """The gate of one project, which makes nobody wait for more than a minute."""
    return make()


Make = Callable[..., ProjectGate]


def sent(gate: ProjectGate, request: QueryRequest = QUERY) -> Turn:
    """Let a request through, which must not have to wait."""
    turn = gate.enter(request)
    assert not isinstance(turn, float)
    return turn


def answered(gate: ProjectGate, number: int, request: QueryRequest = QUERY) -> None:
    """Let requests through, one after another, with answers at once."""
    for _ in range(number):
        sent(gate, request).end()


def limited(
    request: QueryRequest = QUERY, retry_after: float | None = None, body: str = ""
) -> RateLimitedError:
    """Make the error of a 429."""
    return RateLimitedError(
        "no", request=request, status=429, body=body, retry_after=retry_after
    )


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


def test_budgets_share_a_file(make: Make) -> None:
    """Two budgets with one file count together."""
    one, other = make(), make()
    turns = [sent(one) for _ in range(3)] + [sent(other) for _ in range(2)]

    assert isinstance(one.enter(QUERY), float)
    assert isinstance(other.enter(QUERY), float)
    turns[0].end()
    sent(other)


@pytest.mark.parametrize(
    "destination",
    [
        Destination(ServiceAccount("other", "hunter2-hunter2", 54321)),
        Destination(ACCOUNT, "eu"),
        Destination(ACCOUNT, base_url="https://proxy.example"),
    ],
    ids=["another project", "another region", "another host"],
)
def test_projects_have_their_own(make: Make, destination: Destination) -> None:
    """Another project, or one on another host, has all of its own."""
    answered(make(), 60)

    answered(make(destination), 60)
    assert make().status().allowance("query").used == 60


def test_accounts_of_a_project_share(make: Make) -> None:
    """The limits are a project's, whoever asks."""
    answered(make(), 60)

    other = make(Destination(ServiceAccount("someone-else", "hunter3-hunter3", 12345)))
    with pytest.raises(RateLimitedError):
        other.enter(QUERY)


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
