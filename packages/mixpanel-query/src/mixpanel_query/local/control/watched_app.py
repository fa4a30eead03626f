"""What stands before the endpoints of a project: its log, its limits and its faults.

Everything here runs in the server's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixpanel_query.local.control.project_clock import ProjectClock
from mixpanel_query.local.control.request_log import RequestLog
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.faults.cut_answers import Gzip, RowCutter
from mixpanel_query.local.faults.fault_answers import (
    FaultyAnswer,
    asked_project,
    body_of,
    failing_answer,
)
from mixpanel_query.local.faults.scripted import Fault, Faults
from mixpanel_query.local.questions.raw_export import LEAST_GZIPPED
from mixpanel_query.local.rate_limits import RateLimits, family_of
from mixpanel_query.local.records.verdicts import Verdicts
from mixpanel_query.local.rules.basis import (
    HEADER,
    Assumptions,
    Basis,
    answering,
    graded_error,
)
from mixpanel_query.local.server.request_bodies import skip_body

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Controls", "watched"]

# How often an answer that is held back looks whether it may go.
GLANCE = 0.02


class Controls:
    """What can be turned while a project serves; any thread may use it.

    Attributes:
        clock: Says what time it is.
        faults: What is to go wrong.
        requests: What was asked.
        limits: How much may be asked.
        verdicts: What became of the records that arrived.
        assumptions: What answers rested on, beside what is documented.
    """

    def __init__(self, clock: ProjectClock, *, assume: bool = True) -> None:
        self.clock = clock
        self.faults = Faults()
        self.requests = RequestLog()
        self.limits = RateLimits(clock)
        self.verdicts = Verdicts()
        self.assumptions = Assumptions(allowed=assume)

    def reset(self) -> None:
        """Let everything be as it was made."""
        self.faults.clear()
        self.requests.clear()
        self.verdicts.clear()
        self.assumptions.clear()
        self.limits.off()
        self.clock.reset()


def watched(app: ASGIApp, controls: Controls, project_id: int | None) -> ASGIApp:
    """Return an application with a log, limits and faults."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = WatchedRequest.of(scope, controls, project_id)
        await request.answer(app, receive, send)

    return answer


