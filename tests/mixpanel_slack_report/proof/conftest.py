"""What the proofs share: a run that is given every secret there is."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote
from urllib.request import install_opener

import pytest
from tests.mixpanel_slack_report.conftest import Answer, ScriptedServer, serve
from tests.mixpanel_slack_report.scripted_answers import counted
from tests.mixpanel_slack_report.slack.test_published_types import (
    compile_lines,
    slack_types,
)

from mixpanel_slack_report.command import main
from mixpanel_slack_report.settings import SETTINGS

from . import secrets_given as given

__all__ = ["compile_lines", "slack_types"]

Answering: TypeAlias = Callable[[str, str], "Answer | None"]
BASIC = b64encode(f"{given.USERNAME}:{given.SECRET}".encode()).decode()
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy")
PROXIES += ("https_proxy", "no_proxy", "all_proxy")
JSON = {"Content-Type": "application/json"}
QUOTED = {
    "401": (401, JSON, json.dumps({"error": f"Invalid secret {given.SECRET}"})),
    "400": (400, JSON, json.dumps({"error": f"{given.USERNAME} may not ask that"})),
    "500": (500, {}, f"GET failed; Authorization: Basic {BASIC}"),
    "text": (200, JSON, f"<p>{given.SECRET} of {given.USERNAME}"),
    "other": (200, JSON, json.dumps({"data": given.SECRET, "Basic": BASIC})),
    "address": (
        503,
        {},
        f"/?auth={quote(f'{given.USERNAME}:{given.SECRET}', safe='')}",
    ),
    "escaped": (400, JSON, json.dumps({"error": given.SECRET}).replace("/", "\\/")),
}


def mixpanel_answer(fault: str) -> Answering:
    """Answer as Mixpanel does, or with a fault that quotes the credentials."""

    def answer(path: str, body: str) -> Answer | None:
        if fault == "cut":
            return None
        if "/app/me" in path and not fault:
            return 200, JSON, json.dumps({"results": {"projects": {}}})
        return QUOTED[fault] if fault else (200, JSON, counted(path, body))

    return answer


def slack_answer(fault: str) -> Answering:
    """Answer as Slack does, or with a fault that quotes what only it should know."""
    quotes = {
        "404": (404, {}, f"no_service {given.WEBHOOK_PATH} {given.BOT_TOKEN}"),
        "word": (404, {}, given.WEBHOOK_PATH.rpartition("/")[2].lower()),
        "500": (500, {}, f"POST {quote(given.WEBHOOK_PATH, safe='')}"),
        "200": (200, {}, given.WEBHOOK_PATH),
        "token": (200, JSON, json.dumps({"ok": False, "error": given.BOT_TOKEN})),
        "redirect": (302, {"Location": f"http://127.0.0.1:9{given.WEBHOOK_PATH}"}, ""),
    }

    def answer(path: str, body: str) -> Answer | None:
        if fault == "cut":
            return None
        if fault:
            return quotes[fault]
        if path.startswith("/api/"):
            return 200, JSON, json.dumps({"ok": True, "ts": "1700000000.000001"})
        known = path in (given.WEBHOOK_PATH, given.REPLY_PATH)
        return (200, {}, "ok") if known else (404, {}, "no_service")

    return answer


@dataclass
class Surroundings:
    """Where a run with every secret takes place.

    Attributes:
        environ: Its variables.
        mixpanel: The server that it asks.
        slack: The server that it posts to.
        folder: Its folder, in which its ledger is, too.
        log: What was logged, by anybody, at any level.
    """

    environ: dict[str, str]
    mixpanel: ScriptedServer
    slack: ScriptedServer
    folder: Path
    log: pytest.LogCaptureFixture
    said: list[str] = field(default_factory=list)

    def written(self) -> str:
        """Return all that anybody can read afterwards."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join(
            [
                *self.said,
                *(body for _, body in self.slack.requests),
                *(path.name for path in files),
                *(path.read_bytes().decode("latin-1") for path in files),
                *(
                    f"{record.name} {record.getMessage()}"
                    for record in self.log.records
                ),
                self.log.text,
            ]
        )


Surround = Callable[..., Surroundings]


def run_debugged(
    around: Surroundings, capsys: pytest.CaptureFixture[str], *arguments: str
) -> int:
    """Run a command with a traceback of its error, and keep what it prints."""
    with pytest.raises(SystemExit) as stop:
        main(("--debug", *arguments))
    printed = capsys.readouterr()
    around.said += [printed.out, printed.err]
    assert isinstance(stop.value.code, int)
    return stop.value.code


@pytest.fixture
def surround(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Surround]:
    """Puts every secret into the environment, and makes servers that may quote them.

    ``mixpanel`` and ``slack`` name a fault; further settings win over the usual ones,
    and one that is empty is left out.
    """
    caplog.set_level(logging.DEBUG)
    with ExitStack() as stack:
        # urllib keeps the proxies that its first request found.
        install_opener(None)
        stack.callback(install_opener, None)

        def make(mixpanel: str = "", slack: str = "", **settings: str) -> Surroundings:
            asked = stack.enter_context(scripted(mixpanel_answer(mixpanel)))
            posted = stack.enter_context(scripted(slack_answer(slack)))
            folder = tmp_path / "run"
            folder.mkdir()
            monkeypatch.chdir(folder)
            environ = environment(asked.url, posted.url, folder)
            for name in (*(row.name for row in SETTINGS), *PROXIES):
                monkeypatch.delenv(name, raising=False)
            environ = {k: v for k, v in {**environ, **settings}.items() if v}
            for name, value in environ.items():
                monkeypatch.setenv(name, value)
            return Surroundings(environ, asked, posted, folder, caplog)

        yield make


def scripted(answer: Answering) -> object:
    """Serve what is answered to a path and a body."""
    return serve(lambda _, path, body: answer(path, body))


def environment(mixpanel: str, slack: str, folder: Path) -> Mapping[str, str]:
    """Return the variables with every secret, webhook and bot alike."""
    return {
        "MIXPANEL_USERNAME": given.USERNAME,
        "MIXPANEL_SECRET": given.SECRET,
        "MIXPANEL_PROJECT_ID": "12345",
        "MIXPANEL_BASE_URL": mixpanel,
        "MIXPANEL_ATTEMPTS": "1",
        "SLACK_WEBHOOK_URL": f"{slack}{given.WEBHOOK_PATH}",
        "SLACK_API_URL": f"{slack}/api/",
        "SLACK_CHANNEL": "#analytics",
        "SLACK_SIGNING_SECRET": given.SIGNING_SECRET,
        "REPORT_KEY": given.REPORT_KEY,
        "REPORT_LEDGER": str(folder / "ledger.sqlite"),
        "COMPANY_NAME": "Acme",
        "AzureWebJobsStorage": (
            "DefaultEndpointsProtocol=https;AccountName=acme;"
            f"AccountKey={given.ACCOUNT_KEY};EndpointSuffix=core.windows.net"
        ),
        "HTTP_PROXY": given.PROXY,
        "HTTPS_PROXY": given.PROXY,
        "NO_PROXY": "127.0.0.1",
    }
