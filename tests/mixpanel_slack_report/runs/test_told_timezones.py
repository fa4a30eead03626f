"""The timezone that Mixpanel says is asked for once, and outlives a failed question."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.runs.connection import ToldTimezone
from mixpanel_slack_report.runs.told_timezones import ask_once
from mixpanel_slack_report.settings import Settings, read_settings

NOW = datetime(2026, 11, 16, 9, tzinfo=timezone.utc)
TOKYO = ToldTimezone("Asia/Tokyo")
LOST = ToldTimezone(None, "The timezone is not known.")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Variables that name a ledger where nothing is yet."""
    return {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
    }


Ask = Callable[..., ToldTimezone]


@pytest.fixture
def ask(environ: dict[str, str]) -> Ask:
    """Asks at a time, and gets the given answer if Mixpanel is asked at all."""

    def run(answer: ToldTimezone, now: datetime = NOW, **more: str) -> ToldTimezone:
        given = {**environ, **more}
        settings = read_settings(given, to_send=False)
        return ask_once(given, lambda: now, ask=lambda settings: answer)(settings)

    return run


def test_what_mixpanel_said_counts_for_an_hour(ask: Ask) -> None:
    """Then it is asked again, as somebody may have changed it."""
    london = ToldTimezone("Europe/London")
    ask(TOKYO)

    assert ask(london, NOW + timedelta(minutes=59)) == TOKYO
    assert ask(london, NOW + timedelta(minutes=61)) == london


def test_a_question_that_fails_does_not_change_the_days(ask: Ask) -> None:
    """What was said last week still counts."""
    ask(TOKYO)

    assert ask(LOST, NOW + timedelta(days=7)) == TOKYO


def test_a_first_question_that_fails_is_a_doubt(ask: Ask) -> None:
    """It is not remembered."""
    assert ask(LOST) == LOST
    assert ask(TOKYO) == TOKYO


def test_a_project_that_does_not_tell_any_more_is_believed(ask: Ask) -> None:
    """An answer without a timezone is an answer."""
    ask(TOKYO)

    silent = ToldTimezone(None)
    assert ask(silent, NOW + timedelta(days=7)) == silent


def test_that_a_project_does_not_tell_counts_for_an_hour_too(ask: Ask) -> None:
    """Else each of twenty runs would ask."""
    silent = ToldTimezone(None)
    ask(silent)

    assert ask(TOKYO, NOW + timedelta(minutes=59)) == silent
    assert ask(TOKYO, NOW + timedelta(minutes=61)) == TOKYO


def test_projects_are_told_apart(ask: Ask) -> None:
    """One number is another project in another region."""
    london = ToldTimezone("Europe/London")
    ask(TOKYO)

    assert ask(london, MIXPANEL_REGION="eu") == london
    assert ask(london, MIXPANEL_PROJECT_ID="2") == london
    assert ask(london) == TOKYO


def test_runs_that_come_together_ask_once(environ: dict[str, str]) -> None:
    """The others wait for the answer."""
    asked = []

    def answer(settings: Settings) -> ToldTimezone:
        asked.append(settings)
        return TOKYO

    def run(number: int) -> ToldTimezone:
        settings = read_settings(environ, to_send=False)
        return ask_once(environ, lambda: NOW, ask=answer)(settings)

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(run, range(8)))

    assert said == [TOKYO] * 8
    assert len(asked) == 1


def test_a_ledger_that_cannot_be_used_is_an_error(ask: Ask, tmp_path: Path) -> None:
    """Nothing would be posted anyway."""
    with pytest.raises(LedgerError):
        ask(TOKYO, REPORT_LEDGER=str(tmp_path))
