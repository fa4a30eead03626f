"""Updates of profiles: what is refused, and what each operation does."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mixpanel_query.local.profiles.profile_updates import (
    ProfileUpdate,
    apply_update,
    judge_update,
)
from mixpanel_query.local.records.judging import Notes, Refusal

NOW = "2026-11-22T12:00:00"


def record(**parts: object) -> dict[str, Any]:
    """Return a record of /engage."""
    return {"$token": "t", "$distinct_id": "u1", **parts}


@pytest.mark.parametrize(
    ("operation", "value", "before", "after"),
    [
        ("$set", {"a": 1, "b": 2}, {"a": 0, "c": 3}, {"a": 1, "b": 2, "c": 3}),
        ("$set", {"a": 1}, None, {"a": 1}),
        ("$set_once", {"a": 1, "b": 2}, {"a": 0}, {"a": 0, "b": 2}),
        ("$add", {"n": 2, "m": -1.5}, {"n": 40}, {"n": 42, "m": -1.5}),
        ("$add", {"n": 2}, {"n": "text"}, {"n": 2}),
        ("$append", {"l": 1, "k": 2}, {"l": [1]}, {"l": [1, 1], "k": [2]}),
        ("$append", {"l": 1}, {"l": "text"}, {"l": [1]}),
        ("$union", {"l": [1, 2], "k": [3, 3]}, {"l": [1]}, {"l": [1, 2], "k": [3]}),
        ("$remove", {"l": 1, "k": 2}, {"l": [1, 2, 1]}, {"l": [2]}),
        ("$remove", {"t": 1}, {"t": 1}, {"t": 1}),
        ("$remove", {"l": 1}, {"l": [True, 1]}, {"l": [True]}),
        ("$remove", {"l": 1}, None, None),
        ("$union", {"l": [1]}, {"l": [True]}, {"l": [True, 1]}),
        ("$unset", ["a", "missing"], {"a": 1, "b": 2}, {"b": 2}),
        ("$unset", ["a"], None, None),
        ("$delete", "", {"a": 1}, None),
    ],
)
def test_operation_changes_a_profile(
    operation: str,
    value: object,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Each operation does what its page of the documentation says."""
    assert apply_update(before, ProfileUpdate("u1", operation, value, None)) == after


def test_update_leaves_its_input_alone() -> None:
    """The properties before an update are not changed in place."""
    before = {"l": [1]}
    apply_update(before, ProfileUpdate("u1", "$union", {"l": [2]}, None))

    assert before == {"l": [1]}


def test_update_says_when_the_user_was_seen() -> None:
    """An update sets $last_seen, unless it says $ignore_time."""
    seen = judge_update(record(**{"$set": {}}), Notes(), token=None, now=NOW)
    unseen = judge_update(
        record(**{"$set": {}, "$ignore_time": True}), Notes(), token=None, now=NOW
    )

    assert seen is not None
    assert unseen is not None
    assert apply_update({}, seen) == {"$last_seen": "2026-11-22T12:00:00"}
    assert apply_update({}, unseen) == {}


@pytest.mark.parametrize(
    ("given", "before", "said"),
    [
        ({"$add": {"a": 1}}, {"a": "x"}, "'a' was no number, and counts as 0"),
        (
            {"$append": {"a": 1}},
            {"a": 1},
            "'a' was no list, and counts as an empty one",
        ),
        (
            {"$union": {"a": [1]}},
            {"a": 1},
            "'a' was no list, and counts as an empty one",
        ),
    ],
    ids=["add", "append", "union"],
)
def test_value_that_is_lost_is_noted(
    given: dict[str, Any], before: dict[str, Any], said: str
) -> None:
    """What stood there is of another type; a property that is missing is not lost."""
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"a": "x"}, [said]),
        ({}, []),
        ({"a": None}, []),
    ]
    for present, changes in cases:
        notes = Notes()
        update = judge_update(record(**given), notes, token=None, now=NOW)
        assert update is not None
        apply_update(present, update)

        assert notes.changes == changes


