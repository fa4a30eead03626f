"""One run, with a scripted Mixpanel and a stand-in for Slack on real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.job import Job, prepare_job
from mixpanel_slack_report.runs.sending import send_report
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import (
        ScriptedServer,
        ServeMixpanel,
        ServeWith,
    )

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=timezone.utc)
REPORT = """
[[metric]]
name = "Signups"
event = "Sign Up"
kind = "total"
"""
MakeJob = Callable[..., Job]


@pytest.fixture
def mixpanel(serve_mixpanel: ServeMixpanel) -> ScriptedServer:
    """A Mixpanel that answers everything."""
    return serve_mixpanel()


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack that takes messages."""
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    """A ledger where nothing is yet."""
    return SqliteLedger(tmp_path / "ledger.sqlite", clock=lambda: NOW, longest_wait=1)


@pytest.fixture
def make_job(mixpanel: ScriptedServer, slack: SlackStandIn, tmp_path: Path) -> MakeJob:
    """Makes the job of a report that is posted to the stand-in's webhook."""
    (tmp_path / "report.toml").write_text(REPORT)

    def make(period: str = "weekly", due: date | None = None, **more: str) -> Job:
        environ = {
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "s3cret",
            "MIXPANEL_PROJECT_ID": "1",
            "TIMEZONE": "UTC",
            "MIXPANEL_BASE_URL": mixpanel.url,
            "MIXPANEL_ATTEMPTS": "1",
            "SLACK_WEBHOOK_URL": slack.webhook_url,
            "REPORT_FILE": str(tmp_path / "report.toml"),
            **more,
        }
        days = DaysAsked(period, due, None, None)
        return prepare_job(days, environ, to_send=True, now=NOW)

    return make


def send(job: Job, ledger: SqliteLedger, **options: Any) -> Any:  # noqa: ANN401
    """Send at the time of these tests."""
    return send_report(job, ledger=ledger, clock=lambda: NOW, **options)


def test_a_report_is_posted_and_on_record(
    make_job: MakeJob, ledger: SqliteLedger, slack: SlackStandIn
) -> None:
    """The outcome says where it went, and the ledger when."""
    outcome = send(make_job(), ledger)

    assert (outcome.exit_code, outcome.posted) == (0, ("the webhook's channel",))
    assert outcome.lines == ("Sent the weekly report 2026-11-09 to 2026-11-15.",)
    assert outcome.report is not None
    assert len(slack.messages) == 1
    assert dict(ledger.last_sent()) == {"weekly": NOW}


def test_a_second_run_asks_nobody(
    make_job: MakeJob, ledger: SqliteLedger, mixpanel: ScriptedServer
) -> None:
    """The claim comes before the questions."""
    send(make_job(), ledger)
    asked = len(mixpanel.requests)

    outcome = send(make_job(), ledger)

    assert (outcome.exit_code, outcome.posted, outcome.report) == (0, (), None)
    assert outcome.lines == (
        "Nothing sent: the weekly report 2026-11-09 to 2026-11-15 was sent at "
        "2026-11-18 09:30 UTC; --force sends it again.",
    )
    assert len(mixpanel.requests) == asked


def test_another_trigger_sends_it_again(
    make_job: MakeJob, ledger: SqliteLedger, slack: SlackStandIn
) -> None:
    """Somebody asked for it, and gets it once."""
    send(make_job(), ledger)
    send(make_job(), ledger, trigger="slack:1.2.3")
    send(make_job(), ledger, trigger="slack:1.2.3")

    assert len(slack.messages) == 2


def test_what_is_not_due_is_not_claimed(
    make_job: MakeJob, ledger: SqliteLedger, mixpanel: ScriptedServer
) -> None:
    """2026-11-16 lies between two due days."""
    outcome = send(make_job("biweekly", date(2026, 11, 16)), ledger)

    assert (outcome.exit_code, mixpanel.requests) == (0, [])
    assert outcome.lines == ("Nothing sent: the biweekly report is due on 2026-11-23.",)


