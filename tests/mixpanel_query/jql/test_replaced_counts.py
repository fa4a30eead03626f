"""Tests that a query and what is named instead of it give the same numbers.

Both are put to a local project, which runs the query in JavaScript.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mixpanel_query import Client, ServiceAccount, TimeSeries, jql
from mixpanel_query.jql import reducer
from mixpanel_query.local import LocalProject

ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
DAYS = ("2026-11-09", "2026-11-15")
NAMES = ("Sign Up", "Purchase")
FIRST = datetime(2026, 11, 8, 23, 30, tzinfo=timezone.utc)

# Every five hours somebody of four does one of two things, for nine days.
EVENTS = [
    (NAMES[number % 3 == 0], f"user-{number * number % 4}", FIRST + number * hours)
    for hours in [timedelta(hours=5)]
    for number in range(44)
]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a local project with the same events."""
    file = tmp_path / "events.jsonl"
    with file.open("w") as lines:
        for number, (name, who, moment) in enumerate(EVENTS):
            properties = {
                "distinct_id": who,
                "time": int(moment.timestamp()),
                "$insert_id": f"{number}",
            }
            lines.write(json.dumps({"event": name, "properties": properties}) + "\n")
    now = datetime(2026, 11, 18, tzinfo=timezone.utc)
    with LocalProject(clock=lambda: now) as project:
        project.load(file)
        with Client(ACCOUNT, base_url=project.base_url) as client:
            yield client


def instead(query: jql.Query, client: Client) -> TimeSeries:
    """Ask what is named instead of a query."""
    call = query.explain().call
    assert call is not None
    series: TimeSeries = eval(call, {"client": client})  # noqa: S307 - our own text
    return series


def day_of(key: object) -> date:
    """Return the day of a bucket, which is in milliseconds."""
    assert isinstance(key, int)
    return datetime.fromtimestamp(key / 1000, timezone.utc).date()


BY_DAY = jql.numeric_bucket("time", jql.daily_time_buckets)
SIGN_UPS = jql.events(*DAYS, events="Sign Up")
BOTH = jql.events(*DAYS, events=NAMES)


def test_counts_by_day(client: Client) -> None:
    """Each day has as many events in both."""
    query = SIGN_UPS.group_by(BY_DAY, reducer.count())
    expected = {
        day_of(key): value for (key,), value in jql.read_groups(client.jql(query))
    }

    series = instead(query, client)

    assert {day: series.value("Sign Up", day) for day in series.dates} == expected
    assert len(expected) == 7


def test_counts_by_name_and_day(client: Client) -> None:
    """So has each day of each of two events."""
    query = BOTH.group_by(["name", BY_DAY], reducer.count())
    expected = {
        (name, day_of(key)): value
        for (name, key), value in jql.read_groups(client.jql(query))
    }

    series = instead(query, client)

    found = {
        (name, day): series.value(name, day) for name in NAMES for day in series.dates
    }
    assert {place: value for place, value in found.items() if value} == expected


def test_totals(client: Client) -> None:
    """All of a window is what its days add up to."""
    query = SIGN_UPS.reduce(reducer.count())

    assert [instead(query, client).total("Sign Up")] == client.jql(query)


def test_users(client: Client) -> None:
    """Users of a window are counted once in both."""
    query = SIGN_UPS.group_by_user(reducer.null()).reduce(reducer.count())

    series = instead(query, client)

    assert [series.value("Sign Up", day) for day in series.dates] == client.jql(query)


def test_users_by_day(client: Client) -> None:
    """Users of a day are counted once in it."""
    query = SIGN_UPS.group_by_user([BY_DAY], reducer.null())
    query = query.group_by(jql.slice("key", 1), reducer.count())
    expected = {
        day_of(key): value for (key,), value in jql.read_groups(client.jql(query))
    }

    series = instead(query, client)

    assert {day: series.value("Sign Up", day) for day in series.dates} == expected
