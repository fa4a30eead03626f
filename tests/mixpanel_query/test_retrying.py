"""Tests of asking again, through both senders, with a sleep that only takes notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import anyio
import httpx
import pytest

from mixpanel_query import RetryPolicy, ServiceAccount
from mixpanel_query.budget import OpenGate
from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    InvalidQueryError,
    MixpanelDownError,
    MixpanelQueryError,
    NoAnswerError,
    QueryRefusedError,
    RateLimitedError,
    UnreadableAnswerError,
)
from mixpanel_query.retrying import countdown
from mixpanel_query.sending import AsyncSender, Sender
from mixpanel_query.wire import Answer, Destination, QueryRequest

HERE = Destination(ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345))
QUESTION = QueryRequest("/api/query/events")
CHANGE = replace(QUESTION, method="POST", repeatable=False)
GOOD = httpx.Response(200, json=["a"])
DOWN = httpx.Response(503, text="down")
BUSY = httpx.Response(429, text="busy")
Reply = httpx.Response | type[Exception]


class Asker:
    """Asks one question of a script through one of the senders."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.sleeps: list[float] = []
        self.asked = 0

    def __call__(
        self,
        replies: Sequence[Reply],
        request: QueryRequest = QUESTION,
        *,
        policy: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        random: float = 0.0,
        max_wait: float = 60.0,
    ) -> object:
        """Return the body of the answer; keep what was slept between the attempts."""
        left = list(replies)

        def reply(_: httpx.Request) -> httpx.Response:
            self.asked += 1
            self.sleeps.append(0.0)
            found = left.pop(0)
            if not isinstance(found, httpx.Response):
                raise found("no")
            content, headers = found.content, found.headers
            return httpx.Response(found.status_code, headers=headers, content=content)

        transport = httpx.MockTransport(reply)
        options: dict[str, Any] = {
            "timeout": 5.0,
            "transport": transport,
            "random": lambda: random,
        }
        gate = OpenGate(max_wait)
        if self.backend == "sync":
            sender = Sender(HERE, gate, policy, sleep=self.note, **options)
            return sender.answer(request).body

        async def sleep(seconds: float) -> None:
            self.note(seconds)

        async def ask() -> Answer:
            sender = AsyncSender(HERE, gate, policy, sleep=sleep, **options)
            return await sender.answer(request)

        return anyio.run(ask, backend=self.backend).body

    def note(self, seconds: float) -> None:
        """Note that it would have slept."""
        self.sleeps[-1] += seconds

    @property
    def pauses(self) -> list[float]:
        """The seconds slept before each attempt but the first."""
        return self.sleeps[: self.asked - 1]


@pytest.fixture(params=["sync", "asyncio", "trio"])
def asker(request: pytest.FixtureRequest) -> Asker:
    """What asks through the sender that waits, or the one that awaits."""
    return Asker(request.param)


def test_success_is_asked_for_once(asker: Asker) -> None:
    """What was answered is not asked again."""
    assert asker([GOOD]) == ["a"]
    assert asker.asked == 1


@pytest.mark.parametrize(
    "failure",
    [DOWN, httpx.Response(500), httpx.ConnectError, httpx.RemoteProtocolError],
    ids=["503", "500", "refused", "cut"],
)
def test_failures_are_asked_again(asker: Asker, failure: Reply) -> None:
    """A question that failed is asked four times in all, after 1, 2 and 4 seconds."""
    assert asker([failure, failure, failure, GOOD]) == ["a"]

    assert asker.pauses == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(DOWN, MixpanelDownError), (httpx.ConnectError, NoAnswerError)],
    ids=["503", "refused"],
)
def test_attempts_end(
    asker: Asker, failure: Reply, kind: type[MixpanelQueryError]
) -> None:
    """After the last attempt its error is raised, without another pause."""
    with pytest.raises(kind):
        asker([failure] * 5)

    assert asker.asked == 4
    assert asker.sleeps == [1.0, 2.0, 4.0, 0.0]