def test_who_asks_gets_the_latest_report_whether_due_or_not(
    make_job: MakeJob, ledger: SqliteLedger, slack: SlackStandIn
) -> None:
    """A slash command does not wait for a schedule."""
    job = make_job("biweekly", date(2026, 11, 16))
    outcome = send(job, ledger, trigger="slack:1.2.3")

    assert len(slack.messages) == 1
    assert outcome.lines == ("Sent the biweekly report 2026-10-26 to 2026-11-08.",)


def test_a_skipped_day_is_said(
    make_job: MakeJob, ledger: SqliteLedger, tmp_path: Path
) -> None:
    """The week that was due on Monday is skipped on Wednesday too."""
    job = make_job()
    (tmp_path / "report.toml").write_text(f"skip = [2026-11-16]\n{REPORT}")

    outcome = send(make_job(), ledger)

    assert job.due == date(2026, 11, 18)
    assert outcome.exit_code == 0
    assert outcome.lines == (
        "Nothing sent: the weekly report is skipped: 2026-11-16 is one of the days in "
        "skip.",
    )


def test_a_failure_to_collect_leaves_the_claim_free(
    make_job: MakeJob,
    ledger: SqliteLedger,
    slack: SlackStandIn,
    serve_mixpanel: ServeMixpanel,
    serve_answers: Callable[..., Any],
) -> None:
    """The next run sends what this one could not."""
    down = serve_answers((503, {}, "down"))
    failed = send(make_job(MIXPANEL_BASE_URL=down.url), ledger)
    again = send(make_job(MIXPANEL_BASE_URL=down.url), ledger)

    assert (failed.exit_code, again.exit_code, slack.messages) == (1, 1, [])
    assert "503" in failed.lines[0]
    assert "503" in again.lines[0]


@pytest.mark.parametrize(
    ("answer", "next_lines"),
    [
        ((404, {}, "no_service"), "Slack answered 404"),
        ((503, {}, "down"), "whether the weekly report 2026-11-09 to 2026-11-15"),
        (None, "whether the weekly report 2026-11-09 to 2026-11-15"),
    ],
)
def test_what_slack_said_decides_what_the_next_run_does(
    make_job: MakeJob,
    ledger: SqliteLedger,
    serve_answers: Callable[..., Any],
    answer: Any,  # noqa: ANN401
    next_lines: str,
) -> None:
    """Refused is tried again; after a 5xx or a reset nobody knows."""
    server = serve_answers(answer)
    job = make_job(SLACK_WEBHOOK_URL=f"{server.url}/services/T1/B2/s3cret")
    first = send(job, ledger)

    second = send(job, ledger)

    assert (first.exit_code, second.exit_code) == (1, 1)
    assert second.lines[0].startswith(next_lines)
    assert len(server.requests) == (2 if next_lines.startswith("Slack") else 1)


def test_force_sends_what_is_unknown(
    make_job: MakeJob,
    ledger: SqliteLedger,
    serve_answers: Callable[..., Any],
) -> None:
    """And then it is on record as sent."""
    server = serve_answers((503, {}, "down"), (200, {}, "ok"))
    job = make_job(SLACK_WEBHOOK_URL=f"{server.url}/services/T1/B2/s3cret")
    send(job, ledger)

    forced = send(job, ledger, force=True)
    after = send(job, ledger)

    assert (forced.exit_code, after.exit_code) == (0, 0)
    assert after.lines[0].startswith("Nothing sent: the weekly report")


def test_channels_are_each_on_record(
    make_job: MakeJob, ledger: SqliteLedger, slack: SlackStandIn
) -> None:
    """A channel that is added later gets the report; the others do not again."""
    bot = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url}
    send(make_job(**bot, SLACK_CHANNEL="#one"), ledger)

    outcome = send(make_job(**bot, SLACK_CHANNEL="#one,#two"), ledger)

    assert (outcome.exit_code, outcome.posted) == (0, ("#two",))
    assert [post["channel"] for post in slack.messages] == ["#one", "#two"]


