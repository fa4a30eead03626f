"""The questions of a report, each of them one call, and how it is put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeAlias

from mixpanel_query.expressions import event_property
from mixpanel_slack_report.collection.active_script import (
    SCRIPT,
    read_rows,
    script_params,
)
from mixpanel_slack_report.collection.buckets import Buckets
from mixpanel_slack_report.collection.readings import ANY_EVENT, BucketCounts, Counts
from mixpanel_slack_report.collection.source import EventCounts
from mixpanel_slack_report.periods import Window

__all__ = [
    "ActiveQuestion",
    "BucketQuestion",
    "CountQuestion",
    "EventQuestion",
    "NamesQuestion",
    "NotesQuestion",
    "Question",
    "SavedQuestion",
    "ScriptQuestion",
    "SumQuestion",
]


class Question(Protocol):
    """One call.

    Attributes:
        purpose: What it is for.
        endpoint: Where it goes, as Mixpanel documents it.
    """

    @property
    def purpose(self) -> str:
        """What it is for."""

    @property
    def endpoint(self) -> str:
        """Where it goes."""

    def put(self, source: EventCounts) -> object:
        """Ask, and return the answer."""


@dataclass(frozen=True, slots=True)
class NamesQuestion:
    """Which events the project has."""

    purpose: str = "event names"
    endpoint: str = "/events/names"

    def put(self, source: EventCounts) -> list[str]:
        """Ask, and return the answer."""
        return source.event_names()


@dataclass(frozen=True, slots=True)
class NotesQuestion:
    """What people noted for some days."""

    window: Window
    purpose: str = "annotations"
    endpoint: str = "/annotations"

    def put(self, source: EventCounts) -> tuple[tuple[date, str], ...]:
        """Ask, and return the day and the text of each note."""
        first, last = self.window.from_date, self.window.to_date
        found = source.annotations(first, last)
        notes = ((note.date.date(), note.description) for note in found)
        return tuple(note for note in notes if first <= note[0] <= last)


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """What a saved Insights report shows."""

    report_id: int
    purpose: str
    endpoint: str = "/insights"

    def put(self, source: EventCounts) -> object:
        """Ask, and return the answer."""
        return source.insights(self.report_id)


@dataclass(frozen=True, slots=True)
class CountQuestion:
    """How often several events happened, or how many users did each of them."""

    events: tuple[str, ...]
    kind: Literal["general", "unique"]
    buckets: Buckets
    purpose: str
    endpoint: str = "/events"

    def put(self, source: EventCounts) -> Counts:
        """Ask, and return the answer."""
        days = self.buckets
        return source.events(
            self.events, days.from_date, days.to_date, type=self.kind, unit=days.unit
        )


@dataclass(frozen=True, slots=True)
class EventQuestion:
    """How often one event happened, or how many users did it, perhaps filtered."""

    event: str
    where: str
    kind: Literal["general", "unique"]
    buckets: Buckets
    purpose: str
    endpoint: str = "/segmentation"

    @property
    def events(self) -> tuple[str, ...]:
        """The event, as the only one."""
        return (self.event,)

    def put(self, source: EventCounts) -> Counts:
        """Ask, and return the answer; weeks are seven days, as it knows no weeks."""
        days = self.buckets
        interval = 7 if days.unit == "week" else days.interval
        return source.segmentation(
            self.event,
            days.from_date,
            days.to_date,
            where=self.where or None,
            unit="month" if days.unit == "month" else "day",
            interval=interval,
            type=self.kind,
        )


@dataclass(frozen=True, slots=True)
class SumQuestion:
    """What a property of one event adds up to, day by day."""

    event: str
    where: str
    on: str
    buckets: Buckets
    purpose: str
    endpoint: str = "/segmentation/sum"

    @property
    def events(self) -> tuple[str, ...]:
        """The event, as the only one."""
        return (self.event,)

    def put(self, source: EventCounts) -> Counts:
        """Ask, and return the answer; days may be missing in it."""
        days = self.buckets
        sums = source.segmentation_sum(
            self.event,
            days.from_date,
            days.to_date,
            event_property(self.on).text,
            where=self.where or None,
        )
        return BucketCounts(sums.dates, {self.event: sums.values})


@dataclass(frozen=True, slots=True)
class ActiveQuestion:
    """How many users did anything."""

    where: str
    buckets: Buckets
    purpose: str
    endpoint: str = "/retention/addiction"
    events: tuple[str, ...] = (ANY_EVENT,)

    def put(self, source: EventCounts) -> Counts:
        """Ask on how many days users came; the first number is who came at all."""
        days = self.buckets
        answer = source.frequency(
            days.from_date,
            days.to_date,
            unit=days.unit,
            addiction_unit="day",
            where=self.where or None,
        )
        counts: Mapping[date, tuple[int, ...]] = answer.counts.get("$overall", {})
        users = {day: came[0] if came else 0 for day, came in counts.items()}
        return BucketCounts(answer.dates, {ANY_EVENT: users})


@dataclass(frozen=True, slots=True)
class ScriptQuestion:
    """How many users did any of some events, or anything, in windows of any length.

    Attributes:
        named: The events; none for any event.
        windows: The days, none of them twice.
    """

    named: tuple[str, ...]
    where: str
    windows: tuple[Window, ...]
    purpose: str
    endpoint: str = "/jql"
    events: tuple[str, ...] = (ANY_EVENT,)
    buckets: Buckets = field(init=False)

    def __post_init__(self) -> None:
        """Take the windows as the buckets of the answer."""
        first = min(window.from_date for window in self.windows)
        last = max(window.to_date for window in self.windows)
        starts = tuple(window.from_date for window in self.windows)
        buckets = Buckets(first, last, starts, interval=self.windows[0].days)
        object.__setattr__(self, "buckets", buckets)

    def put(self, source: EventCounts) -> object:
        """Run the script, and return the users of each window."""
        params = script_params(self.named, self.where, self.windows)
        return read_rows(source.jql(SCRIPT, params), self.windows)


BucketQuestion: TypeAlias = (
    CountQuestion | EventQuestion | SumQuestion | ActiveQuestion | ScriptQuestion
)
