"""The numbers that metrics need, each of which is asked for once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mixpanel_slack_report.metrics import Metric

__all__ = ["TOTALS", "USERS", "Wanted", "wanted_numbers"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number that metrics need; two metrics that need the same have one question.

    Attributes:
        kind: ``"total"`` and ``"unique"`` are about the first event that the project
            knows, ``"active"`` are the users who did any of them, or anything at all
            if none is named; ``"sum"`` adds up a property; ``"saved"`` is a report.
        events: Names of the event, or of the events.
        where: Expression that filters them; empty for all.
        on: Name of the property that is added up.
        report_id: Number of the saved report.
    """

    kind: Literal["total", "unique", "active", "sum", "saved"]
    events: tuple[str, ...] = ()
    where: str = ""
    on: str = ""
    report_id: int = 0

    @property
    def purpose(self) -> str:
        """What a question about it is for.

        >>> Wanted("sum", ("Purchase",), on="Price").purpose
        "sums of 'Price' of 'Purchase'"
        """
        filtered = f" where {self.where}" if self.where else ""
        event = repr(self.events[0]) if self.events else ""
        if self.kind == "total":
            return f"totals of {event}{filtered}"
        if self.kind == "unique":
            return f"unique users of {event}{filtered}"
        if self.kind == "sum":
            return f"sums of {self.on!r} of {event}{filtered}"
        if self.kind == "saved":
            return f"the saved report {self.report_id}"
        of = f" of {' or '.join(map(repr, self.events))}" if self.events else ""
        return f"active users{of}{filtered}"


# All events, and all users of events without a filter, are asked for in one question.
TOTALS = Wanted("total")
USERS = Wanted("unique")


def wanted_numbers(metric: Metric) -> tuple[Wanted, ...]:
    """List what a metric is made of; a ratio of two others needs nothing itself.

    >>> [wanted.kind for wanted in wanted_numbers(Metric("Price", ("Sale",),
    ...     "per_event", property="Price"))]
    ['sum', 'total']
    """
    events, where = metric.events, metric.where
    total = Wanted("total", events, where)
    if metric.kind == "saved":
        return (Wanted("saved", report_id=metric.report_id or 0),)
    if metric.kind == "ratio":
        return () if metric.of else (total,)
    if metric.kind in ("sum", "per_event"):
        added = Wanted("sum", events, where, metric.property)
        return (added,) if metric.kind == "sum" else (added, total)
    if metric.kind == "total":
        return (total,)
    if metric.kind == "active" and len(events) != 1:
        return (Wanted("active", events, where),)
    return (Wanted("unique", events, where),)
