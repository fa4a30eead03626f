"""A local project whose clock stands still, a client for it, and plain counting."""

from __future__ import annotations

import gzip
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import httpx
import pytest

from mixpanel_query import Client, RetryPolicy, ServiceAccount
from mixpanel_query.local import LocalProject
from mixpanel_query.local.engine.store import Engine, StoredEvent

Happening: TypeAlias = tuple[str, datetime, str]
PlainCount: TypeAlias = Callable[..., dict[str, float]]

# Sunday, 2026-11-22, 12:00 UTC.
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Give an empty store in memory."""
    store = Engine()
    yield store
    store.close()


@pytest.fixture
def add_rows(engine: Engine) -> Callable[..., None]:
    """Give the function that inserts rows like "name user time", or with an id."""

    def add(*rows: str) -> None:
        events = []
        for number, row in enumerate(rows):
            name, user, time, *insert_id = row.split()
            instant = datetime.fromisoformat(f"{time}+00:00")
            events.append(
                StoredEvent(
                    name,
                    user.replace("nobody", ""),
                    int(instant.timestamp() * 1000),
                    insert_id[0] if insert_id else f"i{number}",
                    "{}",
                )
            )
        engine.insert_events(events)

    return add


@pytest.fixture
def project() -> Iterator[LocalProject]:
    """Give a project that anybody may ask, at noon of 2026-11-22 UTC."""
    with LocalProject(clock=lambda: NOW) as serving:
        yield serving


@pytest.fixture
def http(project: LocalProject) -> Iterator[httpx.Client]:
    """Give an HTTP client of the project."""
    with httpx.Client(base_url=project.base_url, trust_env=False) as client:
        yield client


@pytest.fixture
def filled(project: LocalProject, http: httpx.Client) -> LocalProject:
    """Give a project with a hundred events of the day, and an empty log."""
    rows = [
        {
            "event": "A",
            "properties": {
                "time": 1795305600 + number,
                "distinct_id": "u",
                "$insert_id": f"i{number}",
                "note": "č\u2028東",
            },
        }
        for number in range(100)
    ]
    assert http.post("/import", json=rows).json()["num_records_imported"] == 100
    project.requests.clear()
    return project


@pytest.fixture
def asking(
    filled: LocalProject, account: ServiceAccount
) -> Iterator[Callable[..., Client]]:
    """Give the function that makes a client of the project."""
    made: list[Client] = []

    def make(retry: RetryPolicy | None = None, timeout: float = 30) -> Client:
        retry = retry or RetryPolicy(attempts=1)
        made.append(
            Client(account, base_url=filled.base_url, retry=retry, timeout=timeout)
        )
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture(scope="module")
def shared_http() -> Iterator[httpx.Client]:
    """Give an HTTP client of a project for tests that do not mind each other."""
    with (
        LocalProject(clock=lambda: NOW) as serving,
        httpx.Client(base_url=serving.base_url, trust_env=False) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def happenings_of() -> Callable[[Iterable[dict[str, Any]], str], list[Happening]]:
    """Give the function that lists event, local time and user, without repeats."""

    def list_happenings(rows: Iterable[dict[str, Any]], zone: str) -> list[Happening]:
        found = {}
        for row in rows:
            properties = row["properties"]
            key = (row["event"], properties["distinct_id"], properties["time"])
            utc = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(
                seconds=properties["time"]
            )
            local = utc.astimezone(ZoneInfo(zone))
            found[key, properties["$insert_id"]] = (key[0], local, key[1])
        return list(found.values())

    return list_happenings


@pytest.fixture(scope="session")
def plain_count() -> PlainCount:
    """Give the function that counts by plain loops, sharing nothing with our code."""

    def count(
        happenings: Iterable[Happening],
        event: str,
        window: tuple[date, date],
        *,
        unit: str | int,
        kind: str,
        first_weekday: int = 0,
    ) -> dict[str, float]:
        users: dict[str, list[str]] = defaultdict(list)
        for name, local, user in happenings:
            if name == event and window[0] <= local.date() <= window[1]:
                users[label_of(local, window[0], unit, first_weekday)].append(user)
        sizes = {label: size(ids, kind) for label, ids in users.items()}
        return {label: number for label, number in sizes.items() if number}

    return count


def label_of(local: datetime, first: date, unit: str | int, first_weekday: int) -> str:
    """Return the name of the bucket that a local time falls into."""
    day = local.date()
    if unit == "hour":
        return local.replace(minute=0, second=0, microsecond=0).isoformat()
    if unit == "week":
        while day.weekday() != first_weekday:
            day -= timedelta(days=1)
    elif unit == "month":
        day = date(day.year, day.month, 1)
    elif isinstance(unit, int):
        while (day - first).days % unit:
            day -= timedelta(days=1)
    return day.isoformat()


def size(ids: list[str], kind: str) -> float:
    """Return what one kind of question counts of a bucket's users."""
    if kind == "general":
        return len(ids)
    named = [user for user in ids if user != ""]
    if kind == "unique":
        return len(set(named))
    return len(named) / len(set(named)) if named else 0


@pytest.fixture(scope="module", params=["UTC", "America/Los_Angeles"])
def shop(request: pytest.FixtureRequest) -> Iterator[tuple[str, httpx.Client]]:
    """Give the timezone and a client of a project with the events of SHOP_EVENTS."""
    with (
        LocalProject(timezone=request.param, clock=lambda: NOW) as serving,
        httpx.Client(base_url=serving.base_url, trust_env=False) as client,
    ):
        serving.load(os.environ["SHOP_EVENTS"])
        large = 'properties["amount"] > 100'
        steps: list[str | tuple[str, str]] = [
            "page view",
            "view item",
            ("checkout", large),
        ]
        serving.save_funnel(7, steps=steps)
        serving.save_cohort(
            7,
            name="Large",
            event="checkout",
            event_where='properties["amount"] > 150',
            times=2,
            days=21,
        )
        yield request.param, client


@pytest.fixture(scope="session")
def shop_rows() -> list[dict[str, Any]]:
    """Give the rows of the file that SHOP_EVENTS names."""
    with gzip.open(os.environ["SHOP_EVENTS"]) as file:
        return [json.loads(line) for line in file]
