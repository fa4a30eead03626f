"""Tests of senders that wait for their turn, and of tasks that are cancelled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from mixpanel_query import AsyncClient, Budget, Client, RetryPolicy, ServiceAccount
from mixpanel_query.budget import Turn
from mixpanel_query.exceptions import RateLimitedError
from mixpanel_query.sending import AsyncSender, Sender
from mixpanel_query.wire import Answer, Destination, QueryRequest

ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
HERE = Destination(ACCOUNT)
QUESTION = QueryRequest("/api/query/events")
ONCE = RetryPolicy(attempts=1)
BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])


class Waiter:
    """Asks one question through one of the senders, with a sleep that sets the clock.

    Attributes:
        now: The time.
        slept: How long it slept, time and again.
        told: What whoever watches was told.
    """

    def __init__(self, backend: str, file: Path) -> None:
        self.now = 1e9
        self.slept: list[float] = []
        self.told: list[tuple[float, str]] = []
        self._backend = backend
        self.budget = Budget(
            file, clock=lambda: self.now, on_wait=lambda *said: self.told.append(said)
        )

    def use_up(self, number: int) -> None:
        """Let queries through that are answered at once."""
        for _ in range(number):
            turn = self.budget.gate(HERE).enter(QUESTION)
            assert not isinstance(turn, float)
            turn.end()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds

    def ask(self, reply: Callable[[httpx.Request], httpx.Response]) -> object:
        """Ask, and return what was answered."""
        gate = self.budget.gate(HERE)
        options: dict[str, Any] = {
            "timeout": 5.0,
            "transport": httpx.MockTransport(reply),
            "random": lambda: 0.0,
        }
        policy = RetryPolicy(attempts=2)
        if self._backend == "sync":
            sender = Sender(HERE, gate, policy, sleep=self.sleep, **options)
            return sender.answer(QUESTION).body

        async def sleep(seconds: float) -> None:
            self.sleep(seconds)

        async def ask() -> Answer:
            sender = AsyncSender(HERE, gate, policy, sleep=sleep, **options)
            return await sender.answer(QUESTION)

        return anyio.run(ask, backend=self._backend).body


@pytest.fixture(params=["sync", "asyncio", "trio"])
def waiter(request: pytest.FixtureRequest, tmp_path: Path) -> Waiter:
    """What asks through one of the senders."""
    return Waiter(request.param, tmp_path / "b")


def good(request: httpx.Request) -> httpx.Response:
    """Answer well."""
    return httpx.Response(200, json=["a"])


def test_turn_is_waited_for(waiter: Waiter) -> None:
    """Who comes 30 seconds too early waits for 30 seconds, one after another."""
    waiter.use_up(60)
    waiter.now += 3570.5

    assert waiter.ask(good) == ["a"]
    assert waiter.slept == [1.0] * 29 + [0.5]
    assert [seconds for seconds, _ in waiter.told[:2]] == [29.5, 28.5]
    assert waiter.told[-1] == (0.0, "")


def test_turn_that_is_too_far(waiter: Waiter) -> None:
    """Who would wait for more than a minute is told so, and nothing is asked again."""
    waiter.use_up(60)
    waiter.now += 3539

    with pytest.raises(RateLimitedError) as caught:
        waiter.ask(good)
    assert caught.value.retry_after == 61.0
    assert waiter.slept == []


def test_place_is_waited_for_a_minute(waiter: Waiter) -> None:
    """Who waits for a place in vain gives up after a minute."""
    turns = [waiter.budget.gate(HERE).enter(QUESTION) for _ in range(5)]

    with pytest.raises(RateLimitedError, match="5 of 5 queries are under way"):
        waiter.ask(good)
    assert sum(waiter.slept) == pytest.approx(60.0, abs=0.2)
    assert max(waiter.slept) < 0.2
    assert len(turns) == 5


def test_pause_that_mixpanel_asked_for(waiter: Waiter) -> None:
    """A pause after a 429 is counted down too, and not waited for twice."""
    replies = [httpx.Response(429, headers={"Retry-After": "3"}), good]

    def reply(request: httpx.Request) -> httpx.Response:
        found = replies.pop(0)
        return found if isinstance(found, httpx.Response) else found(request)

    assert waiter.ask(reply) == ["a"]
    assert waiter.slept == [1.0, 1.0, 1.0]
    reason = "the last attempt failed"
    assert waiter.told == [(3.0, reason), (2.0, reason), (1.0, reason), (0.0, "")]


@pytest.fixture
def budget(tmp_path: Path) -> Budget:
    """A budget by the real clock."""
    return Budget(tmp_path / "b")


class Silent(httpx.AsyncBaseTransport):
    """A server that never answers."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for ever."""
        await anyio.sleep_forever()
        raise AssertionError("unreachable")


