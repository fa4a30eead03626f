"""What the tests of the report share: a fake project, a report, scripted servers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest

from mixpanel_query import TimeSeries
from mixpanel_query.exceptions import MixpanelDownError
from mixpanel_query.wire import QueryRequest
from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report import Report

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=timezone.utc)


@dataclass
class FakeProject:
    """Counts a few events by plain loops, and fails the calls it is told to.

    Attributes:
        happened: Every event as its name, its day and its user.
        names: What it lists as the names of the last 31 days.
        failing: Numbers of the calls that get an answer 503, the first being 1.
        shift: How many days its weeks start after those asked for.
        calls: What was asked, in order.
    """

    happened: list[tuple[str, str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    failing: tuple[int, ...] = ()
    shift: int = 0
    calls: list[tuple[object, ...]] = field(default_factory=list)

    def event_names(self) -> list[str]:
        """List the names."""
        self.note("event_names")
        return self.names

    def events(
        self,
        events: Iterable[str],
        from_date: date,
        to_date: date,
        *,
        type: Literal["general", "unique"],
        unit: Literal["day", "week", "month"],
    ) -> TimeSeries:
        """Count in buckets of a unit, of which a week starts where it is asked to."""
        self.note("events", tuple(events), str(from_date), str(to_date), type, unit)
        starts = {"day": [], "week": [], "month": []}
        for number in range((to_date - from_date).days + 1):
            day = from_date + timedelta(days=number)
            starts["day"].append(day)
            if number % 7 == 0:
                starts["week"].append(day + timedelta(days=self.shift))
            if day.day == 1:
                starts["month"].append(day)
        return self.series(events, starts[unit], to_date, type, unit)

    def segmentation(
        self,
        event: str,
        from_date: date,
        to_date: date,
        *,
        interval: int,
        type: Literal["general", "unique"],
    ) -> TimeSeries:
        """Count one event in buckets of days."""
        self.note("segmentation", event, str(from_date), str(to_date), interval, type)
        days = range(0, (to_date - from_date).days + 1, interval)
        starts = [from_date + timedelta(days=number) for number in days]
        return self.series([event], starts, to_date, type, "day")

    def series(
        self,
        events: Iterable[str],
        starts: list[date],
        to_date: date,
        type: Literal["general", "unique"],
        unit: Literal["day", "week", "month"],
    ) -> TimeSeries:
        """Count what happened from each start until the next one."""
        ends = [*starts[1:], to_date + timedelta(days=1)]
        values = {}
        for event in events:
            values[event] = {}
            for start, end in zip(starts, ends, strict=True):
                users = [
                    user
                    for name, day, user in self.happened
                    if name == event and str(start) <= day < str(end)
                ]
                count = len(set(users)) if type == "unique" else len(users)
                if count:
                    values[event][start] = count
        return TimeSeries(type, unit, tuple(starts), values, tuple(events))

    def note(self, *call: object) -> None:
        """Remember a call, and fail it if told to."""
        self.calls.append(call)
        if len(self.calls) in self.failing:
            message = "127.0.0.1 answered 503; try again later"
            request = QueryRequest("/api/query/events", {})
            raise MixpanelDownError(message, request=request, status=503, body="")


@pytest.fixture
def project() -> FakeProject:
    """A project with two weeks of sign-ups and page views.

    In the week from 2026-11-09: "Sign Up" 3 times by 2 users, "Page View" 4 times by
    2 users; in the week before: once, and twice by 2 users.
    """
    return FakeProject(
        happened=[
            ("Sign Up", "2026-11-09", "ann"),
            ("Sign Up", "2026-11-12", "ann"),
            ("Sign Up", "2026-11-15", "bob"),
            ("Sign Up", "2026-11-08", "cid"),
            ("Page View", "2026-11-09", "ann"),
            ("Page View", "2026-11-10", "ann"),
            ("Page View", "2026-11-11", "ann"),
            ("Page View", "2026-11-15", "bob"),
            ("Page View", "2026-11-02", "ann"),
            ("Page View", "2026-11-08", "bob"),
            ("Page View", "2026-11-16", "dan"),
        ],
        names=["Page View", "Sign Up", "Purchase"],
    )


@pytest.fixture
def make_report() -> Callable[..., Report]:
    """Makes a weekly report of the given values, without asking anybody."""

    def make(
        metrics: tuple[MetricValue, ...] | None = None,
        top_events: tuple[TopEvent, ...] = (TopEvent("Page View", 12500),),
        *,
        summary: tuple[str, ...] = ("Top action: Page View (12,500 occurrences).",),
        missing: tuple[str, ...] = (),
        company: str = "Acme",
    ) -> Report:
        signups = Metric("New Signups", ("Sign Up",), "total")
        return Report(
            windows=windows_due("weekly", date(2026, 11, 16)),
            timezone="UTC",
            generated_at=NOW,
            company=company,
            metrics=metrics
            if metrics is not None
            else (MetricValue(signups, "Sign Up", 48, 40, "ok"),),
            top_events=top_events,
            summary=(*summary, *missing),
            missing=missing,
            api_calls=3,
        )

    return make


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that stands at 2026-11-18 09:30 UTC."""
    return lambda: NOW


