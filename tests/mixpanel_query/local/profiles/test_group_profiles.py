"""Profiles of groups, over a real socket: kept, and read with data_group_id."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.exceptions import LocalProjectError

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
BASIS = "Local-Project-Basis"


def record(
    group_id: str, operation: dict[str, object], key: str = "company"
) -> dict[str, Any]:
    """Return a record of /groups."""
    return {"$token": "t", "$group_key": key, "$group_id": group_id, **operation}


def asked(http: httpx.Client, **form: str) -> httpx.Response:
    """Return the answer to a question for profiles."""
    return http.post("/api/query/engage", data=form)


def found(http: httpx.Client, **form: str) -> dict[str, Any]:
    """Return the profiles that are found, by their ids."""
    results = asked(http, **form).json()["results"]
    return {each["$distinct_id"]: each["$properties"] for each in results}


def send(http: httpx.Client, *records: dict[str, Any]) -> None:
    """Send updates, which are all taken."""
    said = http.post("/groups?verbose=1", json=list(records))
    assert said.json() == {"error": None, "status": 1}


def test_group_profiles_are_kept(http: httpx.Client) -> None:
    """Every operation that groups know does what it does to a user's profile."""
    send(
        http,
        record("acme", {"$set": {"plan": "free", "seats": 1, "old": 1}}),
        record("acme", {"$set": {"plan": "pro"}}),
        record("acme", {"$set_once": {"seats": 9, "city": "Ljubljana"}}),
        record("acme", {"$union": {"tags": ["a", "b", "a"]}}),
        record("acme", {"$union": {"tags": ["b", "c"]}}),
        record("acme", {"$remove": {"tags": "a"}}),
        record("acme", {"$unset": ["old"]}),
        record("gone", {"$set": {"a": 1}}),
        record("gone", {"$delete": ""}),
    )

    assert found(http, data_group_id="1") == {
        "acme": {"plan": "pro", "seats": 1, "city": "Ljubljana", "tags": ["b", "c"]}
    }


def test_groups_and_users_do_not_mix(http: httpx.Client) -> None:
    """Each key has groups of its own, and users are none of them."""
    send(
        http,
        record("x", {"$set": {"n": 1}}),
        record("x", {"$set": {"n": 2}}, key="team"),
    )
    user = {"$token": "t", "$distinct_id": "x", "$set": {"n": 3}, "$ignore_time": True}
    http.post("/engage", json=[user])

    assert found(http, data_group_id="1") == {"x": {"n": 1}}
    assert found(http, data_group_id="2") == {"x": {"n": 2}}
    assert found(http) == {"x": {"n": 3}}


def test_groups_are_chosen_as_users_are(http: httpx.Client) -> None:
    """By id, by a condition, with some of their properties, and page by page."""
    send(http, *(record(f"g{n:04}", {"$set": {"n": n, "m": 0}}) for n in range(1001)))
    where = 'properties["n"] >= 999'

    assert found(http, data_group_id="1", where=where).keys() == {"g0999", "g1000"}
    assert found(
        http, data_group_id="1", distinct_id="g0007", output_properties='["n"]'
    ) == {"g0007": {"n": 7}}
    first = asked(http, data_group_id="1").json()
    second = found(http, data_group_id="1", page="1", session_id=first["session_id"])
    assert first["total"] == 1001
    assert len(first["results"]) == 1000
    assert second == {"g1000": {"n": 1000, "m": 0}}


def test_counted_numbers_are_an_assumption(http: httpx.Client) -> None:
    """Keys count in the order in which they came; the answer says it rests on that."""
    send(http, record("x", {"$set": {}}, key="b"))
    send(http, record("x", {"$set": {}}, key="a"), record("y", {"$set": {}}, key="b"))
    answer = asked(http, data_group_id="2")

    assert answer.headers[BASIS] == "assumed; rule=numbers-of-group-keys"
    assert answer.json()["total"] == 1
    assert found(http, data_group_id="1").keys() == {"x", "y"}


