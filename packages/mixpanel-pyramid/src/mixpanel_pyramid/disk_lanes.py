"""The lanes of an outbox, for the process that was elected to send from it."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable

from mixpanel_pyramid.election import Candidate, lock_path
from mixpanel_pyramid.exceptions import OutboxUnusableError
from mixpanel_pyramid.lanes import Backoff, Lane
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import is_busy
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf
from mixpanel_pyramid.services import Service

__all__ = ["DISK_ERRORS", "DiskLanes"]

logger = logging.getLogger("mixpanel_pyramid.delivery")

DISK_ERRORS = (sqlite3.Error, OSError, OutboxUnusableError)
BETWEEN_ELECTIONS = 0.5  # seconds
AFTER_AN_ERROR = 2.0  # seconds


class DiskLanes:
    """What of an outbox goes to one service, and whether this process sends it.

    Used by the one thread that delivers to the service. Whoever forks first takes
    ``lock``, so that no thread is inside SQLite then.

    Args:
        outbox: The outbox.
        service: The service.
        backoff: How long to wait after a failure.

    Attributes:
        lanes: The lanes; nothing of them is to be sent unless elected.
        shelves: Where what is in each of them waits.
        elected: Whether this process is the sender.
        has_stood: Whether it ever tried to be.
        lock: Held while the file is used.
        unknown: Counting updates that a crashed sender had under way.
        problem: Why the file could not be used when it was looked at last; empty
            where it could.
        is_unusable: Whether that was worse than another's lock on it.
    """

    def __init__(self, outbox: Outbox, service: Service, backoff: Backoff) -> None:
        self.outbox = outbox
        self.service = service
        self.backoff = backoff
        self.candidate = Candidate(lock_path(outbox.file.path, service.address.key))
        self.reader = OutboxReader(outbox.file, service.address)
        self.lock = threading.Lock()
        self.elected = self.has_stood = False
        self.unknown = 0
        self.look_at = 0.0
        self.problem, self.is_unusable = "", False
        self.made_for = (0, 0)  # of the lanes: the term, and the file
        self.begin_anew()

    def begin_anew(self) -> None:
        """Make the lanes, with nothing known of what is in them."""
        rules = self.service.lanes
        self.shelves = [OutboxShelf(self.reader, rule.number) for rule in rules]
        self.lanes = [
            Lane(
                f"{rule.name} on disk",
                rule.largest,
                rule.most_bytes,
                self.backoff,
                shelf,
                mixes=rule.mixes,
            )
            for rule, shelf in zip(rules, self.shelves, strict=True)
        ]

    def look(self) -> bool:
        """See whether this process sends, and whether there is anything new.

        Returns:
            Whether this process sends.
        """
        now = time.monotonic()
        if now < self.look_at:
            return self.elected
        try:
            with self.lock:
                self.elected = self.stand(now)
                self.has_stood = True
                if self.elected:
                    self.notice_changes()
        except DISK_ERRORS as error:
            self.fail(error)
            return False
        self.problem, self.is_unusable = "", False
        return self.elected

    def stand(self, now: float) -> bool:
        """Stand for election; take over what the sender before left behind."""
        if not self.candidate.is_elected():
            self.look_at = now + BETWEEN_ELECTIONS
            return False
        if not self.reader.is_current():
            self.reader.close()
        self.reader.opened()
        made_for = (self.candidate.terms, self.reader.inode)
        if made_for != self.made_for:
            # Otherwise the lanes stay: they know what is posted, but not settled yet.
            self.begin_anew()
            self.take_over()
            self.made_for = made_for
        return True

    def take_over(self) -> None:
        """Settle what a sender before had under way when it ended."""
        unknown = self.reader.recover()
        if unknown:
            self.unknown += unknown
            text = (
                "%d updates that count were under way to %s when their sender ended; "
                "they are kept in the outbox %s as unknown"
            )
            label = self.service.address.label
            logger.error(text, unknown, label, self.outbox.file.path)

    def notice_changes(self) -> None:
        """Look again at lanes that were empty, if the file has changed since."""
        if self.reader.has_changed():
            for shelf in self.shelves:
                shelf.known_empty = False
        self.reader.keep_house()

    def fail(self, error: Exception) -> None:
        """Leave the file alone for a while, and say so once."""
        problem = f"{type(error).__name__}: {error}"
        if not self.problem:
            text = "the outbox %s cannot be sent from (%s); it is tried again"
            logger.error(text, self.outbox.file.path, problem)
        self.problem, self.is_unusable = problem, not is_busy(error)
        with self.lock:
            self.reader.close()
            if all(shelf.unsettled is None for shelf in self.shelves):
                self.candidate.resign()  # perhaps another process fares better
        self.elected = False
        self.look_at = time.monotonic() + AFTER_AN_ERROR

    def waiting(self) -> Iterable[Lane]:
        """Give the lanes that may hold something to send."""
        if not self.elected:
            return ()
        return [lane for lane in self.lanes if not lane.shelf.is_empty()]

    def resign(self) -> None:
        """Let another process send."""
        self.elected = False
        with self.lock:
            self.reader.close()
            self.candidate.resign()
