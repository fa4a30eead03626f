"""Projects with the shop's events in several timezones, and plain loops beside them.

Beside the file that SHOP_EVENTS names there are events around changes of the clocks,
ends of years and leap days, some of nobody, many of them twice, and profiles.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
ZONES = {
    "UTC": "monday",
    "Europe/London": "sunday",
    "America/New_York": "monday",
    "Asia/Kolkata": "saturday",
    "Pacific/Apia": "wednesday",
    "Australia/Lord_Howe": "monday",
}
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
WEEKDAYS += ["sunday"]


def imported(name: str) -> ModuleType:
    """Import a file that stands beside this one."""
    spec = importlib.util.spec_from_file_location(
        name, Path(__file__).parent / f"{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PLAIN, QUESTIONS = imported("plain_answers"), imported("shop_questions")


@pytest.fixture(scope="module", params=ZONES)
def generated_shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Give a project of one timezone."""
    with gzip.open(os.environ["SHOP_EVENTS"]) as file:
        rows = [json.loads(line) for line in file]
    rows += QUESTIONS.more_rows()
    again = random.Random(8).sample(rows, 2000)  # noqa: S311 - nothing is secret
    rows += [
        {**row, "properties": {**row["properties"], "company_id": 7}} for row in again
    ]
    users = sorted({row["properties"]["distinct_id"] for row in rows} - {""})
    people = {
        user: {"tier": ["gold", "silver", "none"][at % 3], "age": 20 + at % 50}
        for at, user in enumerate(users)
        if at % 4
    }
    folder = tmp_path_factory.mktemp("generated")
    lines = [{"$distinct_id": u, "$properties": p} for u, p in people.items()]
    for name, each in (("events", rows), ("people", lines)):
        text = "".join(f"{json.dumps(row)}\n" for row in each)
        (folder / f"{name}.jsonl").write_text(text)
    zone, week_start = request.param, ZONES[request.param]
    with (
        LocalProject(timezone=zone, week_start=week_start, clock=NOW) as project,
        httpx.Client(base_url=project.base_url, trust_env=False, timeout=60) as client,
    ):
        project.load(folder / "events.jsonl")
        project.load(folder / "people.jsonl")
        project.save_funnel(1, steps=["page view", "view item", "checkout"])
        project.save_funnel(2, steps=["view item", "view item", "add to cart"])
        weekday = WEEKDAYS.index(week_start)
        events = PLAIN.unrepeated(rows, people, zone)
        yield QUESTIONS.Shop(events, zone, weekday, client, project.save_report)


@pytest.fixture
def ask(generated_shop: Any) -> Callable[[int], Any]:  # noqa: ANN401
    """Give the function that makes a question of a seed."""
    return lambda seed: QUESTIONS.Question(generated_shop, PLAIN, seed)
