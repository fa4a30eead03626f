"""The sender that awaits its answers, under asyncio or trio."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import TypeVar

import anyio
import httpx

from mixpanel_query.answers import RawAnswer, decode_answer, refusal
from mixpanel_query.budget import Gate, Turn
from mixpanel_query.exceptions import (
    MixpanelQueryError,
    QueryRefusedError,
    RateLimitedError,
)
from mixpanel_query.retrying import RANDOM, Attempts, RetryPolicy, countdown
from mixpanel_query.sending.http import (
    CallArguments,
    call_arguments,
    client_arguments,
    cut_stream,
    no_answer,
    raw_answer,
    start_reading,
    time_limits,
    usable_environment,
    without_secrets,
)
from mixpanel_query.wire import Answer, Destination, Flow, Pages, QueryRequest, Reader

__all__ = ["AsyncSender"]

T = TypeVar("T")


class AsyncSender:
    """Sends questions without blocking; tasks of one event loop may share it.

    Args:
        destination: Where questions go.
        gate: Says when one may be sent.
        retry: Says when one is sent again.
        timeout: Seconds to wait for the next bytes; None for what ``http`` says.
        transport: How to reach the network, instead of httpx's own way.
        proxy: Address of a proxy, instead of that of the environment.
        http: A client of httpx, which stays open.
        sleep: How to wait.
        random: A number from 0 to 1, for the random part of a pause.
    """

    def __init__(
        self,
        destination: Destination,
        gate: Gate,
        retry: RetryPolicy,
        *,
        timeout: float | None,
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | None = None,
        http: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        random: Callable[[], float] = RANDOM,
    ) -> None:
        self.destination = destination
        self.gate = gate
        self.retry = retry
        self.sleep = sleep
        self.random = random
        self._timeout = None if timeout is None else time_limits(timeout)
        self._is_ours = transport is None and http is None
        self._headers = None if http is None else destination.headers()
        if http is None:
            arguments = client_arguments(destination, proxy)
            with usable_environment():
                http = httpx.AsyncClient(transport=transport, **arguments)
        self._http = http

    async def run(self, flow: Flow[T]) -> T:
        """Answer the requests of ``flow`` until it returns its value."""
        try:
            with without_secrets(self.destination.credentials):
                request = next(flow)
                while True:
                    request = flow.send(await self.answer(request))
        except StopIteration as done:
            value: T = done.value
            return value
        finally:
            flow.close()

    async def answer(self, request: QueryRequest) -> Answer:
        """Send one request, again where that may help, and decode its answer."""
        request = self.destination.addressed(request)
        call = self._call(request)
        attempts = self._attempts(request)
        while True:
            turn = await self._turn(request)
            try:
                raw = await self._exchange(request, call, turn)
                return decode_answer(raw, self.destination.credentials)
            except MixpanelQueryError as error:
                pause = attempts.pause_after(error)
                if pause is None:
                    raise
            await self._pause(pause)

    async def pages(self, pages: Pages[T]) -> AsyncGenerator[T, None]:
        """Yield what is in pages, some of which may be asked for at once."""
        while requests := pages.requests():
            try:
                answers = await self._answers(requests)
            except QueryRefusedError as error:
                if not pages.begin_again(error):
                    raise
                continue
            with without_secrets(self.destination.credentials):
                for item in pages.take(answers):
                    yield item

    async def stream(self, reader: Reader[T]) -> AsyncGenerator[T, None]:
        """Yield what a reader makes of an answer while it arrives.

        When it was cut, the same is asked again; the reader leaves out what it handed
        over before.
        """
        call = self._call(reader.request)
        attempts = self._attempts(reader.request)
        while True:
            turn = await self._turn(reader.request)
            try:
                with without_secrets(self.destination.credentials):
                    async with aclosing(self._read(reader, call, turn)) as items:
                        async for item in items:
                            yield item
                return
            except MixpanelQueryError as error:
                pause = attempts.pause_after(error)
                if pause is None:
                    raise
            await self._pause(pause)

    async def close(self) -> None:
        """Close the connections, unless they are somebody else's."""
        if self._is_ours:
            await self._http.aclose()

    async def _read(
        self, reader: Reader[T], call: CallArguments, turn: Turn
    ) -> AsyncGenerator[T, None]:
        """Yield what a reader makes of one answer."""
        destination, request = self.destination, reader.request
        try:
            with no_answer(destination, request):
                async with self._http.stream(**call) as response:
                    if not response.is_success:
                        await response.aread()
                        raw = raw_answer(destination, request, response)
                        raise self._refusal(raw)
                    start_reading(reader, destination, response)
                    with cut_stream(reader):
                        async for data in response.aiter_raw():
                            for item in reader.feed(data):
                                yield item
            for item in reader.finish():
                yield item
        finally:
            turn.end()

    async def _answers(self, requests: Sequence[QueryRequest]) -> list[Answer]:
        """Send several requests at once; return the answers in their order."""
        if len(requests) == 1:
            return [await self.answer(requests[0])]
        answers: dict[int, Answer] = {}

        async def ask(place: int, request: QueryRequest) -> None:
            answers[place] = await self.answer(request)

        with unwrapped():
            async with anyio.create_task_group() as tasks:
                for place, request in enumerate(requests):
                    tasks.start_soon(ask, place, request)
        return [answers[place] for place in range(len(requests))]

    async def _exchange(
        self, request: QueryRequest, call: CallArguments, turn: Turn
    ) -> RawAnswer:
        """Send one request, whose turn it is, and take its answer as bytes."""
        destination = self.destination
        try:
            with no_answer(destination, request):
                response = await self._http.request(**call)
        finally:
            turn.end()
        raw = raw_answer(destination, request, response)
        if not response.is_success:
            raise self._refusal(raw)
        return raw

    def _call(self, request: QueryRequest) -> CallArguments:
        """Return a request as the client takes it."""
        return call_arguments(self.destination, request, self._timeout, self._headers)

    def _attempts(self, request: QueryRequest) -> Attempts:
        """Return the attempts to get one answer."""
        return Attempts(self.retry, request, self.gate.max_wait, self.random)

    def _refusal(self, raw: RawAnswer) -> MixpanelQueryError:
        """Make the error of a refusal, and tell the gate of a limit."""
        error = refusal(raw, self.destination.credentials)
        if isinstance(error, RateLimitedError):
            self.gate.was_limited(error)
        return error

    async def _turn(self, request: QueryRequest) -> Turn:
        """Wait until a request may be sent."""
        waited = 0.0
        while True:
            turn = self.gate.enter(request, waited)
            if not isinstance(turn, (int, float)):
                return turn
            await self.sleep(turn)
            waited += turn

    async def _pause(self, seconds: float) -> None:
        """Wait before the next attempt, and tell whoever watches."""
        for left, part in countdown(seconds):
            self.gate.tell_wait(left, "the last attempt failed")
            await self.sleep(part)
        self.gate.tell_wait(0.0, "")


@contextmanager
def unwrapped() -> Iterator[None]:
    """Raise the first of the errors that a group of tasks gathers."""
    try:
        yield
    except BaseException as error:
        first: BaseException = error
        while errors := getattr(first, "exceptions", ()):
            first = errors[0]
        if first is error:
            raise
        raise first from first.__cause__
