"""Who did something, and which event it is, by the ids that an event has."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from mixpanel_query.local.ingestion.event_ids import Who, judged_insert_id, judged_who
from mixpanel_query.local.ingestion.events import EventRules
from mixpanel_query.local.records.judging import Notes, Refusal
from mixpanel_query.local.rules.basis import Assumptions, Basis, answering

TRACK = EventRules(now_ms=0, sender="hash-of-ip", new_insert_id=lambda: "made-here")
STRICT = EventRules(
    now_ms=0,
    sender="hash-of-ip",
    new_insert_id=lambda: "made-here",
    imported=True,
    strict=True,
)


@pytest.mark.parametrize(
    ("given", "who"),
    [
        # https://docs.mixpanel.com/docs/tracking-methods/id-management: the user, if
        # one is named, else the device.
        (
            {"$user_id": "u1", "$device_id": "d1"},
            Who("u1", "$device:d1", {}),
        ),
        ({"$user_id": "u1"}, Who("u1", "", {})),
        ({"$device_id": "d1"}, Who("$device:d1", "$device:d1", {})),
        ({"$user_id": "", "$device_id": "d1"}, Who("$device:d1", "$device:d1", {})),
        ({"$user_id": 7, "$device_id": 8}, Who("7", "$device:8", {})),
        # A distinct_id alone implies one of the two.
        ({"distinct_id": "u1"}, Who("u1", "", {"$user_id": "u1"})),
        (
            {"distinct_id": "$device:d1"},
            Who("$device:d1", "$device:d1", {"$device_id": "d1"}),
        ),
        ({"distinct_id": "$device:"}, Who("$device:", "", {"$user_id": "$device:"})),
        ({"distinct_id": ""}, Who("", "", {})),
    ],
    ids=str,
)
@pytest.mark.parametrize("rules", [TRACK, STRICT], ids=["track", "strict"])
def test_who_it_was_is_the_user_else_the_device_else_the_distinct_id(
    rules: EventRules, given: dict[str, Any], who: Who
) -> None:
    """Nothing has to be said of it."""
    notes = Notes()

    assert judged_who(given, rules, notes) == who
    assert notes == Notes()


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ({"$user_id": "u1", "distinct_id": "u2"}, "$user_id"),
        ({"$user_id": "u1", "$device_id": "d1", "distinct_id": "d1"}, "$user_id"),
        ({"$device_id": "d1", "distinct_id": "d1"}, "$device_id"),
    ],
)
def test_another_distinct_id_gives_way(given: dict[str, Any], source: str) -> None:
    """Its sender is told which property counts."""
    notes = Notes()
    judged_who(given, TRACK, notes)

    assert notes == Notes(changes=[f"'distinct_id' is made that of '{source}'"])


@pytest.mark.parametrize(
    "given",
    [
        {"$user_id": "u1", "distinct_id": "u1"},
        {"$user_id": "u1", "distinct_id": None},
        {"$device_id": "d1", "distinct_id": "$device:d1"},
    ],
)
def test_the_same_distinct_id_is_no_change(given: dict[str, Any]) -> None:
    """As Mixpanel's own libraries send it."""
    notes = Notes()
    judged_who(given, TRACK, notes)

    assert notes == Notes()


@pytest.mark.parametrize("value", [True, 1.5, ["u1"]])
@pytest.mark.parametrize("name", ["$user_id", "$device_id"])
def test_what_is_no_text_names_nobody(name: str, value: object) -> None:
    """The distinct_id counts then, and its sender is told."""
    notes = Notes()
    who = judged_who({name: value, "distinct_id": "u1"}, TRACK, notes)

    assert who == Who("u1", "", {"$user_id": "u1"})
    assert notes == Notes(remarks=[f"'{name}' is no text, so it names nobody"])


def test_without_any_id_the_sender_is_a_hash_of_an_address() -> None:
    """Of a strict import it is refused; no property is implied."""
    notes = Notes()

    assert judged_who({}, TRACK, notes) == Who("hash-of-ip", "", {})
    assert notes == Notes(
        remarks=[
            "without a 'distinct_id', a hash of the sender's address stands for one"
        ]
    )
    with pytest.raises(Refusal) as caught:
        judged_who({}, STRICT, Notes())
    assert caught.value.field == "properties.distinct_id"
    assert caught.value.message == "'properties.distinct_id' is missing"


