"""Real processes that share an outbox, and end in every way."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.dispatch import dispatch_for, shared
from mixpanel_pyramid.message import event_message, mixpanel_message
from mixpanel_pyramid.settings import read_settings

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Reply, Sink

NOBODY = "http://127.0.0.1:9"
BEGIN = """
import json, os, signal, sys, time
settings = json.loads(sys.argv[1])
from mixpanel_pyramid import Events, MixpanelTrack
from mixpanel_pyramid.dispatch import dispatch_for, shared
from mixpanel_pyramid.settings import read_settings
tracker = MixpanelTrack(settings, distinct_id="joe")
def track(number):
    for _ in range(number):
        tracker.track(Events.page_viewed)
"""
KILLED = "track(5037)\nos.kill(os.getpid(), signal.SIGKILL)"
ENDS_AT_ONCE = "track(50)\nos._exit(0)"
ENDS = "track(50)"
ENDS_IN_OUTAGE = """
track(50)
while not dispatch_for(read_settings(settings)).mixpanel.outage.lanes_down:
    time.sleep(0.01)
"""
WHILE_FILE_IS_BUSY = """
import sqlite3, threading
path = settings["mixpanel.outbox"]
other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
other.execute("BEGIN EXCLUSIVE")
track(10)
timer = threading.Timer(3.0, other.execute, ["ROLLBACK"])
timer.daemon = True  # else the exit waits for it first
timer.start()
"""
FLUSHES = "track(10)\nprint(tracker.flush(float(sys.argv[2])))"
SENDS = """
dispatch_for(read_settings(settings)).mixpanel.notice()
print("sending", flush=True)
sys.stdin.read()
"""
APP = """
from pyramid.config import Configurator
with Configurator(settings=settings) as config:
    config.include("mixpanel_pyramid")
    app = config.make_wsgi_app()
print("started", flush=True)
sys.stdin.read()
"""
JUMPING = """
real, calls = time.time, []
def jumping():
    calls.append(1)
    return real() + (3600 if len(calls) % 2 else -3600)
