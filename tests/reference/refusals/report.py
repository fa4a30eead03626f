"""What mixpanel-slack-report refuses."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from unittest.mock import patch

from tests.reference.refusals.refusal import Refusal

from mixpanel_slack_report.calendar import holidays_of
from mixpanel_slack_report.demo import sample_project
from mixpanel_slack_report.exceptions import (
    AlreadySentError,
    CollectionError,
    DeliveryError,
    LedgerError,
    MixpanelSlackReportError,
    OutcomeUnknownError,
    RequestRefusedError,
    SettingsError,
    WindowError,
)
from mixpanel_slack_report.http.custom_report import read_repeat_key
from mixpanel_slack_report.http.exchange import HttpRequest
from mixpanel_slack_report.http.order_parameters import read_parameters
from mixpanel_slack_report.http.report_key import check_key
from mixpanel_slack_report.http.report_server import check_host
from mixpanel_slack_report.http.signature import check_signature
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.opening import open_ledger
from mixpanel_slack_report.ledger.record import Record, refuse_repeat
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger
from mixpanel_slack_report.periods import Window
from mixpanel_slack_report.report_file import parse_report_file, read_report_file
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.job import prepare_job
from mixpanel_slack_report.runs.sending import collect_job
from mixpanel_slack_report.settings import check_certificates, read_settings
from mixpanel_slack_report.slack.exchange import SlackAnswer, no_answer
from mixpanel_slack_report.slack.webhook import check_answer

__all__ = ["REPORT"]

Provoke = Callable[[Path], object]
# What imports an extra, once.
LOCAL = "mixpanel_query.local"
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.utc)
WEBHOOK = "https://hooks.slack.com/services/T0/B0/s3cret"
GOOD = {
    "MIXPANEL_USERNAME": "reports",
    "MIXPANEL_SECRET": "s3cret",
    "MIXPANEL_PROJECT_ID": "12345",
    "SLACK_WEBHOOK_URL": WEBHOOK,
    "TIMEZONE": "UTC",
}
KEY = EntryKey(
    "schedule", "weekly", date(2026, 11, 9), date(2026, 11, 15), "#analytics"
)


def settings(**given: str) -> Provoke:
    """Read settings that are good but for what is given."""
    return lambda _: read_settings({**GOOD, **given}, to_send=True)


def file(**keys: object) -> Provoke:
    """Check a report file."""
    return lambda _: parse_report_file(keys, source="report.toml")


def metric(**keys: object) -> Provoke:
    """Check a report file with one metric."""
    return file(metric=[{"name": "Orders", **keys}])


def asked(body: str = "", **headers: str) -> HttpRequest:
    """Make a request for a report."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest("POST", "/api/CustomReport", "", named, body.encode())


def ordered(body: str) -> Provoke:
    """Ask for a report with a body of JSON."""
    return lambda _: read_parameters(asked(body))


def days(period: str | None, due: date | None, *custom: date | None) -> Provoke:
    """Name the days of a report."""
    return lambda _: DaysAsked.named(period, due, *(custom or (None, None)))


def not_over(_: Path) -> object:
    """Ask for days that are not over."""
    custom = DaysAsked("custom", None, date(2026, 11, 15), date(2026, 11, 17))
    return prepare_job(custom, GOOD, to_send=False, now=NOW)


def nobody_answers(_: Path) -> object:
    """Ask where nothing listens."""
    away = {"MIXPANEL_BASE_URL": "http://127.0.0.1:9", "MIXPANEL_ATTEMPTS": "1"}
    weekly = DaysAsked("weekly", None, None, None)
    return collect_job(prepare_job(weekly, GOOD | away, to_send=False, now=NOW))


def no_library(module: str, work: Callable[[], object]) -> Provoke:
    """Do something where a library is not installed."""

    def provoke(_: Path) -> object:
        with patch.dict(sys.modules, {module: None}):
            for name in [each for each in sys.modules if each.startswith(LOCAL)]:
                del sys.modules[name]
            return work()

    return provoke


