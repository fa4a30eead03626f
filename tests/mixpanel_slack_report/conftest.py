"""What the tests of the report share: a fake project, a report, scripted servers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.mixpanel_slack_report.fake_project import FakeProject
from tests.mixpanel_slack_report.scripted_answers import counted, kind_of_path

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report import Report

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=timezone.utc)


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
ServeWith = Callable[..., "ScriptedServer"]
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
    answer: Callable[[ScriptedServer, str, str], Answer | None],
) -> Iterator[ScriptedServer]:
    """Serve until the block ends; an answer of None cuts the connection."""
    server = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size).decode()
            server.requests.append((self.path, body))
            answered = answer(server, self.path, body)
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
            def answer(server: ScriptedServer, path: str, body: str) -> Answer | None:
                given = answers[min(len(server.requests), len(answers)) - 1]
                if given == "hang":
                    server.released.wait(10)
                    return None
                return given

            return stack.enter_context(serve(answer))

        yield start


@pytest.fixture
def serve_with() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts a server whose answers a function gives, as ``serve`` takes it."""
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(serve(answer))


@pytest.fixture
def serve_mixpanel() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts a Mixpanel one kind of whose answers is another one.

    "Sign Up" happened 7 times a day by 5 users a bucket; ``fault`` is as for
    ``serve_answers`` and stands in for the answers of the kind ``at``: ``"names"``,
    ``"totals"``, ``"users"``, or the end of another address, such as ``"sum"``. The
    first three have the numbers 1 to 3, too.
    """
    with ExitStack() as stack:

        def start(
            at: int | str = "", fault: Answer | str | None = None
        ) -> ScriptedServer:
            kinds = {0: "", 1: "names", 2: "totals", 3: "users"}
            kind = kinds[at] if isinstance(at, int) else at

            def answer(server: ScriptedServer, path: str, body: str) -> Answer | None:
                if kind_of_path(path) != kind:
                    json_type = {"Content-Type": "application/json"}
                    return 200, json_type, counted(path, body)
                if fault == "hang":
                    server.released.wait(10)
                    return None
                return fault

            return stack.enter_context(serve(answer))

        yield start
