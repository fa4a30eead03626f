"""One posting in Azure Blob storage: its document, and a run's claim to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event, Thread
from typing import Literal
from uuid import uuid4

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.ledger.blob_container import BlobContainer, Lease, renew
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.record import (
    KEEP_ENTRIES,
    Record,
    refuse_repeat,
    without_dead_writer,
)
from mixpanel_slack_report.ledger.record_json import (
    document_name,
    read_document,
    write_document,
)

__all__ = ["BlobClaim", "Document", "renewed"]

ATTEMPTS = 5


class Document:
    """The document of one posting."""

    def __init__(self, container: BlobContainer, key: EntryKey) -> None:
        self.container = container
        self.key = key
        self.name = document_name(key)

    def lease(self, seconds: int) -> Lease | None:
        """Lease the document, which is made if need be; None if another run has it."""
        try:
            return self.container.lease(self.name, seconds)
        except KeyError:
            self.container.create(self.name, write_document(self.key, Record()))
        with suppress(KeyError):  # Who gave a claim back has removed it just now.
            return self.container.lease(self.name, seconds)
        return None

    def read(self) -> tuple[Record, str]:
        """Return what is on record, and its ETag.

        Raises:
            LedgerError: If it is gone, or damaged.
        """
        found = self.container.read(self.name)
        try:
            if found is None:
                raise ValueError("somebody removed it")
            return read_document(found[0]), found[1]
        except ValueError as error:
            message = (
                f"{self.container.shown} cannot be used: {self.name}: {error}; see "
                "whether the report is in the channel, then remove that document"
            )
            raise LedgerError(message) from None

    def write(self, record: Record, etag: str, lease: Lease) -> bool:
        """Write a record in place of what was read; False if that has changed."""
        may_be_posted = record.step == "posting" or record.settled == "unknown"
        metadata = {"kept": "for ever" if may_be_posted else "for a while"}
        if record.sent:
            metadata["sent"] = record.sent.isoformat()
        return self.container.replace(
            self.name,
            write_document(self.key, record),
            etag,
            metadata=metadata,
            lease=lease,
        )


class BlobClaim:
    """One run's right to one posting, in a container; one thread uses it."""

    def __init__(
        self, document: Document, lease: Lease, clock: Callable[[], datetime]
    ) -> None:
        self._document = document
        self._lease = lease
        self._clock = clock
        self._writer = uuid4().hex
        self._step = ""

    def take(self, *, force: bool) -> None:
        """Put the claim on record; whoever had one is gone, as the lease is free."""
        record, etag = self._document.read()
        record = without_dead_writer(record)
        if not force:
            refuse_repeat(record, self._document.key)
        claimed = record.claimed(self._writer, self._clock())
        if not self._document.write(claimed, etag, self._lease):
            raise LedgerError(self._taken_over())
        self._step = "claimed"

    def posting(self) -> None:
        """Put on record that the first byte is about to leave."""
        self._write(lambda record, now: record.posting(now))
        self._step = "posting"

    def settle(self, state: Literal["sent", "refused", "unknown"], detail: str) -> None:
        """Put on record what became of it, and forget what is old."""
        self._step = ""  # A record that cannot be written says "posting" for ever.
        self._write(lambda record, now: record.finished(state, detail, now))
        self._prune()

    def leave(self) -> None:
        """Give the claim back, or leave ``unknown`` if something was being posted.

        What cannot be written is read in the same way, once the lease has run out.
        """
        with suppress(LedgerError):
            if self._step == "claimed":
                self._release()
            elif self._step == "posting":
                self.settle("unknown", "the run was stopped while it was posting")

    def _release(self) -> None:
        """Give the claim back, and leave no empty document behind."""
        released = self._write(lambda record, now: record.released())
        if not released.settled:
            self._document.container.remove(self._document.name, lease=self._lease)

    def _write(self, change: Callable[[Record, datetime], Record]) -> Record:
        """Change the record, if it is still this run's.

        Raises:
            LedgerError: If another run has the claim by now.
        """
        now, written = self._clock(), None
        for _ in range(ATTEMPTS):
            record, etag = self._document.read()
            if record == written:  # It was, and only the answer was lost.
                return record
            if record.writer != self._writer:
                raise LedgerError(self._taken_over())
            written = change(record, now)
            if self._document.write(written, etag, self._lease):
                return written
        raise LedgerError(self._taken_over())

    def _taken_over(self) -> str:
        """Say that another run has the claim."""
        return (
            f"{self._document.container.shown} was changed by another run while this "
            "one had a claim in it; see whether this one was held up"
        )

    def _prune(self) -> None:
        """Remove what is so old that no run will ask for it."""
        oldest = self._clock() - KEEP_ENTRIES
        with suppress(LedgerError):
            for blob in self._document.container.listing(""):
                kept = blob.metadata.get("kept") == "for ever"
                if blob.changed < oldest and not kept:
                    self._document.container.remove(blob.name)


@contextmanager
def renewed(lease: Lease, *, every: float) -> Iterator[None]:
    """Renew a lease from a thread, for as long as the block takes."""
    is_over = Event()

    def hold() -> None:
        while not is_over.wait(every):
            renew(lease)

    thread = Thread(target=hold, name="ledger-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
