"""What a ledger remembers of a posting, and what it lets a run do.

A posting goes ``claimed → posting → sent | refused | unknown``; each step is one
atomic write, and ``posting`` is on record before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

__all__ = [
    "FAILURE",
    "SCHEDULE",
    "Claim",
    "EntryKey",
    "Ledger",
    "Settled",
    "Step",
]

# What a run is at, and what became of a posting; empty for nothing yet.
Step = Literal["", "claimed", "posting"]
Settled = Literal["", "sent", "refused", "unknown"]
# Triggers that the whole package knows.
SCHEDULE = "schedule"
FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class EntryKey:
    """What is posted at most once.

    Attributes:
        trigger: What set the run off: ``SCHEDULE`` for every scheduled run and every
            ``send``, ``FAILURE`` for failure notices, else what tells one request
            from another.
        report: The period, or what a failure notice is about.
        from_date: First day reported.
        to_date: Last day reported.
        channel: Where it is posted; no secret, such as a digest of the webhook.
        source: What the numbers come from, such as a digest of the project and the
            report file: two projects may report to one channel.
    """

    trigger: str
    report: str
    from_date: date
    to_date: date
    channel: str
    source: str = ""


class Claim(Protocol):
    """The right to make one posting, held by one run; one thread at a time uses it.

    Leaving the block without having settled gives the claim back if nothing was being
    posted, and leaves ``unknown`` if it was.
    """

    def posting(self) -> None:
        """Put on record that the first byte is about to leave.

        Raises:
            LedgerError: If that cannot be written, or another run has the claim by
                now: nothing may be posted then.
        """

    def settle(self, state: Literal["sent", "refused", "unknown"], detail: str) -> None:
        """Put on record what became of it.

        Args:
            state: What is known.
            detail: A sentence without secrets for whoever finds it; may be empty.

        Raises:
            LedgerError: If that cannot be written; the record still says ``posting``,
                which the next run reads as ``unknown``.
        """


class Ledger(Protocol):
    """The memory between runs; processes and threads may use it at once."""

    def claim(
        self, key: EntryKey, *, force: bool = False
    ) -> AbstractContextManager[Claim]:
        """Claim a posting, waiting for another living run that has it.

        Args:
            key: What is about to be posted.
            force: Whether it is posted though it was sent, or may have been.

        Raises:
            AlreadySentError: If it was sent; unless forced.
            OutcomeUnknownError: If a run ended while posting, or did not learn what
                became of it; unless forced.
            LedgerError: If the ledger cannot be used, or the other run takes too long.
        """

    def last_sent(self) -> Mapping[str, datetime]:
        """Return when each report was last sent, in UTC; failure notices left out.

        Raises:
            LedgerError: If the ledger cannot be read.
        """

    def remember(self, name: str, value: str, *, now: datetime) -> None:
        """Remember a value, such as the project's timezone, in place of the last."""

    def recall(self, name: str) -> tuple[str, datetime] | None:
        """Return a remembered value and since when; None if there is none."""

    def accepted_rung(self, channel: str, *, now: datetime) -> int | None:
        """Return the rung that a channel took in the last 30 days; None if none."""

    def remember_rung(self, channel: str, rung: int, *, now: datetime) -> None:
        """Remember the rung that a channel took."""

    def close(self) -> None:
        """Let go of files and connections."""
