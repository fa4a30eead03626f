"""Updates of groups: what is taken, and what is refused."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mixpanel_query.local.ingestion.group_updates import judge_group_update
from mixpanel_query.local.ingestion.judging import Notes, Refusal
from mixpanel_query.local.profiles.profile_updates import ProfileUpdate


def record(**parts: object) -> dict[str, Any]:
    """Return a record of /groups."""
    return {"$token": "t", "$group_key": "company", "$group_id": "acme", **parts}


@pytest.mark.parametrize(
    ("operation", "value"),
    [
        ("$set", {"a": 1}),
        ("$set_once", {"a": 1}),
        ("$unset", ["a"]),
        ("$remove", {"l": 1}),
        ("$union", {"l": [1]}),
        ("$delete", ""),
    ],
)
def test_operation_is_taken(operation: str, value: object) -> None:
    """Each operation that groups know is taken as it came."""
    given = record(**{operation: value})
    expected = ProfileUpdate("acme", operation, value, None, group_key="company")

    assert judge_group_update(given, Notes(), token=None) == expected


def test_another_projects_update_is_ignored() -> None:
    """An update with another token is neither taken nor refused."""
    given = record(**{"$set": {"a": 1}})

    assert judge_group_update(given, Notes(), token="t") is not None
    assert judge_group_update(given, Notes(), token="other") is None


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ([], "an update is a JSON object"),
        ({}, "'$token' must be a text, not empty"),
        (record(**{"$group_key": ""}), "'$group_key' must be a text, not empty"),
        (record(**{"$group_id": 7}), "'$group_id' must be a text, not empty"),
        (
            record(**{"$add": {"n": 1}}),
            "an update has one operation, of "
            "$set, $set_once, $unset, $remove, $union, $delete",
        ),
        (
            record(**{"$union": {"l": 1}}),
            "'$union' must be an object of arrays, not empty, of texts and numbers",
        ),
    ],
)
def test_update_that_breaks_a_rule_is_refused(given: object, problem: str) -> None:
    """The refusal says which rule; groups cannot add or append."""
    with pytest.raises(Refusal) as refused:
        judge_group_update(given, Notes(), token=None)

    assert refused.value.message == problem


def test_groups_are_answered_as_profiles_are(http: httpx.Client) -> None:
    """The answer is 1 if one of the updates was valid, else says what is wrong."""
    good, bad = record(**{"$set": {"a": 1}}), record()

    assert http.post("/groups", json=[good, bad]).text == "1"
    assert http.post("/groups?verbose=1", json=[bad]).json() == {
        "error": "an update has one operation, of "
        "$set, $set_once, $unset, $remove, $union, $delete",
        "status": 0,
    }


def test_group_key_is_one_of_the_projects() -> None:
    """A project that was told its group keys takes no other."""
    given = record(**{"$set": {"a": 1}})

    assert judge_group_update(given, Notes(), token=None, group_keys=["company"])
    with pytest.raises(Refusal, match="'company' is none of the project's: team"):
        judge_group_update(given, Notes(), token=None, group_keys=["team"])
