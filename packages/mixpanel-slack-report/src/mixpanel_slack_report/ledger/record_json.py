"""A record as JSON, for ledgers that keep one document a posting."""

from __future__ import annotations

import json
from hashlib import blake2b

from mixpanel_slack_report.ledger.entries import FAILURE, EntryKey
from mixpanel_slack_report.ledger.record import Record, read_record

__all__ = ["document_name", "read_document", "write_document"]


def document_name(key: EntryKey) -> str:
    """Return the path of a posting's document.

    The last part is a digest, as a trigger may be of any length and letters.

    >>> from datetime import date
    >>> name = document_name(EntryKey("schedule", "weekly", date.min, date.min, "C1"))
    >>> name.rpartition("/")[0]
    'reports/weekly/0001-01-01_0001-01-01'
    """
    parts = (key.trigger, key.report, key.channel, key.source)
    digest = blake2b("\n".join(parts).encode(errors="replace"), digest_size=12)
    folder = "failures" if key.trigger == FAILURE else "reports"
    days = f"{key.from_date}_{key.to_date}"
    return f"{folder}/{key.report}/{days}/{digest.hexdigest()}.json"


def write_document(key: EntryKey, record: Record) -> bytes:
    """Write a record, with what it is of, for people to read."""
    document = {
        "trigger": key.trigger,
        "report": key.report,
        "from_date": key.from_date.isoformat(),
        "to_date": key.to_date.isoformat(),
        "channel": key.channel,
        "source": key.source,
        "step": record.step,
        "writer": record.writer,
        "settled": record.settled,
        "detail": record.detail,
        "changed": record.changed and record.changed.isoformat(),
        "sent": record.sent and record.sent.isoformat(),
    }
    return json.dumps(document, indent=1).encode()


def read_document(data: bytes) -> Record:
    """Read a record.

    Raises:
        ValueError: If it is none.
    """
    try:
        document = json.loads(data)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")
    return read_record(document)