def test_a_number_as_distinct_id_is_made_a_text() -> None:
    """Its sender is told; a strict import takes no number."""
    notes = Notes()

    assert judged_who({"distinct_id": 17}, TRACK, notes).distinct_id == "17"
    assert notes == Notes(changes=["the number 'distinct_id' is made a text"])
    with pytest.raises(Refusal, match=r"^'properties.distinct_id' must be a text$"):
        judged_who({"distinct_id": 17}, STRICT, Notes())


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_value_is_no_number(value: bool) -> None:
    """Though Python counts it as one."""
    with pytest.raises(Refusal) as caught:
        judged_who({"distinct_id": value}, TRACK, Notes())

    assert caught.value.field == "properties.distinct_id"
    assert caught.value.message == "'properties.distinct_id' must be a text"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"$user_id": "NULL"}, "properties.$user_id"),
        ({"distinct_id": "NULL"}, "properties.distinct_id"),
    ],
)
def test_an_id_that_stands_for_nobody_is_refused_as_it_was_written(
    given: dict[str, Any], field: str
) -> None:
    """With the property that holds it."""
    with pytest.raises(Refusal) as caught:
        judged_who(given, TRACK, Notes())

    assert caught.value.field == field
    assert caught.value.message == f"'{field}' is 'NULL', which is no valid id"


@pytest.mark.parametrize("given", [{}, {"$insert_id": None}, {"$insert_id": ""}])
def test_an_event_without_an_insert_id_gets_one(given: dict[str, Any]) -> None:
    """Its sender is told what that means; a strict import refuses it."""
    notes = Notes()

    assert judged_insert_id(given, TRACK, notes) == "made-here"
    assert notes == Notes(
        remarks=["without an '$insert_id', a repeat of the event counts again"]
    )
    with pytest.raises(Refusal) as caught:
        judged_insert_id(given, STRICT, Notes())
    assert caught.value.field == "properties.$insert_id"
    assert caught.value.message == "'properties.$insert_id' is missing"


@pytest.mark.parametrize("rules", [TRACK, STRICT], ids=["track", "strict"])
def test_an_insert_id_that_stands_for_none_is_refused(rules: EventRules) -> None:
    """Whatever its case."""
    with pytest.raises(Refusal) as caught:
        judged_insert_id({"$insert_id": "None"}, rules, Notes())

    assert caught.value.field == "properties.$insert_id"
    assert caught.value.message == (
        "'properties.$insert_id' is 'None', which is no valid id"
    )


@pytest.mark.parametrize(
    ("given", "rules", "rests_on"),
    [
        ({"$user_id": "u1", "$insert_id": "i1"}, TRACK, []),
        ({"$user_id": 7, "$insert_id": "i1"}, TRACK, ["numbers-as-ids"]),
        ({"distinct_id": 7, "$insert_id": "i1"}, TRACK, ["numbers-as-ids"]),
        (
            {"$user_id": ["u1"], "distinct_id": "u1", "$insert_id": "i1"},
            TRACK,
            ["ids-of-other-types"],
        ),
        ({"$user_id": "u1", "$insert_id": "a b"}, TRACK, ["insert-ids-unless-strict"]),
        ({"$user_id": "u1", "$insert_id": "a b"}, STRICT, []),
        ({"$user_id": "u1", "$insert_id": "null"}, TRACK, []),
        (
            {"$user_id": "u1", "$insert_id": "NULL"},
            TRACK,
            ["invalid-ids-in-any-case"],
        ),
    ],
    ids=lambda value: {id(TRACK): "track", id(STRICT): "strict"}.get(id(value)),
)
def test_what_is_not_documented_is_known_to_be_so(
    given: dict[str, Any], rules: EventRules, rests_on: list[str]
) -> None:
    """The answer to whoever tracked the event says which rules it rests on."""
    assumptions = Assumptions()
    with answering(Basis(assumptions)), suppress(Refusal):
        judged_who(given, rules, Notes())
        judged_insert_id(given, rules, Notes())

    assert [rule.rule_id for rule in assumptions.listed()] == rests_on


def test_a_strange_insert_id_is_refused_of_strict_imports_too() -> None:
    """As documented there, so that nothing is assumed."""
    with pytest.raises(Refusal) as caught:
        judged_insert_id({"$insert_id": "a b"}, STRICT, Notes())

    assert caught.value.field == "properties.$insert_id"
    assert caught.value.message == (
        "'properties.$insert_id' must be 1 to 36 of A-Z, a-z, 0-9 and '-'"
    )
