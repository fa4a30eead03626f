"""What a project says of the records that arrived, seen from outside."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

# 2026-11-22 12:00 UTC.
NOW = 1795348800
NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def event(name: object = "A", **properties: object) -> dict[str, Any]:
    """Return an event that every rule lets pass, but for what is given."""
    complete = {"token": "t", "time": NOW, "distinct_id": "u1", "$insert_id": "i-1"}
    return {"event": name, "properties": {**complete, **properties}}


def test_every_event_gets_a_verdict(project: LocalProject, http: httpx.Client) -> None:
    """Kept, changed, ignored or refused, in the order in which they came."""
    sent = [
        event(plan="pro"),
        event("n" * 300),
        event(**{"$ignore": True}),
        event(time=1),
        17,
    ]
    http.post("/track", json=sent)
    found = [
        (each.index, each.name, each.distinct_id, each.outcome, each.problems)
        for each in project.verdicts
    ]

    assert found == [
        (0, "A", "u1", "kept", ()),
        (1, "n" * 255, "u1", "changed", ("the name is cut to 255 characters",)),
        (2, "A", "u1", "ignored", ("'$ignore' is set",)),
        (3, "A", "u1", "refused", ("'properties.time' is before 1971-01-01",)),
        (4, "", "", "refused", ("an event is a JSON object",)),
    ]
    assert {(each.path, each.kind, each.time) for each in project.verdicts} == {
        ("/track", "event", NOON)
    }
    assert json.loads(project.verdicts[0].properties)["plan"] == "pro"
    assert project.verdicts[3].properties == ""


def test_imported_events_get_verdicts(
    project: LocalProject, http: httpx.Client
) -> None:
    """A strict import refuses what a lenient one fills in, and says so."""
    bare = {"event": "A", "properties": {}}
    http.post("/import?strict=1", json=[bare])
    http.post("/import?strict=0", json=[bare])
    strict, lenient = project.verdicts

    assert (strict.outcome, strict.path) == ("refused", "/import")
    assert strict.problems == ("'properties.distinct_id' is missing",)
    assert lenient.outcome == "kept"
    assert lenient.problems == (
        "without a 'distinct_id', a hash of the sender's address stands for one",
        "without a 'time', the event has that of its arrival",
        "without an '$insert_id', a repeat of the event counts again",
    )


def test_every_update_gets_a_verdict(project: LocalProject, http: httpx.Client) -> None:
    """Profiles and groups are shown by their operation and what it took."""
    profile = {"$token": "t", "$distinct_id": 7, "$set": {"a": 1}}
    group = {"$token": "t", "$group_key": "k", "$group_id": "g", "$unset": ["a"]}
    http.post("/engage", json=[profile, {**profile, "$add": {"b": 1}}])
    http.post("/groups", json=[group, {**group, "$group_id": 7}])
    found = [
        (each.kind, each.name, each.distinct_id, each.outcome, each.properties)
        for each in project.verdicts
    ]

    assert found == [
        ("profile", "$set", "7", "changed", '{"a": 1}'),
        ("profile", "$set, $add", "7", "refused", ""),
        ("group", "$unset", "k: g", "kept", '["a"]'),
        ("group", "$unset", "k: 7", "refused", ""),
    ]


def test_another_projects_records_are_ignored() -> None:
    """The sender is told nothing, the verdict says why."""
    update = {"$token": "t", "$distinct_id": "u", "$set": {}}
    group = {"$token": "t", "$group_key": "k", "$group_id": "g", "$set": {}}
    with (
        LocalProject(token="mine", clock=NOON) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        answers = [
            http.post("/track", json=[event()]).text,
            http.post("/engage", json=[update]).text,
            http.post("/groups", json=[group]).text,
        ]
        found = [(each.outcome, each.problems) for each in project.verdicts]

    assert answers == ["1", "1", "1"]
    assert found == [("ignored", ("the token is that of another project",))] * 3


def test_only_the_last_thousand_of_a_batch_are_told(
    project: LocalProject, http: httpx.Client
) -> None:
    """Their numbers count the others too."""
    http.post("/import", json=[event(f"E{number}") for number in range(1500)])

    assert len(project.verdicts) == 1000
    assert [(each.name, each.number) for each in project.verdicts[:2]] == [
        ("E500", 501),
        ("E501", 502),
    ]
    assert project.verdicts[-1].number == 1500


def test_every_refused_record_of_a_batch_is_answered(http: httpx.Client) -> None:
    """Also those that are too early in it to get a verdict."""
    sent = [event("A" if number else "") for number in range(1500)]
    failed = http.post("/import?strict=1", json=sent).json()["failed_records"]

    assert [record["index"] for record in failed] == [0]


@pytest.mark.parametrize("name", ["\ud83d", "x" * 2_000_000])
def test_verdicts_can_be_read_whatever_came(
    project: LocalProject, http: httpx.Client, name: str
) -> None:
    """Half a character and a name of two megabytes do not break the list."""
    record = json.dumps([event("", distinct_id=name), event(name, time=1)])
    http.post("/track", content=record)
    answer = http.get("/local/verdicts")

    assert [each["outcome"] for each in answer.json()["verdicts"]] == ["refused"] * 2
    assert len(answer.content) < 5000
    assert all((each.name + each.distinct_id).encode() for each in project.verdicts)


def test_nothing_is_told_of_what_could_not_be_kept(
    project: LocalProject, http: httpx.Client
) -> None:
    """A body that cannot be read has no records."""
    assert http.post("/track", content=b"[{").status_code == 400
    assert list(project.verdicts) == []