def client_of(budget: Budget) -> AsyncClient:
    """Make a client that is never answered."""
    return AsyncClient(ACCOUNT, budget=budget, retry=ONCE, transport=Silent())


async def cancelled(ask: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Ask, and give up after a while."""
    with anyio.move_on_after(seconds):
        await ask()
        raise AssertionError("it was answered")


@BACKENDS
def test_cancelled_question(backend: str, budget: Budget) -> None:
    """A question that is cancelled gives its place back; it counts."""

    async def run() -> None:
        async with client_of(budget) as client:
            await cancelled(client.event_names, 0.02)

    anyio.run(run, backend=backend)
    row = Client(ACCOUNT, budget=budget).budget().allowance("query")
    assert (row.under_way, row.used) == (0, 1)


@BACKENDS
def test_cancelled_wait(backend: str, budget: Budget) -> None:
    """A task that is cancelled while it waits takes no place, and counts nothing."""
    turns = [budget.gate(HERE).enter(QUESTION) for _ in range(5)]

    async def run() -> None:
        async with client_of(budget) as client:
            await cancelled(client.event_names, 0.25)

    anyio.run(run, backend=backend)
    row = Client(ACCOUNT, budget=budget).budget().allowance("query")
    assert (row.under_way, row.used) == (5, 5)
    assert len(turns) == 5


@BACKENDS
def test_others_go_on_while_one_waits(backend: str, budget: Budget) -> None:
    """A task that waits for its turn does not hold up the event loop."""
    turns = [budget.gate(HERE).enter(QUESTION) for _ in range(5)]
    ticks: list[float] = []

    async def tick() -> None:
        while True:
            ticks.append(anyio.current_time())
            await anyio.sleep(0.005)

    async def run() -> None:
        async with client_of(budget) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(tick)
            await cancelled(client.event_names, 0.4)
            tasks.cancel_scope.cancel()

    anyio.run(run, backend=backend)
    assert len(ticks) > 20
    assert len(turns) == 5


@BACKENDS
def test_place_that_is_given_back(backend: str, budget: Budget) -> None:
    """A place that is given back is soon taken by a task that waits."""
    turns = [budget.gate(HERE).enter(QUESTION) for _ in range(5)]

    async def give_back(turn: Turn) -> None:
        await anyio.sleep(0.1)
        turn.end()

    async def run() -> None:
        transport = httpx.MockTransport(good)
        async with (
            AsyncClient(ACCOUNT, budget=budget, transport=transport) as client,
            anyio.create_task_group() as tasks,
        ):
            assert not isinstance(turns[0], float)
            tasks.start_soon(give_back, turns[0])
            with anyio.fail_after(5):
                assert await client.event_names() == ["a"]

    anyio.run(run, backend=backend)


def test_export_that_is_left(budget: Budget) -> None:
    """Who stops in the middle of an export gives its place back."""
    line = b'{"event": "a", "properties": {"time": 1, "distinct_id": "b"}}\n'
    headers = {"Transfer-Encoding": "chunked"}

    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, content=iter([line, line]))

    transport = httpx.MockTransport(reply)
    with Client(ACCOUNT, budget=budget, transport=transport) as client:
        events = client.export("2026-11-09", "2026-11-15")
        next(events)
        assert client.budget().allowance("export").under_way == 1

        events.close()
        row = client.budget().allowance("export")
    assert (row.under_way, row.used) == (0, 1)
