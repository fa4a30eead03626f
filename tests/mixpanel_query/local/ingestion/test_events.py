"""Judging events, by the documented rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mixpanel_query.local.engine.store import StoredEvent
from mixpanel_query.local.ingestion.events import EventRules, judge_event
from mixpanel_query.local.records.judging import Notes, Refusal

# 2026-11-22 12:00 UTC.
NOW = 1795348800
DAY = 86400
TRACK = EventRules(
    now_ms=NOW * 1000, sender="hash-of-ip", new_insert_id=lambda: "made-here"
)
IMPORT = EventRules(
    now_ms=NOW * 1000,
    sender="hash-of-ip",
    new_insert_id=lambda: "made-here",
    imported=True,
    strict=True,
)


def event(**properties: object) -> dict[str, Any]:
    """Return an event that every rule lets pass, but for what is given."""
    complete = {"token": "t", "time": NOW, "distinct_id": "u1", "$insert_id": "i-1"}
    return {"event": "Sign Up", "properties": {**complete, **properties}}


def without(name: str) -> dict[str, Any]:
    """Return an event without one property."""
    complete = event()
    del complete["properties"][name]
    return complete


def kept(record: object, rules: EventRules = TRACK) -> StoredEvent:
    """Return an event as it is kept."""
    stored = judge_event(record, Notes(), rules)
    assert stored is not None
    return stored


def refused(record: object, rules: EventRules = TRACK) -> tuple[str, str]:
    """Return the field and the message with which an event is refused."""
    with pytest.raises(Refusal) as caught:
        judge_event(record, Notes(), rules)
    return caught.value.field, caught.value.message


def test_event_is_kept() -> None:
    """Name, user, time and insert id are kept beside the properties."""
    stored = kept(event(plan="pro", ip="1.2.3.4"))

    assert stored[:4] == ("Sign Up", "u1", 1795348800000, "i-1")
    assert json.loads(stored.properties) == {
        "distinct_id": "u1",
        "$insert_id": "i-1",
        "$user_id": "u1",
        "plan": "pro",
        "mp_processing_time_ms": 1795348800000,
    }


def test_imported_event_says_so() -> None:
    """What comes through /import carries $import, and needs no token."""
    stored = kept(without("token"), IMPORT)

    assert json.loads(stored.properties)["$import"] is True


def test_values_are_kept_as_they_are() -> None:
    """Large numbers, other scripts and nested values do not change."""
    values = {"n": 12345678901234567890123, "s": "é\u2028😀", "o": {"l": [1, None]}}
    stored = kept(event(**values))

    assert values.items() <= json.loads(stored.properties).items()


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ("text", ""),
        ({"properties": {}}, "event"),
        ({"event": "", "properties": {}}, "event"),
        ({"event": 7, "properties": {}}, "event"),
        ({"event": "Sign Up"}, "properties"),
        ({"event": "Sign Up", "properties": []}, "properties"),
    ],
)
def test_what_is_no_event_is_refused(record: object, field: str) -> None:
    """An event has a name and properties."""
    assert refused(record)[0] == field
    assert refused(record, IMPORT)[0] == field


def test_long_name_is_cut() -> None:
    """Of a name, 255 characters are kept."""
    assert kept({**event(), "event": "é" * 300}).event == "é" * 255


@pytest.mark.parametrize(
    "record",
    [without("token"), event(token=None), event(token="")],
    ids=["none", "null", "empty"],
)
def test_tracked_event_needs_a_token(record: object) -> None:
    """Without a token /track refuses an event, also where any token would do.

    A setting that is not set comes as null or as an empty text.
    """
    assert refused(record) == (
        "properties.token",
        "'properties.token' is missing",
    )


def test_event_with_another_token_is_ignored() -> None:
    """The token of another project is not an error, but nothing is kept."""
    rules = EventRules(
        now_ms=NOW * 1000, sender="", new_insert_id=lambda: "x", token="mine"
    )

    assert judge_event(event(token="theirs"), Notes(), rules) is None
    assert judge_event(event(token="mine"), Notes(), rules) is not None


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [(True, False), ("yes", False), (False, True), ("", True), (1, True)],
)
def test_ignored_event_is_dropped(value: object, is_kept: bool) -> None:
    """$ignore drops an event if it is true or a text that is not empty."""
    stored = judge_event(event(**{"$ignore": value}), Notes(), TRACK)

    assert (stored is not None) is is_kept


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (NOW, 1795348800000),
        (NOW * 1000 - 877, 1795348799123),
        (NOW - 0.25, 1795348799750),
        (NOW + 0.001, 1795348800001),
        (NOW + 3600, 1795352400000),
        (NOW - 5 * DAY, 1794916800000),
    ],
    ids=["seconds", "past ms", "fraction", "ahead", "an hour ahead", "five days ago"],
)
def test_time_is_seconds_or_milliseconds(time: float, expected: int) -> None:
    """Both units are taken, from five days ago to an hour ahead."""
    assert kept(event(time=time)).time_ms == expected


@pytest.mark.parametrize(
    ("time", "message"),
    [
        (NOW + 3600.001, "more than an hour in the future"),
        (NOW - 5 * DAY - 1, "over 5 days ago; send it to /import"),
        (31535999, "before 1971-01-01"),
        ("1795348800", "must be epoch seconds or milliseconds"),
        (True, "must be epoch seconds or milliseconds"),
        (-1, "must be epoch seconds or milliseconds"),
        (float("inf"), "must be epoch seconds or milliseconds"),
        (10**400, "must be epoch seconds or milliseconds"),
    ],
)
def test_wrong_time_is_refused(time: object, message: str) -> None:
    """Times that are too old, too new or no number are refused."""
    field, said = refused(event(time=time))

    assert field == "properties.time"
    assert message in said


def test_old_event_is_imported() -> None:
    """/import takes events from 1971 on."""
    assert kept(event(time=31536000), IMPORT).time_ms == 31536000000


def test_future_event_is_not_imported() -> None:
    """/import refuses what is more than an hour ahead, too."""
    assert "in the future" in refused(event(time=NOW + 3601), IMPORT)[1]


@pytest.mark.parametrize("name", ["time", "distinct_id", "$insert_id"])
def test_strict_import_needs_time_and_ids(name: str) -> None:
    """What /track fills in, a strict import refuses."""
    assert refused(without(name), IMPORT) == (
        f"properties.{name}",
        f"'properties.{name}' is missing",
    )


def test_what_is_missing_is_filled_in() -> None:
    """Arrival time, a hash of the address, and a new insert id."""
    bare = {"event": "Sign Up", "properties": {"token": "t"}}
    stored = kept(bare)

    assert stored[:4] == ("Sign Up", "hash-of-ip", 1795348800000, "made-here")
    assert json.loads(stored.properties)["distinct_id"] == "hash-of-ip"


def test_empty_distinct_id_is_nobody() -> None:
    """An empty id is allowed: the event has no user."""
    assert kept(event(distinct_id=""), IMPORT).distinct_id == ""


def test_number_as_distinct_id_becomes_text() -> None:
    """/track takes numbers as ids, a strict import does not."""
    stored = kept(event(distinct_id=17))

    assert stored.distinct_id == "17"
    assert json.loads(stored.properties)["distinct_id"] == "17"
    assert refused(event(distinct_id=17), IMPORT)[0] == "properties.distinct_id"


@pytest.mark.parametrize("value", [True, 1.5, ["u1"], {"id": "u1"}])
def test_other_types_are_no_distinct_id(value: object) -> None:
    """An id is a text."""
    assert refused(event(distinct_id=value))[0] == "properties.distinct_id"


INVALID = [
    "00000000-0000-0000-0000-000000000000",
    "anon",
    "anonymous",
    "nil",
    "none",
    "null",
    "n/a",
    "na",
    "undefined",
    "unknown",
    "<nil>",
    "0",
    "-1",
    "true",
    "false",
    "[]",
    "{}",
]


@pytest.mark.parametrize("value", [*INVALID, "Anonymous", "NULL"])
def test_invalid_ids_are_refused(value: str) -> None:
    """Ids that stand for nobody are refused, in any case."""
    assert refused(event(distinct_id=value))[0] == "properties.distinct_id"
    assert refused(event(**{"$insert_id": value}))[0] == "properties.$insert_id"


@pytest.mark.parametrize("value", ["x" * 37, "a_b", "a b", "é", 7, ["i"], "a\n"])
def test_insert_id_has_36_letters_digits_and_dashes(value: object) -> None:
    """Anything else is refused."""
    assert refused(event(**{"$insert_id": value})) == (
        "properties.$insert_id",
        "'properties.$insert_id' must be 1 to 36 of A-Z, a-z, 0-9 and '-'",
    )


@pytest.mark.parametrize("value", ["x" * 36, "A-9"])
def test_longest_insert_id_is_kept(value: str) -> None:
    """36 characters are allowed."""
    assert kept(event(**{"$insert_id": value}), IMPORT).insert_id == value


@pytest.mark.parametrize(
    "record",
    [
        event(note="\ud83d"),
        event(distinct_id="\ud83d"),
        {**event(), "event": "\ud83d"},
        event(**{"\ud83d": 1}),
    ],
)
def test_half_a_character_is_refused(record: dict[str, Any]) -> None:
    """What UTF-8 cannot hold is refused, not a crash."""
    assert "string should be valid utf8" in refused(record)[1]


def test_infinite_number_is_refused() -> None:
    """1e999 is JSON, but Python reads it as infinity, which is not."""
    assert "number out of range" in refused(event(amount=json.loads("1e999")))[1]


@pytest.mark.parametrize("rules", [TRACK, IMPORT], ids=["track", "import"])
def test_future_time_stays_what_it_is(rules: EventRules) -> None:
    """The event of a clock that is ahead is kept as it came, without a remark."""
    notes = Notes()
    stored = judge_event(event(time=NOW + 60), notes, rules)

    assert stored is not None
    assert stored.time_ms == (NOW + 60) * 1000
    assert notes == Notes()


def test_event_has_fewer_than_255_properties() -> None:
    """Those that are not kept, such as the token, count too."""
    most = event(**{f"p{number}": 0 for number in range(250)})
    assert len(most["properties"]) == 254
    more = event(**{f"p{number}": 0 for number in range(251)})

    # Without token and time, and with the time of processing and the user.
    assert len(json.loads(kept(most).properties)) == 254
    assert refused(more) == (
        "properties",
        "an event must have fewer than 255 properties; this one has 255",
    )


def test_event_is_smaller_than_a_megabyte() -> None:
    """What is cut off counts too, and so does what stands beside the properties."""
    # Without the text, the record has a few bytes more than 100.
    size = len(json.dumps(event(text=""), separators=(",", ":")))
    most = "x" * (1024 * 1024 - size - 1)

    assert len(json.loads(kept(event(text=most)).properties)["text"]) == 255
    for record in (event(text=most + "x"), {**event(), "beside": most + "x"}):
        field, message = refused(record)
        assert field == ""
        assert message.startswith("an event must be smaller than 1 MB of JSON;")


def test_long_distinct_id_is_cut_as_every_text() -> None:
    """Column and property have the same."""
    stored = kept(event(distinct_id="u" * 300))

    assert stored.distinct_id == "u" * 255
    assert json.loads(stored.properties)["distinct_id"] == "u" * 255


def test_broken_text_is_blamed_on_its_property() -> None:
    """Half a character is refused by the name of the property that holds it."""
    assert refused(event(note="\ud83d")) == (
        "properties.note",
        "'properties.note': string should be valid utf8",
    )
