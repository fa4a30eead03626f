"""Tests of exports of projects from before 2023, and of times in milliseconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Make: TypeAlias = Callable[..., Any]
Server: TypeAlias = Any  # that of conftest.py

NEW_YEARS_EVE = date(2022, 12, 31)
WEST: dict[str, Any] = {"timezone": "America/Los_Angeles", "stores_local_time": True}


def stored(shown: str) -> bytes:
    """An event that happened when a clock of the project showed a time."""
    time = datetime.fromisoformat(shown).replace(tzinfo=timezone.utc).timestamp()
    row = {"event": "A", "properties": {"time": int(time), "$insert_id": shown}}
    return json.dumps(row).encode()


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ("2022-12-31 23:30", "2023-01-01 07:30"),
        ("2022-07-15 12:00", "2022-07-15 19:00"),
        ("2022-03-13 03:00", "2022-03-13 10:00"),
        ("2022-11-06 01:30", "2022-11-06 08:30"),
        ("2022-11-06 02:00", "2022-11-06 10:00"),
    ],
)
def test_export_sets_times_right(
    shown: str, real: str, ask: Make, server: Server
) -> None:
    """An event has its moment in UTC; its properties have what is stored."""
    day = date.fromisoformat(shown[:10])
    server.days[day] = [stored(shown)]

    (event,) = ask(
        lambda client: client.export(day, day), base_url=server.base_url, **WEST
    )

    expected = datetime.fromisoformat(real).replace(tzinfo=timezone.utc)
    assert event.time == expected
    assert event.properties["time"] == json.loads(stored(shown))["properties"]["time"]


def test_files_have_the_days_of_the_project(
    ask: Make, server: Server, folder: Path
) -> None:
    """The last hours of a year stay in its last day, though UTC is a year ahead."""
    server.days[NEW_YEARS_EVE] = [
        stored("2022-12-31 00:00"),
        stored("2022-12-31 23:59"),
    ]

    found = ask(
        lambda client: client.export_to(folder, "2022-12-31", "2023-01-01"),
        base_url=server.base_url,
        **WEST,
    )

    assert [each.rows for each in found.days] == [2, 0]
    assert found.paths[0].read_bytes() == server.truth(NEW_YEARS_EVE)


@pytest.mark.parametrize("file_format", ["jsonl", "parquet"])
def test_milliseconds(
    file_format: str, ask: Make, server: Server, folder: Path
) -> None:
    """Milliseconds are asked for, sorted into days, and kept."""
    if file_format == "parquet":
        pytest.importorskip("pyarrow", reason="needs the extra parquet")
    day = date(2024, 11, 1)
    server.days[day] = [
        b'{"event":"A","properties":{"time":1730462400250,"p":"\\ud83d"}}',
        b'{"event":"A","properties":{"time":1730505599999}}',
    ]

    found = ask(
        lambda client: client.export_to(
            folder, day, day, format=file_format, time_in_ms=True
        ),
        base_url=server.base_url,
    )

    assert server.params[0]["time_in_ms"] == "true"
    assert found.rows == 2
    if file_format == "parquet":
        from pyarrow import parquet

        times = parquet.read_table(found.paths[0])["time"].to_pylist()
        assert times == [
            datetime(2024, 11, 1, 12, 0, 0, 250_000, timezone.utc),
            datetime(2024, 11, 1, 23, 59, 59, 999_000, timezone.utc),
        ]
