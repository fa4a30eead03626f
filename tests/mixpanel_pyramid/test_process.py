"""Real processes: a WSGI server, an exit, an exit without anybody to talk to."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Sink

SCRIPT = """
import sys
from mixpanel_pyramid import Events, MixpanelTrack
settings = {"mixpanel.token": "t", "mixpanel.base_url": sys.argv[1],
            "mixpanel.flush_timeout": sys.argv[2]}
tracker = MixpanelTrack(settings, distinct_id="joe")
for _ in range(500):
    tracker.track(Events.page_viewed)
"""

SERVER = """
import sys
from mixpanel_pyramid import Events
from pyramid.config import Configurator
from pyramid.response import Response
from waitress.server import create_server

def view(request):
    request.mixpanel.distinct_id = request.params["who"]
    request.mixpanel.track(Events.page_viewed)
    return Response("done", status=503 if "fail" in request.params else 200)

settings = {"mixpanel.token": "t", "mixpanel.base_url": sys.argv[1]}
with Configurator(settings=settings) as config:
    config.include("mixpanel_pyramid")
    config.add_route("home", "/")
    config.add_view(view, route_name="home")
    app = config.make_wsgi_app()
server = create_server(app, host="127.0.0.1", port=0, threads=4)
print(server.effective_port, flush=True)
server.run()
"""


NEW_MODULES = """
import sys
from mixpanel_pyramid import Events, MixpanelTrack, ProfileProperties
settings = {"mixpanel.token": "t", "mixpanel.base_url": sys.argv[1]}
tracker = MixpanelTrack(settings, distinct_id="joe")
before = set(sys.modules)
tracker.track(Events.page_viewed)
tracker.profile_set({ProfileProperties.dollar_name: "x" * 300})
from mixpanel_pyramid.dispatch import dispatch_for
assert dispatch_for(tracker.settings).flush(20)
print(sorted(set(sys.modules) - before))
"""


def status_of(port: int, path: str) -> int:
    """Make one request over a connection of its own, and give its status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@pytest.fixture
def served(sink: Sink) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """An app that sends to the sink, served by waitress in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, sink.base_url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield process, int(process.stdout.readline())
    process.kill()
    process.communicate()


def test_requests_over_a_real_server_arrive(
    served: tuple[subprocess.Popen[str], int], sink: Sink
) -> None:
    """Four threads; what fails leaves nothing behind; Ctrl-C delivers the rest."""
    process, port = served

    def visit(first: int) -> None:
        for number in range(first, first + 10):
            assert status_of(port, f"/?who=u{number}") == 200
            assert status_of(port, f"/?who=u{number}&fail=1") == 503

    visitors = [threading.Thread(target=visit, args=(n * 10,)) for n in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0

    properties = [message["properties"] for message in sink.accepted("/track")]
    assert sorted(p["distinct_id"] for p in properties) == sorted(
        f"u{number}" for number in range(40)
    )
    assert len({p["$insert_id"] for p in properties}) == 40


def run_script(base_url: str, flush_timeout: float) -> tuple[float, str]:
    """Run a script that tracks and ends; give its seconds and what it printed."""
    began = time.monotonic()
    done = subprocess.run(
        # Pyramid 2 imports pkg_resources, which says on stderr that it is old.
        [sys.executable, "-Wignore", "-c", SCRIPT, base_url, str(flush_timeout)],
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    return time.monotonic() - began, done.stderr


def test_a_tracker_that_is_made_has_nothing_left_to_import(sink: Sink) -> None:
    """A fork in the middle of an import would hang the child, which waits for it."""
    output = subprocess.check_output(
        [sys.executable, "-Wignore", "-c", NEW_MODULES, sink.base_url],
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=60,
    )

    assert output.strip() == "[]"
    assert len(sink.accepted("/track")) == 1


def test_lesson_11_an_ordinary_exit_delivers_first(sink: Sink) -> None:
    """What was released in the last moment arrives."""
    _, stderr = run_script(sink.base_url, 20)

    assert len(sink.accepted("/track")) == 500
    assert stderr == ""


def test_lesson_11_the_exit_is_bounded(sink: Sink) -> None:
    """A service that is away holds the process for the timeout, and the log says it."""
    sink.close()
    quick, _ = run_script(sink.base_url, 0.01)
    slow, stderr = run_script(sink.base_url, 1)

    assert slow - quick < 6
    assert "takes no messages (ConnectError" in stderr
    assert "500 messages for 127.0.0.1" in stderr
    assert "were not delivered before the process ended" in stderr
