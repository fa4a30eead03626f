"""Tests of mixpanel_query.exported_events."""

from __future__ import annotations

import copy
import json
import math
import pickle
from collections.abc import Callable
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query import ExportedEvent
from mixpanel_query.event_clock import EventClock
from mixpanel_query.exported_events import read_event


def line(event: object = "Sign Up", **properties: object) -> bytes:
    """Write a line of an export."""
    return json.dumps({"event": event, "properties": properties}).encode()


def thawed(event: ExportedEvent) -> ExportedEvent:
    """Send an event as worker pools do."""
    sent: ExportedEvent = pickle.loads(pickle.dumps(event))  # noqa: S301
    return sent


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


def test_milliseconds() -> None:
    """A clock of milliseconds keeps them."""
    event = read_event(line(time=1602611311250), EventClock(in_milliseconds=True))

    assert event.time.isoformat() == "2020-10-13T17:48:31.250000+00:00"


@pytest.mark.parametrize(
    ("given", "text"),
    [(17, "17"), (1.5, "1.5"), (True, "True"), (["a"], "['a']"), (10**30, str(10**30))],
)
def test_ids_that_are_no_text(given: object, text: str) -> None:
    """An id that an old library sent as a number or worse is text."""
    event = read_event(line(time=1, distinct_id=given, **{"$insert_id": given}))

    assert event.distinct_id == event.insert_id == text
    assert event.properties["distinct_id"] == given


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
        line(time=253402300800),
        line(time=-62135596801),
        b'{"event": "A", "properties": {"time": 1e999}}',
        b'{"event": "A", "properties": {"time": 1, "p": "\xff"}}',
        b'{"event": "A", "properties": {"time": 1, "\xff": "p"}}',
        b'{"event": "A", "properties": {"time": 1, "p": "\xed\xa0\x80"}}',
        b'{"event": "A", "properties": {"time": 1, "p": "a\nb"}}',
        b'{"event": "A", "properties": {"time": 1, "p": "\\x"}}',
        b'{"event": "A", "properties": {"time": 1, "p": NaN}}',
        b'{"event": "A", "properties": {"time": 1, "p": [Infinity]}}',
        b'{"event": "A", "properties": {"time": 1, "p": 01}}',
        b'{"event": "A", "properties": {"time": 1, "p": [1,]}}',
        b'{"event": "A", "properties": {"time": 1, "p": {"q" 1}}}',
        b'{"event": "A", "properties": {"time": 1, "p": tru}}',
        b'{"event": "A", "properties": {"time": 1}} {}',
        b'{"event": "A", "properties": {"time": 1, "p": ' + b"1" * 5000 + b"}}",
        b'{"event": "A", "properties": {"time": 1, "p": ' + b"[" * 9000,
    ],
)
def test_what_is_no_event(broken: bytes) -> None:
    """A line that is not an event with a time is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the caller's
        read_event(broken)


def made() -> ExportedEvent:
    """An event that was made of its parts."""
    noon = datetime(2026, 11, 16, 12, tzinfo=timezone.utc)
    properties = {"time": 1794830400, "distinct_id": "7", "Plan": "pro"}
    return ExportedEvent("Sign Up", "7", noon, None, properties)


def test_event_made_by_hand() -> None:
    """An event can be made of its parts, as tests of others do."""
    event = made()

    assert event.event == "Sign Up"
    assert (event.distinct_id, event.insert_id) == ("7", None)
    assert event.time == datetime(2026, 11, 16, 12, tzinfo=timezone.utc)
    assert event.properties["Plan"] == "pro"
    assert event.raw == (
        b'{"event":"Sign Up","properties":'
        b'{"time":1794830400,"distinct_id":"7","Plan":"pro"}}'
    )


def test_equal_events() -> None:
    """Events are equal if all of it is, however it is spelled, and made or read."""
    read = read_event(
        b'{"properties":{"Plan":"pr\\u006f", "distinct_id":"7","time":1794830400},'
        b'"event":"Sign Up"}'
    )

    assert read == made()
    assert read != read_event(line(time=1794830400, distinct_id="7", Plan="free"))
    assert read != "Sign Up"


def test_event_is_not_hashable() -> None:
    """As its properties can be lists, an event is no member of a set."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(made())


@pytest.mark.parametrize("name", ["event", "distinct_id", "time", "properties"])
def test_event_cannot_be_changed(name: str) -> None:
    """What was exported stays as it is."""
    with pytest.raises(AttributeError):
        setattr(made(), name, None)


def test_repr() -> None:
    """An event shows all that it has."""
    assert repr(read_event(line("A", time=0, n=1))) == (
        "ExportedEvent(event='A', distinct_id=None, "
        "time=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), "
        "insert_id=None, properties={'time': 0, 'n': 1})"
    )


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, thawed])
def test_event_travels(copied: Callable[[ExportedEvent], ExportedEvent]) -> None:
    """Events can be copied, and sent to other processes."""
    vienna = EventClock(in_milliseconds=True, zone=ZoneInfo("Europe/Vienna"))
    read = read_event(line(time=1_656_676_800_500, distinct_id=7), vienna)

    assert copied(read) == read
    assert copied(read).time.isoformat() == "2022-07-01T10:00:00.500000+00:00"
    assert copied(made()) == made()


def test_raw_line() -> None:
    """The line of an event is there byte for byte, without its end."""
    sent = '{"event" : "A\u2028", "properties":{"time":1.50}}'.encode()

    assert read_event(sent + b"\r\n").raw == sent


def test_number_of_any_size() -> None:
    """Numbers come as json gives them: integers exactly, fractions as the nearest."""
    event = read_event(
        b'{"event":"A","properties":{"time":1,"i":123456789012345678901234567890,'
        b'"f":0.1000000000000000055511151231257827,"m":1e400,"n":-0.0}}'
    )

    assert event.properties["i"] == 123456789012345678901234567890
    assert event.properties["f"] == 0.1
    assert event.properties["m"] == math.inf
    assert math.copysign(1, event.properties["n"]) == -1


def test_last_duplicate_counts() -> None:
    """Of a name that a row has twice the last value counts, wherever one asks."""
    event = read_event(
        b'{"event":"A","event":"B","properties":{"time":1},"properties":'
        b'{"time":1,"time":2,"$insert_id":"x","$insert_id":"y"}}'
    )

    assert event.event == "B"
    assert event.insert_id == event.properties["$insert_id"] == "y"
    assert event.time.timestamp() == event.properties["time"] == 2


def test_half_characters() -> None:
    """Text that is no valid Unicode, which JSON can spell, is read as json does."""
    event = read_event(line("\ud800", time=1, distinct_id="\udfff", p="\ud83d"))

    assert (event.event, event.distinct_id) == ("\ud800", "\udfff")
    assert event.properties["p"] == "\ud83d"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.text(), st.dictionaries(st.text(), VALUES), st.booleans(), st.data())
def test_any_event(
    name: str, properties: dict[str, object], is_ascii: bool, data: st.DataObject
) -> None:
    """Whatever a row says, it comes back as json would give it."""
    seconds = st.integers(0, 2**33) | st.floats(0, 2**33)
    properties["time"] = data.draw(seconds)
    row = {"event": name, "properties": properties}
    try:
        text = json.dumps(row, ensure_ascii=is_ascii).encode()
    except UnicodeEncodeError:  # half a character, which can only be escaped
        text = json.dumps(row).encode()

    event = read_event(text)

    assert event.to_dict() == json.loads(text)
