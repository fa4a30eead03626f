"""Servers that are killed, fork late, or end without a word."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import pytest
from tests.mixpanel_pyramid.faults.fault_run import UNKNOWN, messages_in
from tests.mixpanel_pyramid.faults.scripted_sink import OK, Fault, ScriptedSink

HERE = Path(__file__).parent
KILL_RUN = [sys.executable, "-Wignore", str(HERE / "kill_run.py")]
WAITRESS = [sys.executable, "-Wignore", str(HERE / "fault_app.py")]
PRELOADED = [
    *(sys.executable, "-Wignore", "-m", "gunicorn", "--preload", "--workers=3"),
    *(f"--chdir={HERE}", "--log-level=error", "fault_app:from_environment()"),
]
JOB = """
import json, os, sys
from mixpanel_pyramid import Events, MixpanelTrack
settings = json.loads(os.environ["FAULT_APP_SETTINGS"])
with MixpanelTrack(settings, distinct_id="joe") as tracker:
    for page in sys.argv[1:]:
        tracker.track(Events.page_viewed, insert_id=page)
os._exit(0)
"""


@pytest.fixture
def sink() -> Iterator[ScriptedSink]:
    """A Mixpanel that refuses connections until it listens."""
    sink = ScriptedSink()
    yield sink
    sink.close()


def environment(sink: ScriptedSink, **settings: str) -> dict[str, str]:
    """Give a process the settings of an app that tracks into a sink."""
    ours = {"token": "t", "base_url": f"http://127.0.0.1:{sink.port}", **settings}
    prefixed = {f"mixpanel.{name}": ours[name] for name in ours}
    return {**os.environ, "FAULT_APP_SETTINGS": json.dumps(prefixed)}


def visit(port: int, page: str) -> None:
    """Make a request that tracks; it is answered."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", f"/tracked?who=joe&page={page}")
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"tracked")
    finally:
        connection.close()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait, at most 20 seconds, until something holds."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def waitress(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run waitress in a process of its own."""
    process = subprocess.Popen(WAITRESS, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="gunicorn forks")
def test_killed_under_load() -> None:
    """A short run of ``kill_run``; ``nox -s faults`` makes the long one."""
    options = ["--seconds=4", "--pace=60", "--kills=4"]
    done = subprocess.run(
        [*KILL_RUN, *options], capture_output=True, text=True, timeout=200, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert '"answered with a 2xx": ' in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="gunicorn forks")
@pytest.mark.parametrize("has_outbox", [False, True], ids=["memory", "outbox"])
def test_lesson_11_preloaded(
    sink: ScriptedSink, tmp_path: Path, has_outbox: bool
) -> None:
    """The app is made before the workers are forked, and all of them deliver.

    With an outbox some may wait for the next start, but nothing is in doubt.
    """
    sink.fail(Fault(applies=True, answer=OK, pause=0.05))
    sink.listen()
    outbox = tmp_path / "outbox.sqlite"
    settings = {"outbox": str(outbox)} if has_outbox else {}
    pages = {uuid4().hex for _ in range(30)}
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        process = subprocess.Popen(
            [*PRELOADED, f"--bind=fd://{listener.fileno()}"],
            env=environment(sink, **settings),
            pass_fds=[listener.fileno()],
        )
        try:
            for page in pages:
                visit(listener.getsockname()[1], page)
        finally:
            process.terminate()
            assert process.wait(60) == 0
    waiting = messages_in(outbox, "SELECT body FROM messages") if has_outbox else []
    events = {m["properties"]["$insert_id"] for m in waiting if "event" in m}

    assert set(sink.holdings.events) | events == pages
    assert sink.holdings.sums["joe"] + sum("$add" in m for m in waiting) == 30
    assert not has_outbox or messages_in(outbox, "SELECT first FROM in_flight") == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_lesson_11_waitress_ends_without_atexit(
    sink: ScriptedSink, tmp_path: Path, number: signal.Signals
) -> None:
    """It does so on SIGTERM too; with an outbox the next process delivers."""
    env = environment(sink, outbox=str(tmp_path / "outbox.sqlite"))
    pages = {uuid4().hex for _ in range(20)}
    with waitress(env) as (process, port):
        for page in pages:
            visit(port, page)
        process.send_signal(number)
        assert process.wait(60) == -number
    assert sink.holdings.events == {}
    sink.listen()
    with waitress(env):
        wait_until(lambda: set(sink.holdings.events) == pages)

    assert set(sink.holdings.events.values()) == {1}


@pytest.mark.parametrize("is_applied", [False, True], ids=["not applied", "applied"])
def test_lesson_8_killed_while_counters_are_under_way(
    sink: ScriptedSink, tmp_path: Path, is_applied: bool
) -> None:
    """Nobody knows whether they were applied, and so they are not sent again."""
    outbox = tmp_path / "outbox.sqlite"
    env = environment(sink, outbox=str(outbox))
    sink.fail(Fault(hangs=True, applies=is_applied, only_at="/engage"))
    sink.listen()
    with waitress(env) as (process, port):
        visit(port, "page-1")
        wait_until(lambda: "/engage" in [path for _, path in sink.posts])
        time.sleep(0.1)  # until it is applied
        process.kill()
        process.wait()
    sink.mend()
    with waitress(env):
        wait_until(lambda: sink.holdings.names == {"joe": "joe"})

    assert sink.holdings.sums == ({"joe": 1} if is_applied else {})
    assert sink.holdings.items == ({"joe": ["page-1"]} if is_applied else {})
    assert len(messages_in(outbox, UNKNOWN)) == 2


def test_lesson_11_a_job_that_ends_by_os_exit(sink: ScriptedSink) -> None:
    """As in RQ and Celery: a tracker in a ``with`` delivers before it goes on."""
    sink.listen()
    pages = [uuid4().hex for _ in range(50)]
    command = [sys.executable, "-Wignore", "-c", JOB, *pages]
    subprocess.run(command, env=environment(sink), check=True, timeout=60)

    assert set(sink.holdings.events) == set(pages)


def test_lesson_11_a_job_that_ends_while_mixpanel_is_away(
    sink: ScriptedSink, tmp_path: Path
) -> None:
    """With an outbox the next job delivers what the first one could not."""
    outbox = str(tmp_path / "outbox.sqlite")
    env = environment(sink, outbox=outbox, flush_timeout="0.1")
    pages = [uuid4().hex for _ in range(50)]
    command = [sys.executable, "-Wignore", "-c", JOB]
    subprocess.run([*command, *pages[:25]], env=env, check=True, timeout=60)
    sink.listen()
    env = environment(sink, outbox=outbox)
    subprocess.run([*command, *pages[25:]], env=env, check=True, timeout=60)
    wait_until(lambda: set(sink.holdings.events) == set(pages))

    assert set(sink.holdings.events.values()) == {1}
