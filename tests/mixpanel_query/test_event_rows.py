"""Tests of mixpanel_query.event_rows."""

from __future__ import annotations

import json
from itertools import islice

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


def handed_over(rows_format: EventFormat, asked: int) -> list[object]:
    """Hand over 20 events; return what of their properties is there at once.

    Afterwards ask for those of the first few where they are not.
    """
    batch = lines(20)
    rows = rows_format.usual(batch)
    assert rows is not None
    found = list(islice(rows_format.hand_over(rows), len(batch)))
    for line, properties in list(zip(batch, found, strict=True))[:asked]:
        if properties is None:
            rows_format.properties(line)
    return list(found)


def test_properties_wait_until_somebody_asks() -> None:
    """Before anybody asked for all properties, none are decoded."""
    rows_format = EventFormat(EventClock())

    for _ in range(3):
        assert handed_over(rows_format, asked=19) == [None] * 20


def test_who_asks_for_all_gets_the_next_ones_at_once() -> None:
    """After all of a batch were asked for, all of the next but the probe are there."""
    rows_format = EventFormat(EventClock())
    handed_over(rows_format, asked=20)

    for _ in range(3):
        found = handed_over(rows_format, asked=20)
        assert found[:PROBE] == [None] * PROBE
        assert found[PROBE:] == [
            document["properties"] for document in documents(0, 20)[PROBE:]
        ]


@pytest.mark.parametrize("asked", [0, 1, PROBE - 1])
def test_who_stops_to_ask_for_all_gets_none(asked: int) -> None:
    """Where some of the probe were not asked for, the next ones wait again."""
    rows_format = EventFormat(EventClock())
    handed_over(rows_format, asked=20)
    handed_over(rows_format, asked)

    assert handed_over(rows_format, asked=0) == [None] * 20


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("distinct_id", True),
        ("distinct_id", ["joe"]),
        ("$insert_id", {}),
        ("time", True),
        ("time", "1700000000"),
        ("time", None),
        ("time", 1e18),
    ],
)
def test_unusual_lines_stay_unusual(name: str, value: object) -> None:
    """What is no usual line is none either where all of it is decoded at once."""
    rows_format = EventFormat(EventClock())
    handed_over(rows_format, asked=20)
    batch = documents(0, 20)
    batch[-1]["properties"][name] = value

    assert rows_format.usual([json.dumps(each).encode() for each in batch]) is None


@pytest.mark.parametrize(
    "line",
    [
        b'{"event":"A","properties":{}}',
        b'{"event":1,"properties":{"time":1}}',
        b'{"event":"A","properties":{"time":1,"a":"\xff"}}',
        b'{"event":"A","properties":{"time":1},"more":"\xff"}',
        b'{"event":"A","properties":{"time":1},"more":NaN}',
        b'{"event":"A","properties":{"time":1}',
    ],
)
@pytest.mark.parametrize("asked", [0, 20])
def test_broken_lines_are_refused(line: bytes, asked: int) -> None:
    """A broken line is noticed whether or not all of it is decoded at once."""
    rows_format = EventFormat(EventClock())
    handed_over(rows_format, asked)

    assert rows_format.usual([*lines(20), line]) is None


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
