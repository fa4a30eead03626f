"""Runs queries in JavaScript, which a local project does over a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mixpanel_query import Client, ServiceAccount, jql
from mixpanel_query.local import LocalProject

Run: TypeAlias = Callable[..., list[Any]]
ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def at(day: int, hour: int = 12) -> int:
    """Return milliseconds of an hour of a day in November 2026."""
    moment = datetime(2026, 11, day, hour, tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


def event(name: str, who: str, day: int, **properties: object) -> dict[str, Any]:
    """Write an event as JQL has it."""
    return {
        "name": name,
        "distinct_id": who,
        "time": at(day),
        "properties": properties,
    }


EVENTS = [
    event("Sign Up", "ann", 9, Plan="Free", age=20),
    event("Sign Up", "bob", 9, Plan="Pro", age=31),
    event("Sign Up", "cid", 10, Plan="Pro", age=45),
    event("Purchase", "ann", 10, Plan="Free", price=5, tags=["x", "y"]),
    event("Purchase", "ann", 11, Plan="Pro", price=7, tags=["y"]),
    event("Purchase", "bob", 16, Plan="Pro", price=20, tags=[]),
    event("Purchase", "dan", 17, Plan="Pro", price="9"),
]
PEOPLE: list[dict[str, Any]] = [
    {"distinct_id": "ann", "properties": {"country": "US"}},
    {"distinct_id": "bob", "properties": {"country": "SI"}},
    {"distinct_id": "eva", "properties": {"country": "US"}},
]


def ask(query: jql.Query, events: list[dict[str, Any]], folder: Path) -> list[Any]:
    """Run a query in a local project that has these events and the profiles above."""
    lines = [
        {
            "event": given["name"],
            "properties": {
                **given["properties"],
                "distinct_id": given["distinct_id"],
                "time": given["time"],
                "$insert_id": str(number),
            },
        }
        for number, given in enumerate(events)
    ]
    people = [
        {"$distinct_id": given["distinct_id"], "$properties": given["properties"]}
        for given in PEOPLE
    ]
    with LocalProject(clock=lambda: NOW) as project:
        for number, rows in enumerate((lines, people)):
            file = folder / f"{number}.jsonl"
            text = "".join(json.dumps(row) + "\n" for row in rows)
            file.write_text(text, encoding="utf-8")
            project.load(file)
        with Client(ACCOUNT, base_url=project.base_url) as client:
            return client.jql(query)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a query, on seven events and three profiles or on others; return its rows."""
    return lambda query, events=EVENTS: ask(query, events, tmp_path)


@pytest.fixture
def groups(run: Run) -> Callable[..., dict[tuple[object, ...], object]]:
    """Run a query that groups; return its values by key."""

    def run_groups(query: jql.Query) -> dict[tuple[object, ...], object]:
        return dict(jql.read_groups(run(query)))

    return run_groups
