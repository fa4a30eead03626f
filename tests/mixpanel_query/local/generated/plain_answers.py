"""Answers to questions by plain loops over events; nothing here is the package's.

Every function returns counts by label and day, without those that are 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

Properties: TypeAlias = dict[str, Any]
Met: TypeAlias = Callable[["Event"], bool]
Named: TypeAlias = Callable[["Event"], Any]
Points: TypeAlias = dict[tuple[str, str], float]

HOUR = 3600
LENGTHS = {"day": 24 * HOUR, "week": 168 * HOUR, "month": 720 * HOUR}


class Event(NamedTuple):
    """Something that happened; ``local`` is its time in the project's zone."""

    name: str
    user: str
    seconds: int
    local: datetime
    own: Properties
    theirs: Properties


def unrepeated(
    rows: Iterable[dict[str, Any]], people: dict[str, Properties], zone: str
) -> list[Event]:
    """Return events in the order of their times; of repeats the last one counts."""
    found: dict[tuple[object, ...], Event] = {}
    for row in rows:
        own = row["properties"]
        key = (row["event"], own["distinct_id"], own["time"], own["$insert_id"])
        utc = datetime.fromtimestamp(own["time"], timezone.utc)
        theirs = people.get(own["distinct_id"], {})
        local = utc.astimezone(ZoneInfo(zone))
        found[key] = Event(row["event"], key[1], own["time"], local, own, theirs)
    return sorted(found.values(), key=lambda event: event.seconds)


def during(events: Iterable[Event], first: date, last: date) -> list[Event]:
    """Return the events of some days, both counted."""
    return [event for event in events if first <= event.local.date() <= last]


def label(event: Event, unit: str | int, first: date, weekday: int) -> str:
    """Return the name of the bucket of an event; a number is one of days."""
    local, day = event.local, event.local.date()
    if unit == "minute":
        return local.replace(second=0).isoformat()
    if unit == "hour":
        return local.replace(minute=0, second=0).isoformat()
    if unit == "week":
        while day.weekday() != weekday:
            day -= timedelta(days=1)
    elif unit == "month":
        day = day.replace(day=1)
    elif isinstance(unit, int):
        day -= timedelta(days=(day - first).days % unit)
    return day.isoformat()


def text(value: object) -> str:
    """Return the name of a segment."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "undefined"
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return str(value)


def counted(
    events: Iterable[Event],
    kind: str,
    bucket: Callable[[Event], str],
    named: Named,
) -> Points:
    """Count events, users, or events a user."""
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for event in events:
        users[text(named(event)), bucket(event)].append(event.user)
    found: Points = {}
    for point, everybody in users.items():
        known = [user for user in everybody if user]
        if kind == "general":
            found[point] = len(everybody)
        elif known:
            each = len(set(known))
            found[point] = each if kind == "unique" else len(known) / each
    return found


def first_sums(points: Points, limit: int) -> set[str] | None:
    """Return the labels with the largest sums; None if there is a tie at the end."""
    sums: Counter[str] = Counter()
    for (name, _), count in points.items():
        sums[name] += count  # type: ignore[assignment]
    ranked = sums.most_common()
    if len(ranked) > limit and ranked[limit - 1][1] == ranked[limit][1]:
        return None
    return {name for name, _ in ranked[:limit]}


def numbers(
    events: Iterable[Event], bucket: Callable[[Event], str], named: Named
) -> dict[str, list[float]]:
    """Return the numbers of each bucket; what is none is 0."""
    found: dict[str, list[float]] = defaultdict(list)
    for event in events:
        value = named(event)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        found[bucket(event)].append(value if is_number else 0)
    return found


def by_user(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return what each user did, in the order of time."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.user:
            found[event.user].append(event)
    return found


def attempt(
    first: Event, done: Sequence[Event], steps: Sequence[str], length: int
) -> list[int]:
    """Return when somebody took each step, from a first one; as far as they got."""
    taken, names = [first.seconds], [first.name]
    for name in steps[1:]:
        after = 1 if name in names else 0
        times = [
            event.seconds
            for event in done
            if event.name == name and event.seconds >= taken[-1] + after
        ]
        if not times or min(times) > first.seconds + length:
            break
        taken.append(min(times))
        names.append(name)
    return taken


def funnel(
    events: Sequence[Event],
    steps: Sequence[str],
    window: tuple[date, date],
    length: int,
    bucket: Callable[[Event], str],
    *,
    named: Named | None = None,
) -> dict[tuple[str, str], list[int]]:
    """Count who took each step, by segment of the first and bucket."""
    best: dict[tuple[str, str, str], list[int]] = {}
    for user, done in by_user(events).items():
        for event in during(done, *window):
            if event.name == steps[0]:
                taken = attempt(event, done, steps, length)
                segment = text(named(event)) if named else "$overall"
                key = (segment, bucket(event), user)
                if len(taken) > len(best.get(key, ())):
                    best[key] = taken
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(steps))
    for (segment, start, _), taken in best.items():
        for number in range(len(taken)):
            found[segment, start][number] += 1
    return dict(found)


def retention(
    born: Iterable[Event],
    done: Iterable[Event],
    bucket: Callable[[Event], str],
    *,
    once: bool,
    length: int,
    count: int,
    unbounded: bool,
    named: Named | None = None,
) -> tuple[Counter[str], dict[tuple[str, str], list[int]]]:
    """Count who began in each bucket, and who of them came back when."""
    returned = by_user(done)
    began: dict[tuple[str, str], Event] = {}
    for user, each in by_user(born).items():
        for event in each[:1] if once else each:
            began.setdefault((user, bucket(event)), event)
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * count)
    for (user, start), first in began.items():
        seen: dict[str, set[int]] = defaultdict(set)
        for event in returned.get(user, ()):
            if is_after(event, first, once) and later(event, first) < length * count:
                segment = text(named(event)) if named else "$overall"
                seen[segment].add(later(event, first) // length)
        for segment, places in seen.items():
            for place in range(count):
                found[segment, start][place] += place in places or (
                    unbounded and place <= max(places)
                )
    return Counter(start for _, start in began), dict(found)


def later(event: Event, first: Event) -> int:
    """Return the seconds between two events."""
    return event.seconds - first.seconds


def is_after(event: Event, first: Event, once: bool) -> bool:
    """Tell whether somebody came back, and did not begin with this very event."""
    if once and event.seconds == first.seconds:
        return event.name != first.name
    return event.seconds > first.seconds


def frequency(
    events: Iterable[Event],
    period: Callable[[Event], str],
    part: Callable[[Event], str],
) -> dict[str, list[int]]:
    """Count the users active in at least 1, 2, … parts of each period."""
    parts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in events:
        if event.user:
            parts[period(event), event.user].add(part(event))
    found: dict[str, list[int]] = defaultdict(list)
    for (start, _), active in parts.items():
        counts = found[start]
        counts += [0] * (len(active) - len(counts))
        for place in range(len(active)):
            counts[place] += 1
    return dict(found)
