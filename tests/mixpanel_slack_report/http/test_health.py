"""When each report was last sent."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mixpanel_slack_report.http.exchange import HttpRequest
from mixpanel_slack_report.http.health import Health
from mixpanel_slack_report.ledger.entries import FAILURE, EntryKey
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger

NIGHT = datetime(2026, 11, 18, 4, 0, tzinfo=timezone(timedelta(hours=-5)))
REQUEST = HttpRequest("GET", "/api/health")


def test_each_report_has_its_time_in_utc(tmp_path: Path) -> None:
    """Or null; notices of failures are no reports."""
    ledger = SqliteLedger(tmp_path / "ledger.sqlite", clock=lambda: NIGHT)
    day = date(2026, 11, 17)
    for trigger, report in (("schedule", "daily"), (FAILURE, "weekly:failure:1")):
        key = EntryKey(trigger, report, day, day, "webhook:1")
        with ledger.claim(key) as claim:
            claim.posting()
            claim.settle("sent", "")

    answer = Health(lambda: ledger).answer(REQUEST)

    assert answer.status == 200
    assert json.loads(answer.body) == {
        "status": "ok",
        "last_sent": {
            "daily": "2026-11-18T09:00:00+00:00",
            "weekly": None,
            "biweekly": None,
            "monthly": None,
            "custom": None,
        },
    }


def test_a_ledger_that_cannot_be_read_is_a_503(tmp_path: Path) -> None:
    """Without its path: anybody may ask."""
    path = tmp_path / "s3cret.sqlite"
    path.mkdir()

    answer = Health(lambda: SqliteLedger(path, clock=lambda: NIGHT)).answer(REQUEST)

    assert answer.status == 503
    assert json.loads(answer.body) == {
        "status": "unavailable",
        "error": "the ledger cannot be read; check REPORT_LEDGER",
    }


@pytest.mark.parametrize("name", ["HEAD", "GET"])
def test_any_method_gets_the_same(tmp_path: Path, name: str) -> None:
    """The server leaves out the body of a HEAD."""
    ledger = SqliteLedger(tmp_path / "ledger.sqlite", clock=lambda: NIGHT)

    answer = Health(lambda: ledger).answer(HttpRequest(name, "/api/health"))

    assert (answer.status, answer.body[:1]) == (200, b"{")
