"""Dead letters of messages that did not wait in the outbox, such as a worker's."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing

from mixpanel_pyramid.exceptions import OutboxUnusableError
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outbox_file import LANES, OutboxFile, destination_number
from mixpanel_pyramid.outbox_rows import Address, transaction
from mixpanel_pyramid.shelves import Dead

__all__ = ["DeadLetterBox"]

logger = logging.getLogger("mixpanel_pyramid.delivery")

PATIENCE = 5.0  # seconds
DISK_ERRORS = (sqlite3.Error, OSError, OutboxUnusableError)
INSERT = (
    "INSERT INTO dead_letters (destination, lane, endpoint, traits, moment, body, "
    "state, reason, died_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class DeadLetterBox:
    """Keeps messages that are not sent any more in the file of an outbox.

    Args:
        file: The outbox.
        address: Where the messages should have gone.
        clock: Epoch seconds.
    """

    def __init__(
        self,
        file: OutboxFile,
        address: Address,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.file = file
        self.address = address
        self.clock = clock

    def keep(self, messages: Sequence[Message], dead: Sequence[Dead]) -> list[int]:
        """Keep what died of a batch; never raises.

        Args:
            messages: The batch.
            dead: What died of it, and why.

        Returns:
            What ``forget`` takes; nothing where it could not be kept.
        """
        try:
            with closing(self.file.connect(PATIENCE)) as connection:
                return self.write(connection, messages, dead)
        except DISK_ERRORS as error:
            text = "%d dead letters cannot be kept in the outbox %s (%s)"
            logger.error(text, len(dead), self.file.path, error)
            return []

    def write(
        self,
        connection: sqlite3.Connection,
        messages: Sequence[Message],
        dead: Sequence[Dead],
    ) -> list[int]:
        """Write letters in one transaction."""
        now, letters = self.clock(), []
        with transaction(connection):
            number = destination_number(connection, *self.address)
            for letter in dead:
                endpoint, text, traits, moment, _ = messages[letter.index]
                what = (number, LANES[endpoint], endpoint, traits, moment, text)
                why = (letter.state, letter.reason, now)
                with closing(connection.execute(INSERT, (*what, *why))) as cursor:
                    letters.append(int(cursor.lastrowid or 0))
        return letters

    def forget(self, letters: Sequence[int]) -> None:
        """Take letters out again, because it is clear now what became of them."""
        if not letters:
            return
        try:
            with closing(self.file.connect(PATIENCE)) as connection:
                statement = "DELETE FROM dead_letters WHERE id = ?"
                with transaction(connection):
                    connection.executemany(statement, [(n,) for n in letters]).close()
        except DISK_ERRORS as error:
            text = "%d dead letters stay in the outbox %s without need (%s)"
            logger.error(text, len(letters), self.file.path, error)
