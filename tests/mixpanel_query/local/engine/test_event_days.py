"""The days on which a local project has events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mixpanel_query.local import LocalProject

# 2026-11-22 00:30 and 2026-11-24 12:00, both in UTC.
LINES = """\
{"event":"A","properties":{"time":1795307400,"distinct_id":"u1"}}
{"event":"B","properties":{"time":1795521600,"distinct_id":"u1"}}
"""


@pytest.mark.parametrize(
    ("timezone", "first"),
    [("UTC", date(2026, 11, 22)), ("America/New_York", date(2026, 11, 21))],
)
def test_the_days_of_events_are_those_of_the_project(
    timezone: str, first: date, tmp_path: Path
) -> None:
    """An event after midnight in UTC may be of the day before elsewhere."""
    path = tmp_path / "events.jsonl"
    path.write_text(LINES)
    with LocalProject(timezone=timezone) as project:
        project.load(path)

        assert project.event_days == (first, date(2026, 11, 24))


def test_a_project_without_events_has_no_days() -> None:
    """There is nothing to tell of before anything has arrived."""
    with LocalProject() as project:
        assert project.event_days is None
