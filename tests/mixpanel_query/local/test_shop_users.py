"""Questions about users over a real file, named by SHOP_EVENTS, and plain loops."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

Row = dict[str, Any]
Users = dict[str, list[Row]]

pytestmark = pytest.mark.skipif(
    "SHOP_EVENTS" not in os.environ,
    reason="SHOP_EVENTS does not name the shop's file of events",
)

FIRST, LAST = date(2026, 10, 26), date(2026, 11, 8)
DAYS = {"from_date": FIRST.isoformat(), "to_date": LAST.isoformat()}
HOURS = {"day": 24, "week": 168, "month": 720}


@pytest.fixture(scope="module")
def users(shop_rows: list[Row]) -> Users:
    """Give what each user did, in order of time."""
    found: Users = defaultdict(list)
    for row in sorted(shop_rows, key=lambda row: row["properties"]["time"]):
        found[row["properties"]["distinct_id"]].append(row)
    return found


def bucket_of(seconds: int, zone: str, unit: str | int) -> str:
    """Return the first day of the day, week, month or days that a time lies in."""
    day = datetime.fromtimestamp(seconds, ZoneInfo(zone)).date()
    if unit == "week":
        day -= timedelta(days=day.weekday())
    elif unit == "month":
        day = day.replace(day=1)
    elif isinstance(unit, int):
        day -= timedelta(days=(day - FIRST).days % unit)
    return day.isoformat()


def in_window(row: Row, zone: str) -> bool:
    """Tell whether something happened on one of the days."""
    local = datetime.fromtimestamp(row["properties"]["time"], ZoneInfo(zone))
    return FIRST <= local.date() <= LAST


def is_after(row: Row, begun: Row) -> bool:
    """Tell whether something happened after what a user began with."""
    time, start = row["properties"]["time"], begun["properties"]["time"]
    return bool(time > start or (time == start and row["event"] != begun["event"]))


def retained(
    users: Iterable[list[Row]],
    zone: str,
    unit: str | int,
    starts: Callable[[Row], bool],
    counts: Callable[[Row], bool],
    *,
    once: bool,
) -> dict[str, tuple[int, list[int]]]:
    """Count who came back within 0 to 3 intervals, one user at a time."""
    length = 3600 * (24 * unit if isinstance(unit, int) else HOURS[unit])
    first: dict[str, int] = defaultdict(int)
    back: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for rows in users:
        begun: dict[str, Row] = {}
        for row in rows:
            if in_window(row, zone) and starts(row):
                label = bucket_of(row["properties"]["time"], zone, unit)
                begun.setdefault(label, row)
        for label in list(begun)[: 1 if once else None]:
            first[label] += 1
            start = begun[label]
            numbers = {
                (row["properties"]["time"] - start["properties"]["time"]) // length
                for row in rows
                if counts(row) and is_after(row, start)
            }
            for number in range(4):
                back[label][number] += number in numbers
    return {label: (first[label], back[label]) for label in first}


@pytest.mark.parametrize("unit", ["day", "week", "month", 3])
@pytest.mark.parametrize("event", ["checkout", None])
@pytest.mark.parametrize("kind", ["birth", "compounded"])
def test_retention_equals_plain_loops(
    shop: tuple[str, httpx.Client],
    users: Users,
    unit: str | int,
    event: str | None,
    kind: str,
) -> None:
    """By day, week, month and three days; of one event, and of any."""
    zone, http = shop

    def is_event(row: Row) -> bool:
        return event is None or row["event"] == event

    def is_start(row: Row) -> bool:
        return row["event"] == "page view" if kind == "birth" else is_event(row)

    expected = retained(
        users.values(), zone, unit, is_start, is_event, once=kind == "birth"
    )
    params = {
        **DAYS,
        "retention_type": kind,
        "born_event": "page view",
        "interval_count": "3",
        **({"interval": str(unit)} if isinstance(unit, int) else {"unit": unit}),
        **({} if event is None else {"event": event}),
    }
    found = http.get("/api/query/retention", params=params).json()

    assert sum(first for first, _ in expected.values()) > 100
    assert {
        label: (bucket["first"], bucket["counts"])
        for label, bucket in found.items()
        if bucket["first"]
    } == expected


def test_conditions_and_segments_of_retention_equal_plain_loops(
    shop: tuple[str, httpx.Client], users: Users
) -> None:
    """Page views from google, then checkouts above 150, by currency."""
    zone, http = shop

    def is_start(row: Row) -> bool:
        given = row["properties"]
        return bool(row["event"] == "page view" and given.get("utm_source") == "google")

    def is_large(row: Row) -> bool:
        return bool(row["event"] == "checkout" and row["properties"]["amount"] > 150)

    params = {
        **DAYS,
        "born_event": "page view",
        "born_where": 'properties["utm_source"] == "google"',
        "event": "checkout",
        "where": 'properties["amount"] > 150',
        "on": 'properties["currency"]',
        "unit": "week",
        "interval_count": "3",
    }
    found = http.get("/api/query/retention", params=params).json()
    for label, segments in found.items():
        assert len(segments) > 3
        for name, bucket in segments.items():

            def counts(row: Row, name: str = name) -> bool:
                currency = row["properties"].get("currency")
                return is_large(row) and name in ("$overall", currency)

            expected = retained(
                users.values(), zone, "week", is_start, counts, once=True
            )
            assert (bucket["first"], bucket["counts"]) == expected[label]


STEPS = ("page view", "view item", "checkout")


def best_attempt(
    rows: list[Row],
    firsts: list[Row],
    length: int,
    conditions: list[Callable[..., Any]],
) -> list[int]:
    """Return the times of the steps of a user's best attempt."""
    attempts = []
    for first in firsts:
        times = [first["properties"]["time"]]
        # An event of the same moment may come after, so each is looked at for each.
        for is_step in conditions[1:]:
            later = [
                row["properties"]["time"]
                for row in rows
                if is_step(row)
                and times[-1] <= row["properties"]["time"] <= times[0] + length
            ]
            if not later:
                break
            times.append(min(later))
        attempts.append(times)
    furthest = max(map(len, attempts))
    return min(times for times in attempts if len(times) == furthest)


