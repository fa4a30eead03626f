"""Tests of mixpanel_query.export_files.manifest."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query.export_files.manifest import (
    DayRecord,
    ExportIdentity,
    Manifest,
    read_manifest,
)

IDENTITY = ExportIdentity(
    host="data.mixpanel.com",
    project_id=12345,
    events=("A", "B"),
    where='properties["a"] == 1',
    format="jsonl",
    local_timezone=None,
)
NOON = datetime(2024, 11, 9, 12, tzinfo=timezone.utc)
EXPORT = json.loads(Manifest(IDENTITY).to_json())["export"]
DAY = {"state": "complete", "fetched_at": "2024-11-09T12:00:00+00:00"}
COMPLETE = DayRecord("complete", NOON, 7, 2, 1000, "ab12")


def test_there_and_back() -> None:
    """What is written is read again."""
    days = {date(2024, 11, 1): COMPLETE, date(2024, 11, 2): DayRecord()}

    assert read_manifest(Manifest(IDENTITY, days).to_json()) == Manifest(IDENTITY, days)


def test_days_are_in_order() -> None:
    """A person finds a day where it is looked for."""
    days = {date(2024, 11, day): COMPLETE for day in (3, 1, 2)}

    written = json.loads(Manifest(IDENTITY, days).to_json())

    assert list(written["days"]) == ["2024-11-01", "2024-11-02", "2024-11-03"]


@pytest.mark.parametrize(
    "harm",
    [
        {"export": None},
        {"days": []},
        {"export": {**EXPORT, "events": [1]}},
        {"export": {**EXPORT, "where": 1}},
        {"export": {**EXPORT, "project_id": "x"}},
        {"days": {"2024-11-01": {**DAY, "rows": "7"}}},
        {"days": {"2024-11-01": {**DAY, "bytes": None}}},
        {"days": {"2024-11-01": {**DAY, "digest": 1}}},
        {"days": {"2024-11-01": {"state": "complete"}}},
        {"days": {"2024-11-01": {**DAY, "fetched_at": "0001-01-01T00:00:00+14:00"}}},
        {"days": {"2024-11-31": {"state": "pending"}}},
        {"days": {"2024-11-01": {"state": "done"}}},
        {"days": {"2024-11-01": {"state": "pending", "more": 1}}},
        {"days": {"2024-11-01": {"state": "complete", "fetched_at": "noon"}}},
        {"days": {"2024-11-01": {"state": "complete", "fetched_at": "2024-11-09"}}},
    ],
    ids=lambda harm: json.dumps(harm),
)
def test_harmed_manifest(harm: dict[str, object]) -> None:
    """Whatever is wrong with a manifest is a ValueError."""
    written = {**json.loads(Manifest(IDENTITY).to_json()), **harm}

    with pytest.raises(ValueError, match=r"."):
        read_manifest(json.dumps(written))


def test_manifest_that_is_nested_deeply() -> None:
    """What Python's parser gives up on is a ValueError too."""
    with pytest.raises(ValueError, match="nested too deeply"):
        read_manifest("[" * 100_000)


def test_last_day_of_all() -> None:
    """The day after which there is none is always late."""
    last = date(9999, 12, 31)

    assert COMPLETE.is_late(last, refresh_days=5, zone=timezone.utc)


@pytest.mark.parametrize(
    ("zone", "fetched_at", "is_late"),
    [
        (timezone.utc, "2022-11-11T23:59:59", True),
        (timezone.utc, "2022-11-12T00:00:00", False),
        # The day has 25 hours in Los Angeles, and ends at 08:00 UTC.
        (ZoneInfo("America/Los_Angeles"), "2022-11-12T07:59:59", True),
        (ZoneInfo("America/Los_Angeles"), "2022-11-12T08:00:00", False),
    ],
)
def test_is_late(zone: tzinfo, fetched_at: str, is_late: bool) -> None:
    """Five days are counted from the end of the day, where the day ends."""
    when = datetime.fromisoformat(fetched_at).replace(tzinfo=timezone.utc)
    record = DayRecord("complete", when)

    assert record.is_late(date(2022, 11, 6), refresh_days=5, zone=zone) is is_late


def test_difference() -> None:
    """The first thing in which exports differ is said, long lists in short."""
    many = ExportIdentity(
        IDENTITY.host,
        IDENTITY.project_id,
        tuple("x" * 30 for _ in range(10)),
        IDENTITY.where,
        IDENTITY.format,
        None,
    )

    assert IDENTITY.difference(IDENTITY) == ""
    assert IDENTITY.difference(many).startswith("events 'A, B', not 'xxxxxxxxxx")
    assert len(IDENTITY.difference(many)) < 200


def test_a_day_that_was_never_fetched_is_late() -> None:
    """All of its events may be missing."""
    day = date(2024, 11, 9)

    assert DayRecord().is_late(day, refresh_days=5, zone=timezone.utc)