def test_number_as_distinct_id_becomes_text() -> None:
    """Numbers are taken as ids, as texts."""
    update = judge_update(
        {"$token": "t", "$distinct_id": 17, "$delete": ""},
        Notes(),
        token=None,
        now=NOW,
    )

    assert update == ProfileUpdate("17", "$delete", "", None)


def test_update_with_another_token_is_ignored() -> None:
    """The token of another project is not an error, but nothing happens."""
    given = record(**{"$set": {"a": 1}})

    assert judge_update(given, Notes(), token="mine", now=NOW) is None
    assert judge_update(given, Notes(), token="t", now=NOW) is not None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([], ""),
        ({"$distinct_id": "u1", "$set": {}}, "$token"),
        (record(**{"$token": None, "$set": {}}), "$token"),
        (record(**{"$token": "", "$set": {}}), "$token"),
        ({"$token": "t", "$set": {}}, "$distinct_id"),
        (record(**{"$distinct_id": "", "$set": {}}), "$distinct_id"),
        (record(**{"$distinct_id": True, "$set": {}}), "$distinct_id"),
        (record(), ""),
        (record(**{"$set": {}, "$add": {}}), ""),
        (record(**{"$set": []}), "$set"),
        (record(**{"$set": {"a": "\ud83d"}}), "$set"),
        (record(**{"$distinct_id": "\ud83d", "$set": {}}), "$distinct_id"),
        (record(**{"$set": {"a": float("inf")}}), "$set"),
        (record(**{"$add": {"n": "1"}}), "$add"),
        (record(**{"$add": {"n": True}}), "$add"),
        (record(**{"$add": {"n": 1e301}}), "$add"),
        (record(**{"$union": {"l": 1}}), "$union"),
        (record(**{"$union": {"l": []}}), "$union"),
        (record(**{"$union": {"l": [{}]}}), "$union"),
        (record(**{"$union": {"l": [True]}}), "$union"),
        (record(**{"$unset": []}), "$unset"),
        (record(**{"$unset": "a"}), "$unset"),
        (record(**{"$unset": [1]}), "$unset"),
    ],
)
def test_wrong_update_is_refused(given: object, field: str) -> None:
    """A record with a wrong part is refused, and the part is named."""
    with pytest.raises(Refusal) as caught:
        judge_update(given, Notes(), token=None, now=NOW)

    assert caught.value.field == field


def test_sum_with_a_number_out_of_bounds_starts_anew() -> None:
    """A number that sums cannot hold counts as none, so a sum never overflows."""
    update = ProfileUpdate("u1", "$add", {"n": 1.5}, None)

    assert apply_update({"n": 10**400}, update) == {"n": 1.5}


def judged(parts: dict[str, Any], notes: Notes | None = None) -> ProfileUpdate:
    """Return the update of a record that is taken."""
    update = judge_update(record(**parts), notes or Notes(), token=None, now=NOW)
    assert update is not None
    return update


@pytest.mark.parametrize(
    ("operation", "value", "kept"),
    [
        ("$set", {"a": "é" * 200, "b" * 300: 1}, {"a": "é" * 127, "b" * 255: 1}),
        ("$set_once", {"a": {"o": "x" * 300}}, {"a": {"o": "x" * 255}}),
        ("$append", {"a": "x" * 300}, {"a": "x" * 255}),
        ("$union", {"a": ["x" * 300, 1]}, {"a": ["x" * 255, 1]}),
        ("$remove", {"a": "x" * 300}, {"a": "x" * 255}),
        ("$add", {"b" * 300: 1}, {"b" * 255: 1}),
        ("$unset", ["b" * 300], ["b" * 255]),
        ("$delete", {"whatever": [1]}, ""),
    ],
)
def test_values_are_cut(operation: str, value: object, kept: object) -> None:
    """Each operation sees the names and texts that a profile can have."""
    assert judged({operation: value}).value == kept