def entered_sample() -> None:
    """Begin the demonstration."""
    with sample_project(date(2026, 11, 16)):
        pass


def notes(folder: Path) -> object:
    """Keep the ledger in a file that is something else."""
    path = folder / "notes.txt"
    path.write_text("notes, and many of them" * 100, encoding="utf-8")
    return SqliteLedger(path, clock=lambda: NOW).last_sent()


def held(folder: Path) -> object:
    """Wait for another run for too long."""

    def ledger() -> SqliteLedger:
        return SqliteLedger(
            folder / "ledger.sqlite", clock=lambda: NOW, sleep=lambda _: None
        )

    with ledger().claim(KEY), ledger().claim(KEY):
        return None


def slack_said(status: int, body: str) -> Provoke:
    """Post to a webhook that answers so."""
    return lambda _: check_answer(SlackAnswer(status, body), WEBHOOK)


def slack_broke(error: Exception) -> Provoke:
    """Post to a webhook that does not answer."""

    def provoke(_: Path) -> object:
        raise no_answer(error, setting="SLACK_WEBHOOK_URL")

    return provoke


def repeated(record: Record) -> Provoke:
    """Post what the ledger has on record."""
    return lambda _: refuse_repeat(record, KEY)


def wrong(provoke: Provoke, remedy: str) -> Refusal:
    """Make a row about settings."""
    return Refusal(SettingsError, provoke, remedy)


def late(provoke: Provoke, remedy: str) -> Refusal:
    """Make a row about days."""
    return Refusal(WindowError, provoke, remedy)


def denied(provoke: Provoke, remedy: str) -> Refusal:
    """Make a row about a request."""
    return Refusal(RequestRefusedError, provoke, remedy)


def unposted(provoke: Provoke, remedy: str) -> Refusal:
    """Make a row about a post."""
    return Refusal(DeliveryError, provoke, remedy)


