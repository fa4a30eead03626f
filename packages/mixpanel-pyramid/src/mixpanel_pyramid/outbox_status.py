"""What is in an outbox, in numbers, for people and monitoring."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mixpanel_pyramid.election import Holder, find_holder, lock_path
from mixpanel_pyramid.outbox_file import OutboxFile

__all__ = ["DestinationStatus", "OutboxStatus", "opened", "read_status"]

PATIENCE = 5.0
LANE_NAMES = {0: "events", 1: "profiles", 2: "customer.io"}
UNBOUNDED_MB = 1_000_000  # how large the file may be is the app's to say


@dataclass(frozen=True, slots=True)
class DestinationStatus:
    """What of an outbox goes to one destination.

    Attributes:
        key: What tells it from others; no secret can be read from it.
        label: What people are shown.
        waiting: How many messages wait, by lane.
        in_flight: How many of those are being posted, or were when their sender died.
        oldest_seconds: For how long the oldest has waited; None where none waits.
        refused: Dead letters that the service did not want.
        unknown: Dead letters that count and may have been applied.
        sender: Who sends; None where nobody does.
    """

    key: str
    label: str
    waiting: dict[str, int]
    in_flight: int
    oldest_seconds: int | None
    refused: int
    unknown: int
    sender: Holder | None

    @property
    def total(self) -> int:
        """How many messages wait in all lanes."""
        return sum(self.waiting.values())


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """What is in an outbox.

    Attributes:
        path: The file.
        file_bytes: How large it is.
        log_bytes: How long SQLite's log beside it is.
        destinations: What goes where, in the order of their first messages.
    """

    path: Path
    file_bytes: int
    log_bytes: int
    destinations: tuple[DestinationStatus, ...]


def opened(path: Path) -> sqlite3.Connection:
    """Open an outbox that is there already, beside the processes that use it.

    Raises:
        OutboxUnusableError: If there is none, or it is not for this version.
        sqlite3.Error: If it cannot be read.
        OSError: The same.
    """
    file = OutboxFile(path, max_mb=UNBOUNDED_MB)
    return file.connect(PATIENCE, create=False)


def read_status(path: Path, clock: Callable[[], float] = time.time) -> OutboxStatus:
    """Count what is in an outbox; nobody has to wait for that.

    Args:
        path: The file.
        clock: Epoch seconds.

    Raises:
        OutboxUnusableError: If there is none, or it is not for this version.
        sqlite3.Error: If it cannot be read.
        OSError: The same.
    """
    with closing(opened(path)) as connection:
        found = connection.execute("SELECT id, key, label FROM destinations")
        destinations = tuple(
            destination_status(connection, path, row, clock()) for row in found
        )
    file = OutboxFile(path)
    return OutboxStatus(path, path.stat().st_size, file.log_bytes(), destinations)


def destination_status(
    connection: sqlite3.Connection, path: Path, row: tuple[int, str, str], now: float
) -> DestinationStatus:
    """Count what goes to one destination."""
    number, key, label = row
    lanes = connection.execute(
        "SELECT lane, count(*), min(put_at) FROM messages "
        "WHERE destination = ? GROUP BY lane ORDER BY lane",
        (number,),
    ).fetchall()
    in_flight = connection.execute(
        "SELECT count(*) FROM in_flight f JOIN messages m "
        "ON m.id BETWEEN f.first AND f.last AND m.destination = f.destination "
        "AND m.lane = f.lane WHERE f.destination = ?",
        (number,),
    ).fetchone()
    dead = dict(
        connection.execute(
            "SELECT state, count(*) FROM dead_letters WHERE destination = ? "
            "GROUP BY state",
            (number,),
        )
    )
    oldest = min((since for _, _, since in lanes), default=None)
    return DestinationStatus(
        key=key,
        label=label,
        waiting={LANE_NAMES[lane]: count for lane, count, _ in lanes},
        in_flight=in_flight[0],
        oldest_seconds=None if oldest is None else max(int(now) - oldest, 0),
        refused=dead.get("refused", 0),
        unknown=dead.get("unknown", 0),
        sender=find_holder(lock_path(path, key)),
    )
