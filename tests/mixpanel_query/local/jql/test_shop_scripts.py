"""Scripts over a real file, named by the environment variable SHOP_EVENTS."""

from __future__ import annotations

import gzip
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from mixpanel_query.local import LocalProject

pytestmark = pytest.mark.skipif(
    "SHOP_EVENTS" not in os.environ,
    reason="SHOP_EVENTS does not name the shop's file of events",
)

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

# Two windows of ten days each, which are no unit, side by side.
FIRST_DAYS, BORDER, LAST_DAY = "2026-10-27", "2026-11-06", "2026-11-15"

ACTIVE_USERS = """
function main() {
  return Events({from_date: params.from_date, to_date: params.to_date})
    .groupByUser([event => event.time < params.border ? 0 : 1], mixpanel.reducer.null())
    .groupBy([mixpanel.slice("key", 1)], mixpanel.reducer.count())
    .sortAsc(row => row.key[0]);
}
"""


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Give the properties of each row of the file, with the name of its event."""
    with gzip.open(os.environ["SHOP_EVENTS"]) as file:
        found = [json.loads(line) for line in file]
    return [{**row["properties"], "name": row["event"]} for row in found]


@pytest.fixture(scope="module", params=["UTC", "America/Los_Angeles"])
def shop(request: pytest.FixtureRequest) -> Iterator[tuple[str, httpx.Client]]:
    """Give the timezone and a client of a project that holds the shop's events."""
    now = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
    with (
        LocalProject(timezone=request.param, clock=lambda: now) as project,
        httpx.Client(base_url=project.base_url, trust_env=False, timeout=60) as http,
    ):
        project.load(os.environ["SHOP_EVENTS"])
        yield request.param, http


def local_time(row: dict[str, Any], zone: str) -> datetime:
    """Return what the project's clock showed at an event."""
    return (EPOCH + timedelta(seconds=row["time"])).astimezone(ZoneInfo(zone))


def ask(http: httpx.Client, script: str, **params: object) -> Any:  # noqa: ANN401
    """Return the items of a script."""
    form = {"script": script, "params": json.dumps(params)}
    return http.post("/api/query/jql", data=form).raise_for_status().json()


def test_active_users_of_two_windows(
    shop: tuple[str, httpx.Client], rows: list[dict[str, Any]]
) -> None:
    """Users who did anything, in windows that no other question can be asked for."""
    zone, http = shop
    users: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        day = local_time(row, zone).date().isoformat()
        if FIRST_DAYS <= day <= LAST_DAY:
            users[int(day >= BORDER)].add(row["distinct_id"])

    border = datetime.fromisoformat(f"{BORDER}T00:00+00:00")
    found = ask(
        http,
        ACTIVE_USERS,
        from_date=FIRST_DAYS,
        to_date=LAST_DAY,
        border=int(border.timestamp() * 1000),
    )

    assert found == [
        {"key": [0], "value": len(users[0])},
        {"key": [1], "value": len(users[1])},
    ]
    assert min(len(users[0]), len(users[1])) > 100


def test_events_by_name_and_day(
    shop: tuple[str, httpx.Client], rows: list[dict[str, Any]]
) -> None:
    """Each event of the file is counted on its day, repeats once."""
    zone, http = shop
    counts: dict[tuple[str, str], int] = defaultdict(int)
    seen = set()
    for row in rows:
        repeat = (row["name"], row["distinct_id"], row["time"], row["$insert_id"])
        day = local_time(row, zone).date().isoformat()
        if repeat not in seen and FIRST_DAYS <= day <= LAST_DAY:
            counts[row["name"], day] += 1
        seen.add(repeat)

    days = f"{{from_date: '{FIRST_DAYS}', to_date: '{LAST_DAY}'}}"
    day = "event => new Date(event.time).toISOString().split('T')[0]"
    found = ask(
        http,
        f"function main() {{ return Events({days})"
        f".groupBy(['name', {day}], mixpanel.reducer.count()); }}",
    )

    assert {tuple(row["key"]): row["value"] for row in found} == counts


def test_history_of_each_user(
    shop: tuple[str, httpx.Client], rows: list[dict[str, Any]]
) -> None:
    """A user's events come in temporal order, across many batches of rows.

    Their times are those of the project's clock, which was put back on 1 November.
    """
    zone, http = shop
    moments: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for row in rows:
        local = local_time(row, zone)
        if FIRST_DAYS <= local.date().isoformat() <= LAST_DAY:
            shown = int(local.replace(tzinfo=timezone.utc).timestamp() * 1000)
            event = (row["time"], row["name"], row["$insert_id"], shown)
            moments[row["distinct_id"]].add(event)
    expected = {
        user: [shown for *_, shown in sorted(events)]
        for user, events in moments.items()
    }

    days = f"{{from_date: '{FIRST_DAYS}', to_date: '{LAST_DAY}'}}"
    fold = "(state, events) => (state || []).concat(events.map(event => event.time))"
    found = ask(
        http, f"function main() {{ return Events({days}).groupByUser({fold}); }}"
    )

    assert {row["key"][0]: row["value"] for row in found} == expected
