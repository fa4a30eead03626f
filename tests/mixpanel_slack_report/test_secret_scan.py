"""Every secret of a run is looked for in all that the run leaves behind.

Commands run as real processes, with ``--debug``, against servers that quote secrets.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import ServeAnswers, ServeMixpanel

SECRETS = {
    "MIXPANEL_USERNAME": "reports.1a2b3c.mp-service-account",
    "MIXPANEL_SECRET": "acc0unt/s3cret+word",
    "SLACK_SIGNING_SECRET": "s1gning-s3cret",
    "REPORT_KEY": "rep0rt-k3y&more",
}
TOKEN = "xoxb-11-22-b0ttoken"
BASIC = base64.b64encode(
    f"{SECRETS['MIXPANEL_USERNAME']}:{SECRETS['MIXPANEL_SECRET']}".encode()
).decode()
WEEKLY = ("--date", "2026-11-16")


@dataclass
class Run:
    """Runs commands, each as a process of its own, and looks at what they leave.

    Attributes:
        folder: Where they run, and keep their state.
        slack: Where they post.
    """

    folder: Path
    slack: SlackStandIn

    def __call__(
        self, *arguments: str, mixpanel: str, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        given = {
            **os.environ,
            **SECRETS,
            "MIXPANEL_PROJECT_ID": "12345",
            "MIXPANEL_BASE_URL": mixpanel,
            "SLACK_WEBHOOK_URL": self.slack.webhook_url,
            "TIMEZONE": "UTC",
            "XDG_STATE_HOME": str(self.folder),
            "NO_PROXY": "127.0.0.1",
            **environ,
        }
        return subprocess.run(
            [sys.executable, "-m", "mixpanel_slack_report", "--debug", *arguments],
            env=given,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def leaks(self, done: subprocess.CompletedProcess[str]) -> list[str]:
        """List the secrets in all that was printed, written and posted."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        written = [path.read_bytes().decode("latin-1") for path in files]
        left = "\n".join([done.stdout, done.stderr, str(self.slack.messages), *written])
        webhook = self.slack.webhook_url.rpartition("/services/")[2]
        forms = [*SECRETS.values(), TOKEN, BASIC, BASIC.rstrip("="), webhook]
        forms += [quote(secret, safe="") for secret in SECRETS.values()]
        return [form for form in forms if form in left]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Runs commands with all secrets set."""
    with SlackStandIn(bot_token=TOKEN) as slack:
        yield Run(tmp_path, slack)


def quoting(*secrets: str) -> str:
    """Write an answer that quotes secrets, as careless servers do."""
    return f"what you sent is wrong: {' '.join(secrets)}"


def test_a_report_that_is_sent(run: Run, serve_mixpanel: ServeMixpanel) -> None:
    """Report, ledger, output."""
    done = run("send", "weekly", *WEEKLY, mixpanel=serve_mixpanel().url)

    assert "Sent the weekly report" in done.stdout
    assert run.leaks(done) == []


def test_a_report_that_is_shown(run: Run, serve_mixpanel: ServeMixpanel) -> None:
    """The page is a file that is passed on."""
    page = ("--format", "html", "-o", "report.html")
    done = run("preview", "weekly", *WEEKLY, *page, mixpanel=serve_mixpanel().url)

    assert (run.folder / "report.html").exists()
    assert run.leaks(done) == []


@pytest.mark.parametrize("status", [200, 400, 401, 429, 503])
def test_a_mixpanel_that_quotes_what_it_was_sent(
    run: Run, serve_answers: ServeAnswers, status: int
) -> None:
    """Traceback, error, notice and ledger."""
    quoted = quoting(*SECRETS.values(), f"Basic {BASIC}", BASIC)
    mixpanel = serve_answers((status, {"Retry-After": "0"}, quoted)).url

    done = run("send", "weekly", *WEEKLY, mixpanel=mixpanel)

    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "Weekly Report was not sent" in str(run.slack.messages)
    assert run.leaks(done) == []


def test_a_report_in_which_something_is_missing(
    run: Run, serve_mixpanel: ServeMixpanel
) -> None:
    """It says in Slack why, in the words of an answer that quotes secrets."""
    name, secret = SECRETS["MIXPANEL_USERNAME"], SECRETS["MIXPANEL_SECRET"]
    quoted = quoting(name, secret, BASIC)
    mixpanel = serve_mixpanel(at=2, fault=(400, {}, quoted)).url

    done = run("send", "weekly", *WEEKLY, mixpanel=mixpanel)

    assert done.returncode == 3
    assert "what you sent is wrong: *** *** " in str(run.slack.messages)
    assert run.leaks(done) == []


@pytest.mark.parametrize("channel", ["", "#analytics"], ids=["webhook", "bot"])
@pytest.mark.parametrize(
    "answer",
    [
        ScriptedAnswer(200, f'{{"ok": false, "error": "{TOKEN}"}}'),
        ScriptedAnswer(404, quoting(TOKEN, "/services/T00000000/B00000000/standin")),
        ScriptedAnswer(503, "standin"),
        ScriptedAnswer(reset="after"),
    ],
    ids=["code", "words", "word", "none"],
)
def test_a_slack_that_quotes_what_it_was_sent(
    run: Run, serve_mixpanel: ServeMixpanel, *, answer: ScriptedAnswer, channel: str
) -> None:
    """An error code, an answer of many words, a word of the address, or none."""
    slack = run.slack
    slack.answers.append(answer)
    bot = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_CHANNEL": channel} if channel else {}
    environ = {**bot, "SLACK_API_URL": slack.api_url}

    done = run("send", "weekly", *WEEKLY, mixpanel=serve_mixpanel().url, **environ)

    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert run.leaks(done) == []


@pytest.mark.parametrize(
    "environ",
    [
        {"MIXPANEL_PROJECT_ID": SECRETS["MIXPANEL_SECRET"]},
        {"MIXPANEL_BASE_URL": f"http://a b/{SECRETS['MIXPANEL_SECRET']}"},
        {"SLACK_WEBHOOK_URL": SECRETS["SLACK_SIGNING_SECRET"]},
        {"SLACK_BOT_TOKEN": SECRETS["SLACK_SIGNING_SECRET"], "SLACK_CHANNEL": "#a"},
        {"MIXPANEL_REGION": SECRETS["MIXPANEL_SECRET"]},
        {"TIMEZONE": SECRETS["MIXPANEL_USERNAME"]},
        {"REPORT_FILE": SECRETS["REPORT_KEY"]},
        {"REPORT_LEDGER": f"AccountName=a;AccountKey={SECRETS['REPORT_KEY']}"},
    ],
    ids=lambda environ: next(iter(environ)),
)
def test_a_secret_that_was_pasted_in_the_wrong_place(
    run: Run, environ: dict[str, str]
) -> None:
    """The line names the setting, and does not show what is in it."""
    done = run(
        "send", "weekly", *WEEKLY, **{"mixpanel": "http://127.0.0.1:9", **environ}
    )

    assert done.returncode == 1
    assert next(iter(environ)) in done.stderr
    assert run.leaks(done) == []


def test_a_set_up_that_is_checked(run: Run, serve_answers: ServeAnswers) -> None:
    """Each line says what is wrong, and shows none of it."""
    mixpanel = serve_answers((401, {}, quoting(*SECRETS.values(), BASIC))).url

    done = run("check", mixpanel=mixpanel)

    assert "401" in done.stdout + done.stderr
    assert run.leaks(done) == []
