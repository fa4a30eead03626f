"""Devices and users over HTTP: what a merge changes, and what it leaves alone."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
MIDNIGHT = 1795305600
WEEK = {"from_date": "2026-11-16", "to_date": "2026-11-22"}


def event(name: str, hour: int, **properties: object) -> dict[str, Any]:
    """Return an event of an hour of the 22nd of November."""
    given = {re.sub("^_", "$", key): value for key, value in properties.items()}
    time = MIDNIGHT + hour * 3600
    return {
        "event": name,
        "properties": {"time": time, "$insert_id": f"{name}-{hour}", **given},
    }


def send(http: httpx.Client, *events: dict[str, Any]) -> None:
    """Import events, one after the other."""
    for each in events:
        answer = http.post("/import?strict=1", json=[each])
        assert answer.json()["num_records_imported"] == 1, answer.text


def ask(http: httpx.Client, path: str, **given: str | int) -> Any:  # noqa: ANN401
    """Return what a question about the week is answered."""
    answer = http.get(f"/api/query/{path}", params={**WEEK, **given})
    assert answer.status_code == 200, answer.text
    return answer.json()


def exported(http: httpx.Client, **given: str) -> list[dict[str, Any]]:
    """Return the properties of all events, by time."""
    text = http.get("/api/2.0/export", params={**WEEK, **given}).text
    rows = [json.loads(line)["properties"] for line in text.splitlines()]
    return sorted(rows, key=lambda row: row["time"])


def uniques(http: httpx.Client, name: str) -> int:
    """Return how many people did an event on the day."""
    found = ask(http, "segmentation", event=name, type="unique")
    return int(found["data"]["values"][name]["2026-11-22"])


VISIT = (
    event("Look", 1, _device_id="d1"),
    event("Look", 2, _device_id="d2"),
    event("Look", 3, distinct_id="$device:d1"),
    event("Buy", 4, _device_id="d1", _user_id="ann"),
    event("Look", 5, _user_id="ann"),
    event("Look", 6, _device_id="d1"),
    event("Look", 7, distinct_id="ann"),
)


@pytest.fixture
def visited(project: LocalProject, http: httpx.Client) -> LocalProject:
    """Give a project in which d1 was merged into ann, and d2 into nobody."""
    project.save_funnel(1, steps=["Look", "Buy"])
    project.save_cohort(1, name="Looked", event="Look", times=2)
    send(http, *VISIT)
    return project


def test_an_event_has_the_user_or_the_device(http: httpx.Client) -> None:
    """Its distinct_id is computed, and what it implies is set."""
    send(
        http,
        event("A", 1, _device_id="d1", distinct_id="whatever"),
        event("A", 2, _device_id="d2", _user_id="ann", distinct_id=""),
        event("A", 3, distinct_id="bob"),
        event("A", 4, distinct_id="$device:d3"),
        event("A", 5, distinct_id=""),
        event("A", 6, _user_id=7),
    )
    ids = ("distinct_id", "$user_id", "$device_id")

    assert [[row.get(name) for name in ids] for row in exported(http)] == [
        ["$device:d1", None, "d1"],
        ["ann", "ann", "d2"],
        ["bob", "bob", None],
        ["$device:d3", None, "d3"],
        ["", None, None],
        ["7", 7, None],
    ]


def test_questions_see_the_user(visited: LocalProject, http: httpx.Client) -> None:
    """Also in the events of the device from before; a person counts once."""
    assert (uniques(http, "Look"), uniques(http, "Buy")) == (2, 1)
    events = ask(http, "events", event='["Look"]', type="unique", unit="week")
    assert events["data"]["values"]["Look"] == {"2026-11-16": 2}
    top = ask(http, "events/top", type="unique")
    assert {each["event"]: each["amount"] for each in top["events"]} == (
        {"Look": 2, "Buy": 1}
    )
    average = ask(http, "segmentation", event="Look", type="average")
    assert average["data"]["values"]["Look"]["2026-11-22"] == 6 / 2
    units = {"unit": "day", "addiction_unit": "hour"}
    often = ask(http, "retention/addiction", event="Look", **units)
    # Ann looked in five hours, and whoever has d2 in one.
    assert often["data"]["2026-11-22"][:6] == [2, 1, 1, 1, 1, 0]
    steps = ask(http, "funnels", funnel_id=1)["data"]["2026-11-22"]["steps"]
    assert [step["count"] for step in steps] == [2, 1]
    [cohort] = http.post("/api/query/cohorts/list").json()
    assert cohort["count"] == 1


def test_a_person_comes_back_with_another_device(http: httpx.Client) -> None:
    """Retention knows who it is, as soon as it is known."""
    send(
        http,
        event("Look", -24, _device_id="d1"),
        event("Look", 1, _device_id="d2"),
        event("In", 2, _device_id="d1", _user_id="ann"),
        event("In", 3, _device_id="d2", _user_id="ann"),
    )
    asked = {"born_event": "Look", "event": "Look", "unit": "day"}
    days = {"from_date": "2026-11-21", "interval_count": "1"}
    found = ask(http, "retention", retention_type="birth", **asked, **days)

    assert found["2026-11-21"] == {"counts": [0, 1], "first": 1}
    # What was born on the second day would be somebody else.
    assert found["2026-11-22"]["first"] == 0


def test_conditions_see_the_user(visited: LocalProject, http: httpx.Client) -> None:
    """The user's id and profile stand for the device's, in each event."""
    updates = [
        {"$token": "t", "$distinct_id": "ann", "$set": {"plan": "pro"}},
        {"$token": "t", "$distinct_id": "$device:d1", "$set": {"plan": "none"}},
    ]
    assert http.post("/engage", json=updates).text == "1"

    def count(where: str) -> int:
        found = ask(http, "segmentation", event="Look", where=where)
        return sum(found["data"]["values"]["Look"].values())

    assert count('user["plan"] == "pro"') == 5
    assert count('user["plan"] == "none"') == 0
    assert count('properties["distinct_id"] == "ann"') == 5
    assert count('properties["$user_id"] == "ann"') == 5
    assert count('properties["$distinct_id_before_identity"] == "$device:d1"') == 3
    by_id = ask(http, "segmentation", event="Look", on='properties["distinct_id"]')
    counts = by_id["data"]["values"].items()
    assert {name: sum(days.values()) for name, days in counts} == (
        {"ann": 5, "$device:d2": 1}
    )
    values = ask(http, "events/properties/values", event="Look", name="$user_id")
    assert values == ["ann"]
    names = ask(http, "events/properties/top", event="Look")
    assert names["$user_id"] == {"count": 5}


def test_profiles_are_not_carried_over(
    visited: LocalProject, http: httpx.Client
) -> None:
    """The device's stays, and the user has none."""
    update = {"$token": "t", "$distinct_id": "$device:d1", "$set": {"plan": "none"}}
    http.post("/engage", json=[update])

    profiles = http.post("/api/query/engage").json()["results"]
    assert [each["$distinct_id"] for each in profiles] == ["$device:d1"]