def test_half_of_a_pause_is_random(asker: Asker) -> None:
    """Chance takes up to a half of each pause away."""
    asker([DOWN, DOWN, DOWN, GOOD], random=1.0)

    assert asker.pauses == [0.5, 1.0, 2.0]


def test_longest_pause(asker: Asker) -> None:
    """Pauses stop to double where the policy says so."""
    policy = RetryPolicy(attempts=6, first_pause=2.0, longest_pause=5.0)
    asker([DOWN] * 5 + [GOOD], policy=policy)

    assert asker.pauses == [2.0, 4.0, 5.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (httpx.Response(400), QueryRefusedError),
        (httpx.Response(404), QueryRefusedError),
        (httpx.Response(501), QueryRefusedError),
        (httpx.Response(200, text="<html>"), UnreadableAnswerError),
        (httpx.ReadTimeout, AnswerTimeoutError),
        (httpx.ConnectTimeout, AnswerTimeoutError),
    ],
    ids=["400", "404", "501", "html", "read timeout", "connect timeout"],
)
def test_what_is_asked_once(
    asker: Asker, reply: Reply, kind: type[MixpanelQueryError]
) -> None:
    """What would fail again, or take too long again, is asked once."""
    with pytest.raises(kind):
        asker([reply] * 4)

    assert (asker.asked, sum(asker.sleeps)) == (1, 0.0)


def test_wait_that_mixpanel_asks_for(asker: Asker) -> None:
    """After a 429 the pause is what Mixpanel asked for, and nothing random."""
    busy = httpx.Response(429, headers={"Retry-After": "59"})
    assert asker([busy, busy, GOOD], random=0.7) == ["a"]

    assert asker.pauses == [59.0, 59.0]


def test_wait_that_a_server_that_is_down_asks_for(asker: Asker) -> None:
    """After a 503 the pause is what was asked for too, if it is not too long."""
    down = httpx.Response(503, headers={"Retry-After": "59"})
    assert asker([down, GOOD], random=0.7) == ["a"]
    assert asker.pauses == [59.0]

    with pytest.raises(MixpanelDownError) as caught:
        asker([down, GOOD], max_wait=58.0)
    assert caught.value.retry_after == 59.0


def test_wait_until_a_date(asker: Asker) -> None:
    """A date is counted from the server's own."""
    dates = {
        "Date": "Thu, 26 Nov 2026 12:00:00 GMT",
        "Retry-After": "Thu, 26 Nov 2026 12:00:42 GMT",
    }
    asker([httpx.Response(429, headers=dates), GOOD])

    assert asker.pauses == [42.0]


def test_wait_that_is_too_long(asker: Asker) -> None:
    """A wait beyond what is allowed is an error at once, with the seconds."""
    busy = httpx.Response(429, headers={"Retry-After": "11"})
    with pytest.raises(RateLimitedError) as caught:
        asker([busy] * 4, max_wait=10.0)

    assert caught.value.retry_after == 11.0
    assert (asker.asked, sum(asker.sleeps)) == (1, 0.0)


def test_wait_that_is_as_long_as_allowed(asker: Asker) -> None:
    """What may be waited for is."""
    busy = httpx.Response(429, headers={"Retry-After": "10"})
    asker([busy, GOOD], max_wait=10.0)

    assert asker.pauses == [10.0]


def test_limit_without_a_time(asker: Asker) -> None:
    """A 429 that names no time is waited for as any failure."""
    with pytest.raises(RateLimitedError):
        asker([BUSY] * 4)

    assert asker.pauses == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    "failure",
    [DOWN, httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadTimeout],
    ids=["503", "refused", "cut", "timeout"],
)
def test_change_is_made_once(asker: Asker, failure: Reply) -> None:
    """A change is not repeated, because it may have been made."""
    with pytest.raises(MixpanelQueryError):
        asker([failure] * 4, CHANGE)

    assert (asker.asked, sum(asker.sleeps)) == (1, 0.0)