time.time = jumping
track(100)
print(tracker.flush(20))
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The outbox."""
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def start(path: Path) -> Iterator[Start]:
    """Start a process that tracks with this outbox."""
    started = []

    def begin(
        what: str, base_url: str, *arguments: object, **more: object
    ) -> subprocess.Popen[str]:
        settings = {
            "mixpanel.token": "t",
            "mixpanel.base_url": base_url,
            "mixpanel.outbox": str(path),
            **{f"mixpanel.{name}": value for name, value in more.items()},
        }
        script = [sys.executable, "-Wignore", "-c", BEGIN + what]
        started.append(
            subprocess.Popen(
                [*script, json.dumps(settings), *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    """Wait for what a process says first."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def waiting(path: Path) -> int:
    """Count what is in the outbox."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM messages").fetchone()[0])


def insert_ids(sink: Sink) -> list[str]:
    """Give the insert ids of the accepted events."""
    return [m["properties"]["$insert_id"] for m in sink.accepted("/track")]


def test_lesson_11_5037_events_survive_a_kill(
    start: Start, path: Path, sink: Sink, until: Callable[..., None]
) -> None:
    """All arrive after the restart, without any request, each once."""
    process = start(KILLED, NOBODY)
    assert process.wait(60) == -signal.SIGKILL
    assert waiting(path) == 5037

    assert first_line(start(APP, sink.base_url)) == "started"

    until(lambda: len(insert_ids(sink)) >= 5037)
    until(lambda: waiting(path) == 0)
    assert len(insert_ids(sink)) == len(set(insert_ids(sink))) == 5037


@pytest.mark.parametrize("what", ["", "tracker.flush(30)", "track(1)"])
def test_lesson_11_a_script_sends_what_one_before_it_left(
    start: Start, path: Path, sink: Sink, what: str
) -> None:
    """Also one that ends at once, as nobody else may come for a long time."""
    assert start(KILLED, NOBODY).wait(60) == -signal.SIGKILL

    assert start(what, sink.base_url).wait(60) == 0

    assert waiting(path) == 0
    assert len(set(insert_ids(sink))) == 5037 + (what == "track(1)")


def test_lesson_11_a_script_does_not_wait_for_a_backlog_in_an_outage(
    start: Start, path: Path
) -> None:
    """It has tracked nothing itself, and what waits is safe."""
    assert start(KILLED, NOBODY).wait(60) == -signal.SIGKILL
    began = time.monotonic()

    assert start("", NOBODY, flush_timeout=90).wait(120) == 0
    assert time.monotonic() - began < 60
    assert waiting(path) == 5037


def test_lesson_11_a_worker_that_ends_at_once_loses_nothing(
    start: Start, path: Path
) -> None:
    """As those of RQ do, with ``os._exit``."""
    assert start(ENDS_AT_ONCE, NOBODY).wait(60) == 0

    assert waiting(path) == 50


def test_an_exit_in_an_outage_waits_for_the_file(start: Start, path: Path) -> None:
    """What it did not take yet is brought to it, but no longer waited for then."""
    process = start(ENDS_IN_OUTAGE + WHILE_FILE_IS_BUSY, NOBODY, flush_timeout=600)
    _, stderr = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "60 messages for 127.0.0.1:9 were not delivered" in stderr
    assert waiting(path) == 60


def test_an_exit_waits_for_no_outage_to_end(start: Start, path: Path) -> None:
    """Where everything is on disk, so that a deploy need not wait either."""
    process = start(ENDS_IN_OUTAGE, NOBODY, flush_timeout=600)
    _, stderr = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "50 messages for 127.0.0.1:9 were not delivered" in stderr
    assert waiting(path) == 50


def test_an_exit_in_an_outage_is_bounded_and_loses_nothing(
    start: Start, path: Path, sink: Sink
) -> None:
    """The log says that the messages wait in the outbox; the next process has them."""
    process = start(ENDS, NOBODY, flush_timeout=0.5)
    _, stderr = process.communicate(timeout=60)  # the bound: the outage has no end
    assert process.returncode == 0
    assert "were not delivered before the process ended, and wait in the outbox" in (
        stderr
    )
    assert waiting(path) == 50

    assert start(ENDS, sink.base_url, flush_timeout=20).wait(60) == 0

    assert waiting(path) == 0
    assert len(set(insert_ids(sink))) == 100


def test_flush_waits_for_the_process_that_sends(
    start: Start, path: Path, sink: Sink
) -> None:
    """It says yes when another process has delivered what this one released."""
    sender = start(SENDS, sink.base_url)
    assert first_line(sender) == "sending"
    time.sleep(1)

    flushing = start(FLUSHES, NOBODY, 20)

    assert flushing.communicate(timeout=60)[0] == "True\n"
    assert len(insert_ids(sink)) == 10


def test_flush_says_no_in_time_when_the_sender_cannot_send(
    start: Start, path: Path
) -> None:
    """It waits no longer than it may."""
    sender = start(SENDS, NOBODY)
    assert first_line(sender) == "sending"

    assert first_line(start(FLUSHES, NOBODY, 0.5, flush_timeout=0.5)) == "False"
    assert waiting(path) == 10


def test_a_sender_that_is_killed_is_replaced(
    start: Start, path: Path, sink: Sink, until: Callable[..., None]
) -> None:
    """By a process that only waited so far."""
    first = start(SENDS, NOBODY)
    assert first_line(first) == "sending"
    time.sleep(0.5)
    second = start(SENDS, sink.base_url)
    assert first_line(second) == "sending"
    start(ENDS_AT_ONCE, NOBODY).wait(60)
    assert insert_ids(sink) == []

    first.kill()

    until(lambda: len(insert_ids(sink)) == 50)


def test_a_restart_with_another_address_sends_there(
    start: Start, path: Path, sink: Sink, until: Callable[..., None]
) -> None:
    """What waits is the project's, whichever region or proxy it is reached by."""
    start(ENDS_AT_ONCE, NOBODY).wait(60)
    start(APP, sink.base_url)

    until(lambda: len(insert_ids(sink)) == 50)
    until(lambda: waiting(path) == 0)
    with closing(sqlite3.connect(path)) as connection:
        labels = connection.execute("SELECT label FROM destinations").fetchall()
    assert labels == [(f"Mixpanel, {sink.base_url}",)]


