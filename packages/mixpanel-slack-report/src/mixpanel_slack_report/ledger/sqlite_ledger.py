"""The ledger in a SQLite file, for runs on one machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.ledger.entries import FAILURE, Claim, EntryKey
from mixpanel_slack_report.ledger.living_writers import LivingWriters, living_writers
from mixpanel_slack_report.ledger.record import (
    KEEP_ENTRIES,
    Record,
    fresh_rung,
    refuse_repeat,
    still_busy,
    without_dead_writer,
)
from mixpanel_slack_report.ledger.sqlite_file import (
    find_record,
    forget_record,
    keep_record,
    opened,
)

__all__ = ["SqliteLedger"]

LONGEST_WAIT = 600.0
PAUSE = 0.2


class SqliteLedger:
    """What was posted, in a file that processes of one machine share.

    It keeps no connection open; threads, and processes that were forked, may share it.

    Args:
        path: The file; made when it is first used, readable to its owner only.
        clock: Gives the current time in UTC.
        longest_wait: Seconds to wait for another living run.
        sleep: Waits for so many seconds.

    Attributes:
        path: The file.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime],
        longest_wait: float = LONGEST_WAIT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.path = path
        self._clock = clock
        self._longest_wait = longest_wait
        self._sleep = sleep

    @contextmanager
    def claim(self, key: EntryKey, *, force: bool = False) -> Iterator[Claim]:
        """Claim a posting, as ``Ledger.claim`` says."""
        with self._writers() as writers:
            waited = 0.0
            while not self._take(key, writers, force=force):
                if waited >= self._longest_wait:
                    raise LedgerError(still_busy(key, self._longest_wait))
                self._sleep(PAUSE)
                waited += PAUSE
            claim = SqliteClaim(self.path, key, writers.name, self._clock)
            try:
                yield claim
            finally:
                claim.leave()

    @contextmanager
    def _writers(self) -> Iterator[LivingWriters]:
        """Be one of the living writers of this ledger.

        Raises:
            LedgerError: If the file beside the ledger cannot be used.
        """
        with opened(self.path):
            pass  # What is wrong with the ledger itself is told first.
        path = self.path.with_name(f"{self.path.name}.writers")
        with ExitStack() as stack:
            try:
                writers = stack.enter_context(living_writers(path))
            except OSError as error:
                message = f"{path} cannot be used ({error.strerror}); make it writable"
                raise LedgerError(message) from error
            yield writers

    def _take(self, key: EntryKey, writers: LivingWriters, *, force: bool) -> bool:
        """Take a posting; False if another living run has it."""
        with opened(self.path) as connection:
            record = find_record(connection, key)
            if record.step:
                if writers.has(record.writer):
                    return False
                record = without_dead_writer(record)
            if not force:
                refuse_repeat(record, key)
            claimed = record.claimed(writers.name, self._clock())
            keep_record(connection, key, claimed)
        return True

    def last_sent(self) -> Mapping[str, datetime]:
        """Return when each report was last sent, in UTC; failure notices left out."""
        with opened(self.path) as connection:
            rows = connection.execute(
                "SELECT report, MAX(sent) FROM entry"
                " WHERE sent IS NOT NULL AND trigger != ? GROUP BY report",
                (FAILURE,),
            ).fetchall()
            return {report: datetime.fromisoformat(sent) for report, sent in rows}

    def remember(self, name: str, value: str, *, now: datetime) -> None:
        """Remember a value in place of the last one."""
        with opened(self.path) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO memory VALUES (?, ?, ?)",
                (name, value, now.isoformat()),
            )

    def recall(self, name: str) -> tuple[str, datetime] | None:
        """Return a remembered value and since when; None if there is none."""
        with opened(self.path) as connection:
            row = connection.execute(
                "SELECT value, since FROM memory WHERE name = ?", (name,)
            ).fetchone()
        with suppress(ValueError):
            return row and (row[0], datetime.fromisoformat(row[1]))
        return None

    def accepted_rung(self, channel: str, *, now: datetime) -> int | None:
        """Return the rung that a channel took in the last 30 days; None if none."""
        return fresh_rung(self.recall(f"rung:{channel}"), now)

    def remember_rung(self, channel: str, rung: int, *, now: datetime) -> None:
        """Remember the rung that a channel took."""
        self.remember(f"rung:{channel}", str(rung), now=now)

    def close(self) -> None:
        """Do nothing: no file stays open."""


class SqliteClaim:
    """One run's right to one posting, in a SQLite file."""

    def __init__(
        self, path: Path, key: EntryKey, writer: str, clock: Callable[[], datetime]
    ) -> None:
        self._path = path
        self._key = key
        self._writer = writer
        self._clock = clock
        self._step = "claimed"

    def posting(self) -> None:
        """Put on record that the first byte is about to leave."""
        self._write(lambda record, now: record.posting(now))
        self._step = "posting"

    def settle(self, state: Literal["sent", "refused", "unknown"], detail: str) -> None:
        """Put on record what became of it, and forget what is old."""
        self._step = ""  # A record that cannot be written says "posting" for ever.
        self._write(lambda record, now: record.finished(state, detail, now))

    def leave(self) -> None:
        """Give the claim back, or leave ``unknown`` if something was being posted.

        What cannot be written is read in the same way, as the writer is gone.
        """
        with suppress(LedgerError):
            if self._step == "claimed":
                self._write(lambda record, now: record.released())
            elif self._step == "posting":
                self.settle("unknown", "the run was stopped while it was posting")

    def _write(self, change: Callable[[Record, datetime], Record]) -> None:
        """Change the record in one transaction.

        Raises:
            LedgerError: If another run has the claim by now.
        """
        with opened(self._path) as connection:
            record = find_record(connection, self._key)
            if record.writer != self._writer:
                message = (
                    f"ledger {self._path} was changed while this run had a claim in it;"
                    " see whether somebody removed it or the file beside it"
                )
                raise LedgerError(message)
            now = self._clock()
            changed = change(record, now)
            if changed.step or changed.settled:
                keep_record(connection, self._key, changed)
            else:
                forget_record(connection, self._key)
            connection.execute(
                "DELETE FROM entry"
                " WHERE step != 'posting' AND settled != 'unknown' AND changed < ?",
                ((now - KEEP_ENTRIES).isoformat(),),
            )