def test_the_export_tells_what_an_event_was(
    visited: LocalProject, http: httpx.Client
) -> None:
    """It has the user, and the id that an event of the device came with."""
    before = [row.get("$distinct_id_before_identity") for row in exported(http)]

    assert [row["distinct_id"] for row in exported(http)] == (
        ["ann", "$device:d2", "ann", "ann", "ann", "ann", "ann"]
    )
    assert before == ["$device:d1", None, "$device:d1", None, None, "$device:d1", None]
    assert len(exported(http, where='properties["distinct_id"] == "ann"')) == 6


def test_activity_is_the_users(visited: LocalProject, http: httpx.Client) -> None:
    """A device that was merged has none any more."""

    def done(*ids: str) -> list[str]:
        found = ask(http, "stream/query", distinct_ids=json.dumps(ids))
        return [each["properties"]["$insert_id"] for each in found["results"]["events"]]

    assert done("ann") == ["Look-1", "Look-3", "Buy-4", "Look-5", "Look-6", "Look-7"]
    assert done("$device:d1") == []
    assert done("$device:d2") == ["Look-2"]


JQL = "Events({from_date: '2026-11-22', to_date: '2026-11-22'})"


def test_jql_sees_ids_as_sent(visited: LocalProject, http: httpx.Client) -> None:
    """It says so where that makes a difference, and joins profiles by those."""
    for user in ("ann", "$device:d1"):
        update = {"$token": "t", "$distinct_id": user, "$set": {"is": user}}
        http.post("/engage", json=[update])

    def run(main: str) -> httpx.Response:
        script = f"function main() {{ return {main}; }}"
        return http.post("/api/query/jql", data={"script": script})

    found = run(f"{JQL}.map(e => [e.properties.$insert_id, e.distinct_id])")
    assert dict(found.json())["Look-1"] == dict(found.json())["Look-6"] == "$device:d1"
    assert dict(found.json())["Buy-4"] == "ann"
    assert "rule=jql-ids-as-sent" in found.headers["Local-Project-Basis"]
    joined = run(
        f"join({JQL}, People(), {{type: 'inner'}})"
        ".map(row => [row.event.properties.$insert_id, row.user.properties.is])"
    )
    assert dict(joined.json()) == {
        "Look-1": "$device:d1",
        "Look-3": "$device:d1",
        "Buy-4": "ann",
        "Look-5": "ann",
        "Look-6": "$device:d1",
        "Look-7": "ann",
    }


def test_the_first_user_keeps_a_device(http: httpx.Client) -> None:
    """The answers that rest on that say so, and no others."""
    send(
        http,
        event("Look", 1, _device_id="d1"),
        event("In", 2, _device_id="d1", _user_id="ann"),
        event("In", 3, _device_id="d1", _user_id="bob"),
    )
    params = {**WEEK, "event": "Look", "where": 'properties["distinct_id"] == "ann"'}
    there = http.get("/api/query/segmentation", params=params)
    earlier = http.get(
        "/api/query/segmentation", params={**params, "to_date": "2026-11-21"}
    )

    assert there.json()["data"]["values"]["Look"]["2026-11-22"] == 1
    assert "rule=first-user-of-a-device" in there.headers["Local-Project-Basis"]
    assert "Local-Project-Basis" not in earlier.headers


