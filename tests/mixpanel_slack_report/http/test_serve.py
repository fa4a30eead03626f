"""The command serve, as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import datetime, timezone
from http.client import HTTPConnection
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Protocol
from urllib.parse import urlsplit

import pytest

from mixpanel_slack_report.slack.stand_in import SlackStandIn

from .conftest import SECRET, SlashCommand

COMMAND = [sys.executable, "-m", "mixpanel_slack_report", "serve", "--port", "0"]


class ScriptedServer(Protocol):
    """A server that answers as scripted.

    Attributes:
        url: Its address.
    """

    url: str


class Process:
    """A process that serves.

    Attributes:
        process: The process.
        lines: Its lines on stderr, as they come.
        greeting: Those until it served.
        port: Its port.
    """

    def __init__(self, environ: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            COMMAND, env=environ, stderr=subprocess.PIPE, text=True
        )
        self.lines: Queue[str] = Queue()
        self.thread = Thread(target=self.read)
        self.thread.start()
        self.greeting: list[str] = []
        while not "".join(self.greeting[-1:]).startswith("Serving at "):
            self.greeting.append(self.lines.get(timeout=20))
        address = self.greeting[-1].removeprefix("Serving at ").partition(";")[0]
        self.port = urlsplit(address).port or 0

    def read(self) -> None:
        """Keep what it writes, until it ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line.rstrip("\n"))

    def wait_for(self, words: str) -> str:
        """Wait for a line with words in it, and return it."""
        while True:
            line = self.lines.get(timeout=20)
            if words in line:
                return line

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Ask, and return the status and the body."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def stop(self, how: signal.Signals) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(how)
        code = self.process.wait(30)
        self.thread.join(10)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


Start = Callable[..., Process]


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack that stands in."""
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def environ(slack: SlackStandIn, tmp_path: Path) -> dict[str, str]:
    """The environment, with a Mixpanel that is not there."""
    given = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "right-s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": "http://127.0.0.1:9",
        "SLACK_WEBHOOK_URL": slack.webhook_url,
        "SLACK_API_URL": slack.api_url,
        "SLACK_SIGNING_SECRET": SECRET,
        "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
    }
    return {**os.environ, **given}


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


def refusal(
    environ: dict[str, str], *arguments: str, script: str = ""
) -> tuple[int, str]:
    """Run the command where it does not start; return its code and what it says."""
    command = [sys.executable, "-c", script] if script else COMMAND
    run = subprocess.run(
        [*command, *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_stopped(start: Start, how: signal.Signals) -> None:
    """And then ends as something that went well."""
    serving = start()

    status, body = serving.ask("GET", "/api/health?code=s3cret")

    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert "GET /api/health 200" in serving.wait_for("/api/health")
    assert serving.stop(how) == 0
    assert serving.lines.get(timeout=5) == "Stopping."


def test_a_head_has_no_body(start: Start) -> None:
    """But the length of what a GET would get."""
    serving = start()

    with closing(HTTPConnection("127.0.0.1", serving.port, timeout=30)) as connection:
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


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_without_a_key_it_is_not_reached_from_elsewhere(
    environ: dict[str, str], host: str
) -> None:
    """It does not start, rather than be open or not be found."""
    code, said = refusal(environ, "--host", host)

    assert code == 1
    assert said == (
        "Error: REPORT_KEY is not set, and without it only 127.0.0.1 is served; "
        "set it, or leave out --host\n"
    )


def test_a_port_that_is_taken_is_told(environ: dict[str, str]) -> None:
    """In one line, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = refusal(environ, "--port", port)

    assert code == 1
    assert said.splitlines()[-1] == (
        f"Error: cannot listen at 127.0.0.1, port {port} (Address already in use); "
        "give another --host or --port"
    )


def test_a_ledger_that_cannot_be_used_is_told(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """Before anybody asks for a report."""
    code, said = refusal({**environ, "REPORT_LEDGER": str(tmp_path)})

    assert code == 1
    assert "REPORT_LEDGER" in said
    assert len(said.splitlines()) == 1


def test_without_the_extra_it_names_the_extra(environ: dict[str, str]) -> None:
    """In one line."""
    script = (
        "import sys; sys.modules['waitress'] = None\n"
        "from mixpanel_slack_report.command import main; main(['serve'])"
    )
    code, said = refusal(environ, script=script)

    assert code == 1
    assert said == (
        "Error: serve needs waitress, which is not installed; run pip install "
        "'mixpanel-slack-report[serve]'\n"
    )


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
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(path)) as base:
            if base.execute(question).fetchone():
                return
        time.sleep(0.02)
    pytest.fail(f"no row within 20 seconds: {question}")
