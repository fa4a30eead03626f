"""The work that a slash command leaves for later, and the queue that it waits in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mixpanel_slack_report.http.orders import (
    LONGEST_CUSTOM,
    ORDERED_PERIODS,
    ReportOrder,
)

__all__ = ["TakenWork", "WorkInbox", "WorkItem", "WorkQueue", "read_item", "write_item"]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A report ordered in Slack.

    Attributes:
        order: The report; its days are named by a period or by a count of days.
        asked_at: When it was ordered, aware: its days follow from that, so that a
            repeat reports the same.
        trigger_id: What tells this order from every other; no secret.
        response_url: Where whoever ordered it is told what became of it. Who knows
            it can write there, so it is in the queue and nowhere else.
    """

    order: ReportOrder
    asked_at: datetime
    trigger_id: str
    response_url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakenWork:
    """An item that a worker has taken.

    Attributes:
        item: What to do.
        tries: How often it has been taken, this time included.
        done: Takes it out of the queue; else it is given out again later.
    """

    item: WorkItem
    tries: int
    done: Callable[[], None]


class WorkInbox(Protocol):
    """Where work is handed in; several threads may use it at once."""

    def put(self, item: WorkItem) -> None:
        """Keep an item until it is done.

        Raises:
            LedgerError: If it cannot be kept.
        """


class WorkQueue(WorkInbox, Protocol):
    """Gives out each item at least once; several processes may use it at once."""

    def take(self) -> TakenWork | None:
        """Take the oldest item that nobody works on; None if there is none.

        Raises:
            LedgerError: If the queue cannot be read.
        """


def write_item(item: WorkItem) -> str:
    """Write an item as JSON, to be kept in a queue."""
    return json.dumps(
        {
            "period": item.order.period,
            "last_days": item.order.last_days,
            "asked_at": item.asked_at.isoformat(),
            "trigger_id": item.trigger_id,
            "response_url": item.response_url,
        }
    )


def read_item(text: str) -> WorkItem:
    """Read an item that was written by ``write_item``.

    Raises:
        ValueError: If it was not; the message holds nothing of it.
    """
    try:
        kept = json.loads(text)
        period, days = kept["period"], kept["last_days"]
        asked_at = datetime.fromisoformat(kept["asked_at"])
        is_known = period in (*ORDERED_PERIODS, "custom") and asked_at.tzinfo
        if not is_known or (period == "custom") != (
            days in range(1, LONGEST_CUSTOM + 1)
        ):
            raise ValueError("no order")
        return WorkItem(
            ReportOrder(period, last_days=days),
            asked_at,
            str(kept["trigger_id"]),
            str(kept["response_url"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        message = f"work in the queue cannot be read ({type(error).__name__})"
        raise ValueError(message) from None
