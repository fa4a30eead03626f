"""A Mixpanel project that counts by plain loops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, cast

from mixpanel_query import Annotation, Frequency, Insight, SumSeries, TimeSeries
from mixpanel_query.exceptions import CredentialsRefusedError, MixpanelDownError
from mixpanel_query.wire import QueryRequest

__all__ = ["FakeProject"]


@dataclass
class FakeProject:
    """Counts a few events by plain loops, and fails the calls it is told to.

    Attributes:
        happened: Every event as its name, its day and its user.
        names: What it lists as the names of the last 31 days.
        failing: Kinds of calls that get an answer 503, as `kind_of_call` names them,
            or with a day, as ``"segmentation 2026-11-01"``; names, totals and users
            have the numbers 1 to 3, too.
        shift: How many days its weeks start after those asked for.
        keeps_from: The first day that it may be asked for; empty for any.
        worth: What any property of an event is, by the event's name.
        filters: Whom each expression lets pass.
        saved: Saved reports, by number.
        notes: Annotations.
        made: What was asked, in the order in which threads asked it.
    """

    happened: list[tuple[str, str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    failing: tuple[int | str, ...] = ()
    shift: int = 0
    keeps_from: str = ""
    worth: dict[str, float] = field(default_factory=dict)
    filters: dict[str, set[str]] = field(default_factory=dict)
    saved: dict[int, Insight] = field(default_factory=dict)
    notes: list[Annotation] = field(default_factory=list)
    made: list[tuple[object, ...]] = field(default_factory=list)

    @property
    def calls(self) -> list[tuple[object, ...]]:
        """What was asked: names, totals and users, then the rest by its text."""
        return sorted(self.made, key=lambda call: (rank_of_call(call), str(call)))

    def event_names(self) -> list[str]:
        """List the names."""
        self.note("event_names")
        return self.names

    def events(
        self,
        events: Iterable[str],
        from_date: date,
        to_date: date,
        *,
        type: Literal["general", "unique"],
        unit: Literal["day", "week", "month"],
    ) -> TimeSeries:
        """Count in buckets of a unit, of which a week starts where it is asked to."""
        self.note("events", tuple(events), str(from_date), str(to_date), type, unit)
        starts = self.unit_starts(from_date, to_date, unit)
        return self.series(events, starts, to_date, type, unit)

    def unit_starts(self, from_date: date, to_date: date, unit: str) -> list[date]:
        """List the first days of buckets."""
        starts: dict[str, list[date]] = {"day": [], "week": [], "month": []}
        for number in range((to_date - from_date).days + 1):
            day = from_date + timedelta(days=number)
            starts["day"].append(day)
            if number % 7 == 0:
                starts["week"].append(day + timedelta(days=self.shift))
            if day.day == 1:
                starts["month"].append(day)
        return starts[unit]

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
        """Count one event in buckets of days, or of months."""
        length = interval or unit
        asked = ("segmentation", event, str(from_date), str(to_date), length, type)
        self.note(*asked, *filter(None, [where]))
        days = range(0, (to_date - from_date).days + 1, interval or 1)
        starts = [from_date + timedelta(days=number) for number in days]
        if length == "month":
            starts = [day for day in starts if day.day == 1]
        return self.series([event], starts, to_date, type, "day", where=where)

    def segmentation_sum(
        self,
        event: str,
        from_date: date,
        to_date: date,
        on: str,
        *,
        where: str | None = None,
    ) -> SumSeries:
        """Add up what each event is worth; days without any are left out."""
        asked = ("segmentation_sum", event, str(from_date), str(to_date), on)
        self.note(*asked, *filter(None, [where]))
        sums: dict[date, float] = {}
        for name, day, user in self.happened:
            is_asked = name == event and str(from_date) <= day <= str(to_date)
            if is_asked and (where is None or user in self.filters[where]):
                when = date.fromisoformat(day)
                sums[when] = sums.get(when, 0) + self.worth[event]
        return SumSeries("day", tuple(sorted(sums)), sums)

    def frequency(
        self,
        from_date: date,
        to_date: date,
        *,
        unit: Literal["day", "week", "month"],
        addiction_unit: Literal["day"],
        where: str | None = None,
    ) -> Frequency:
        """Count who did anything, in buckets of a unit."""
        self.note("frequency", str(from_date), str(to_date), unit, addiction_unit)
        counts: dict[date, tuple[int, ...]] = {}
        starts = self.unit_starts(from_date, to_date, unit)
        ends = [*starts[1:], to_date + timedelta(days=1)]
        for start, end in zip(starts, ends, strict=True):
            counts[start] = (len(self.users(str(start), str(end), where=where)),)
        return Frequency(unit, addiction_unit, tuple(starts), {"$overall": counts})

    def jql(self, script: str, params: Mapping[str, object]) -> list[object]:
        """Count who did any of the events of the selectors, in each window."""
        events = cast("dict[str, Any]", params["events"])
        selectors = events.get("event_selectors", [])
        names = {one["event"] for one in selectors if "event" in one}
        windows = cast("list[list[int]]", params["windows"])
        self.note("jql", events["from_date"], events["to_date"], *sorted(names))
        rows: list[object] = []
        for number, (start, end) in enumerate(windows):
            first, last = (day_of(moment).isoformat() for moment in (start, end))
            found = self.users(first, last, names=names)
            if found:
                rows.append({"key": [number], "value": len(found)})
        return rows

    def insights(self, bookmark_id: int) -> Insight:
        """Return what a saved report shows."""
        self.note("insights", bookmark_id)
        return self.saved[bookmark_id]

    def annotations(self, from_date: date, to_date: date) -> list[Annotation]:
        """Return the notes."""
        self.note("annotations", str(from_date), str(to_date))
        return self.notes

    def users(
        self,
        first: str,
        end: str,
        *,
        names: set[str] | None = None,
        where: str | None = None,
    ) -> set[str]:
        """Return who did any of some events, or anything, before the day ``end``."""
        return {
            user
            for name, day, user in self.happened
            if first <= day < end
            and (not names or name in names)
            and (where is None or user in self.filters[where])
        }

    def series(
        self,
        events: Iterable[str],
        starts: list[date],
        to_date: date,
        type: Literal["general", "unique"],
        unit: Literal["day", "week", "month"],
        *,
        where: str | None = None,
    ) -> TimeSeries:
        """Count what happened from each start until the next one."""
        ends = [*starts[1:], to_date + timedelta(days=1)]
        values = {}
        for event in events:
            values[event] = {}
            for start, end in zip(starts, ends, strict=True):
                users = [
                    user
                    for name, day, user in self.happened
                    if name == event
                    and str(start) <= day < str(end)
                    and (where is None or user in self.filters[where])
                ]
                count = len(set(users)) if type == "unique" else len(users)
                if count:
                    values[event][start] = count
        return TimeSeries(type, unit, tuple(starts), values, tuple(events))

    def note(self, *call: object) -> None:
        """Remember a call, and fail it if told to.

        Threads may do so at once.
        """
        self.made.append(call)
        numbers = {1: "names", 2: "totals", 3: "users"}
        request = QueryRequest("/api/query/events", {})
        failing = {str(numbers.get(one, one)) for one in self.failing}  # type: ignore[call-overload]
        if failing & {kind_of_call(call), " ".join(map(str, (call[0], *call[2:3])))}:
            message = "127.0.0.1 answered 503; try again later"
            raise MixpanelDownError(message, request=request, status=503, body="")
        days = [part for part in call if isinstance(part, str) and part[:2] == "20"]
        if days and days[0] < self.keeps_from:
            message = "127.0.0.1 refused (403): too long"
            body = "Date range exceeds 90 days into the past"
            raise CredentialsRefusedError(
                message, request=request, status=403, body=body
            )


def kind_of_call(call: tuple[object, ...]) -> str:
    """Name a call: names, totals, users, where, or the method that was called."""
    if call[0] == "event_names":
        return "names"
    if call[0] in ("events", "segmentation") and "unique" in call:
        return "users"
    kinds = {"events": "totals", "segmentation": "where"}
    return kinds.get(str(call[0]), str(call[0]))


def rank_of_call(call: tuple[object, ...]) -> int:
    """Order the calls that most reports make."""
    ranks = {"event_names": 0, "events": 2 if "unique" in call else 1}
    return ranks.get(str(call[0]), 3)


def day_of(moment: int) -> date:
    """Return the day that begins so many milliseconds after 1970 did."""
    return date(1970, 1, 1) + timedelta(milliseconds=moment)
