"""The ledger in a SQLite file: what only it can do, and what can go wrong with it."""

from __future__ import annotations

import sqlite3
import stat
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger

KEY = EntryKey(
    "schedule", "weekly", date(2026, 11, 9), date(2026, 11, 15), "#analytics"
)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.utc)


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    """A ledger whose file is not there yet."""
    return SqliteLedger(tmp_path / "state" / "ledger.sqlite", clock=lambda: NOW)


def test_the_file_is_for_its_owner_only(ledger: SqliteLedger) -> None:
    """So is the one beside it, and the folder."""
    with ledger.claim(KEY):
        pass

    folder = ledger.path.parent
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"ledger.sqlite": 0o600, "ledger.sqlite.writers": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_is_no_ledger_is_one_line(tmp_path: Path) -> None:
    """Nothing is posted without a ledger."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be read as one" * 20)

    with pytest.raises(LedgerError) as refused:
        SqliteLedger(path, clock=lambda: NOW).last_sent()

    assert str(refused.value) == (
        f"ledger {path} cannot be used (file is not a database); mend it, or name "
        "another file in REPORT_LEDGER"
    )


def test_a_file_of_a_later_version_is_refused(ledger: SqliteLedger) -> None:
    """Its rows may mean something else."""
    ledger.last_sent()
    connection = sqlite3.connect(ledger.path)
    connection.execute("PRAGMA user_version = 2")
    connection.close()

    with pytest.raises(LedgerError, match="version 2 of it is not known here"):
        ledger.last_sent()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("settled = 'senr'", "its outcome is none that is known here"),
        ("settled = x'ff'", "its outcome is none that is known here"),
        ("step = 'gone', writer = '5'", "its step is none that is known here"),
        ("changed = 'yesterday'", "Invalid isoformat string: 'yesterday'"),
        ("sent = '5'", "Invalid isoformat string: '5'"),
    ],
)
def test_a_damaged_record_is_no_leave_to_post(
    ledger: SqliteLedger, damage: str, told: str
) -> None:
    """It may have said that the report was sent."""
    with ledger.claim(KEY) as claim:
        claim.posting()
        claim.settle("sent", "")
    connection = sqlite3.connect(ledger.path)
    connection.execute(f"UPDATE entry SET {damage}")  # noqa: S608 - constants
    connection.commit()
    connection.close()

    with pytest.raises(LedgerError) as refused, ledger.claim(KEY):
        pass

    assert str(refused.value) == (
        f"ledger {ledger.path} cannot be used (its record of the weekly report "
        f"2026-11-09 to 2026-11-15 is damaged: {told}); mend it, or name another file "
        "in REPORT_LEDGER"
    )


def test_a_damaged_time_of_a_report_is_one_line(ledger: SqliteLedger) -> None:
    """As whoever asks for the health of the reports would get it."""
    with ledger.claim(KEY) as claim:
        claim.posting()
        claim.settle("sent", "")
    connection = sqlite3.connect(ledger.path)
    connection.execute("UPDATE entry SET sent = 'soon'")
    connection.commit()
    connection.close()

    with pytest.raises(LedgerError, match="Invalid isoformat string: 'soon'"):
        ledger.last_sent()


def test_a_damaged_memory_is_none(ledger: SqliteLedger) -> None:
    """What was remembered is asked for again."""
    ledger.remember("rung:#a", "1", now=NOW)
    connection = sqlite3.connect(ledger.path)
    connection.execute("UPDATE memory SET since = 'once'")
    connection.commit()
    connection.close()

    assert ledger.recall("rung:#a") is None


def test_a_folder_in_its_place_is_one_line(tmp_path: Path) -> None:
    """SQLite's reason is in it."""
    with pytest.raises(LedgerError) as refused:
        SqliteLedger(tmp_path, clock=lambda: NOW).last_sent()

    assert str(refused.value) == (
        f"ledger {tmp_path} cannot be used (unable to open database file); mend it, or "
        "name another file in REPORT_LEDGER"
    )


def test_a_claim_in_a_ledger_that_was_removed_cannot_post(ledger: SqliteLedger) -> None:
    """Another run may have claimed it in the new file."""
    with ledger.claim(KEY) as claim:
        ledger.path.unlink()
        with pytest.raises(LedgerError, match="was changed while this run had a claim"):
            claim.posting()


def test_the_claim_of_a_run_whose_locks_were_removed_can_be_taken_but_once(
    ledger: SqliteLedger,
) -> None:
    """Who removes the file beside the ledger makes a living run look dead."""
    with ledger.claim(KEY) as first:
        ledger.path.with_name("ledger.sqlite.writers").unlink()
        with ledger.claim(KEY) as second:
            second.posting()
            with pytest.raises(LedgerError):
                first.posting()
            second.settle("sent", "")
