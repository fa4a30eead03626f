"""The clock of a project, alone and wherever a project needs it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import httpx
import pytest

from mixpanel_query.local import LocalProject, LocalProjectError
from mixpanel_query.local.control.project_clock import (
    ProjectClock,
    read_instant,
    system_clock,
)

# Thursday.
NOON = datetime(2026, 11, 19, 12, tzinfo=timezone.utc)


def test_it_is_the_machines_until_it_is_set() -> None:
    """And again when it is set to None."""
    clock = ProjectClock()
    assert (clock.source, clock.is_set) == (system_clock, False)
    clock.set(NOON)
    assert (clock(), clock(), clock.is_set) == (NOON, NOON, True)
    clock.set(lambda: NOON + timedelta(days=1))
    assert clock() == datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
    clock.set(None)

    assert abs(clock() - datetime.now(timezone.utc)) < timedelta(seconds=5)


def test_reset_brings_back_what_it_was_made_with() -> None:
    """That need not be the machine's clock."""
    clock = ProjectClock(NOON)
    clock.set(NOON + timedelta(hours=1))
    clock.reset()

    assert clock() == NOON


def test_a_time_without_a_timezone_is_refused() -> None:
    """The message says what to give."""
    with pytest.raises(LocalProjectError, match="no timezone; give an aware"):
        ProjectClock(datetime(2026, 11, 19))


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_time_whose_neighbours_have_no_date_is_refused(year: int) -> None:
    """Questions would fail that look a month back, or at the end of the day."""
    with pytest.raises(LocalProjectError, match=f"the year {year}; give a time in"):
        ProjectClock(datetime(year, 12, 31, tzinfo=timezone.utc))


@pytest.mark.parametrize(
    "text", ["2026-11-19T12:00:00Z", "2026-11-19T13:00:00+01:00", "2026-11-19T12:00z"]
)
def test_instants_are_read(text: str) -> None:
    """With an offset, or Z for UTC."""
    assert read_instant(text) == NOON


@pytest.mark.parametrize(
    "text", ["", "noon", "Z", "2026-11-19T12:00:00", None, 7, "9" * 99]
)
def test_what_is_no_instant_is_refused(text: object) -> None:
    """In one short line."""
    with pytest.raises(LocalProjectError) as caught:
        read_instant(text)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 150


def test_everything_asks_the_clock_that_was_set(
    project: LocalProject, http: httpx.Client
) -> None:
    """Events, the last days, "today" in refusals, and JQL's last seen of profiles."""
    day = {"event": '["A"]', "type": "general", "unit": "day"}
    project.clock = NOON
    event = {"event": "A", "properties": {"token": "t", "distinct_id": "u"}}
    assert http.post("/track", json=event).text == "1"
    update = {"$token": "t", "$distinct_id": "u", "$set": {"a": 1}}
    assert http.post("/engage", json=update).text == "1"
    window = {"from_date": "2026-11-19", "to_date": "2026-11-20"}
    export = {"from_date": "2026-11-19", "to_date": "2026-11-19"}

    counted = http.get("/api/query/events", params=day | {"interval": 1}).json()
    assert counted["data"]["values"] == {"A": {"2026-11-19": 1}}
    refused = http.get("/api/query/events", params=day | window)
    assert (refused.status_code, "later than today" in refused.text) == (400, True)
    rows = http.get("/api/2.0/export", params=export).json()
    assert rows["properties"]["time"] == 1795089600
    found = http.post("/api/query/engage").json()["results"][0]["$properties"]
    assert found["$last_seen"] == "2026-11-19T12:00:00"
    project.clock = lambda: NOON + timedelta(days=1)
    assert http.get("/api/query/events", params=day | window).status_code == 200


def test_a_project_may_be_made_with_a_time() -> None:
    """It stands still there."""
    with LocalProject(clock=NOON) as serving:
        assert serving.clock() == NOON
