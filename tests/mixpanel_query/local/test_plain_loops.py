"""Many questions, each compared with a count by plain loops."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
# Among them: clocks that change at noon UTC and at midnight, half hours, and a zone
# that is a day ahead of another.
ZONES = (
    "UTC",
    "America/Los_Angeles",
    "Europe/London",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "America/Santiago",
)


def made_up_rows(seed: int) -> list[dict[str, Any]]:
    """Return events of a year and a half, with copies and nobody's events."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    first = datetime(2025, 6, 1, tzinfo=timezone.utc).timestamp()
    rows = []
    for number in range(2000):
        properties = {
            "time": int(first) + chance.randrange(540 * 86400),
            "distinct_id": chance.choice(["", *(f"u{n}" for n in range(40))]),
            "$insert_id": f"i{number}",
        }
        row = {"event": chance.choice("ABC"), "properties": properties}
        rows += [row] * chance.choice((1, 1, 1, 2))
        # The same user at once again, and the same id for somebody else.
        rows.append({"event": "A", "properties": {**properties, "$insert_id": "x"}})
        rows.append({"event": "B", "properties": {**properties, "distinct_id": "u1"}})
    return rows


def windows(seed: int) -> list[tuple[date, date]]:
    """Return windows: around changes of the clocks, and by chance."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    found = [
        (date(2026, 10, 24), date(2026, 11, 2)),
        (date(2026, 3, 7), date(2026, 3, 30)),
        (date(2026, 4, 4), date(2026, 4, 5)),
        (date(2025, 6, 1), date(2026, 11, 20)),
    ]
    for _ in range(2):
        start = date(2025, 6, 1).toordinal() + chance.randrange(400)
        end = start + chance.randrange(120)
        found.append((date.fromordinal(start), date.fromordinal(end)))
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_answers_equal_plain_loops(
    zone: str,
    tmp_path: Path,
    happenings_of: Callable[..., list[Any]],
    plain_count: Callable[..., dict[str, float]],
) -> None:
    """For every unit, type, window and timezone the numbers agree."""
    seed = ZONES.index(zone)
    rows = made_up_rows(seed)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    first_weekday = seed % 7
    asked = 0
    happenings = happenings_of(rows, zone)
    with (
        LocalProject(
            timezone=zone,
            week_start=WEEKDAYS[first_weekday],
            clock=lambda: datetime(2026, 11, 22, 12, tzinfo=timezone.utc),
        ) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        project.load(path)
        for window in windows(seed):
            for unit in ("hour", "day", "week", "month", 1, 5, 7):
                for kind in ("general", "unique", "average"):
                    found = ask(http, "A", window, unit, kind)
                    expected = plain_count(
                        happenings,
                        "A",
                        window,
                        unit=unit,
                        kind=kind,
                        first_weekday=first_weekday,
                    )
                    assert found == expected, (zone, window, unit, kind)
                    asked += 1

    assert asked == 6 * 7 * 3


def ask(
    http: httpx.Client,
    event: str,
    window: tuple[date, date],
    unit: str | int,
    kind: str,
) -> dict[str, float]:
    """Ask with segmentation, and leave out what is 0."""
    params = {
        "event": event,
        "from_date": window[0].isoformat(),
        "to_date": window[1].isoformat(),
        "type": kind,
        "interval" if isinstance(unit, int) else "unit": str(unit),
    }
    data = http.get("/api/query/segmentation", params=params).json()["data"]
    assert list(data["values"][event]) == data["series"]
    assert data["series"] == sorted(data["series"], key=datetime.fromisoformat)
    return {label: count for label, count in data["values"][event].items() if count}
