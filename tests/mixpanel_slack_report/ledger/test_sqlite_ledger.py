"""The ledger in a SQLite file: what only it can do, and what can go wrong with it."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing, suppress
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.record import Record
from mixpanel_slack_report.ledger.sqlite_file import find_record, opened
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger

KEY = EntryKey(
    "schedule", "weekly", date(2026, 11, 9), date(2026, 11, 15), "#analytics"
)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.utc)


def rows(ledger: SqliteLedger) -> list[tuple[str, str]]:
    """Return the steps and outcomes in the file."""
    with closing(sqlite3.connect(ledger.path)) as connection:
        return connection.execute("SELECT step, settled FROM entry").fetchall()


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


def test_a_claim_that_was_given_back_leaves_no_row(ledger: SqliteLedger) -> None:
    """As if there had been no run."""
    with ledger.claim(KEY):
        assert rows(ledger) == [("claimed", "")]

    assert rows(ledger) == []


def test_a_claim_that_was_given_back_leaves_the_outcome_before(
    ledger: SqliteLedger,
) -> None:
    """A report that was refused still is."""
    with ledger.claim(KEY) as claim:
        claim.posting()
        claim.settle("refused", "no such channel")
    with ledger.claim(KEY):
        pass

    assert rows(ledger) == [("", "refused")]


def test_a_claim_and_a_posting_have_their_times(ledger: SqliteLedger) -> None:
    """Who finds one of a run that is gone learns when that was."""
    with ledger.claim(KEY) as claim:
        with opened(ledger.path) as connection:
            claimed = find_record(connection, KEY)
        claim.posting()
        with opened(ledger.path) as connection:
            posting = find_record(connection, KEY)
        claim.settle("sent", "")

    assert (claimed.step, claimed.changed) == ("claimed", NOW)
    assert (posting.step, posting.changed) == ("posting", NOW)


def test_times_are_kept_as_texts_that_sort(ledger: SqliteLedger) -> None:
    """What is old is told by them."""
    with ledger.claim(KEY) as claim:
        claim.posting()
        claim.settle("sent", "")

    with closing(sqlite3.connect(ledger.path)) as connection:
        times = connection.execute("SELECT changed, sent FROM entry").fetchall()
    assert times == [("2026-11-16T09:00:00+00:00", "2026-11-16T09:00:00+00:00")]


def test_the_file_says_which_version_it_is(ledger: SqliteLedger) -> None:
    """So that a later one can be told from it."""
    ledger.last_sent()

    with closing(sqlite3.connect(ledger.path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_another_run_is_looked_for_five_times_a_second(tmp_path: Path) -> None:
    """For as long as it may take, to the second."""
    slept: list[float] = []
    ledger = SqliteLedger(
        tmp_path / "ledger.sqlite",
        clock=lambda: NOW,
        longest_wait=1.0,
        sleep=slept.append,
    )

    with ledger.claim(KEY), pytest.raises(LedgerError), ledger.claim(KEY):
        pass

    assert slept == [0.2] * 5


def test_a_file_beside_the_ledger_that_cannot_be_used_is_one_line(
    ledger: SqliteLedger,
) -> None:
    """It holds the locks of the runs that are alive."""
    ledger.last_sent()
    beside = ledger.path.with_name("ledger.sqlite.writers")
    beside.mkdir()

    with pytest.raises(LedgerError) as refused, ledger.claim(KEY):
        pass

    assert str(refused.value) == (
        f"{beside} cannot be used (Is a directory); make it writable"
    )


def test_a_folder_of_folders_is_made_for_the_file(tmp_path: Path) -> None:
    """As deep as it is named."""
    path = tmp_path / "a" / "b" / "ledger.sqlite"

    assert dict(SqliteLedger(path, clock=lambda: NOW).last_sent()) == {}


def test_a_transaction_is_on_the_disk_when_it_is_over(ledger: SqliteLedger) -> None:
    """Also through a cut of the power: https://sqlite.org/pragma.html#pragma_synchronous."""
    with opened(ledger.path) as connection:
        extra = connection.execute("PRAGMA synchronous").fetchone()
        assert (extra, connection.in_transaction) == ((3,), True)


def test_the_line_of_a_claim_that_was_lost_says_where_to_look(
    ledger: SqliteLedger,
) -> None:
    """At who removed the file, or the one beside it."""
    with ledger.claim(KEY) as claim:
        ledger.path.unlink()
        with pytest.raises(LedgerError) as refused:
            claim.posting()

    assert str(refused.value) == (
        f"ledger {ledger.path} was changed while this run had a claim in it; see "
        "whether somebody removed it or the file beside it"
    )


def test_a_run_that_is_stopped_while_posting_says_so(ledger: SqliteLedger) -> None:
    """Whoever forces the report reads it."""
    with suppress(KeyboardInterrupt), ledger.claim(KEY) as claim:
        claim.posting()
        raise KeyboardInterrupt

    with opened(ledger.path) as connection:
        record = find_record(connection, KEY)
    assert record == Record(
        settled="unknown",
        detail="the run was stopped while it was posting",
        changed=NOW,
    )


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
