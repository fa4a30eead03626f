"""Runs queries in JavaScript, with a stand-in of what Mixpanel gives to scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import quickjs

from mixpanel_query import jql

Run: TypeAlias = Callable[..., list[Any]]
GLOBALS = Path(__file__).with_name("globals.js").read_text()


def at(day: int, hour: int = 12) -> int:
    """Return milliseconds of an hour of a day in November 2026."""
    moment = datetime(2026, 11, day, hour, tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


def event(name: str, who: str, day: int, **properties: object) -> dict[str, object]:
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
PEOPLE = [
    {"distinct_id": "ann", "time": at(1), "properties": {"country": "US"}},
    {"distinct_id": "bob", "time": at(1), "properties": {"country": "SI"}},
    {"distinct_id": "eva", "time": at(1), "properties": {"country": "US"}},
]


def run_query(query: jql.Query, events: object = None) -> list[Any]:
    """Run a query, on the events and profiles above or on others; return its rows."""
    context = quickjs.Context()
    context.set_memory_limit(64 << 20)
    context.set_time_limit(5)
    data = {"events": EVENTS if events is None else events, "people": PEOPLE}
    context.eval(f"const data = {json.dumps(data)};")
    context.eval(f"const params = {json.dumps(query.params)};")
    context.eval(GLOBALS)
    context.eval(query.script)
    rows: list[Any] = json.loads(context.eval("JSON.stringify(main().items)"))
    return rows


@pytest.fixture
def run() -> Run:
    """Run a query, on seven events and three profiles; return its rows."""
    return run_query


@pytest.fixture
def groups(run: Run) -> Callable[..., dict[tuple[object, ...], object]]:
    """Run a query that groups; return its values by key."""

    def run_groups(query: jql.Query) -> dict[tuple[object, ...], object]:
        return dict(jql.read_groups(run(query)))

    return run_groups
