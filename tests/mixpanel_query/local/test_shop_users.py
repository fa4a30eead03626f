"""Questions about users over a real file, named by SHOP_EVENTS, and plain loops."""

from __future__ import annotations

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
    return time > start or (time == start and row["event"] != begun["event"])


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
        return row["event"] == "page view" and given.get("utm_source") == "google"

    def is_large(row: Row) -> bool:
        return row["event"] == "checkout" and row["properties"]["amount"] > 150

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