def test_two_projects_share_a_file_and_nothing_else(
    start: Start, path: Path, sink: Sink, until: Callable[..., None]
) -> None:
    """A process of one sends nothing of the other's, and is not held up by it."""
    start(ENDS_AT_ONCE, NOBODY, token="other").wait(60)
    start(ENDS_AT_ONCE, NOBODY).wait(60)

    start(APP, sink.base_url)

    until(lambda: waiting(path) == 50)
    tokens = {m["properties"]["token"] for m in sink.accepted("/track")}
    assert tokens == {"t"}
    start(APP, sink.base_url, token="other")
    until(lambda: waiting(path) == 0)
    assert len(set(insert_ids(sink))) == 100


def test_a_clock_that_jumps_holds_nothing_up(start: Start, sink: Sink) -> None:
    """Two hours to and fro, each time somebody asks for it."""
    assert first_line(start(JUMPING, sink.base_url)) == "True"
    assert len(set(insert_ids(sink))) == 100


def test_two_apps_of_a_process_send_from_one_file_but_once(
    path: Path, sink: Sink, reply: type[Reply]
) -> None:
    """Though they open it with other settings, and close it at other times.

    What counts would be sent twice, or be lost, if both were the sender.
    """
    plain = {
        "mixpanel.token": "t",
        "mixpanel.base_url": sink.base_url,
        "mixpanel.outbox": str(path),
    }
    careful = {**plain, "mixpanel.outbox_sync": "full", "mixpanel.request_timeout": "7"}
    apps = [dispatch_for(read_settings(settings)) for settings in (plain, careful)]
    update = {"$distinct_id": "joe", "$add": {"Logins": 1}}
    for number in range(30):
        for app in apps:
            app.put(
                [
                    mixpanel_message("people", dict(update), "t"),
                    event_message(f"E{number}", {"time": time.time()}),
                ]
            )
        if number % 10 == 0:
            time.sleep(0.15)
    try:
        assert all(app.flush(20) for app in apps)

        assert len(sink.accepted("/engage")) == 60
        assert len(sink.accepted("/track")) == 60
        assert sum(app.stats().sent for app in apps) == 120
        assert sum(app.stats().unknown for app in apps) == 0
    finally:
        for app in apps:
            app.mixpanel.stop(10)  # type: ignore[attr-defined]


def test_a_request_leaves_nothing_in_memory(
    make_app: MakeApp, path: Path, sink: Sink
) -> None:
    """What it released is in the file when its answer is there."""
    from mixpanel_pyramid import Events, delivery_stats

    def view(request: object) -> str:
        request.mixpanel.distinct_id = "joe"  # type: ignore[attr-defined]
        request.mixpanel.track(Events.page_viewed)  # type: ignore[attr-defined]
        return "hello"

    sink.close()
    app = make_app(
        {"home": view},
        {
            "mixpanel.token": "t",
            "mixpanel.base_url": sink.base_url,
            "mixpanel.outbox": str(path),
        },
        lambda config: config.add_view(view, renderer="string"),
    )
    app.web.get("/", status=200)

    assert waiting(path) == 1
    for consumer in shared.values():
        consumer.stop(10)
    assert delivery_stats(app.registry).queued == 1
    assert delivery_stats(app.registry).in_memory == {}