def test_change_that_was_not_looked_at(asker: Asker) -> None:
    """A change is repeated after a 429, which says that it was not made."""
    assert asker([BUSY, GOOD], CHANGE) == ["a"]

    assert asker.pauses == [1.0]


def test_one_attempt(asker: Asker) -> None:
    """A policy of one attempt repeats nothing."""
    with pytest.raises(RateLimitedError):
        asker([BUSY] * 2, policy=RetryPolicy(attempts=1))

    assert asker.asked == 1


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"attempts": 0}, "attempts 0 is less than 1; 1 asks once and never again"),
        ({"first_pause": -1}, "first_pause -1 is negative; give seconds"),
        (
            {"longest_pause": float("nan")},
            "longest_pause nan is negative; give seconds",
        ),
    ],
    ids=["attempts", "first_pause", "longest_pause"],
)
def test_policy_that_cannot_be(options: dict[str, Any], problem: str) -> None:
    """What cannot be right is refused where it is written."""
    with pytest.raises(InvalidQueryError) as caught:
        RetryPolicy(**options)

    assert str(caught.value) == problem


def test_pauses_may_be_as_short_as_none() -> None:
    """Nor need they be whole seconds."""
    policy = RetryPolicy(first_pause=0, longest_pause=0.5)

    assert (policy.first_pause, policy.longest_pause) == (0, 0.5)


def test_countdown() -> None:
    """A pause is slept a second at a time, so that somebody can be told."""
    assert list(countdown(2.25)) == [(2.25, 1.0), (1.25, 1.0), (0.25, 0.25)]
    assert list(countdown(0.0)) == []


class TwoPages:
    """Pages of which two are asked for at once."""

    def __init__(self) -> None:
        self.is_asked = False

    def requests(self) -> list[QueryRequest]:
        """Ask for two, once."""
        if self.is_asked:
            return []
        self.is_asked = True
        return [replace(QUESTION, path=f"/api/query/{page}") for page in (1, 2)]

    def take(self, answers: Sequence[Answer]) -> list[object]:
        """Return the answers."""
        return [answer.body for answer in answers]

    def begin_again(self, error: QueryRefusedError) -> bool:
        """Give up."""
        return False


def page_of(request: httpx.Request) -> httpx.Response:
    """Answer with the page that was asked for."""
    return httpx.Response(200, json=request.url.path)


def refusal_of_two(request: httpx.Request) -> httpx.Response:
    """Refuse the second page."""
    if request.url.path.endswith("2"):
        return httpx.Response(400, text="no such page")
    return httpx.Response(200, json=[])


Answering = Callable[[httpx.Request], httpx.Response]


def pages(backend: str, answering: Answering) -> list[object]:
    """Read two pages at once through one of the senders."""
    transport, policy = httpx.MockTransport(answering), RetryPolicy(attempts=1)
    if backend == "sync":
        sender = Sender(HERE, OpenGate(), policy, timeout=5.0, transport=transport)
        return list(sender.pages(TwoPages()))

    async def ask() -> list[object]:
        sender = AsyncSender(HERE, OpenGate(), policy, timeout=5.0, transport=transport)
        return [item async for item in sender.pages(TwoPages())]

    return anyio.run(ask, backend=backend)


BACKENDS = pytest.mark.parametrize("backend", ["sync", "asyncio", "trio"])


@BACKENDS
def test_pages_at_once(backend: str) -> None:
    """Pages that are asked for at once come in their order."""
    assert pages(backend, page_of) == ["/api/query/1", "/api/query/2"]


@BACKENDS
def test_error_of_one_page(backend: str) -> None:
    """An error of one of several pages is that error, and no group of errors."""
    with pytest.raises(QueryRefusedError) as caught:
        pages(backend, refusal_of_two)

    assert type(caught.value) is QueryRefusedError
    assert caught.value.request.path == "/api/query/2"
