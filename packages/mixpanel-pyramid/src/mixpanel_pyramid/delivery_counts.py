"""What became of the messages that a process released, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["DeliveryStats", "total"]


@dataclass(frozen=True, slots=True)
class DeliveryStats:
    """What became of the messages that this process released.

    Where processes share an outbox, one of them sends for all: its numbers say so,
    and ``queued`` counts what waits in the outbox, whoever released it.

    Attributes:
        queued: Messages that wait now.
        sent: Messages that a service, or the broker of Celery, took from this process.
        retried: Messages in batches that were put off, counted at each attempt.
        refused: Messages that a service read and did not want.
        unknown: Counting updates whose batch ended unclear; they are not repeated.
        dropped: Messages that were given up, by reason.
        in_memory: Messages that waited in memory because the outbox could not take
            them in time, by reason; they are in the other numbers too.
        mended: Properties that could not be sent and were cut or left out.
    """

    queued: int = 0
    sent: int = 0
    retried: int = 0
    refused: int = 0
    unknown: int = 0
    dropped: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    in_memory: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    mended: int = 0


def total(parts: Iterable[DeliveryStats]) -> DeliveryStats:
    """Add numbers up.

    >>> total([DeliveryStats(sent=1), DeliveryStats(sent=2)]).sent
    3
    """
    parts = list(parts)
    dropped: Counter[str] = Counter()
    in_memory: Counter[str] = Counter()
    for part in parts:
        dropped.update(part.dropped)
        in_memory.update(part.in_memory)
    return DeliveryStats(
        queued=sum(part.queued for part in parts),
        sent=sum(part.sent for part in parts),
        retried=sum(part.retried for part in parts),
        refused=sum(part.refused for part in parts),
        unknown=sum(part.unknown for part in parts),
        dropped=MappingProxyType(dict(dropped)),
        in_memory=MappingProxyType(dict(in_memory)),
        mended=sum(part.mended for part in parts),
    )
