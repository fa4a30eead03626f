"""Tests of exports into a folder from a local project, and of loading them again."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mixpanel_query.local import LocalProject

Make: TypeAlias = Callable[..., Any]

NOW = datetime(2024, 11, 16, 12, tzinfo=timezone.utc)
WEEK = ("2024-11-09", "2024-11-15")


@pytest.mark.parametrize("file_format", ["jsonl", "jsonl.gz"])
def test_there_and_back(file_format: str, ask: Make, folder: Path) -> None:
    """What was exported into a folder, another project loads, and counts the same."""
    with LocalProject(clock=lambda: NOW) as project, LocalProject() as copy:
        project.load_sample()
        found = ask(
            lambda client: client.export_to(folder, *WEEK, format=file_format),
            base_url=project.base_url,
        )
        loaded = copy.load(folder)
        counts = [
            ask(
                lambda client: client.events(["Sign Up", "Purchase"], *WEEK),
                base_url=each.base_url,
            ).values
            for each in (project, copy)
        ]

    assert found.rows == loaded > 100
    assert counts[0] == counts[1]


@pytest.mark.skipif(
    "SHOP_EVENTS" not in os.environ, reason="SHOP_EVENTS names no file of events"
)
def test_shop_events(ask: Make, folder: Path) -> None:
    """Years of a shop are exported with 50 calls at most, each row once, on its day."""
    with gzip.open(os.environ["SHOP_EVENTS"]) as file:
        rows = [json.loads(line) for line in file]
    times = [row["properties"]["time"] for row in rows]
    first, last = (
        datetime.fromtimestamp(pick(times), timezone.utc).date() for pick in (min, max)
    )
    later = datetime.fromtimestamp(max(times), timezone.utc) + timedelta(days=30)
    with LocalProject(clock=lambda: later) as project:
        project.load(os.environ["SHOP_EVENTS"])
        found = ask(
            lambda client: client.export_to(folder, first, last),
            base_url=project.base_url,
        )

    exported = [
        (day.date.isoformat(), json.loads(line)["properties"]["$insert_id"])
        for day in found.days
        for line in day.path.read_bytes().splitlines()
    ]
    expected = [
        (
            datetime.fromtimestamp(time, timezone.utc).date().isoformat(),
            row["properties"]["$insert_id"],
        )
        for time, row in zip(times, rows, strict=True)
    ]
    assert Counter(exported) == Counter(set(expected))
    assert found.calls <= 50
