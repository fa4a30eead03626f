"""Real questions over a real file, named by the environment variable SHOP_EVENTS."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

WEEK = (date(2026, 11, 9), date(2026, 11, 15))
WEEK_BEFORE = (date(2026, 11, 2), date(2026, 11, 8))
WINDOWS = (
    WEEK,
    WEEK_BEFORE,
    (date(2026, 10, 1), date(2026, 11, 15)),
    (date(2026, 10, 31), date(2026, 11, 1)),
)

# Mixpanel counts no users by the hour.
ASKED = (
    ("hour", "general"),
    *itertools.product(("day", "week", "month"), ("general", "unique", "average")),
)

pytestmark = pytest.mark.skipif(
    "SHOP_EVENTS" not in os.environ,
    reason="SHOP_EVENTS does not name the shop's file of events",
)


def ask(
    http: httpx.Client, event: str, window: tuple[date, date], unit: str, kind: str
) -> dict[str, float]:
    """Ask for one event, and leave out what is 0."""
    params = {
        "event": json.dumps([event]),
        "from_date": window[0].isoformat(),
        "to_date": window[1].isoformat(),
        "type": kind,
        "unit": unit,
    }
    data = http.get("/api/query/events", params=params).json()["data"]
    return {label: count for label, count in data["values"][event].items() if count}


def test_checkouts_of_two_weeks(shop: tuple[str, httpx.Client]) -> None:
    """Times and users, as they were counted by hand."""
    zone, http = shop
    found = [
        ask(http, "checkout", window, "week", kind)[window[0].isoformat()]
        for window in (WEEK, WEEK_BEFORE)
        for kind in ("general", "unique")
    ]

    assert (
        found
        == {
            "UTC": [253, 154, 157, 104],
            "America/Los_Angeles": [250, 153, 163, 106],
        }[zone]
    )


def test_answers_equal_plain_loops(
    shop: tuple[str, httpx.Client],
    shop_rows: list[dict[str, Any]],
    happenings_of: Callable[..., list[Any]],
    plain_count: Callable[..., dict[str, float]],
) -> None:
    """Every event, window, unit and type agrees with a count that shares no code."""
    zone, http = shop
    happenings = happenings_of(shop_rows, zone)
    names = sorted({row["event"] for row in shop_rows})
    for event, window, (unit, kind) in itertools.product(names, WINDOWS, ASKED):
        expected = plain_count(happenings, event, window, unit=unit, kind=kind)
        found = ask(http, event, window, unit, kind)
        assert found == expected, (event, window, unit, kind)


@pytest.mark.parametrize("event", [None, "checkout", "page view"])
@pytest.mark.parametrize(
    ("unit", "part"),
    [("day", "hour"), ("week", "day"), ("week", "hour"), ("month", "day")],
)
def test_frequency_equals_plain_loops(
    shop: tuple[str, httpx.Client],
    shop_rows: list[dict[str, Any]],
    event: str | None,
    unit: str,
    part: str,
) -> None:
    """Users by active hours and days, of an event or any, counted one by one."""
    zone, http = shop
    first, last = date(2026, 10, 26), date(2026, 11, 15)
    active: dict[str, dict[str, set[str]]] = {}
    for row in shop_rows:
        properties = row["properties"]
        local = datetime.fromtimestamp(properties["time"], ZoneInfo(zone))
        if event not in (None, row["event"]) or not first <= local.date() <= last:
            continue
        users = active.setdefault(period_of(local, unit), {})
        # The offset tells the two hours apart that are one by the clock.
        moment = local.strftime({"hour": "%Y-%m-%d %H %z", "day": "%Y-%m-%d"}[part])
        users.setdefault(properties["distinct_id"], set()).add(moment)
    params = {
        "from_date": first.isoformat(),
        "to_date": last.isoformat(),
        "unit": unit,
        "addiction_unit": part,
        **({} if event is None else {"event": event}),
    }
    found = http.get("/api/query/retention/addiction", params=params).json()["data"]

    assert set(active) <= set(found)
    for label, counts in found.items():
        sizes = [len(moments) for moments in active.get(label, {}).values()]
        expected = [
            sum(size > number for size in sizes) for number in range(len(counts))
        ]
        assert counts == expected
        assert max(sizes, default=0) <= len(counts)


def period_of(local: datetime, unit: str) -> str:
    """Return the first day of the period of a local time; weeks begin on Monday."""
    if unit == "month":
        return f"{local:%Y-%m}-01"
    back = local.weekday() if unit == "week" else 0
    return (local.date() - timedelta(days=back)).isoformat()


def test_every_row_is_exported_unchanged(
    shop: tuple[str, httpx.Client], shop_rows: list[dict[str, Any]]
) -> None:
    """Name, time, ids and properties of every row come back."""
    _, http = shop
    span = {"from_date": "2000-01-01", "to_date": "2026-11-22"}
    lines = http.get("/api/2.0/export", params=span).content.split(b"\n")
    found = [json.loads(line) for line in lines if line]

    # The file has some events after 2026-11-22 00:00 UTC, but none after its end.
    assert sorted(map(repr_of, found)) == sorted(map(repr_of, shop_rows))


def repr_of(row: dict[str, Any]) -> str:
    """Return a row as text, for comparing without an order."""
    return json.dumps(row, sort_keys=True)
