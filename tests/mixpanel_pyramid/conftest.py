"""What the tests of mixpanel-pyramid share: a scripted Mixpanel, and small apps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pyramid.config import Configurator
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.threadlocal import manager
from webtest import TestApp

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.dispatch import shared
from mixpanel_pyramid.lanes import Backoff

from .scripted_customerio import Workspace
from .scripted_mixpanel import Reply, Sink


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
        assert consumer.stop(60)
    shared.clear()


@pytest.fixture(autouse=True)
def no_request_stays() -> Iterator[None]:
    """Fail a test that leaves its thread in a request, where later ones would begin."""
    yield
    left = [info["request"] for info in manager.stack]
    manager.stack.clear()
    assert not left


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
    """Wait, at most half a minute, until something holds."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    return wait
