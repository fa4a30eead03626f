"""Judging a batch of records, and telling of it: to the log, and as verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from mixpanel_query.local.ingestion.arrival_log import log_batch
from mixpanel_query.local.records.judging import Notes, Refusal
from mixpanel_query.local.records.verdicts import (
    MOST_VERDICTS,
    Outcome,
    Verdict,
)
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "Batch",
    "Judge",
    "Judged",
    "Portrait",
    "Sort",
    "judge_batch",
    "shown",
    "tell",
]

Kept = TypeVar("Kept")
Judge: TypeAlias = Callable[[object, Notes], "Kept | None"]

# What is longer was cut, or refused; a verdict need not repeat a megabyte.
LONGEST_SHOWN = 255


class Portrait(NamedTuple):
    """What a verdict says of a record.

    Attributes:
        name: Name of the event, or the operation of an update.
        distinct_id: Whose it is; empty for nobody.
        properties: JSON text of what was kept; empty if nothing was.
    """

    name: str = ""
    distinct_id: str = ""
    properties: str = ""


@dataclass(frozen=True, slots=True)
class Sort(Generic[Kept]):
    """A sort of records.

    Attributes:
        path: Where they arrive.
        kind: ``event``, ``profile`` or ``group``.
        noun: What a person calls one.
        of_kept: Portrays one that is kept.
        of_given: Portrays what came, which may be anything, when it is not kept.
    """

    path: str
    kind: str
    noun: str
    of_kept: Callable[[Kept], Portrait]
    of_given: Callable[[object], Portrait]


@dataclass(slots=True)
class Judged(Generic[Kept]):
    """One record and what became of it; neither kept nor refused is ignored."""

    index: int
    given: object
    kept: Kept | None
    refusal: Refusal | None
    notes: Notes


class Batch(list[Judged[Kept]]):
    """The records of a request, judged."""

    @property
    def kept(self) -> list[Kept]:
        """Those to keep, in their order."""
        return [judged.kept for judged in self if judged.kept is not None]

    @property
    def refused(self) -> Batch[Kept]:
        """Those that are refused."""
        return Batch(judged for judged in self if judged.refusal)

    def refuse(self, refusals: Mapping[int, Refusal]) -> None:
        """Refuse some after all, by their place among those to keep."""
        kept = [judged for judged in self if judged.kept is not None]
        for place, refusal in refusals.items():
            kept[place].kept = None
            kept[place].refusal = refusal


def judge_batch(records: list[object], judge: Judge[Kept]) -> Batch[Kept]:
    """Judge records, one after the other."""
    batch: Batch[Kept] = Batch()
    for index, record in enumerate(records):
        notes, kept, refusal = Notes(), None, None
        try:
            kept = judge(record, notes)
        except Refusal as caught:
            refusal = caught
        batch.append(Judged(index, record, kept, refusal, notes))
    return batch


def tell(batch: Batch[Kept], sort: Sort[Kept], settings: ProjectSettings) -> None:
    """Tell of a batch, once what is kept of it is in the store."""
    log_batch(
        sort.path,
        sort.noun,
        (sort.of_kept(kept).name for kept in batch.kept),
        given=len(batch),
        problems=[str(judged.refusal) for judged in batch.refused],
    )
    now = settings.now()
    settings.verdicts.add(
        [verdict(judged, sort, now) for judged in batch[-MOST_VERDICTS:]],
        unseen=max(0, len(batch) - MOST_VERDICTS),
    )


def verdict(judged: Judged[Kept], sort: Sort[Kept], time: datetime) -> Verdict:
    """Return the verdict on a record."""
    if judged.kept is None:
        name, distinct_id, properties = map(shown, sort.of_given(judged.given))
    else:
        name, distinct_id, properties = sort.of_kept(judged.kept)
    notes = judged.notes
    problems = [str(judged.refusal)] if judged.refusal else []
    return Verdict(
        time=time,
        path=sort.path,
        index=judged.index,
        kind=sort.kind,
        name=name,
        distinct_id=distinct_id,
        outcome=outcome(judged),
        problems=tuple(problems or (*notes.changes, *notes.remarks)),
        properties=properties,
    )


def outcome(judged: Judged[Kept]) -> Outcome:
    """Return what became of a record, in one word."""
    if judged.refusal:
        return "refused"
    if judged.kept is None:
        return "ignored"
    return "changed" if judged.notes.changes else "kept"


def shown(text: str) -> str:
    """Return a text that came from outside so that any JSON document can hold it."""
    return text[:LONGEST_SHOWN].encode("utf-8", "replace").decode()
