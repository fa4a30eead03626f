"""A record as JSON, for ledgers that keep one document a posting."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import blake2b

from mixpanel_slack_report.ledger.entries import FAILURE, EntryKey
from mixpanel_slack_report.ledger.record import Record

__all__ = ["document_name", "read_document", "write_document"]


def document_name(key: EntryKey) -> str:
    """Return the path of a posting's document.

    The last part is a digest, as a trigger may be of any length and letters.

    >>> from datetime import date
    >>> document_name(EntryKey("schedule", "weekly", date.min, date.min, "C1"))
    'reports/weekly/0001-01-01_0001-01-01/6b6e34a27d6ab20c8fcf6f6a.json'
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
    document = json.loads(data)
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")
    texts = {
        name: str(document.get(name) or "") for name in ("writer", "settled", "detail")
    }
    step = document.get("step")
    if step not in ("", "claimed", "posting"):
        raise ValueError("its step is none that is known here")
    if texts["settled"] not in ("", "sent", "refused", "unknown"):
        raise ValueError("its outcome is none that is known here")
    times = {
        name: datetime.fromisoformat(document[name]) if document.get(name) else None
        for name in ("changed", "sent")
    }
    return Record(step=step, **texts, **times)  # type: ignore[arg-type]