def test_project_may_be_told_its_numbers() -> None:
    """Then nothing is assumed, and no other key is taken."""
    keys = {"company": -99, "team": 12}
    with (
        LocalProject(clock=NOON, group_keys=keys, assume=False) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        send(http, record("x", {"$set": {"a": 1}}, key="team"))
        other = http.post("/groups", json=[record("x", {"$set": {}}, key="no")])

        assert found(http, data_group_id="12") == {"x": {"a": 1}}
        assert found(http, data_group_id="-99") == {}
        assert other.text == "0"


@pytest.mark.parametrize("number", ["2", "company", "1 ", "9" * 40])
def test_unknown_number_is_refused(http: httpx.Client, number: str) -> None:
    """The error says which numbers there are."""
    send(http, record("x", {"$set": {}}))
    answer = asked(http, data_group_id=number)

    assert answer.status_code == 400
    assert "there are 1 (company)" in answer.json()["error"]


def test_groups_are_in_no_cohort(http: httpx.Client) -> None:
    """Cohorts of a local project are of users."""
    answer = asked(http, data_group_id="1", filter_by_cohort='{"id": 1}')

    assert answer.status_code == 501


@pytest.mark.parametrize("keys", [{"a": 1, "b": 1}, {"": 1}])
def test_group_keys_are_told_apart(keys: dict[str, int]) -> None:
    """Two keys with one number, or one without a name, are refused."""
    with pytest.raises(LocalProjectError, match="group_keys are not told"):
        LocalProject(group_keys=keys)


def test_restart_keeps_groups_and_reset_forgets_them(tmp_path: Path) -> None:
    """So it does with the numbers of their keys."""
    path = tmp_path / "shop.duckdb"
    for key in ("company", "team"):
        with (
            LocalProject(path) as project,
            httpx.Client(base_url=project.base_url, trust_env=False) as http,
        ):
            send(http, record("x", {"$set": {"key": key}}, key=key))
    with (
        LocalProject(path) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        assert found(http, data_group_id="1") == {"x": {"key": "company"}}
        assert found(http, data_group_id="2") == {"x": {"key": "team"}}
        project.reset()
        send(http, record("y", {"$set": {}}, key="team"))
        assert found(http, data_group_id="1") == {"y": {}}


def test_strict_updates_list_what_is_refused(http: httpx.Client) -> None:
    """What is valid is taken; the shape of the answer is an assumption."""
    user = {"$token": "t", "$distinct_id": "u", "$set": {"a": 1}}
    wrong = {**user, "$set": 7}
    strict = http.post("/engage?strict=1", json=[wrong, user])
    groups = http.post("/groups?strict=1", json=[record("x", {"$set": {}})])

    assert strict.status_code == 400
    assert strict.json() == {
        "code": 400,
        "error": "some records in the request failed validation",
        "status": "Bad Request",
        "num_records_imported": 1,
        "failed_records": [
            {"index": 0, "field": "$set", "message": "'$set' must be an object"}
        ],
    }
    assert strict.headers[BASIS] == "assumed; rule=strict-updates"
    assert found(http)["u"]["a"] == 1
    assert groups.json() == {"code": 200, "num_records_imported": 1, "status": "OK"}


def test_update_that_fills_a_profile_is_refused_alone(
    project: LocalProject, http: httpx.Client
) -> None:
    """The others of its request are applied, and its verdict says why."""
    full = {f"p{number}": 0 for number in range(2000)}
    user = {"$token": "t", "$distinct_id": "u", "$ignore_time": True}
    sent = [
        {**user, "$set": full},
        {**user, "$set": {"new": 1}},
        {**user, "$set": {"p0": 1}},
    ]
    answer = http.post("/engage?strict=1", json=sent).json()
    profile = found(http)["u"]

    assert [each["index"] for each in answer["failed_records"]] == [1]
    assert answer["num_records_imported"] == 2
    assert [each.outcome for each in project.verdicts] == ["kept", "refused", "kept"]
    assert (len(profile), profile["p0"]) == (2000, 1)


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ({"$add": {"a": 2}}, 2),
        ({"$append": {"a": 2}}, [2]),
        ({"$union": {"a": [2]}}, [2]),
    ],
    ids=["add", "append", "union"],
)
def test_operation_on_another_value_is_an_assumption(
    project: LocalProject, http: httpx.Client, given: dict[str, Any], after: object
) -> None:
    """The value that is lost makes it a change; after that it is none any more."""
    user = {"$token": "t", "$distinct_id": "u", "$ignore_time": True}
    http.post("/engage", json=[{**user, "$set": {"a": "text"}}])
    first = http.post("/engage", json=[{**user, **given}])
    profile = found(http)
    second = http.post("/engage", json=[{**user, **given}])

    assert profile == {"u": {"a": after}}
    assert first.headers[BASIS] == "assumed; rule=operations-on-other-values"
    assert BASIS not in second.headers
    assert [each.outcome for each in project.verdicts] == ["kept", "changed", "kept"]


