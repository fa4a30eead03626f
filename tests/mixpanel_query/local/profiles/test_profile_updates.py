"""Updates of profiles: what is refused, and what each operation does."""

from __future__ import annotations

from typing import Any

import pytest

from mixpanel_query.local.ingestion.judging import Notes, Refusal
from mixpanel_query.local.profiles.profile_updates import (
    ProfileUpdate,
    apply_update,
    judge_update,
)

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
        ("$unset", ["a", "missing"], {"a": 1, "b": 2}, {"b": 2}),
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
