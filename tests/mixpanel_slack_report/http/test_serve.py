"""The command serve, as a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import datetime, timezone
from http.client import HTTPConnection
from pathlib import Path
from typing import Protocol

import pytest

from mixpanel_slack_report.slack.stand_in import SlackStandIn

from .conftest import SlashCommand
from .processes import Process


class ScriptedServer(Protocol):
    """A server that answers as scripted.

    Attributes:
        url: Its address.
    """

    url: str


Start = Callable[..., Process]


@pytest.fixture
def start(environ: dict[str, str]) -> Iterator[Start]:
    """Starts the command, and kills it at the end if it is still there."""
    with ExitStack() as stack:

        def serve(**settings: str) -> Process:
            started = Process({**environ, **settings})
            stack.callback(end, started)
            return started

        yield serve


def end(started: Process) -> None:
    """Kill a process that is still there."""
    if started.process.poll() is None:
        started.stop(signal.SIGKILL)


def test_idle_connections_keep_nobody_waiting(start: Start) -> None:
    """Two hundred clients have begun a request, and send nothing more of it."""
    serving = start()
    with ExitStack() as stack:
        for _ in range(200):
            idle = socket.create_connection(("127.0.0.1", serving.port), 5)
            stack.enter_context(idle).sendall(b"POST /api/SlackCommand HTTP/1.1\r\nX: ")
        began = time.monotonic()
        status, _ = serving.ask("GET", "/api/health")

    assert status == 200
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_stopped(start: Start, how: signal.Signals) -> None:
    """And then ends as something that went well."""
    serving = start()

    status, body = serving.ask("GET", "/api/health?code=s3cret")

    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert "GET /api/health 200" in serving.wait_for("/api/health")
    assert serving.stop(how) == 0
    assert serving.lines.get(timeout=60) == "Stopping."


def test_a_head_has_no_body(start: Start) -> None:
    """But the length of what a GET would get."""
    serving = start()

    with closing(HTTPConnection("127.0.0.1", serving.port, timeout=60)) as connection:
        connection.request("HEAD", "/api/health")
        answer = connection.getresponse()
        length, body = answer.headers["Content-Length"], answer.read()

    assert (answer.status, int(length) > 100, body) == (200, True, b"")


def test_it_says_what_is_not_served_without_a_setting(start: Start) -> None:
    """Keys that are not set close what they would open."""
    serving = start(SLACK_SIGNING_SECRET="")

    assert serving.greeting[:-1] == [
        "REPORT_KEY is not set: only programs of this machine are answered.",
        "SLACK_SIGNING_SECRET is not set: slash commands are refused.",
    ]
    assert serving.ask("POST", "/api/SlackCommand", b"text=daily")[0] == 401


def test_a_web_page_cannot_ask_without_a_key(start: Start) -> None:
    """A browser says where a request comes from."""
    headers = {"Sec-Fetch-Site": "cross-site"}

    status, _ = start().ask("GET", "/api/CustomReport", None, headers)

    assert status == 403


@pytest.fixture
def silent_host() -> Iterator[str]:
    """The address of a host that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_slack_is_answered_in_time_while_everything_hangs(
    start: Start, slash_command: SlashCommand, slack: SlackStandIn, silent_host: str
) -> None:
    """30 reports and an order wait for Mixpanel; Slack waits for three seconds."""
    serving = start(MIXPANEL_BASE_URL=silent_host)

    def report(_: int) -> int:
        try:
            return serving.ask("GET", "/api/CustomReport")[0]
        except OSError:
            return 0  # cut off at the end

    with ThreadPoolExecutor(30) as threads:
        reports = [threads.submit(report, number) for number in range(30)]
        for _ in range(6):
            serving.wait_for(" 503 ")
        taken = []
        for number in range(5):
            command = slash_command(
                "daily",
                signed_at=datetime.now(timezone.utc),
                trigger_id=f"1.{number}",
                response_url=slack.response_url,
            )
            begun = time.monotonic()
            status, _ = serving.ask(
                "POST", command.path, command.body, dict(command.headers)
            )
            taken.append(time.monotonic() - begun)
            assert status == 200
        health, _ = serving.ask("GET", "/api/health")
        serving.stop(signal.SIGKILL)
        statuses = [report.result() for report in reports]

    assert max(taken) < 2
    assert health == 200
    assert statuses.count(503) == 6


def test_an_order_outlives_a_process_that_is_killed(
    *,
    start: Start,
    slash_command: SlashCommand,
    slack: SlackStandIn,
    silent_host: str,
    serve_mixpanel: Callable[[], ScriptedServer],
    tmp_path: Path,
) -> None:
    """The next process takes it up, and the report is posted once."""
    killed = start(MIXPANEL_BASE_URL=silent_host)
    command = slash_command(
        "custom 1",
        signed_at=datetime.now(timezone.utc),
        response_url=slack.response_url,
    )
    killed.ask("POST", command.path, command.body, dict(command.headers))
    path = tmp_path / "ledger.sqlite"
    wait_for_row(path, "SELECT 1 FROM entry WHERE step = 'claimed'")
    killed.stop(signal.SIGKILL)
    assert slack.posts == []

    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE slack_work SET free_at = 0")  # five minutes later
    started = start(MIXPANEL_BASE_URL=serve_mixpanel().url)
    started.wait_for("slash command: Sent the custom report")
    started.stop(signal.SIGTERM)

    assert [post.channel for post in slack.posts] == ["", "response"]


def wait_for_row(path: Path, question: str) -> None:
    """Wait until a question to the file has an answer."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(path)) as base:
            if base.execute(question).fetchone():
                return
        time.sleep(0.02)
    pytest.fail(f"no row within 20 seconds: {question}")