REPORT = [
    wrong(
        settings(MIXPANEL_SECRET=""),
        "The setting is in neither the environment nor `.env`.",
    ),
    wrong(
        settings(MIXPANEL_PROJECT_ID="0123abcd"),
        "The token was given for the number.",
    ),
    wrong(settings(MIXPANEL_REGION="de"), "Mixpanel has three regions."),
    wrong(settings(TIMEZONE="London"), "The timezone has another name."),
    wrong(settings(MIXPANEL_ATTEMPTS="0"), "A question is asked once at least."),
    wrong(settings(MIXPANEL_MAX_WAIT="long"), "It is a number of seconds."),
    wrong(
        settings(SLACK_WEBHOOK_URL=""),
        "There is neither a webhook nor a bot. `preview` needs none.",
    ),
    wrong(
        settings(SLACK_BOT_TOKEN="xoxb-1"), "A bot posts to channels that are named."
    ),
    wrong(settings(SLACK_BOT_TOKEN="s3cret"), "Another secret was pasted."),
    wrong(
        lambda _: check_certificates({"SSL_CERT_FILE": "ca.pem"}),
        "The variable names no file.",
    ),
    wrong(
        lambda _: open_ledger(
            read_settings({**GOOD, "REPORT_LEDGER": "azure-blob:X"}, to_send=False),
            {"AzureWebJobsStorage": "UseDevelopmentStorage=true"},
        ),
        "Azure has rules for names of containers.",
    ),
    wrong(
        lambda _: check_host("0.0.0.0", read_settings(GOOD, to_send=False)),
        "A server that others reach has a key.",
    ),
    wrong(
        lambda _: read_report_file(Path("report.toml")),
        "`REPORT_FILE` names no file.",
    ),
    wrong(file(weekstart="monday"), "The file has no such key."),
    wrong(file(max_calls=100), "An hour has 60 queries."),
    wrong(file(biweekly_anchor="2026-01-05"), "A date of TOML has no quotes."),
    wrong(metric(kind="count", event="Purchase"), "There is no such kind."),
    wrong(metric(kind="total"), "The kind counts an event, and none is named."),
    wrong(
        metric(kind="total", event="Purchase", over="Buyers"),
        "The key belongs to other kinds.",
    ),
    wrong(
        metric(kind="ratio", event="Purchase", over="Buyers"),
        "A ratio divides by a metric of the same file.",
    ),
    wrong(metric(kind="total", event="Purchase", alert={}), "An alert has a bound."),
    wrong(lambda _: holidays_of("XX", 2026), "The country has another code."),
    wrong(
        no_library("holidays", lambda: holidays_of("GB", 2026)),
        "An extra is missing.",
    ),
    late(days(None, None), "Nothing says which days are meant."),
    late(
        days("weekly", None, date(2026, 11, 9), date(2026, 11, 15)),
        "The days of a period follow from the day it is due.",
    ),
    late(
        days("custom", date(2026, 11, 16)), "Days of your own have a first and a last."
    ),
    late(
        lambda _: Window(date(2026, 11, 15), date(2026, 11, 9)),
        "The days were given the wrong way round.",
    ),
    late(not_over, "A day that is not over would be counted in part."),
    Refusal(
        CollectionError,
        nobody_answers,
        "No question was answered; it says what the first one met. "
        "`mixpanel-slack-report check` finds out more.",
    ),
    unposted(
        slack_said(404, "no_service"),
        "The outcome is `refused`: nothing was posted.",
    ),
    unposted(
        slack_said(410, "channel_is_archived"),
        "The outcome is `refused`: nothing was posted.",
    ),
    unposted(
        slack_said(429, ""),
        "The outcome is `refused`, after some attempts. The next `send` posts it.",
    ),
    unposted(
        slack_said(503, ""),
        "The outcome is `unknown`: it may be there.",
    ),
    unposted(
        slack_said(200, "<html>"),
        "The outcome is `unknown`: the address is another program's.",
    ),
    unposted(
        slack_broke(TimeoutError()),
        "The outcome is `unknown`: it may be there.",
    ),
    Refusal(
        LedgerError,
        notes,
        "Nothing is posted without a ledger.",
    ),
    Refusal(
        LedgerError,
        held,
        "Two runs post the same report at once, and one of them hangs.",
    ),
    Refusal(
        AlreadySentError,
        repeated(Record(settled="sent", changed=NOW)),
        "The report is in the channel; `send` says so, and exits with 0.",
    ),
    Refusal(
        OutcomeUnknownError,
        repeated(Record(settled="unknown", detail="a run ended while it was posting")),
        "A run was killed while it posted.",
    ),
    Refusal(
        MixpanelSlackReportError,
        no_library("duckdb", entered_sample),
        "An extra is missing.",
    ),
    denied(ordered('{"perod": "weekly"}'), "Status 400."),
    denied(ordered('{"period": "yearly"}'), "Status 400."),
    denied(ordered('{"from_date": "2026-11-09"}'), "Status 400."),
    denied(ordered('{"from_date": "yesterday", "to_date": "today"}'), "Status 400."),
    denied(ordered('{"send_slack": "maybe"}'), "Status 400."),
    denied(ordered("[1]"), "Status 400."),
    denied(ordered('{"period": 7}'), "Status 400."),
    denied(
        lambda _: read_repeat_key(asked(Idempotency_Key="two words")), "Status 400."
    ),
    denied(lambda _: check_key(asked(x_functions_key="no"), "s3cret"), "Status 401."),
    denied(
        lambda _: check_key(asked(Host="reports.example"), None),
        "Status 403. The request came from another machine, through a proxy, or from "
        "a web page.",
    ),
    denied(lambda _: check_signature(asked(), None, now=NOW), "Status 401."),
    denied(
        lambda _: check_signature(asked(), "s3cret", now=NOW),
        "Status 401. The secret is that of another app.",
    ),
]
