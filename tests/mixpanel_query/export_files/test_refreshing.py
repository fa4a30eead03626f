"""Tests of fetching days again, and of planning what is fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Make: TypeAlias = Callable[..., Any]
Server: TypeAlias = Any  # that of conftest.py

FIRST = date(2024, 11, 1)


def day(number: int) -> date:
    """The day with a number, from 0."""
    return FIRST + timedelta(days=number)


def window(days: int) -> tuple[str, str]:
    """The window of so many days."""
    return FIRST.isoformat(), day(days - 1).isoformat()


def manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder."""
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return read


def age(folder: Path, days: dict[date, str]) -> None:
    """Change when days were fetched."""
    known = manifest(folder)
    for changed, fetched_at in days.items():
        known["days"][changed.isoformat()]["fetched_at"] = fetched_at
    (folder / "manifest.json").write_text(json.dumps(known))


def test_late_arrivals(ask: Make, server: Server, folder: Path) -> None:
    """Days fetched within refresh_days of their end are fetched again, others not."""
    server.fill(3)
    ask(lambda client: client.export_to(folder, *window(3)), base_url=server.base_url)
    age(
        folder,
        {
            day(0): "2024-11-06T23:59:59+00:00",
            day(1): "2024-11-08T00:00:00+00:00",
            day(2): "2024-11-04T00:00:00+00:00",
        },
    )
    server.asked.clear()
    for late in (day(0), day(1), day(2)):
        server.days[late].append(server.days[late][0].replace(b'"20', b'"late-20'))

    found = ask(
        lambda client: client.export_to(folder, *window(3), refresh_days=5),
        base_url=server.base_url,
    )

    assert server.asked == [("2024-11-01", "2024-11-01"), ("2024-11-03", "2024-11-03")]
    assert [each.rows for each in found.days] == [21, 20, 21]
    assert found.paths[2].read_bytes() == server.truth(day(2))


def test_cut_refresh_keeps_the_old_file(
    ask: Make, refused: Make, server: Server, folder: Path
) -> None:
    """A day's file is replaced only by a whole one, and stays complete until then."""
    server.fill(1)
    ask(lambda client: client.export_to(folder, *window(1)), base_url=server.base_url)
    before = (folder / "2024-11-01.jsonl").read_bytes()
    age(folder, {FIRST: "2024-11-02T12:00:00+00:00"})
    server.cut = lambda first, last, call: 50

    refused(
        lambda client: client.export_to(folder, *window(1), refresh_days=5),
        base_url=server.base_url,
    )

    assert (folder / "2024-11-01.jsonl").read_bytes() == before
    assert manifest(folder)["days"]["2024-11-01"]["state"] == "complete"


def test_day_that_was_not_over(ask: Make, server: Server, folder: Path) -> None:
    """A day that was fetched before its end is fetched again, as more has happened."""
    server.fill(1)
    ask(lambda client: client.export_to(folder, *window(1)), base_url=server.base_url)
    age(folder, {FIRST: "2024-11-01T23:59:59+00:00"})

    found = ask(
        lambda client: client.export_to(folder, *window(1)), base_url=server.base_url
    )

    assert found.calls == 1


@pytest.mark.parametrize("harm", ["removed", "cut short"])
def test_harmed_file_is_fetched_again(
    harm: str, ask: Make, server: Server, folder: Path
) -> None:
    """A day whose file is gone, or has another length, is not complete."""
    server.fill(2)
    ask(lambda client: client.export_to(folder, *window(2)), base_url=server.base_url)
    file = folder / "2024-11-02.jsonl"
    if harm == "removed":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:100])

    found = ask(
        lambda client: client.export_to(folder, *window(2)), base_url=server.base_url
    )

    assert found.calls == 1
    assert file.read_bytes() == server.truth(day(1))


def test_plan(ask: Make, server: Server, folder: Path) -> None:
    """A plan says which calls would be made, and makes neither call nor folder."""
    server.fill(3)

    plan = ask(
        lambda client: client.plan_export_to(folder, *window(100)),
        base_url=server.base_url,
    )

    assert (plan.calls, plan.missing, plan.late, plan.days) == (50, 100, 0, 100)
    assert plan.spans[0].days == 2
    assert server.asked == []
    assert not folder.exists()


def test_plan_of_the_rest(ask: Make, server: Server, folder: Path) -> None:
    """Missing days come first, then those that may have got late arrivals."""
    server.fill(3)
    ask(lambda client: client.export_to(folder, *window(2)), base_url=server.base_url)
    age(folder, {day(1): "2024-11-03T00:00:00+00:00"})
    age(folder, {day(0): "2024-11-30T00:00:00+00:00"})

    plan = ask(
        lambda client: client.plan_export_to(folder, *window(3), refresh_days=5),
        base_url=server.base_url,
    )

    assert [span.from_date for span in plan.spans] == [day(2), day(1)]
    assert (plan.missing, plan.late) == (1, 1)
