"""Annotations and their tags, over HTTP and through the client."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.local import LocalProject

PATH = "/api/app/projects/7/annotations"
ACCOUNT = ServiceAccount("reports", "s3cret-s3cret", 7)
RELEASE = {"date": "2026-11-09 12:30:00", "description": "Release 2.0"}


def make(http: httpx.Client, date: str, description: str, *tags: int) -> Any:  # noqa: ANN401
    """Make an annotation, and return it."""
    document = {"date": date, "description": description, "tags": list(tags)}
    response = http.post(PATH, json=document)
    assert response.status_code == 201
    return response.json()["results"]


def listed(http: httpx.Client, **params: str) -> list[str]:
    """Return the descriptions of annotations."""
    results = http.get(PATH, params=params).json()["results"]
    return [entry["description"] for entry in results]


def test_an_annotation_has_the_documented_fields(http: httpx.Client) -> None:
    """What was made is answered, with its tag by number and name."""
    tag = http.post(f"{PATH}/tags", json={"name": "release"}).json()
    response = http.post(PATH, json={**RELEASE, "tags": [tag["id"]]})
    made = response.json()

    assert response.status_code == 201
    assert made == {
        "status": "ok",
        "results": {
            "id": made["results"]["id"],
            "date": "2026-11-09 12:30:00",
            "description": "Release 2.0",
            "user": {"id": 1, "first_name": "local", "last_name": ""},
            "tags": [{"id": tag["id"], "name": "release"}],
        },
    }
    assert http.get(f"{PATH}/{made['results']['id']}").json() == made


def test_both_dates_of_a_list_count(http: httpx.Client) -> None:
    """In order of time, and either date may be left out."""
    make(http, "2026-11-10 00:00:00", "last")
    make(http, "2026-11-08 23:59:59", "first")
    make(http, "2026-11-09 00:00:00", "second")
    make(http, "2026-11-09 23:59:59", "third")

    assert listed(http) == ["first", "second", "third", "last"]
    assert listed(http, fromDate="2026-11-09") == ["second", "third", "last"]
    assert listed(http, toDate="2026-11-09") == ["first", "second", "third"]
    assert listed(http, fromDate="2026-11-09", toDate="2026-11-09") == [
        "second",
        "third",
    ]


def test_description_and_tags_can_be_changed(http: httpx.Client) -> None:
    """What is not said stays, and an empty list takes the tags away."""
    tag = http.post(f"{PATH}/tags", json={"name": "release"}).json()
    made = make(http, "2026-11-09 12:30:00", "before", tag["id"])
    path = f"{PATH}/{made['id']}"
    described = http.patch(path, json={"description": "after"}).json()["results"]
    untagged = http.patch(path, json={"tags": []}).json()["results"]

    assert described == {**made, "description": "after"}
    assert untagged == {**made, "description": "after", "tags": []}


def test_a_deleted_annotation_is_gone(http: httpx.Client) -> None:
    """Its number is answered once, and not used for another one."""
    made = make(http, "2026-11-09 12:30:00", "gone")
    path = f"{PATH}/{made['id']}"

    assert http.delete(path).json() == {"status": "ok", "results": {"id": made["id"]}}
    assert http.get(path).status_code == 404
    assert http.delete(path).status_code == 404
    assert make(http, "2026-11-09 12:30:00", "new")["id"] != made["id"]


def test_tags_are_listed_with_their_use(http: httpx.Client) -> None:
    """A tag of no annotation is listed too; a name has one tag."""
    used = http.post(f"{PATH}/tags", json={"name": "used"}).json()
    other = http.post(f"{PATH}/tags", json={"name": "other"}).json()
    make(http, "2026-11-09 12:30:00", "x", used["id"])

    assert http.get(f"{PATH}/tags").json() == [
        {"id": used["id"], "name": "used", "project_id": 7, "has_annotations": True},
        {"id": other["id"], "name": "other", "project_id": 7, "has_annotations": False},
    ]
    assert http.post(f"{PATH}/tags", json={"name": "other"}).json() == other


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({**RELEASE, "date": "2026-11-09"}, "write YYYY-MM-DD HH:mm:ss"),
        ({**RELEASE, "date": "2026-02-30 00:00:00"}, "is no time"),
        ({"description": "x"}, "date 'None' is no time"),
        ({**RELEASE, "description": " "}, "description is missing, or no text"),
        ({**RELEASE, "description": 5}, "description is missing, or no text"),
        ({**RELEASE, "description": "\ud800"}, "half a character"),
        ({**RELEASE, "tags": "x"}, "tags is no list"),
        ({**RELEASE, "tags": [True]}, "tags is no list"),
        ({**RELEASE, "tags": [2**63]}, "tags is no list"),
        ({**RELEASE, "tags": [99]}, "there is no tag 99"),
    ],
)
def test_a_wrong_annotation_is_refused(
    http: httpx.Client, document: dict[str, object], message: str
) -> None:
    """The App API's errors have a status beside them, and nothing is kept."""
    response = http.post(PATH, content=json.dumps(document))

    assert response.status_code == 400
    assert response.json()["status"] == "error"
    assert message in response.json()["error"]
    assert listed(http) == []