def test_merges_are_documented_well_enough() -> None:
    """A project that must not assume anything merges, and answers about it."""
    with (
        LocalProject(clock=lambda: NOW, assume=False) as strict,
        httpx.Client(base_url=strict.base_url, trust_env=False) as http,
    ):
        send(http, *VISIT)
        assert uniques(http, "Look") == 2
        assert len(exported(http)) == 7
        assert strict.assumptions == []
        send(http, event("In", 8, _device_id="d1", _user_id="bob"))
        params = {**WEEK, "event": "Look", "type": "unique"}
        answer = http.get("/api/query/segmentation", params=params)
        assert answer.status_code == 501
        assert "first-user-of-a-device" in answer.text


@pytest.mark.parametrize("name", ["$identify", "$create_alias", "$merge"])
def test_events_of_original_merges_are_ignored(
    project: LocalProject, http: httpx.Client, name: str
) -> None:
    """They are valid, are not kept, and merge nobody."""
    both = {"_device_id": "d1", "_user_id": "ann"}
    merging = event(name, 2, token="t", _distinct_ids=["$device:d1", "ann"], **both)
    send(http, event("Look", 1, _device_id="d1"))

    assert http.post("/track", json=[merging]).text == "1"
    form = {"data": json.dumps(merging), "verbose": "1"}
    assert http.post("/import", data=form).json()["status"] == 1
    lenient = http.post("/import?strict=0", json=[merging])
    assert lenient.json()["num_records_imported"] == 0
    assert [row["distinct_id"] for row in exported(http)] == ["$device:d1"]
    assert [verdict.outcome for verdict in project.verdicts][1:] == ["ignored"] * 3
    assert name in project.verdicts[-1].problems[0]


def test_a_strict_import_of_one_is_refused(
    project: LocalProject, http: httpx.Client
) -> None:
    """The whole batch is, and the failed records are texts."""
    rows = [event("Look", 1, distinct_id="ann"), event("$merge", 2, distinct_id="ann")]
    answer = http.post("/import?strict=1", json=rows)

    assert answer.status_code == 400
    body = answer.json()
    assert (body["code"], body["num_records_imported"]) == (400, 0)
    assert [text[:3] for text in body["failed_records"]] == ["0: ", "1: "]
    assert "rule=imports-of-identity-events" in answer.headers["Local-Project-Basis"]
    assert exported(http) == []
    assert [verdict.outcome for verdict in project.verdicts] == ["refused"] * 2


@pytest.mark.parametrize("value", [True, 1.5, ["ann"], {"id": "ann"}, None, ""])
def test_what_is_no_id_names_nobody(http: httpx.Client, value: object) -> None:
    """The event has the id that it has without that."""
    send(http, event("A", 1, _user_id=value, _device_id="d1"))
    send(http, event("A", 2, _device_id=value, distinct_id="bob"))

    assert [row["distinct_id"] for row in exported(http)] == ["$device:d1", "bob"]


def test_a_user_id_is_judged_as_a_distinct_id(http: httpx.Client) -> None:
    """As it is going to be one."""
    answer = http.post("/import", json=[event("A", 1, _user_id="null")])

    [failed] = answer.json()["failed_records"]
    assert failed["field"] == "properties.$user_id"


def test_loaded_events_keep_their_id(
    visited: LocalProject, http: httpx.Client, tmp_path: Path
) -> None:
    """Whatever they say of devices, and whoever those are; they merge nobody."""
    rows = [
        event("Load", 8, distinct_id="$device:d1"),
        event("Load", 9, distinct_id="carl", _device_id="d2", _user_id="dora"),
    ]
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    assert visited.load(path) == 2

    assert exported(http, event='["Load"]') == [row["properties"] for row in rows]
    assert uniques(http, "Load") == 2
    assert exported(http, event='["Look"]')[1]["distinct_id"] == "$device:d2"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a file of a project."""
    return tmp_path / "project.duckdb"


def test_merges_are_kept_and_forgotten(path: Path) -> None:
    """A restart and a snapshot keep them, a reset forgets them."""
    later = event("Look", 9, _device_id="d1")
    copy = path.with_name("copy.duckdb")
    with LocalProject(path, clock=lambda: NOW) as first:
        with httpx.Client(base_url=first.base_url, trust_env=False) as http:
            send(http, *VISIT)
        first.snapshot(copy)
    for file in (path, copy):
        with (
            LocalProject(file, clock=lambda: NOW) as again,
            httpx.Client(base_url=again.base_url, trust_env=False) as http,
        ):
            send(http, later)
            assert exported(http)[-1]["distinct_id"] == "ann"
            again.reset()
            again.clock = NOW
            send(http, later)
            assert exported(http)[-1]["distinct_id"] == "$device:d1"
