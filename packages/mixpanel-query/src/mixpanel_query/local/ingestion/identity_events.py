"""The events of Original ID Merge, which merge nobody in this project.

https://docs.mixpanel.com/docs/tracking-methods/id-management/migrating-to-simplified-id-merge-system
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from mixpanel_query.local.engine.store import StoredEvent
from mixpanel_query.local.ingestion.batches import Batch, judge_batch
from mixpanel_query.local.ingestion.replies import Answer, import_refused
from mixpanel_query.local.records.judging import Notes, Refusal
from mixpanel_query.local.rules.basis import rests_on

__all__ = [
    "IDENTITY_EVENTS",
    "IGNORED",
    "identity_refused",
    "names_identity",
    "refuse_identity",
]

IDENTITY_EVENTS: Final = ("$identify", "$create_alias", "$merge")

IGNORED: Final = (
    "a project with Simplified ID Merge ignores '{name}'; "
    "send an event with '$device_id' and '$user_id'"
)

BESIDE: Final = "its batch holds events that only Original ID Merge knows"

Kept = TypeVar("Kept")


def names_identity(records: Sequence[object]) -> bool:
    """Tell whether one of the records is such an event."""
    return any(identity_event(record) for record in records)


def refuse_identity(records: list[object]) -> Batch[StoredEvent]:
    """Judge a batch in which there are such events: none of its records is kept."""

    def judge(record: object, notes: Notes) -> StoredEvent | None:
        name = identity_event(record)
        raise Refusal("event", IGNORED.format(name=name) if name else BESIDE)

    rests_on("imports-of-identity-events")
    return judge_batch(records, judge)


def identity_refused(batch: Batch[Kept]) -> Answer:
    """Return the answer, whose list of failed records is one of texts."""
    problem = "some data points in the request failed validation"
    failed = [f"{each.index}: {each.refusal}" for each in batch.refused]
    return import_refused(400, problem, failed=failed)


def identity_event(record: object) -> str:
    """Return the name of a record that is such an event; empty for others."""
    name = record.get("event") if isinstance(record, dict) else None
    return name if isinstance(name, str) and name in IDENTITY_EVENTS else ""
