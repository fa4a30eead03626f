"""The sender that waits for its answers."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

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

__all__ = ["Sender"]

T = TypeVar("T")


class Sender:
    """Sends questions and waits for the answers; threads may share it.

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
        transport: httpx.BaseTransport | None = None,
        proxy: str | None = None,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
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
        self._forking = threading.Lock()
        self._proxy = proxy
        self._process = os.getpid()
        self._inherited: list[httpx.Client] = []
        if http is None:
            arguments = client_arguments(destination, proxy)
            with usable_environment():
                http = httpx.Client(transport=transport, **arguments)
        self._http_client = http

    @property
    def _http(self) -> httpx.Client:
        """The client of httpx; another one in a process that was forked from ours.

        Both would read what was sent to either, from the connections they share.
        """
        if self._is_ours and self._process != os.getpid():
            with self._forking:
                if self._process != os.getpid():
                    arguments = client_arguments(self.destination, self._proxy)
                    # Kept, because closing it would end connections of the other one.
                    self._inherited.append(self._http_client)
                    self._http_client = httpx.Client(**arguments)
                    self._process = os.getpid()
        return self._http_client

    def run(self, flow: Flow[T]) -> T:
        """Answer the requests of ``flow`` until it returns its value."""
        try:
            with without_secrets(self.destination.credentials):
                request = next(flow)
                while True:
                    request = flow.send(self.answer(request))
        except StopIteration as done:
            value: T = done.value
            return value
        finally:
            flow.close()

    def answer(self, request: QueryRequest) -> Answer:
        """Send one request, again where that may help, and decode its answer."""
        request = self.destination.addressed(request)
        call = self._call(request)
        attempts = self._attempts(request)
        while True:
            turn = self._turn(request)
            try:
                raw = self._exchange(request, call, turn)
                return decode_answer(raw, self.destination.credentials)
            except MixpanelQueryError as error:
                pause = attempts.pause_after(error)
                if pause is None:
                    raise
            self._pause(pause)

    def pages(self, pages: Pages[T]) -> Generator[T, None, None]:
        """Yield what is in pages, some of which may be asked for at once."""
        while requests := pages.requests():
            try:
                answers = self._answers(requests)
            except QueryRefusedError as error:
                if not pages.begin_again(error):
                    raise
                continue
            with without_secrets(self.destination.credentials):
                yield from pages.take(answers)

    def stream(self, reader: Reader[T]) -> Generator[T, None, None]:
        """Yield what a reader makes of an answer while it arrives.

        When it was cut, the same is asked again; the reader leaves out what it handed
        over before.
        """
        call = self._call(reader.request)
        attempts = self._attempts(reader.request)
        while True:
            turn = self._turn(reader.request)
            try:
                with without_secrets(self.destination.credentials):
                    yield from self._read(reader, call, turn)
                return
            except MixpanelQueryError as error:
                pause = attempts.pause_after(error)
                if pause is None:
                    raise
            self._pause(pause)

    def close(self) -> None:
        """Close the connections, unless they are somebody else's."""
        if self._is_ours:
            self._http.close()

    def _read(
        self, reader: Reader[T], call: CallArguments, turn: Turn
    ) -> Generator[T, None, None]:
        """Yield what a reader makes of one answer."""
        destination, request = self.destination, reader.request
        try:
            with (
                no_answer(destination, request),
                self._http.stream(**call) as response,
            ):
                if not response.is_success:
                    response.read()
                    raw = raw_answer(destination, request, response)
                    raise self._refusal(raw)
                start_reading(reader, destination, response)
                with cut_stream(reader):
                    for data in response.iter_raw():
                        yield from reader.feed(data)
            yield from reader.finish()
        finally:
            turn.end()

    def _answers(self, requests: Sequence[QueryRequest]) -> list[Answer]:
        """Send several requests at once; return the answers in their order."""
        if len(requests) == 1:
            return [self.answer(requests[0])]
        with ThreadPoolExecutor(len(requests)) as threads:
            return list(threads.map(self.answer, requests))

    def _exchange(
        self, request: QueryRequest, call: CallArguments, turn: Turn
    ) -> RawAnswer:
        """Send one request, whose turn it is, and take its answer as bytes."""
        destination = self.destination
        try:
            with no_answer(destination, request):
                response = self._http.request(**call)
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

    def _turn(self, request: QueryRequest) -> Turn:
        """Wait until a request may be sent."""
        waited = 0.0
        while True:
            turn = self.gate.enter(request, waited)
            if not isinstance(turn, (int, float)):
                return turn
            self.sleep(turn)
            waited += turn

    def _pause(self, seconds: float) -> None:
        """Wait before the next attempt, and tell whoever watches."""
        for left, part in countdown(seconds):
            self.gate.tell_wait(left, "the last attempt failed")
            self.sleep(part)
        self.gate.tell_wait(0.0, "")
