"""The questions that a report asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from mixpanel_query import (
        Annotation,
        Frequency,
        Insight,
        SumSeries,
        TimeSeries,
    )

__all__ = ["EventCounts"]


class EventCounts(Protocol):
    """The questions a report asks; ``mixpanel_query.Client`` answers them.

    Up to five threads ask at once.
    """

    def event_names(self) -> list[str]:
        """Return the commonest names of the last 31 days, the commonest first."""

    def events(
        self,
        events: Collection[str],
        from_date: date,
        to_date: date,
        *,
        type: Literal["general", "unique"],
        unit: Literal["day", "week", "month"],
    ) -> TimeSeries:
        """Count several events, or their users, in buckets of one unit."""

    def segmentation(
        self,
        event: str,
        from_date: date,
        to_date: date,
        *,
        where: str | None = None,
        unit: Literal["day", "month"] = "day",
        interval: int | None = None,
        type: Literal["general", "unique"] = "general",
    ) -> TimeSeries:
        """Count one event, or its users, in buckets of a unit or of days."""

    def segmentation_sum(
        self,
        event: str,
        from_date: date,
        to_date: date,
        on: str,
        *,
        where: str | None = None,
    ) -> SumSeries:
        """Add up a property of one event, day by day."""

    def frequency(
        self,
        from_date: date,
        to_date: date,
        *,
        unit: Literal["day", "week", "month"],
        addiction_unit: Literal["day"],
        where: str | None = None,
    ) -> Frequency:
        """Count users of any event by the days of a bucket on which they came."""

    def jql(self, script: str, params: Mapping[str, object]) -> list[object]:
        """Run a script and return its rows."""

    def insights(self, bookmark_id: int) -> Insight:
        """Return what a saved report shows."""

    def annotations(self, from_date: date, to_date: date) -> Sequence[Annotation]:
        """Return the notes of some days."""