@pytest.mark.parametrize(
    "text", ["a\0b", "a\u2028b", "'; DROP TABLE events", "🎉" * 999]
)
def test_any_text_is_kept(http: httpx.Client, text: str) -> None:
    """A description comes back as it was sent."""
    made = make(http, "2026-11-09 12:30:00", text)

    assert made["description"] == text
    assert listed(http) == [text]


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'{"tags": []'])
def test_a_body_that_is_no_object_is_refused(http: httpx.Client, body: bytes) -> None:
    """Whatever arrives, the answer is 400."""
    assert http.post(PATH, content=body).status_code == 400


@pytest.mark.parametrize(
    ("method", "rest", "status"),
    [
        ("GET", "/x", 404),
        ("GET", "/99", 404),
        ("GET", "/" + "9" * 30, 404),
        ("PATCH", "/99", 400),
        ("GET", "?fromDate=yesterday", 400),
        ("PUT", "/99", 501),
    ],
)
def test_what_is_not_there_is_said(
    http: httpx.Client, method: str, rest: str, status: int
) -> None:
    """Neither numbers nor dates nor methods are guessed."""
    assert http.request(method, PATH + rest).status_code == status


def test_the_client_makes_reads_changes_and_deletes(tmp_path: Path) -> None:
    """Every call of the client, and what was made is there after a restart."""
    path = tmp_path / "project.db"
    with (
        LocalProject(path, credentials=ACCOUNT) as project,
        Client(ACCOUNT, base_url=project.base_url) as client,
    ):
        tag = client.create_annotation_tag("release")
        made = client.create_annotation("2026-11-09 12:30", "before", tags=[tag])
        changed = client.update_annotation(made.id, description="after")
        other = client.create_annotation("2026-11-10", "other")
        client.delete_annotation(other.id)
    with (
        LocalProject(path, credentials=ACCOUNT) as project,
        Client(ACCOUNT, base_url=project.base_url) as client,
    ):
        kept = client.annotations("2026-11-09", "2026-11-10")
        tags = client.annotation_tags()
        again = client.annotation(made.id)

    assert [entry.description for entry in kept] == ["after"]
    assert again == changed
    assert again.date == datetime(2026, 11, 9, 12, 30)
    assert again.tags[0].name == "release"
    assert again.user is not None
    assert again.user.first_name == "reports"
    assert [tag.name for tag in tags] == ["release"]


def test_only_the_account_of_the_project_may_ask() -> None:
    """Another secret, or another project, gets 401."""
    with (
        LocalProject(credentials=ACCOUNT) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        auth = ("reports", "s3cret-s3cret")
        statuses = [
            http.get(PATH).status_code,
            http.get(PATH, auth=("reports", "wrong")).status_code,
            http.get(PATH.replace("7", "8"), auth=auth).status_code,
            http.get(PATH, auth=auth).status_code,
        ]

    assert statuses == [401, 401, 401, 200]
