"""What was tracked inside a transaction shares its fate.

A data manager, and not an after-commit hook, because hooks know nothing of savepoints:
https://transaction.readthedocs.io/en/latest/datamanager.html. Nothing is imported: the
transaction is the one of ``request.tm``, which pyramid_tm made.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixpanel_pyramid.consumer import Fate, TrackerConsumer
from mixpanel_pyramid.journal import ROLLED_BACK

if TYPE_CHECKING:
    from pyramid.request import Request  # type: ignore[import-untyped]

__all__ = ["TrackedSavepoint", "TransactionJoin", "has_transaction", "join_transaction"]

logger = logging.getLogger(__name__)

LAST = "\U0010ffff"  # no text sorts after it


@dataclass(eq=False)
class TransactionJoin:
    """A data manager: one transaction, and the messages that were tracked inside of it.

    Attributes:
        consumer: Holds the messages.
        on_commit: Called when they are committed.
        is_open: Whether the transaction still goes on.
    """

    consumer: TrackerConsumer
    on_commit: Callable[[], None]
    is_open: bool = True

    def sortKey(self) -> str:  # noqa: N802, RUF100  # transaction's name for it
        """Come last: when this one is asked to finish, all others have finished."""
        return f"{LAST}mixpanel_pyramid"

    def savepoint(self) -> TrackedSavepoint:
        """Remember what was tracked so far."""
        return TrackedSavepoint(self.consumer, self.consumer.mark())

    def abort(self, transaction: object) -> None:
        """Discard the messages.

        The transaction calls this also after it was committed, where after-commit
        hooks may have left something behind; the messages are no such thing.
        """
        if self.is_open:
            self.is_open = False
            self.consumer.roll_back(0)

    def tpc_begin(self, transaction: object) -> None:
        """Do nothing: there is nothing to prepare."""

    def commit(self, transaction: object) -> None:
        """Do nothing: there is nothing to write yet."""

    def tpc_vote(self, transaction: object) -> None:
        """Do nothing: there is nothing to object to."""

    def tpc_finish(self, transaction: object) -> None:
        """Keep the messages, whatever the answer will be; never raise."""
        if not self.is_open:
            return
        self.is_open = False
        try:
            self.consumer.commit()
            self.on_commit()
        except Exception:
            logger.exception("a transaction's Mixpanel messages were not handed over")

    def tpc_abort(self, transaction: object) -> None:
        """Discard the messages, as the commit failed."""
        self.abort(transaction)


@dataclass(frozen=True, slots=True)
class TrackedSavepoint:
    """How much had been tracked when a savepoint was made.

    Attributes:
        consumer: Holds the messages.
        mark: How many of the transaction's messages there were.
    """

    consumer: TrackerConsumer
    mark: int

    def rollback(self) -> None:
        """Drop what was tracked since."""
        self.consumer.roll_back(self.mark, ROLLED_BACK)


def has_transaction(request: Request) -> bool:
    """Tell whether somebody, such as pyramid_tm, looks after a transaction now."""
    return bool(request.environ.get("tm.active"))


def join_transaction(request: Request, join: TransactionJoin) -> Fate:
    """Join the transaction of a request, and say what becomes of what is tracked now.

    Args:
        request: The request; its ``tm`` may be any manager.
        join: What is to join.

    Returns:
        ``BIND`` when joined. ``WAIT``, for the answer, where there is no transaction,
        because the application has ended it by hand, or is about to. ``DISCARD`` in a
        transaction that has failed and can only be aborted.
    """
    try:
        transaction = request.tm.get()
    except Exception:  # an explicit manager between two transactions, or none at all
        return Fate.WAIT
    try:
        transaction.join(join)
    except ValueError:  # being committed, or committed
        return Fate.WAIT
    except Exception:  # TransactionFailedError
        return Fate.DISCARD
    return Fate.BIND
