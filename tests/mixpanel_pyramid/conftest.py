"""What the tests of mixpanel-pyramid share: a scripted Mixpanel, and small apps."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pyramid.config import Configurator
from pyramid.registry import Registry
from pyramid.request import Request
from webtest import TestApp

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.dispatch import shared
from mixpanel_pyramid.lanes import Backoff

OK = b'{"status": 1, "error": null}'
# https://developer.mixpanel.com/reference/import-events
IMPORTED = b'{"code": 200, "num_records_imported": 1, "status": "OK"}'


@dataclass
class Reply:
    """What the sink does with one post.

    Attributes:
        status: HTTP status; 0 reads the post and closes the connection unanswered.
        body: Body of the answer.
        headers: More headers of the answer.
        hold: When set, the answer waits until this is set.
    """

    status: int = 200
    body: bytes = OK
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None


@dataclass
class Post:
    """A post that the sink read; ``accepted`` if it was answered 200 with status 1."""

    path: str
    query: dict[str, str]
    messages: list[dict[str, Any]]
    accepted: bool
    connection: tuple[str, int]
    authorization: str | None = None


class Sink:
    """An imitation of Mixpanel's ingestion on a real socket, scripted by the test."""

    def __init__(self, port: int = 0) -> None:
        self.script: deque[Reply] = deque()
        self.otherwise = Reply()
        self.posts: list[Post] = []
        self.read = threading.Condition()
        handler = type("Handler", (SinkHandler,), {"sink": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def wait_for(self, number: int) -> list[Post]:
        """Wait until so many posts were read, and give them."""
        with self.read:
            assert self.read.wait_for(lambda: len(self.posts) >= number, 10)
            return list(self.posts)

    def accepted(self, path: str) -> list[dict[str, Any]]:
        """Give the messages that were accepted at a path, in order."""
        with self.read:
            return [
                message
                for post in self.posts
                if post.accepted and post.path == path
                for message in post.messages
            ]

    def event_names(self) -> list[str]:
        """Give the names of the accepted events, in order."""
        return [message["event"] for message in self.accepted("/track")]

    def close(self) -> None:
        """Stop."""
        for reply in (*self.script, self.otherwise):
            if reply.hold:
                reply.hold.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class SinkHandler(BaseHTTPRequestHandler):
    """Reads a post, keeps it, and answers as the script has it."""

    protocol_version = "HTTP/1.1"
    sink: Sink

    def do_POST(self) -> None:
        """Answer a post."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        with self.sink.read:
            script = self.sink.script
            reply = script.popleft() if script else self.sink.otherwise
            is_import = self.headers["Content-Encoding"] == "gzip"
            if is_import:
                messages = json.loads(gzip.decompress(body))
            else:
                messages = json.loads(parse_qs(body.decode())["data"][0])
            if not isinstance(messages, list):  # as the official Consumer does it
                messages = [messages]
            accepted = reply.status == 200 and reply.body == OK
            if is_import and reply is self.sink.otherwise:
                reply = Reply(body=IMPORTED)
            post = Post(
                url.path,
                query,
                messages,
                accepted,
                self.client_address,
                self.headers["Authorization"],
            )
            self.sink.posts.append(post)
            self.sink.read.notify_all()
        if reply.hold:
            reply.hold.wait(20)
        if reply.status == 0:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def handle(self) -> None:
        """Serve a connection; a client that leaves early is no error here."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@dataclass
class Call:
    """A call that the workspace read."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    client: tuple[str, int]


class Workspace:
    """An imitation of Customer.io's Track API on a real socket, scripted by the test.

    Attributes:
        script: What it answers next; then success.
        poison: Whoever is in a batch with this person is refused with it.
        calls: What it read, in order.
    """

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        self.poison = ""
        self.calls: list[Call] = []
        self.read = threading.Condition()
        handler = type("Handler", (WorkspaceHandler,), {"workspace": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def wait_for(self, number: int) -> None:
        """Wait until so many calls were read."""
        with self.read:
            assert self.read.wait_for(lambda: len(self.calls) >= number, 10)

    def items(self) -> list[dict[str, Any]]:
        """Give the items of all batches, in order."""
        with self.read:
            return [item for call in self.calls for item in call.body["batch"]]

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class WorkspaceHandler(BaseHTTPRequestHandler):
    """Reads a call, keeps it, and answers as the script has it."""

    protocol_version = "HTTP/1.1"
    workspace: Workspace

    def answer(self) -> None:
        """Answer a call."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        data = json.loads(body)
        call = Call(self.command, self.path, headers, data, self.client_address)
        with self.workspace.read:
            script = self.workspace.script
            otherwise = Reply(body=b"{}")
            if self.workspace.poison and self.workspace.poison.encode() in body:
                otherwise = Reply(400, b'{"errors": [{"reason": "no such thing"}]}')
            reply = script.popleft() if script else otherwise
            self.workspace.calls.append(call)
            self.workspace.read.notify_all()
        if reply.hold:
            reply.hold.wait(20)
        if reply.status == 0:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    do_POST = do_PUT = do_DELETE = answer

    def handle(self) -> None:
        """Serve a connection; a client that leaves early is no error here."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A scripted Customer.io that accepts everything until told otherwise."""
    workspace = Workspace()
    yield workspace
    workspace.close()


@pytest.fixture(autouse=True)
def disconnected() -> Iterator[None]:
    """End, after each test, the consumers that its apps share.

    The folder of an outbox goes with the test; and what is left in memory must not be
    posted to the sink of a later one, which may get the same port.
    """
    yield
    for consumer in list(shared.values()):
        assert consumer.stop(10)
    shared.clear()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A scripted Mixpanel that accepts everything until told otherwise."""
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def make_sink() -> Iterator[Callable[[int], Sink]]:
    """Start a scripted Mixpanel on a port of the test's choice."""
    sinks: list[Sink] = []

    def start(port: int) -> Sink:
        sinks.append(Sink(port))
        return sinks[-1]

    yield start
    for sink in sinks:
        sink.close()


@pytest.fixture
def reply() -> type[Reply]:
    """The class of what a sink's script is made of."""
    return Reply


MakeConsumer = Callable[..., BackgroundConsumer]


@pytest.fixture
def make_consumer() -> Iterator[MakeConsumer]:
    """Make background consumers that come back quickly after a failure."""
    made: list[BackgroundConsumer] = []

    def make(
        base_url: str, *, backoff: float = 0.02, **bounds: float
    ) -> BackgroundConsumer:
        destination = MixpanelDestination(base_url, **bounds)  # type: ignore[arg-type]
        made.append(BackgroundConsumer(destination, backoff=Backoff(first=backoff)))
        return made[-1]

    yield make
    # The threads live as long as the process; they must not post to a later test.
    for consumer in made:
        assert consumer.flush(10)
        consumer.disconnect()


View = Callable[[Request], Any]
MakeApp = Callable[..., "App"]
Until = Callable[[Callable[[], bool]], None]


@dataclass
class App:
    """A Pyramid app behind WebTest.

    Attributes:
        web: Sends requests.
        registry: The app's registry.
        requests: The requests that views were called with, subrequests included.
    """

    web: TestApp
    registry: Registry
    requests: list[Request]

    def recorded(self) -> list[str]:
        """Give the names of what the first request recorded."""
        return names(self.requests[0].mixpanel.mocked_messages)


def names(messages: list[dict[str, Any]]) -> list[str]:
    """Give the event names, or ``$set`` and the like, of recorded messages."""
    return [
        message["msg"].get("event") or next(k for k in message["msg"] if k[0] == "$")
        for message in messages
    ]


@pytest.fixture
def make_app() -> MakeApp:
    """Make an app with one view per path, recording unless settings say otherwise."""

    def make(
        views: dict[str, View],
        settings: dict[str, Any] | None = None,
        configure: Callable[[Configurator], None] = lambda config: None,
    ) -> App:
        seen: list[Request] = []

        def watched(view: View) -> View:
            def call(request: Request) -> object:
                seen.append(request)
                return view(request)

            return call

        settings = {"mixpanel.token": "false", **(settings or {})}
        with Configurator(settings=settings) as config:
            config.include("mixpanel_pyramid")
            configure(config)
            for path, view in views.items():
                config.add_route(path, f"/{path}")
                config.add_view(watched(view), route_name=path)
            app = config.make_wsgi_app()
        return App(TestApp(app), app.registry, seen)

    return make


@pytest.fixture
def until() -> Until:
    """Wait, at most ten seconds, until something holds."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    return wait
