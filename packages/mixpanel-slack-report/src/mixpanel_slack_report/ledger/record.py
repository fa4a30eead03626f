"""What is on record of one posting, and what a run may do about it.

Everything here is pure; both ledgers decide by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, get_args

from mixpanel_slack_report.exceptions import AlreadySentError, OutcomeUnknownError
from mixpanel_slack_report.ledger.entries import EntryKey, Settled, Step

__all__ = [
    "KEEP_ENTRIES",
    "KEEP_RUNGS",
    "Record",
    "fresh_rung",
    "read_record",
    "refuse_repeat",
    "still_busy",
    "without_dead_writer",
]

# Longer than any report looks back; what is unknown stays until somebody forces it.
KEEP_ENTRIES = timedelta(days=400)
KEEP_RUNGS = timedelta(days=30)
STEPS = get_args(Step)
OUTCOMES = get_args(Settled)


@dataclass(frozen=True, slots=True)
class Record:
    """What a ledger has of one posting.

    Attributes:
        step: What a run is at; empty if none is at it.
        writer: Names that run.
        settled: What became of the latest posting; empty if there was none.
        detail: A sentence about that.
        changed: When that became known, or when the posting began, in UTC.
        sent: When it was last sent, in UTC; None if never.
    """

    step: Step = ""
    writer: str = ""
    settled: Settled = ""
    detail: str = ""
    changed: datetime | None = None
    sent: datetime | None = None

    def claimed(self, writer: str, now: datetime) -> Record:
        """Give the record to a run, and keep what became of the posting before."""
        changed = self.changed or now
        return replace(self, step="claimed", writer=writer, changed=changed)

    def posting(self, now: datetime) -> Record:
        """Note that the first byte is about to leave."""
        return replace(self, step="posting", changed=now)

    def released(self) -> Record:
        """Take the record from a run that posted nothing."""
        return replace(self, step="", writer="")

    def finished(self, settled: Settled, detail: str, now: datetime) -> Record:
        """Note what became of the posting."""
        sent = now if settled == "sent" else self.sent
        return Record("", "", settled, detail, now, sent)


def read_record(fields: Mapping[str, Any]) -> Record:
    """Read a record from its fields, as a ledger kept them.

    Raises:
        ValueError: If it is none: what is damaged is no leave to post.

    >>> read_record({"step": "", "settled": "gone"})
    Traceback (most recent call last):
    ...
    ValueError: its outcome is none that is known here
    """
    step: Any = fields.get("step")
    settled: Any = fields.get("settled")
    if step not in STEPS:
        raise ValueError("its step is none that is known here")
    if settled not in OUTCOMES:
        raise ValueError("its outcome is none that is known here")
    return Record(
        step=step,
        writer=str(fields.get("writer", "")),
        settled=settled,
        detail=str(fields.get("detail", "")),
        changed=read_time(fields.get("changed")),
        sent=read_time(fields.get("sent")),
    )


def read_time(value: object) -> datetime | None:
    """Read a time as it was written; None for none.

    Raises:
        ValueError: If it is no time.
    """
    return None if value is None else datetime.fromisoformat(str(value))


def without_dead_writer(record: Record) -> Record:
    """Read a record whose writer is gone.

    One that had claimed posted nothing: what was before holds. One that was posting
    may have posted.

    >>> without_dead_writer(Record("claimed", "7", "refused")).settled
    'refused'
    >>> without_dead_writer(Record("posting", "7")).settled
    'unknown'
    """
    if record.step == "posting":
        detail = "a run ended while it was posting"
        return replace(record, step="", writer="", settled="unknown", detail=detail)
    return record.released()


def refuse_repeat(record: Record, key: EntryKey) -> None:
    """Refuse a posting that was made, or that may have been.

    Args:
        record: What is on record, without a run at it.
        key: What would be posted, for the message.

    Raises:
        AlreadySentError: If it was sent.
        OutcomeUnknownError: If nobody knows.
    """
    what = f"the {key.report} report {key.from_date} to {key.to_date}"
    when = f" at {record.changed:%Y-%m-%d %H:%M} UTC" if record.changed else ""
    if record.settled == "sent":
        message = f"{what} was sent{when}; --force sends it again"
        raise AlreadySentError(message)
    if record.settled == "unknown":
        said = f" ({record.detail})" if record.detail else ""
        message = (
            f"whether {what} was posted{when} is not known{said}; look at the channel, "
            "and send it with --force if it is not there"
        )
        raise OutcomeUnknownError(message)


def still_busy(key: EntryKey, waited: float) -> str:
    """Say that another run has had a posting for too long."""
    return (
        f"another run has been at the {key.report} report {key.from_date} to "
        f"{key.to_date} for more than {waited:.0f} seconds; nothing was posted; see "
        "whether it hangs, or try again later"
    )


def fresh_rung(found: tuple[str, datetime] | None, now: datetime) -> int | None:
    """Read the rung that is remembered; None if it is none, or too old.

    >>> from datetime import timezone
    >>> then = datetime(2026, 1, 1, tzinfo=timezone.utc)
    >>> fresh_rung(("2", then), then + timedelta(days=29))
    2
    """
    if found is None or now - found[1] >= KEEP_RUNGS or not found[0].isdigit():
        return None
    return int(found[0])
