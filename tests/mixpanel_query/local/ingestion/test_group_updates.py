"""Updates of groups: what is taken, and what is refused."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import httpx
import pytest

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.ingestion.group_updates import judge_group_update
from mixpanel_query.local.profiles.group_keys import GroupKeys
from mixpanel_query.local.profiles.profile_updates import ProfileUpdate
from mixpanel_query.local.records.judging import Notes, Refusal
from mixpanel_query.local.settings import project_settings


def record(**parts: object) -> dict[str, Any]:
    """Return a record of /groups."""
    return {"$token": "t", "$group_key": "company", "$group_id": "acme", **parts}


def judged(
    given: object,
    *,
    engine: Engine,
    token: str | None = None,
    keys: dict[str, int] | None = None,
) -> ProfileUpdate | None:
    """Return the update of a record, in a project with these group keys."""
    settings = project_settings(
        timezone="UTC",
        week_start="monday",
        clock=lambda: datetime.now(timezone.utc),
        group_keys=keys,
    )
    known = GroupKeys(engine, settings)
    return judge_group_update(given, Notes(), token=token, group_keys=known)


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
def test_operation_is_taken(engine: Engine, operation: str, value: object) -> None:
    """Each operation that groups know is taken as it came."""
    given = record(**{operation: value})
    expected = ProfileUpdate("acme", operation, value, None, group_key="company")

    assert judged(given, engine=engine) == expected


def test_another_projects_update_is_ignored(engine: Engine) -> None:
    """An update with another token is neither taken nor refused."""
    given = record(**{"$set": {"a": 1}})

    assert judged(given, token="t", engine=engine) is not None
    assert judged(given, token="other", engine=engine) is None


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
def test_update_that_breaks_a_rule_is_refused(
    engine: Engine, given: object, problem: str
) -> None:
    """The refusal says which rule; groups cannot add or append."""
    with pytest.raises(Refusal) as refused:
        judged(given, engine=engine)

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


def test_group_key_is_one_of_the_projects(engine: Engine) -> None:
    """A project that was told its group keys takes no other."""
    given = record(**{"$set": {"a": 1}})

    assert judged(given, keys={"company": 1}, engine=engine)
    with pytest.raises(Refusal, match="'company' is none of the project's: team"):
        judged(given, keys={"team": 1}, engine=engine)


def test_project_has_six_group_keys(http: httpx.Client) -> None:
    """Those that came first; updates that are refused bring none."""
    wrong = record(**{"$group_key": "wrong", "$set": 7})
    sent = [record(**{"$group_key": f"k{n}", "$set": {}}) for n in range(8)]
    first = http.post("/groups?strict=1", json=[wrong, *sent]).json()
    again = http.post("/groups?strict=1", json=sent).json()

    assert [each["index"] for each in first["failed_records"]] == [0, 7, 8]
    assert [each["index"] for each in again["failed_records"]] == [6, 7]
    assert again["failed_records"][0]["message"] == (
        "'$group_key' 'k6' is none of the project's: k0, k1, k2, k3, k4, k5"
    )