def test_a_channel_that_fails_does_not_stop_the_others(
    make_job: MakeJob, ledger: SqliteLedger
) -> None:
    """The next run tries that one again, and no other."""
    with SlackStandIn(channels=("#two",)) as slack:
        job = make_job(
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_API_URL=slack.api_url,
            SLACK_CHANNEL="#gone,#two",
        )
        first = send(job, ledger)
        second = send(job, ledger)

    assert (first.exit_code, first.posted) == (1, ("#two",))
    assert (second.exit_code, second.posted) == (1, ())
    assert "channel_not_found" in first.lines[0]
    assert "channel_not_found" in second.lines[0]
    assert second.lines[1].startswith("Nothing sent to #two: the weekly report ")
    assert [post["channel"] for post in slack.messages] == ["#two"]


def test_a_ledger_that_breaks_while_posting_is_told(
    make_job: MakeJob, ledger: SqliteLedger, serve_with: ServeWith
) -> None:
    """The message is there; the record of it could not be written."""

    def answer(*asked: object) -> tuple[int, dict[str, str], str]:
        ledger.path.write_bytes(b"broken by somebody else, while it was in use" * 30)
        return 200, {}, "ok"

    url = f"{serve_with(answer).url}/services/T1/B2/s3cret"
    outcome = send(make_job(SLACK_WEBHOOK_URL=url), ledger)

    assert (outcome.exit_code, len(outcome.posted)) == (1, 1)
    assert "file is not a database" in outcome.lines[0]
    assert outcome.lines[1] == "Sent the weekly report 2026-11-09 to 2026-11-15."


def test_a_ledger_that_cannot_be_used_posts_nothing(
    make_job: MakeJob, slack: SlackStandIn, mixpanel: ScriptedServer, tmp_path: Path
) -> None:
    """Better no report than one twice; nobody is asked either."""
    path = tmp_path / "broken.sqlite"
    path.write_text("this is no database, and long enough to be read as one" * 20)

    outcome = send(make_job(), SqliteLedger(path, clock=lambda: NOW))

    assert (outcome.exit_code, slack.messages, mixpanel.requests) == (1, [], [])
    assert "cannot be used (file is not a database)" in outcome.lines[0]


def test_a_ledger_that_cannot_be_used_is_said_once_for_all_channels(
    make_job: MakeJob, slack: SlackStandIn, tmp_path: Path
) -> None:
    """It is not asked for each of them, as it may take a minute each time."""
    path = tmp_path / "broken.sqlite"
    path.write_text("this is no database, and long enough to be read as one" * 20)
    bot = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url}
    job = make_job(**bot, SLACK_CHANNEL="#one,#two,#three")

    outcome = send(job, SqliteLedger(path, clock=lambda: NOW))

    assert (outcome.exit_code, len(outcome.lines), slack.messages) == (1, 1, [])


def test_the_channel_that_is_to_be_looked_at_is_named(
    make_job: MakeJob, ledger: SqliteLedger, slack: SlackStandIn
) -> None:
    """Where one of several channels may have a report, the others still get theirs."""
    slack.answers.append(ScriptedAnswer(500))
    bot = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url}
    send(make_job(**bot, SLACK_CHANNEL="#one"), ledger)

    outcome = send(make_job(**bot, SLACK_CHANNEL="#one,#two"), ledger)

    assert (outcome.exit_code, outcome.posted) == (1, ("#two",))
    assert outcome.lines[0].startswith("#one: whether the weekly report 2026-11-09 to ")


def test_nothing_secret_is_on_record(
    make_job: MakeJob, ledger: SqliteLedger, slack: SlackStandIn
) -> None:
    """The webhook is there as a digest."""
    send(make_job(), ledger)

    data = ledger.path.read_bytes()
    assert b"webhook:" in data
    for secret in (b"s3cret", slack.webhook_url.encode(), b"/services/"):
        assert secret not in data
