"""Notices of failures, posted to a stand-in for Slack and put on record."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import (
    CollectionError,
    DeliveryError,
    LedgerError,
    SettingsError,
)
from mixpanel_slack_report.failure_notice.notifying import (
    notify_failure,
    settings_to_notify,
)
from mixpanel_slack_report.ledger.entries import Claim, EntryKey, Ledger
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger
from mixpanel_slack_report.periods import Window
from mixpanel_slack_report.settings import Settings, read_settings
from mixpanel_slack_report.slack.stand_in import ScriptedAnswer, SlackStandIn

NOW = datetime(2026, 11, 16, 9, tzinfo=timezone.utc)
TODAY = date(2026, 11, 16)
WEEK = Window(date(2026, 11, 9), date(2026, 11, 15))
ERROR = CollectionError("Mixpanel answered 503")
NEEDED = {
    "MIXPANEL_USERNAME": "reports.1a2b3c",
    "MIXPANEL_SECRET": "s3cret-of-the-account",
    "MIXPANEL_PROJECT_ID": "12345",
}


class NoLedger(SqliteLedger):
    """A ledger that cannot be used."""

    def claim(
        self, key: EntryKey, *, force: bool = False
    ) -> AbstractContextManager[Claim]:
        """Fail, as a full disk makes it."""
        raise LedgerError("the ledger cannot be written")


class BrokenLedger(SqliteLedger):
    """A ledger with a mistake in it."""

    def claim(
        self, key: EntryKey, *, force: bool = False
    ) -> AbstractContextManager[Claim]:
        """Fail in a way that nobody foresaw."""
        raise ZeroDivisionError("s3cret")


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A stand-in for Slack."""
    with SlackStandIn() as slack:
        yield slack


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    """A ledger that remembers nothing yet."""
    return SqliteLedger(tmp_path / "ledger.sqlite", clock=lambda: NOW)


def settings_for(slack: SlackStandIn, **environ: str) -> Settings:
    """Make the settings that post to the stand-in's webhook."""
    webhook = {"SLACK_WEBHOOK_URL": slack.webhook_url}
    return read_settings({**NEEDED, **webhook, **environ}, to_send=True)


def notify(
    slack: SlackStandIn,
    ledger: Ledger,
    error: Exception = ERROR,
    *,
    report: str = "weekly",
    window: Window | None = WEEK,
    today: date = TODAY,
) -> tuple[str, ...]:
    """Notify the stand-in's webhook."""
    return notify_failure(
        error,
        report=report,
        window=window,
        today=today,
        settings=settings_for(slack),
        ledger=ledger,
    )


def test_a_failure_is_posted(slack: SlackStandIn, ledger: SqliteLedger) -> None:
    """The channel learns what failed, and the run that it did."""
    said = notify(slack, ledger)

    (message,) = slack.messages
    assert "What failed: Mixpanel answered 503" in message["text"]
    assert said == ("A notice of the failure was posted to the webhook's channel.",)