@dataclass(slots=True)
class WatchedRequest:
    """One request on its way to the endpoints, and its answer on the way back."""

    scope: Scope
    controls: Controls
    project_id: int | None
    number: int
    basis: Basis
    fault: Fault | None = None
    leave: Callable[[], None] = lambda: None

    @classmethod
    def of(
        cls, scope: Scope, controls: Controls, project_id: int | None
    ) -> WatchedRequest:
        """Log a request that has come."""
        number = controls.requests.begin(
            controls.clock(), scope["method"], scope["path"], query_of(scope)
        )
        basis = Basis(controls.assumptions)
        return cls(scope, controls, project_id, number, basis)

    async def answer(self, app: ASGIApp, receive: Receive, send: Send) -> None:
        """Answer it, as the limits and the faults let it."""

        async def reply(message: Message) -> None:
            self.note(message)
            await send(self.graded(message))

        refused = self.enter()
        try:
            if refused:
                is_whole = await skip_body(receive)
                await say(refused, reply, is_last=not is_whole)
            else:
                with answering(self.basis):
                    await self.let_in(app, receive, reply)
        finally:
            self.leave()

    def enter(self) -> FaultyAnswer | None:
        """Count it against the limits, and return the answer if it is one too many."""
        path, query = self.scope["path"], query_of(self.scope)
        family = family_of(path)
        if family is None:
            return None
        project = str(self.project_id or asked_project(query))
        entered = self.controls.limits.enter(family, project)
        if isinstance(entered, str):
            with answering(self.basis):
                refused = RequestRefusedError(429, entered)
                refused = graded_error(refused, "rate-limit-errors")
            return failing_answer(path, query, refused.status, refused.message)
        self.leave = entered
        return None

    async def let_in(self, app: ASGIApp, receive: Receive, reply: Send) -> None:
        """Let the endpoints answer, or the fault that it has."""
        path = self.scope["path"]
        fault = self.fault = self.controls.faults.take(self.scope["method"], path)
        if fault is None:
            await app(self.scope, receive, reply)
        elif not fault.takes_the_request:
            is_whole = await skip_body(receive)
            await self.hold(fault)
            answer = stand_in(fault, path, query_of(self.scope))
            await say(answer, reply, is_last=not is_whole)
        elif fault.cut_after_rows is None:
            await app(self.scope, receive, self.late(fault, reply))
        else:
            cut = CutAnswer(fault, self.scope, self.late(fault, reply))
            await cut.answer(app, receive)

    def late(self, fault: Fault, reply: Send) -> Send:
        """Return what sends an answer after the time that it is held back."""

        async def send_late(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self.hold(fault)
            await reply(message)

        return send_late

    async def hold(self, fault: Fault) -> None:
        """Wait, unless the fault is cleared meanwhile."""
        loop = asyncio.get_running_loop()
        end = loop.time() + fault.delay
        while (left := end - loop.time()) > 0 and self.controls.faults.has(fault):
            await asyncio.sleep(min(left, GLANCE))

    def graded(self, message: Message) -> Message:
        """Let the head of the answer say which rules it rests on."""
        said = self.basis.header
        if message["type"] != "http.response.start" or not said:
            return message
        header = (HEADER.lower().encode(), said.encode())
        return {**message, "headers": [*message["headers"], header]}

    def note(self, message: Message) -> None:
        """Log the answer before the client can have it."""
        if message["type"] == "http.response.start":
            fault = self.fault.id if self.fault else None
            self.controls.requests.answer(self.number, message["status"], fault)
        elif not message.get("more_body", False):
            # Whoever has this answer may ask the next question at once.
            self.leave()
            self.leave = lambda: None


class CutAnswer:
    """An answer that ends in the middle; the server closes what has no end.

    Args:
        fault: Says after how many rows, and what follows them.
        scope: The request.
        reply: Sends what passes.
    """

    def __init__(self, fault: Fault, scope: Scope, reply: Send) -> None:
        headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
        # Rows are counted before they are compressed.
        self._scope = {**scope, "headers": headers}
        self._fault = fault
        self._reply = reply
        self._may_gzip = b"gzip" in accepted and family_of(scope["path"]) == "export"
        self._start: Message = {}
        self._cutter: RowCutter | None = None
        self._gzip: Gzip | None = None
        self._is_over = asyncio.Event()

    async def answer(self, app: ASGIApp, receive: Receive) -> None:
        """Let the endpoint answer until the rows are through."""
        answering = asyncio.ensure_future(app(self._scope, receive, self.pass_on))
        over = asyncio.ensure_future(self._is_over.wait())
        try:
            await asyncio.wait((answering, over), return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            answering.cancel()
            await asyncio.gather(over, answering, return_exceptions=True)

    async def pass_on(self, message: Message) -> None:
        """Send what is left of a message of the endpoint."""
        if message["type"] == "http.response.start":
            self._start = message
        elif not self._is_over.is_set():
            body = message.get("body", b"")
            cutter = self._cutter or await self._begin(body)
            piece = cutter.feed(body)
            ends = cutter.is_done or not message.get("more_body", False)
            await self._send(piece, ends=ends)

    async def _begin(self, body: bytes) -> RowCutter:
        """Send the head, now that the first piece of the body is known."""
        headers = dict(self._start["headers"])
        # Of an answer that says its length the last byte may be the last row's.
        headers.pop(b"content-length", None)
        if self._may_gzip and len(body) > LEAST_GZIPPED:
            self._gzip = Gzip()
            headers[b"content-encoding"] = b"gzip"
        for name, value in self._fault.headers.items():
            headers[name.lower().encode()] = value.encode()
        await self._reply({**self._start, "headers": list(headers.items())})
        is_json = headers.get(b"content-type", b"").startswith(b"application/json")
        rows = self._fault.cut_after_rows or 0
        self._cutter = RowCutter(rows, is_json=is_json)
        return self._cutter

    async def _send(self, piece: bytes, *, ends: bool) -> None:
        """Send a piece, and after the last one what follows, if anything does."""
        is_whole = ends and self._fault.body is not None
        if is_whole:
            piece += body_of(self._fault.body)[0]
        if self._gzip and (piece or is_whole):
            piece = self._gzip.feed(piece) + (self._gzip.finish() if is_whole else b"")
        await self._reply(
            {"type": "http.response.body", "body": piece, "more_body": not is_whole}
        )
        if ends:
            self._is_over.set()


def stand_in(fault: Fault, path: str, query: str) -> FaultyAnswer:
    """Return the answer of a fault that keeps the request from the project."""
    answer = failing_answer(path, query, fault.status or 200, body=fault.body)
    answer.headers.update(fault.headers)
    return answer


def query_of(scope: Scope) -> str:
    """Return what follows the path in the URL."""
    return str(scope["query_string"].decode("latin-1"))


async def say(answer: FaultyAnswer, reply: Send, *, is_last: bool) -> None:
    """Send an answer, and hang up after the last one of a connection."""
    if is_last:
        answer.headers["Connection"] = "close"
    await reply(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": answer.raw_headers(),
        }
    )
    await reply({"type": "http.response.body", "body": answer.body})