def test_profile_has_2000_properties_at_most() -> None:
    """One more is refused, and what the server sets itself does not count."""
    full = {f"p{number}": 0 for number in range(2000)}
    grown = apply_update({**full, "$last_seen": NOW}, judged({"$set": {"p7": 1}}))

    assert grown == {**full, "p7": 1, "$last_seen": NOW}
    almost = {**full, "$last_seen": NOW}
    del almost["p7"]
    assert apply_update(almost, judged({"$set": {"new": 1}})) is not None
    with pytest.raises(Refusal, match="it would have 2,001"):
        apply_update(full, judged({"$set": {"p7": 1, "new": 1}}))
    assert apply_update({**full, "more": 1}, judged({"$unset": ["p1"]})) is not None


def test_list_of_a_profile_has_256_kb_at_most() -> None:
    """It does not grow beyond that, by neither operation."""
    # 1,016 texts of 258 bytes with quotes and comma, and the brackets: 262,129.
    most = ["x" * 255] * 1016
    for operation, value in (("$append", "y" * 20), ("$union", ["y" * 20])):
        with pytest.raises(Refusal, match="has at most 262,144 bytes"):
            apply_update({"l": most}, judged({operation: {"l": value}}))

    grown = apply_update({"l": most}, judged({"$append": {"l": "y" * 12}}))
    assert grown is not None
    assert len(grown["l"]) == 1017


def test_update_is_smaller_than_a_megabyte() -> None:
    """What is cut off counts, too."""
    with pytest.raises(Refusal, match="an update must be smaller than 1 MB"):
        judged({"$set": {"a": "x" * 1024 * 1024}})
    assert judged({"$set": {"a": "x" * 1_000_000}}).value == {"a": "x" * 255}


def test_time_of_an_update_is_epoch_time() -> None:
    """Seconds and milliseconds are read, anything else is left out of account."""
    notes = Notes()

    assert judged({"$set": {}, "$time": 1795348800.5}).time_ms == 1795348800500
    assert judged({"$set": {}, "$time": 1795348800123}).time_ms == 1795348800123
    assert judged({"$set": {}}).time_ms is None
    assert judged({"$set": {}, "$time": "2026-11-22"}, notes).time_ms is None
    assert notes.remarks == ["'$time' is no epoch time, and left out of account"]


def test_last_seen_is_not_the_senders() -> None:
    """Mixpanel writes over what an update says, unless it is told to leave it."""
    notes = Notes()
    given = {"$set": {"$last_seen": "2020-01-01T00:00:00"}}

    assert apply_update({}, judged(given, notes)) == {"$last_seen": NOW}
    assert notes.remarks == ["Mixpanel sets '$last_seen' itself"]
    assert apply_update({}, judged({**given, "$ignore_time": True})) == given["$set"]


def test_charges_are_a_list() -> None:
    """A charge is appended to $transactions, and all are cleared by unsetting it."""
    charge = {"$amount": 9.5, "$time": "2026-11-22T12:00:00"}
    once = apply_update(None, judged({"$append": {"$transactions": charge}}))
    twice = apply_update(once, judged({"$append": {"$transactions": charge}}))
    cleared = apply_update(twice, judged({"$unset": ["$transactions"]}))

    assert twice == {"$transactions": [charge, charge], "$last_seen": NOW}
    assert cleared == {"$last_seen": NOW}


def test_large_union_is_quick() -> None:
    """Long lists are joined without comparing each item with each."""
    first, second = list(range(30_000)), list(range(10_000, 40_000))
    began = time.process_time()
    joined = apply_update(
        {"l": first}, ProfileUpdate("u", "$union", {"l": second}, None)
    )

    assert joined == {"l": list(range(40_000))}
    # Comparing each with each takes some ten seconds.
    assert time.process_time() - began < 1