def test_the_same_failure_is_posted_once(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """A schedule that tries again every minute is no stream of notices."""
    notify(slack, ledger)

    said = notify(slack, ledger, CollectionError("Mixpanel answered 502"))

    assert (said, len(slack.requests)) == ((), 1)


@pytest.mark.parametrize(
    "other",
    [
        {"error": CollectionError("the credentials were refused")},
        {"report": "daily"},
        {"window": Window(date(2026, 11, 2), date(2026, 11, 8))},
    ],
    ids=["cause", "report", "days"],
)
def test_another_failure_is_posted_too(
    slack: SlackStandIn, ledger: SqliteLedger, other: dict[str, object]
) -> None:
    """Once for each report, days and cause."""
    notify(slack, ledger)

    notify(slack, ledger, **other)  # type: ignore[arg-type]

    assert len(slack.posts) == 2


def test_a_failure_before_the_days_are_known_is_posted_once_a_day(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """Wrong settings stay wrong, and are not forgotten."""
    error = SettingsError("TIMEZONE is 'x'")

    for day in (16, 16, 17):
        notify(slack, ledger, error, window=None, today=date(2026, 11, day))

    assert len(slack.posts) == 2


def test_twenty_runs_at_once_post_one_notice(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """They wait for each other in the ledger."""
    start = threading.Barrier(20)

    def fail() -> None:
        start.wait()
        notify(slack, ledger)

    with ThreadPoolExecutor(20) as pool:
        for done in [pool.submit(fail) for _ in range(20)]:
            done.result()

    assert len(slack.requests) == 1


def test_a_notice_is_no_report_that_was_sent(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """Health is not told of it."""
    notify(slack, ledger)

    assert ledger.last_sent() == {}


def test_every_channel_of_a_bot_is_told(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """One that is not there does not keep the others from it."""
    settings = settings_for(
        slack,
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_CHANNEL="#gone,#analytics",
        SLACK_API_URL=slack.api_url,
    )
    slack.channels = {"analytics"}

    said = notify_failure(
        ERROR,
        report="weekly",
        window=WEEK,
        today=TODAY,
        settings=settings,
        ledger=ledger,
    )

    assert [post.channel for post in slack.posts] == ["#analytics"]
    assert said[0].startswith(
        "The notice of the failure was not posted to #gone: Slack "
    )
    assert said[1] == "A notice of the failure was posted to #analytics."


@pytest.mark.parametrize(
    ("answer", "later"),
    [(ScriptedAnswer(404, "no_service"), 1), (ScriptedAnswer(503, posted=True), 0)],
    ids=["refused", "unknown"],
)
def test_a_notice_that_failed_is_tried_again_if_it_surely_is_not_there(
    slack: SlackStandIn, ledger: SqliteLedger, answer: ScriptedAnswer, later: int
) -> None:
    """A refused one is, one that may be there is not."""
    slack.answers.append(answer)
    notify(slack, ledger)
    before = len(slack.posts)

    notify(slack, ledger)

    assert len(slack.posts) - before == later


def test_a_notice_that_may_be_there_is_said_to_be(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """Nobody is sent after --force for a notice."""
    slack.answers.append(ScriptedAnswer(503))
    notify(slack, ledger)

    assert notify(slack, ledger) == (
        "Whether the webhook's channel has the notice of the failure is not known.",
    )


def test_without_a_ledger_nothing_is_posted(
    slack: SlackStandIn, tmp_path: Path
) -> None:
    """Nobody would know that it was posted before."""
    said = notify(slack, NoLedger(tmp_path / "x.sqlite", clock=lambda: NOW))

    assert slack.requests == []
    assert said == (
        "The notice of the failure was not posted to the webhook's channel: the ledger "
        "cannot be written.",
    )


def test_a_mistake_in_a_notice_is_no_second_failure(
    slack: SlackStandIn, tmp_path: Path
) -> None:
    """Its kind is told, and the run goes on with its own error."""
    said = notify(slack, BrokenLedger(tmp_path / "x.sqlite", clock=lambda: NOW))

    assert said == (
        "The notice of the failure was not posted to the webhook's channel: "
        "ZeroDivisionError.",
    )


def test_without_a_channel_nobody_is_told(ledger: SqliteLedger) -> None:
    """A run that may not post has nowhere to say so."""
    settings = read_settings(NEEDED, to_send=False)

    said = notify_failure(
        ERROR,
        report="weekly",
        window=WEEK,
        today=TODAY,
        settings=settings,
        ledger=ledger,
    )

    assert said == ()


def test_a_channel_is_not_told_of_a_post_that_it_refused(
    slack: SlackStandIn, ledger: SqliteLedger
) -> None:
    """It would refuse the notice too."""
    said = notify(slack, ledger, DeliveryError("Slack answered 404", status=404))

    assert (said, slack.requests) == ((), [])


def test_no_secret_is_in_a_notice(slack: SlackStandIn, ledger: SqliteLedger) -> None:
    """Whatever the error says, and wherever it is kept."""
    error = CollectionError(f"{NEEDED['MIXPANEL_SECRET']} at {slack.webhook_url}")
    notify(slack, ledger, error)

    kept = ledger.path.read_bytes()
    assert "s3cret-of-the-account" not in str(slack.messages)
    assert slack.webhook_url not in str(slack.messages)
    assert b"s3cret" not in kept
    assert slack.webhook_url.encode() not in kept


@pytest.mark.parametrize(
    "broken",
    [
        {"MIXPANEL_SECRET": ""},
        {"MIXPANEL_PROJECT_ID": "a-token"},
        {"TIMEZONE": "Mars/Olympus"},
        {"MIXPANEL_REGION": "mars"},
        {"REPORT_FILE": "no-such-file.toml"},
    ],
)
def test_settings_that_are_wrong_elsewhere_are_enough_for_a_notice(
    broken: dict[str, str],
) -> None:
    """The webhook is known, and that is where it is told."""
    webhook = "https://hooks.slack.com/services/T1/B2/xyz"

    settings = settings_to_notify({**NEEDED, "SLACK_WEBHOOK_URL": webhook, **broken})

    assert settings is not None
    assert settings.webhook_url == webhook


@pytest.mark.parametrize(
    "environ",
    [{}, {"SLACK_WEBHOOK_URL": "no address"}, {"SLACK_BOT_TOKEN": "xoxb-1-abc"}],
)
def test_without_a_channel_there_are_no_settings_for_a_notice(
    environ: dict[str, str],
) -> None:
    """There is nobody to tell."""
    assert settings_to_notify({**NEEDED, **environ}) is None
