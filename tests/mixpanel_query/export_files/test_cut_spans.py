"""Tests of exports into a folder that are cut on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from mixpanel_query import RetryPolicy
from mixpanel_query.exceptions import (
    ExportTruncatedError,
    UnreadableAnswerError,
)

Make: TypeAlias = Callable[..., Any]
Server: TypeAlias = Any  # that of conftest.py

FIRST = date(2024, 11, 1)
QUICKLY = RetryPolicy(attempts=3, first_pause=0)


def day(number: int) -> date:
    """The day with a number, from 0."""
    return FIRST + timedelta(days=number)


def window(days: int) -> tuple[str, str]:
    """The window of so many days."""
    return FIRST.isoformat(), day(days - 1).isoformat()


def visible(folder: Path) -> list[str]:
    """The names of the files that a glob finds."""
    return sorted(path.name for path in folder.glob("[!.]*"))


def manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder."""
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return read


def test_cut_span_is_halved(ask: Make, server: Server, folder: Path) -> None:
    """A span that is cut is asked for in halves, each of which may be whole."""
    server.fill(101, rows=1)
    server.cut = lambda first, last, call: 50 if call == 1 else None

    found = ask(
        lambda client: client.export_to(folder, *window(101)),
        base_url=server.base_url,
    )

    assert server.asked[:4] == [
        ("2024-11-01", "2024-11-03"),
        ("2024-11-01", "2024-11-02"),
        ("2024-11-03", "2024-11-03"),
        ("2024-11-04", "2024-11-06"),
    ]
    assert found.calls == 36
    assert found.rows == 101
    assert found.paths[0].read_bytes() == server.truth(FIRST)


def test_cut_day_is_asked_for_again(ask: Make, server: Server, folder: Path) -> None:
    """Lesson 16: a cut day is fetched anew, and nothing of the cut one stays."""
    server.fill(1, rows=500)
    server.cut = lambda first, last, call: 2500 if call == 1 else None

    found = ask(
        lambda client: client.export_to(folder, *window(1)),
        base_url=server.base_url,
        retry=QUICKLY,
    )

    assert len(server.asked) == 2
    assert found.paths[0].read_bytes() == server.truth(FIRST)


def test_day_that_stays_cut(refused: Make, server: Server, folder: Path) -> None:
    """The other days are complete, the day has no file, and the error names it."""
    server.fill(3)
    server.cut = lambda first, last, call: 100 if first == day(1) else None

    error = refused(
        lambda client: client.export_to(folder, *window(3)),
        base_url=server.base_url,
        retry=QUICKLY,
    )

    assert isinstance(error, ExportTruncatedError)
    assert (error.window.from_date, error.window.to_date) == (day(1), day(1))
    assert server.asked.count(("2024-11-02", "2024-11-02")) == 3
    assert visible(folder) == ["2024-11-01.jsonl", "2024-11-03.jsonl", "manifest.json"]
    assert manifest(folder)["days"]["2024-11-02"] == {"state": "pending"}
    assert list(folder.glob(".*.part")) == []


def test_three_cut_days_are_enough(refused: Make, server: Server, folder: Path) -> None:
    """Where nothing comes whole, the calls of the hour are not used up."""
    server.fill(10)
    server.cut = lambda first, last, call: 100

    refused(
        lambda client: client.export_to(folder, *window(10)), base_url=server.base_url
    )

    assert len(server.asked) == 3


def test_error_leaves_what_is_complete(
    ask: Make, refused: Make, server: Server, folder: Path
) -> None:
    """After an error in the middle, the next run asks for the rest only."""
    server.fill(3)
    server.days[day(1)].append(server.days[day(2)][0])  # a row of another day

    error = refused(
        lambda client: client.export_to(folder, *window(3)), base_url=server.base_url
    )
    server.days[day(1)].pop()
    server.asked.clear()
    found = ask(
        lambda client: client.export_to(folder, *window(3)), base_url=server.base_url
    )

    assert isinstance(error, UnreadableAnswerError)
    assert "2024-11-03T12:00:00+00:00, outside of these days" in str(error)
    assert server.asked == [("2024-11-02", "2024-11-02"), ("2024-11-03", "2024-11-03")]
    assert found.rows == 60