Answer = tuple[int, dict[str, str], str]
Clock = Callable[[], datetime]
MakeReport = Callable[..., Report]
ServeAnswers = Callable[..., "ScriptedServer"]
ServeMixpanel = Callable[..., "ScriptedServer"]


@dataclass
class ScriptedServer:
    """A server on a real socket that answers as scripted and keeps what it was asked.

    Attributes:
        url: Its address.
        requests: Path and body of each request.
        released: Set when the test is over, so that no answer hangs longer.
    """

    url: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve(
    answer: Callable[[ScriptedServer, str], Answer | None],
) -> Iterator[ScriptedServer]:
    """Serve until the block ends; an answer of None cuts the connection."""
    server = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            server.requests.append((self.path, self.rfile.read(size).decode()))
            answered = answer(server, self.path)
            self.close_connection = True
            if answered is None:
                return
            status, headers, body = answered
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listener.server_address[1]}"
    thread = threading.Thread(
        target=listener.serve_forever, kwargs={"poll_interval": 0.01}
    )
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        listener.shutdown()
        listener.server_close()
        thread.join()


@pytest.fixture
def serve_answers() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts a server that gives the answers in turn, the last one for ever.

    An answer is a status, headers and a body; None cuts the connection; ``"hang"``
    answers nothing until the test is over.
    """
    with ExitStack() as stack:

        def start(*answers: Answer | str | None) -> ScriptedServer:
            def answer(server: ScriptedServer, path: str) -> Answer | None:
                given = answers[min(len(server.requests), len(answers)) - 1]
                if given == "hang":
                    server.released.wait(10)
                    return None
                return given

            return stack.enter_context(serve(answer))

        yield start


@pytest.fixture
def serve_mixpanel() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts a Mixpanel whose n-th answer is another one.

    "Sign Up" happened 7 times a day by 5 users a bucket; ``fault`` is as for
    ``serve_answers`` and stands in for answer number ``at``.
    """
    with ExitStack() as stack:

        def start(at: int = 0, fault: Answer | str | None = None) -> ScriptedServer:
            def answer(server: ScriptedServer, path: str) -> Answer | None:
                if len(server.requests) != at:
                    return 200, {"Content-Type": "application/json"}, counted(path)
                if fault == "hang":
                    server.released.wait(10)
                    return None
                return fault

            return stack.enter_context(serve(answer))

        yield start


def counted(path: str) -> str:
    """Answer as Mixpanel documents it, with the same counts for every event."""
    asked = {name: value[0] for name, value in parse_qs(urlsplit(path).query).items()}
    if "/events/names" in path:
        return json.dumps(["Sign Up", "Page View"])
    first = date.fromisoformat(asked["from_date"])
    days = (date.fromisoformat(asked["to_date"]) - first).days + 1
    step, count = (1, 7) if asked["type"] == "general" else (7, 5)
    starts = [str(first + timedelta(days=day)) for day in range(0, days, step)]
    values = {
        event: dict.fromkeys(starts, count) for event in json.loads(asked["event"])
    }
    return json.dumps({"data": {"series": starts, "values": values}, "legend_size": 1})
