"""No endpoint answers with a secret or logs one, in ``serve`` and on Azure alike."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from types import SimpleNamespace
from urllib.parse import quote, urlencode, urlsplit

import pytest

from mixpanel_slack_report.http.report_server import report_application
from mixpanel_slack_report.settings import read_settings

from .conftest import QUOTED, Surround, Surroundings
from .secrets_given import (
    REPLY_PATH,
    REPORT_KEY,
    SIGNING_SECRET,
    found_secrets,
)

ServeApp = Callable[[object], AbstractContextManager[str]]
WEEK = "from_date=2026-11-09&to_date=2026-11-15"
CODE = f"code={quote(REPORT_KEY, safe='')}"
# Each kind of trouble: at Mixpanel, at Slack, or nowhere.
TROUBLES = [
    ("", ""),
    *((fault, "") for fault in ("cut", *QUOTED)),
    *(("", fault) for fault in ("404", "500", "200", "cut")),
]


@contextmanager
def served(around: Surroundings, serve: ServeApp) -> Iterator[str]:
    """Serve the endpoints with the variables of a run, whose log is kept."""
    settings = read_settings(around.environ, to_send=False)
    with (
        report_application(settings, around.environ, log=around.said.append) as app,
        serve(app) as url,
    ):
        yield url


def ask(url: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    """Ask, and return the status and everything that is answered."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("POST" if body else "GET", target, body or None, named)
        answer = connection.getresponse()
        return answer.status, f"{answer.headers}{answer.read().decode()}"
    finally:
        connection.close()


def slash_command(around: Surroundings, text: str) -> tuple[bytes, dict[str, str]]:
    """Make a slash command and what Slack sends with it, signed as it documents."""
    slack = "{0.scheme}://{0.netloc}".format(urlsplit(around.slack.url))
    fields = {
        "command": "/analytics",
        "text": text,
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        "response_url": f"{slack}{REPLY_PATH}",
    }
    body = urlencode(fields).encode()
    now = str(int(time.time()))
    signed = f"v0:{now}:".encode() + body
    digest = hmac.new(SIGNING_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return body, {
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": f"v0={digest}",
    }


def wait_for_reply(around: Surroundings) -> None:
    """Wait until somebody who typed a command has been told, or was tried to be."""
    until = time.monotonic() + 60
    while not any(path == REPLY_PATH for path, _ in around.slack.requests):
        assert time.monotonic() < until, around.said
        time.sleep(0.02)


@pytest.mark.parametrize(("mixpanel", "slack"), TROUBLES)
def test_reports_on_demand_show_no_secret(
    surround: Surround, serve: ServeApp, mixpanel: str, slack: str
) -> None:
    """Neither the answer, nor the log of requests, whose address has the key in it."""
    around = surround(mixpanel=mixpanel, slack=slack)

    with served(around, serve) as url:
        _, report = ask(url, f"/api/CustomReport?{CODE}&{WEEK}")
        _, health = ask(url, "/api/health")

    around.said += [report, health]
    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize(
    "target",
    [
        f"/api/CustomReport?code={REPORT_KEY[:-1]}",
        f"/api/CustomReport?{CODE}&period={quote(REPORT_KEY)}",
        f"/api/CustomReport?{CODE}&{quote(REPORT_KEY)}=1",
        f"/api/CustomReport?{CODE}&from_date={quote(REPORT_KEY)}",
        f"/api/{quote(REPORT_KEY)}",
    ],
    ids=["wrong key", "period", "parameter", "date", "path"],
)
def test_the_log_of_refusals_shows_no_key(
    surround: Surround, serve: ServeApp, target: str
) -> None:
    """Whoever mistypes it finds it in nobody's log."""
    around = surround()

    with served(around, serve) as url:
        status, _ = ask(url, target)

    assert 400 <= status < 500
    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize(("mixpanel", "slack"), TROUBLES)
def test_slash_commands_show_no_secret(
    surround: Surround, serve: ServeApp, mixpanel: str, slack: str
) -> None:
    """Nor does the file of the queue still hold the address for replies."""
    around = surround(mixpanel=mixpanel, slack=slack)
    body, headers = slash_command(around, "weekly")

    with served(around, serve) as url:
        status, answer = ask(url, "/api/SlackCommand", body, **headers)
        wait_for_reply(around)

    around.said.append(answer)
    assert status == 200
    assert found_secrets(around.written()) == set()


def test_a_wrong_signature_shows_no_secret(surround: Surround, serve: ServeApp) -> None:
    """Nor what the signature would have been."""
    around = surround()
    body, headers = slash_command(around, "weekly")

    with served(around, serve) as url:
        status, answer = ask(url, "/api/SlackCommand", body + b"&a=b", **headers)

    around.said.append(answer)
    assert status == 401
    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize(("mixpanel", "slack"), TROUBLES)
def test_a_function_app_shows_no_secret(
    surround: Surround, mixpanel: str, slack: str
) -> None:
    """Answers, replies, and the log that Azure keeps of it."""
    func = pytest.importorskip("azure.functions", reason="needs the extra azure")
    from mixpanel_slack_report.azure import endpoints

    around = surround(mixpanel=mixpanel, slack=slack)
    body, headers = slash_command(around, "weekly")
    host = "https://my-reports.azurewebsites.net/api"
    queue: list[str] = []
    out = SimpleNamespace(set=queue.append)

    report = func.HttpRequest("GET", f"{host}/CustomReport?{CODE}&{WEEK}", body=b"")
    command = func.HttpRequest(
        "POST", f"{host}/SlackCommand", headers=headers, body=body
    )
    answers = [endpoints.custom_report(report), endpoints.slack_command(command, out)]
    endpoints.slack_command_work(func.QueueMessage(body=queue[0].encode()))
    answers.append(endpoints.health(report))
    around.said += [answer.get_body().decode() for answer in answers]

    assert [answer.status_code for answer in answers[1:]] == [200, 200]
    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize(("mixpanel", "slack"), TROUBLES)
def test_a_timer_shows_no_secret(surround: Surround, mixpanel: str, slack: str) -> None:
    """What it raises is in the log that Azure keeps."""
    pytest.importorskip("cronsim", reason="needs the extra azure")
    from mixpanel_slack_report.azure.timers import run_timer
    from mixpanel_slack_report.exceptions import MixpanelSlackReportError

    around = surround(mixpanel=mixpanel, slack=slack)

    try:
        run_timer("weekly", "0 0 9 * * 1", environ=around.environ)
    except MixpanelSlackReportError as error:
        around.said.append(str(error))

    assert bool(around.said) == bool(mixpanel or slack)
    assert found_secrets(around.written()) == set()