@pytest.mark.parametrize("unit", ["day", "week", 14])
@pytest.mark.parametrize("hours", [1, 48])
@pytest.mark.parametrize("source", ["$overall", "google"])
def test_funnels_equal_plain_loops(
    shop: tuple[str, httpx.Client],
    users: Users,
    unit: str | int,
    hours: int,
    source: str,
) -> None:
    """Users and mean times of three steps, together and for one source."""
    zone, http = shop
    conditions: list[Callable[[Row], bool]] = [
        lambda row: (
            row["event"] == STEPS[0]
            and source in ("$overall", row["properties"].get("utm_source"))
        ),
        lambda row: row["event"] == STEPS[1],
        lambda row: row["event"] == STEPS[2] and row["properties"]["amount"] > 100,
    ]
    attempts: dict[str, list[list[int]]] = defaultdict(list)
    for rows in users.values():
        firsts: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if in_window(row, zone) and conditions[0](row):
                label = bucket_of(row["properties"]["time"], zone, unit)
                firsts[label].append(row)
        for label, begun in firsts.items():
            attempts[label].append(best_attempt(rows, begun, hours * 3600, conditions))
    params = {
        **DAYS,
        "funnel_id": "7",
        "on": 'properties["utm_source"]',
        "length": str(hours),
        "length_unit": "hour",
        **({"interval": str(unit)} if isinstance(unit, int) else {"unit": unit}),
    }
    found = http.get("/api/query/funnels", params=params).json()["data"]

    assert sum(map(len, attempts.values())) > 50
    for label, segments in found.items():
        for number, step in enumerate(segments[source]):
            done = [times for times in attempts[label] if len(times) > number]
            assert step["count"] == len(done)
            if number and done:
                total = sum(times[number] - times[number - 1] for times in done)
                assert abs(step["avg_time"] - total / len(done)) <= 0.5
                total = sum(times[number] - times[0] for times in done)
                assert abs(step["avg_time_from_start"] - total / len(done)) <= 0.5


def test_activity_equals_plain_loops(
    shop: tuple[str, httpx.Client], users: Users
) -> None:
    """Every property of every event of ten users."""
    zone, http = shop
    chosen = sorted(users)[:10]
    expected = []
    for user in chosen:
        for row in users[user]:
            if in_window(row, zone):
                properties = dict(row["properties"])
                properties["$distinct_id"] = properties.pop("distinct_id")
                expected.append({"event": row["event"], "properties": properties})
    params = {**DAYS, "distinct_ids": json.dumps(chosen)}
    found = http.get("/api/query/stream/query", params=params).json()
    events = found["results"]["events"]
    times = [each["properties"]["time"] for each in events]

    assert len(events) > 10
    assert times == sorted(times)
    assert sorted(map(repr_of, events)) == sorted(map(repr_of, expected))


def repr_of(row: Row) -> str:
    """Return an event as text, for comparing without an order."""
    return json.dumps(row, sort_keys=True)


def test_segments_of_frequency_equal_plain_loops(
    shop: tuple[str, httpx.Client], users: Users
) -> None:
    """On how many days of a week users paid in each currency."""
    zone, http = shop
    active: dict[tuple[str, str, str], set[date]] = defaultdict(set)
    for user, rows in users.items():
        for row in rows:
            if row["event"] == "checkout" and in_window(row, zone):
                given = row["properties"]
                week = bucket_of(given["time"], zone, "week")
                day = datetime.fromtimestamp(given["time"], ZoneInfo(zone)).date()
                for name in ("$overall", given["currency"]):
                    active[week, name, user].add(day)
    params = {
        **DAYS,
        "unit": "week",
        "addiction_unit": "day",
        "event": "checkout",
        "on": 'properties["currency"]',
    }
    found = http.get("/api/query/retention/addiction", params=params).json()["data"]

    assert set(found) == {"2026-10-26", "2026-11-02"}
    for week, segments in found.items():
        assert set(segments) > {"$overall", "USD"}
        for name, counts in segments.items():
            sizes = [len(d) for key, d in active.items() if key[:2] == (week, name)]
            assert counts == [
                sum(size >= least for size in sizes) for least in range(1, 8)
            ]


def test_a_cohort_equals_plain_loops(
    shop: tuple[str, httpx.Client], users: Users
) -> None:
    """Who paid more than 150 twice or more within the 21 days up to 2026-11-22."""
    zone, http = shop
    first, last = date(2026, 11, 2), date(2026, 11, 22)
    expected = []
    for user, rows in users.items():
        days = [
            datetime.fromtimestamp(row["properties"]["time"], ZoneInfo(zone)).date()
            for row in rows
            if row["event"] == "checkout" and row["properties"]["amount"] > 150
        ]
        if sum(first <= day <= last for day in days) >= 2:
            expected.append(user)
    found = http.post("/api/query/engage", data={"filter_by_cohort": '{"id": 7}'})
    [listed] = http.post("/api/query/cohorts/list").json()
    ids = [each["$distinct_id"] for each in found.json()["results"]]

    assert len(expected) > 10
    assert ids == sorted(expected)
    assert listed["count"] == len(expected)
