"""Conditions, breakdowns and numbers over a real file, named by SHOP_EVENTS."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

Row = dict[str, Any]

pytestmark = pytest.mark.skipif(
    "SHOP_EVENTS" not in os.environ,
    reason="SHOP_EVENTS does not name the shop's file of events",
)

FIRST, LAST = date(2026, 10, 26), date(2026, 11, 15)
CONDITIONS: dict[str, Callable[[Row], bool]] = {
    "": lambda row: True,
    'properties["amount"] > 200 and not (properties["currency"] in ["CAD", "JPY"])': (
        lambda row: row["amount"] > 200 and row["currency"] not in ("CAD", "JPY")
    ),
    'defined(properties["$user_id"])': lambda row: "$user_id" in row,
    '"2" in string(properties["amount"]) or properties["company_id"] % 2 == 1': (
        lambda row: "2" in str(row["amount"]) or row["company_id"] % 2 == 1
    ),
    'properties["amount"] == "200" or properties["never"] > 1': lambda row: False,
    'event["$time"] >= datetime("2026-11-01T12:00:00Z")': (
        lambda row: row["time"] >= 1793534400
    ),
}


def checkouts(rows: list[Row], zone: str) -> list[tuple[date, Row]]:
    """Return day and properties of the checkouts in the window, without repeats."""
    found: dict[tuple[object, ...], tuple[date, Row]] = {}
    for row in rows:
        properties = row["properties"]
        local = datetime.fromtimestamp(properties["time"], ZoneInfo(zone))
        key = (properties["distinct_id"], properties["time"], properties["$insert_id"])
        if row["event"] == "checkout" and FIRST <= local.date() <= LAST:
            found[key] = local.date(), properties
    return list(found.values())


def ask(http: httpx.Client, path: str, **given: str) -> Any:  # noqa: ANN401
    """Ask a question about checkouts."""
    days = {"from_date": FIRST.isoformat(), "to_date": LAST.isoformat()}
    params = {"event": "checkout", **days, **given}
    response = http.get(f"/api/query/{path}", params=params)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("where", CONDITIONS)
@pytest.mark.parametrize("kind", ["general", "unique"])
def test_segments_equal_plain_loops(
    shop: tuple[str, httpx.Client], shop_rows: list[Row], where: str, kind: str
) -> None:
    """Checkouts by currency and day, and the users who made them."""
    zone, http = shop
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for day, row in checkouts(shop_rows, zone):
        if CONDITIONS[where](row):
            users[row["currency"], day.isoformat()].append(row["distinct_id"])
    expected = {
        point: len(ids) if kind == "general" else len(set(ids))
        for point, ids in users.items()
    }
    found = ask(
        http, "segmentation", where=where, on='properties["currency"]', type=kind
    )
    values = found["data"]["values"]

    assert {
        (name, day): count
        for name, days in values.items()
        for day, count in days.items()
        if count
    } == expected


@pytest.mark.parametrize("where", CONDITIONS)
def test_sums_and_averages_equal_plain_loops(
    shop: tuple[str, httpx.Client], shop_rows: list[Row], where: str
) -> None:
    """What checkouts of each day are worth, together and on average."""
    zone, http = shop
    amounts: dict[str, list[int]] = defaultdict(list)
    for day, row in checkouts(shop_rows, zone):
        if CONDITIONS[where](row):
            amounts[day.isoformat()].append(row["amount"])
    asked = {"where": where, "on": 'properties["amount"]'}
    sums = ask(http, "segmentation/sum", **asked)["results"]
    averages = ask(http, "segmentation/average", **asked)["results"]

    assert {day: total for day, total in sums.items() if total} == {
        day: sum(each) for day, each in amounts.items()
    }
    assert averages == {day: sum(each) / len(each) for day, each in amounts.items()}


def test_ranges_hold_every_checkout(
    shop: tuple[str, httpx.Client], shop_rows: list[Row]
) -> None:
    """Each amount is counted in the range that its two numbers say."""
    zone, http = shop
    amounts = [row["amount"] for _, row in checkouts(shop_rows, zone)]
    found = ask(http, "segmentation/numeric", on='properties["amount"]')
    values = found["data"]["values"]
    ranges = {name: [float(end) for end in name.split(" - ")] for name in values}

    assert len(values) > 1
    assert {name: sum(days.values()) for name, days in values.items()} == {
        name: sum(first <= amount < last for amount in amounts)
        for name, (first, last) in ranges.items()
    }
