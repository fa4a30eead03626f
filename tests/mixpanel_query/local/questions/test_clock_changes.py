"""Spans between changes of the clocks, worked out from the rules of each timezone."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query.local.questions.clock_changes import offset_spans

HOUR_MS = 3_600_000


def ms(text: str) -> int:
    """Return an instant in UTC as epoch milliseconds."""
    instant = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    return int(instant.timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "changes", "hours"),
    [
        ("UTC", [], [0]),
        ("America/Phoenix", [], [-7]),
        ("Europe/London", ["2026-03-29T01:00", "2026-10-25T01:00"], [0, 1, 0]),
        ("America/New_York", ["2026-03-08T07:00", "2026-11-01T06:00"], [-5, -4, -5]),
        (
            "Australia/Lord_Howe",
            ["2026-04-04T15:00", "2026-10-03T15:30"],
            [11, 10.5, 11],
        ),
    ],
)
def test_spans_of_a_year(zone: str, changes: list[str], hours: list[float]) -> None:
    """They follow each other from begin to end, each with one offset from UTC."""
    bounds = [ms("2026-01-01"), *map(ms, changes), ms("2027-01-01")]

    assert list(offset_spans(bounds[0], bounds[-1], ZoneInfo(zone))) == [
        (begin, end, int(hour * HOUR_MS))
        for begin, end, hour in zip(bounds, bounds[1:], hours, strict=False)
    ]


def test_change_at_the_begin_and_at_the_end() -> None:
    """A change is the first instant of a span, and never a span of its own."""
    change, zone = ms("2026-10-25T01:00"), ZoneInfo("Europe/London")
    hour = HOUR_MS

    assert list(offset_spans(change, change + 1, zone)) == [(change, change + 1, 0)]
    assert list(offset_spans(change - 1, change, zone)) == [(change - 1, change, hour)]
    assert list(offset_spans(change, change, zone)) == []


def test_day_that_does_not_exist() -> None:
    """Apia left out 2011-12-30: its clocks went from 10 hours behind to 14 ahead."""
    change = ms("2011-12-30T10:00")

    assert list(
        offset_spans(ms("2011-12-29"), ms("2011-12-31"), ZoneInfo("Pacific/Apia"))
    ) == [
        (ms("2011-12-29"), change, -10 * HOUR_MS),
        (change, ms("2011-12-31"), 14 * HOUR_MS),
    ]