def test_nothing_is_taken_from_a_profile_that_is_not_there(
    project: LocalProject, http: httpx.Client
) -> None:
    """No profile is made by it, of a user or of a group."""
    user = {"$token": "t", "$distinct_id": "u"}
    taking: list[dict[str, object]] = [{"$remove": {"l": 1}}, {"$unset": ["a"]}]
    answer = http.post("/engage", json=[{**user, **each} for each in taking])
    send(http, *(record("x", each) for each in taking))

    assert answer.headers[BASIS] == "assumed; rule=taking-from-nobody"
    assert found(http) == {}
    assert found(http, data_group_id="1") == {}
    said = {each.problems for each in project.verdicts}
    assert said == {("there is no profile to take it from",)}


def test_updates_are_applied_in_the_order_of_their_time(http: httpx.Client) -> None:
    """One without a time was made when it came; same times keep their order."""
    user = {"$token": "t", "$distinct_id": "u", "$ignore_time": True}
    noon = NOON.timestamp()
    sent = [
        {**user, "$set": {"a": "latest"}},
        {**user, "$set": {"a": "early", "b": "early"}, "$time": noon - 60},
        {**user, "$set": {"b": "later"}, "$time": noon - 30},
        {**user, "$set": {"c": 1}, "$time": noon - 30},
        {**user, "$set": {"c": 2}, "$time": noon - 30},
    ]
    answer = http.post("/engage", json=sent)
    in_order = http.post("/engage", json=[sent[1], sent[2], sent[0]])

    assert answer.headers[BASIS] == "observed; rule=order-of-updates"
    assert BASIS not in in_order.headers
    assert found(http) == {"u": {"a": "latest", "b": "later", "c": 2}}


def test_refused_update_is_named_by_its_own_place(http: httpx.Client) -> None:
    """Also where the order of time is another one."""
    user = {"$token": "t", "$distinct_id": "u"}
    full = {f"p{number}": 0 for number in range(2000)}
    sent = [
        {**user, "$set": {"new": 1}, "$time": NOON.timestamp()},
        {**user, "$set": 7},
        {**user, "$set": full, "$time": NOON.timestamp() - 60},
    ]
    failed = http.post("/engage?strict=1", json=sent).json()["failed_records"]

    assert [each["index"] for each in failed] == [0, 1]
    assert "2,001" in failed[0]["message"]


def test_form_takes_updates_of_groups(http: httpx.Client) -> None:
    """As the official library sends them."""
    form = {"data": json.dumps(record("x", {"$set": {"a": 1}})), "verbose": "1"}

    assert http.post("/groups", data=form).json() == {"error": None, "status": 1}
    assert found(http, data_group_id="1") == {"x": {"a": 1}}
