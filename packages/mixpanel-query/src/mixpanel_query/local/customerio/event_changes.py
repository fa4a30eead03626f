"""What becomes of events, those that are kept and those that arrive with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mixpanel_query.local.customerio.operations import NewEvent

__all__ = ["CustomerEventRow", "EventChanges"]

# https://docs.customer.io/journeys/anonymous-events and
# https://docs.customer.io/journeys/people/manage/merge-people/
REMEMBERED_MS: Final = 30 * 24 * 3_600_000

LINK: Final = """
UPDATE customer_events SET cio_id = $cio_id
WHERE anonymous_id = $anonymous_id AND cio_id = '' AND time_ms >= $since
"""
MOVE: Final = """
UPDATE customer_events SET cio_id = $to
WHERE cio_id = $cio_id AND time_ms >= $since
"""
FORGET: Final = "DELETE FROM customer_events WHERE cio_id = $cio_id"


@dataclass(slots=True)
class CustomerEventRow:
    """An event as the store keeps it.

    Attributes:
        cio_id: Who did it; empty for nobody who is identified.
        anonymous_id: Who did it, if that person was not identified.
        ulid: What tells it from a repeat of itself; empty if nothing does.
        time_ms: When, in epoch milliseconds.
        type: ``event``, ``page`` or ``screen``.
        name: Its name.
        data: What is said of it.
    """

    cio_id: str
    anonymous_id: str
    ulid: str
    time_ms: int
    type: str
    name: str
    data: dict[str, Any]


class EventChanges:
    """What is to be done to events.

    Args:
        ulids: Those of the request that kept events have.
        now_ms: When the request arrived.

    Attributes:
        rows: The new events.
        statements: What is to be done to kept events before that, with its values.
    """

    def __init__(self, ulids: set[str], now_ms: int) -> None:
        self.rows: list[CustomerEventRow] = []
        self.statements: list[tuple[str, dict[str, object]]] = []
        self._ulids = ulids
        self._now_ms = now_ms
        self._since = now_ms - REMEMBERED_MS

    def add(self, cio_id: str, event: NewEvent) -> bool:
        """Add an event, and tell whether it is no repeat."""
        if event.ulid in self._ulids:
            return False
        if event.ulid:
            self._ulids.add(event.ulid)
        time_ms = self._now_ms if event.timestamp is None else event.timestamp * 1000
        row = CustomerEventRow(
            cio_id,
            event.anonymous_id,
            event.ulid,
            time_ms,
            event.type,
            event.name,
            dict(event.data),
        )
        self.rows.append(row)
        return True

    def link(self, anonymous_id: str, cio_id: str) -> None:
        """Let the anonymous events of the last 30 days be a person's."""
        for row in self.rows:
            recent = row.time_ms >= self._since
            if recent and row.anonymous_id == anonymous_id and not row.cio_id:
                row.cio_id = cio_id
        values = {"anonymous_id": anonymous_id, "cio_id": cio_id}
        self.statements.append((LINK, {**values, "since": self._since}))

    def move(self, cio_id: str, to: str) -> None:
        """Let the events of the last 30 days be another person's, and no others be."""
        for row in self.rows:
            if row.cio_id == cio_id and row.time_ms >= self._since:
                row.cio_id = to
        values = {"cio_id": cio_id, "to": to, "since": self._since}
        self.statements.append((MOVE, values))
        self.forget(cio_id)

    def forget(self, cio_id: str) -> None:
        """Delete the events of a person."""
        self.rows = [row for row in self.rows if row.cio_id != cio_id]
        self.statements.append((FORGET, {"cio_id": cio_id}))
