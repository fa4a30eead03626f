"""Tests of mixpanel_query.exported_events."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from mixpanel_query.exported_events import event_key, read_event


def line(event: object = "Sign Up", **properties: object) -> bytes:
    """Write a line of an export."""
    return json.dumps({"event": event, "properties": properties}).encode()


def test_documented_line() -> None:
    """A line as Mixpanel documents it is read, which has no distinct_id."""
    event = read_event(
        b'{"event":"Signed up","properties":{"time":1602611311,"$insert_id":"hpuDqc",'
        b'"mp_processing_time_ms":1602625711874}}'
    )

    assert event.event == "Signed up"
    assert event.distinct_id is None
    assert event.time == datetime(2020, 10, 13, 17, 48, 31, tzinfo=timezone.utc)
    assert event.insert_id == "hpuDqc"
    assert event.properties["mp_processing_time_ms"] == 1602625711874


def test_row_comes_back_unchanged() -> None:
    """As a dict, an event is the row that Mixpanel exported."""
    row = {"event": "A", "properties": {"time": 5, "distinct_id": "x", "nested": [1]}}

    assert read_event(json.dumps(row).encode()).to_dict() == row


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        (0, datetime(1970, 1, 1, tzinfo=timezone.utc)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=timezone.utc)),
        (1.5, datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=timezone.utc)),
    ],
)
def test_times(seconds: float, moment: datetime) -> None:
    """Seconds may be negative, and fractions are kept."""
    assert read_event(line(time=seconds)).time == moment


def test_number_as_id() -> None:
    """An id that an old library sent as a number is text."""
    assert read_event(line(time=1, distinct_id=17)).distinct_id == "17"


@pytest.mark.parametrize(
    "broken",
    [
        b"export terminated early",
        b'{"error": "timeout"}',
        b'["event"]',
        b'{"event": 7, "properties": {"time": 1}}',
        b'{"event": "A", "properties": []}',
        b'{"event": "A"}',
        b'{"event": "A", "properties": {"ti',
        b'\xff{"event": "A", "properties": {"time": 1}}',
        line(),
        line(time=None),
        line(time="1602611311"),
        line(time=True),
        line(time=1e300),
        b'{"event": "A", "properties": {"time": 1e999}}',
    ],
)
def test_what_is_no_event(broken: bytes) -> None:
    """A line that is not an event with a time is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the caller's
        read_event(broken)


def test_copies_share_their_key() -> None:
    """Copies agree in event, distinct_id, time and insert id, and in nothing else."""
    first = line(time=1, distinct_id="x", **{"$insert_id": "i"}, plan="free")
    second = line(time=1, distinct_id="x", **{"$insert_id": "i"}, plan="pro")

    assert event_key(read_event(first)) == event_key(read_event(second))


@pytest.mark.parametrize(
    "other",
    [
        line("Other", time=1, distinct_id="x", **{"$insert_id": "i"}),
        line(time=2, distinct_id="x", **{"$insert_id": "i"}),
        line(time=1, distinct_id="y", **{"$insert_id": "i"}),
        line(time=1, **{"$insert_id": "i"}),
        line(time=1, distinct_id="x", **{"$insert_id": "j"}),
        line(time=1, distinct_id="', 1", **{"$insert_id": "x"}),
    ],
    ids=["event", "time", "user", "no user", "insert id", "quotes"],
)
def test_others_do_not(other: bytes) -> None:
    """Events that differ in one part of the key differ in their key."""
    event = read_event(line(time=1, distinct_id="x", **{"$insert_id": "i"}))

    assert event_key(event) != event_key(read_event(other))


def test_without_insert_id_there_is_no_key() -> None:
    """Two equal rows without an insert id may be two events."""
    assert event_key(read_event(line(time=1, distinct_id="x"))) is None


def test_lone_surrogate() -> None:
    """Text that is no valid Unicode, which JSON can spell, has a key like any other."""
    event = read_event(line(time=1, distinct_id="\ud800", **{"$insert_id": "i"}))

    key = event_key(event)
    assert key is not None
    assert len(key) == 16
