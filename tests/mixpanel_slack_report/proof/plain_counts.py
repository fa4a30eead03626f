"""Counts a file of events with loops alone, and nothing of the packages."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

__all__ = ["Event", "Span", "active", "count", "events_of", "plain_windows", "revenue"]

Span: TypeAlias = tuple[date, date]


@dataclass(frozen=True)
class Event:
    """One event, on the day of a timezone."""

    name: str
    day: date
    user: str
    properties: dict[str, Any]


def events_of(path: Path, timezone: str) -> list[Event]:
    """Read the events of a file, each copy once."""
    zone, seen, events = ZoneInfo(timezone), set(), []
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            properties = row["properties"]
            user, moment = properties["distinct_id"], properties["time"]
            copy = (row["event"], user, moment, properties["$insert_id"])
            if copy not in seen:
                seen.add(copy)
                day = datetime.fromtimestamp(moment, zone).date()
                events.append(Event(row["event"], day, user, properties))
    return events


def inside(events: Iterable[Event], span: Span) -> Iterator[Event]:
    """Yield the events of some days, both ends counted."""
    return (event for event in events if span[0] <= event.day <= span[1])


def count(
    events: Iterable[Event],
    span: Span,
    name: str,
    passes: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> int:
    """Count how often an event happened."""
    return sum(e.name == name and passes(e.properties) for e in inside(events, span))


def active(
    events: Iterable[Event],
    span: Span,
    names: Iterable[str] = (),
    passes: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> int:
    """Count who did any of some events, or anything."""
    wanted = set(names)
    return len(
        {
            event.user
            for event in inside(events, span)
            if (not wanted or event.name in wanted) and passes(event.properties)
        }
    )


def revenue(events: Iterable[Event], span: Span) -> int:
    """Add up what was paid."""
    return sum(
        event.properties["amount"]
        for event in inside(events, span)
        if event.name == "checkout"
    )


def plain_windows(first: date, last: date, period: str) -> list[Span]:
    """List eight windows that end with the given one, the oldest first."""
    spans = [(first, last)]
    while len(spans) < 8:
        first = spans[-1][0]
        before = first - timedelta(days=1)
        if period == "monthly":
            spans.append((before.replace(day=1), before))
        else:
            spans.append((first - (last - spans[0][0]) - timedelta(days=1), before))
    return spans[::-1]
