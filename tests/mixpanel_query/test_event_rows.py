"""Tests of mixpanel_query.event_rows."""

from __future__ import annotations

import json

import pytest

from mixpanel_query.event_clock import EventClock
from mixpanel_query.event_rows import PROBE, EventFormat
from mixpanel_query.export import ExportReader
from mixpanel_query.window import Window
from mixpanel_query.wire import QueryRequest


def documents(
    first: int, count: int, value: object = None
) -> list[dict[str, dict[str, object]]]:
    """Return events that tell apart by their numbers."""
    return [
        {
            "event": "Visit",  # type: ignore[dict-item]
            "properties": {
                "time": 1_700_000_000 + number,
                "distinct_id": "joe",
                "$insert_id": f"id-{number}",
                "Value": [value, number],
            },
        }
        for number in range(first, first + count)
    ]


def lines(count: int) -> list[bytes]:
    """Return the lines of events."""
    return [json.dumps(document).encode() for document in documents(0, count)]


def test_properties_wait_until_somebody_asks() -> None:
    """Before anybody asked for properties, none are decoded."""
    rows_format = EventFormat(EventClock())
    batch = lines(20)

    for _ in range(3):
        expected = rows_format.expected_properties(batch)
        assert [found for _, found in zip(batch, expected, strict=False)] == [None] * 20


def test_who_asks_for_all_gets_the_next_ones_at_once() -> None:
    """After all of a batch were asked for, all of the next but the probe are there."""
    rows_format = EventFormat(EventClock())
    batch = lines(20)
    rows_format.expected_properties(batch)
    for line in batch:
        rows_format.properties(line)

    found = list(rows_format.expected_properties(batch))

    assert found[:PROBE] == [None] * PROBE
    assert found[PROBE:] == [json.loads(line)["properties"] for line in batch[PROBE:]]


@pytest.mark.parametrize("asked", [0, 1, PROBE - 1])
def test_who_stops_to_ask_for_all_gets_none(asked: int) -> None:
    """Where some of the probe were not asked for, the next ones wait again."""
    rows_format = EventFormat(EventClock())
    batch = lines(20)
    rows_format.expected_properties(batch)
    for line in batch:
        rows_format.properties(line)
    rows_format.expected_properties(batch)
    for line in batch[:asked]:
        rows_format.properties(line)

    expected = rows_format.expected_properties(batch)

    assert [found for _, found in zip(batch, expected, strict=False)] == [None] * 20


@pytest.mark.parametrize("value", [None, "\ud800", "č\u2028", 10**30, 1e300])
@pytest.mark.parametrize("every", [1, 2, 7])
@pytest.mark.parametrize("size", [1, PROBE, PROBE + 1, 50])
def test_properties_are_what_json_says(value: object, every: int, size: int) -> None:
    """Whatever was asked for before, an event has the properties of its own line."""
    window = Window.of("2023-11-14", "2023-11-15")
    reader = ExportReader(QueryRequest("/api/2.0/export", family="export"), window)
    reader.start("here", {"content-length": "9"})
    rows = [
        row
        for batch in range(6)
        for row in documents(batch * size, size, value if batch % 2 else 0)
    ]
    found = []
    for batch in range(6):
        texts = map(json.dumps, rows[batch * size : (batch + 1) * size])
        events = reader.feed("".join(f"{text}\n" for text in texts).encode())
        for number, event in enumerate(events):
            if batch < 3 or number % every == 0:
                assert event.properties
            found.append(event)

    assert [event.to_dict() for event in found] == rows
